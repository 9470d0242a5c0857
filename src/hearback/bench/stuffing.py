"""Scripts that stuff a ballot in five ways, and honest people behind one network; the same every time."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from hearback.settings import PACKAGE

EACH = 200
HONEST = 500
SHORT = ("Alles gut.", "Nichts.", "Passt so.", "Alles gut.", "Weiter so.", "Nö, alles gut.", "Passt.")

BROWSERS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Safari/605.1.15": 22,
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/148.0.0.0 Mobile Safari/537.36": 20,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/148.0.0.0 Safari/537.36": 12,
    "Mozilla/5.0 (Linux; Android 10; K) SamsungBrowser/30.0 Chrome/140.0.0.0 Mobile": 8,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Safari/605.1.15": 7,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0": 6,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/147.0.0.0 Edg/147.0.0.0": 6,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.1 Safari/605.1.15": 5,
    "Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0": 4,
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/147.0.0.0 Mobile Safari/537.36": 4,
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0": 2,
    "Mozilla/5.0 (iPad; CPU OS 19_1 like Mac OS X) Safari/605.1.15": 2,
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/132.0.0.0 Mobile Safari/537.36": 2,
}
"""User agents as they are sent, with how many of a hundred people send each."""

OPENERS = (
    "Ehrlich gesagt",
    "Ganz klar",
    "Für mich steht fest",
    "Ich sage es offen",
    "Nach vielen Partien",
    "Kurz",
)
CLAIMS = (
    "die zweite Auflage braucht dringend eine Kurzübersicht",
    "ohne eine Übersicht auf einer Seite ist die Neuauflage nichts wert",
    "bitte druckt beim nächsten Mal die Regeln auf einen Zettel",
    "eine Merkhilfe für alle am Tisch fehlt und gehört hinein",
    "gebt jedem Spieler ein Blatt mit den wichtigsten Schritten",
    "es muss ein Spickzettel in die Schachtel, sonst kauft das keiner",
)
REASONS = (
    "weil wir ständig blättern mussten",
    "denn niemand merkt sich neun Phasen",
    "sonst liest am Ende immer nur einer vor",
    "das sagen alle in unserer Runde",
    "so wie es bei anderen Verlagen längst üblich ist",
    "und das war beim letzten Treffen wieder so",
)
CLOSINGS = (
    "Danke.",
    "Macht das.",
    "Es wäre so leicht.",
    "Viele Grüße aus Kiel.",
    "Bis bald.",
    "Wir warten darauf.",
)
CAMPAIGN = (
    "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei, das wünschen wir uns alle sehr"
)


class Sent(Struct, frozen=True):
    """One answer on its way. seconds: between asking for the page and sending the form."""

    at: datetime
    style: str
    address: str
    agent: str
    words: str
    seconds: float


def honest(start: datetime, hours: float, seed: int = 1) -> list[Sent]:
    """Of as many people behind one address, over so many hours, with what people really wrote."""
    chance = random.Random(seed)  # noqa: S311  (made-up voters are no secret)
    rows = (PACKAGE / "demo" / "answers.jsonl").read_bytes().splitlines()
    texts = [msgspec.json.decode(row)["text"] for row in rows] + list(SHORT)
    agents = chance.choices(list(BROWSERS), list(BROWSERS.values()), k=HONEST)
    return [
        Sent(
            _later(start, chance.uniform(0, hours * 3600)),
            "honest",
            "198.51.100.7",
            agent,
            text,
            _writing(chance),
        )
        for agent, text in zip(agents, texts[:HONEST], strict=True)
    ]


def stuffed(start: datetime) -> list[Sent]:
    """A thousand, in five styles."""
    chance = random.Random(2)  # noqa: S311
    styles = (_same_wording, _paraphrase, _rotating_agents, _one_network, _slow_drip)
    return [one for style in styles for one in style(start, chance)]


def everywhere(start: datetime) -> list[Sent]:
    """Paraphrases, each from another network with another browser: what no layer can see on an open question."""
    chance = random.Random(3)  # noqa: S311
    own = _own_words(chance)
    return [
        Sent(
            _later(start, number * 60),
            "paraphrase from anywhere",
            _anywhere(chance),
            _agent(chance),
            next(own),
            40,
        )
        for number in range(EACH)
    ]


def _same_wording(start: datetime, chance: random.Random) -> Iterator[Sent]:
    """Copied with small edits, each from another network with another browser, within three hours."""
    edits = ("", "!", " 🙏", " Danke!", ".", " Gruß")
    for _ in range(EACH):
        words = f"{chance.choice(('', 'Hallo, ', 'Liebes Team: '))}{CAMPAIGN}{chance.choice(edits)}"
        at = _later(start, chance.uniform(0, 3 * 3600))
        yield Sent(at, "same wording", _anywhere(chance), _agent(chance), words, chance.uniform(10, 60))


def _paraphrase(start: datetime, chance: random.Random) -> Iterator[Sent]:
    """Always in other words, from one computer, about once a minute."""
    agent, own = _agent(chance), _own_words(chance)
    for number in range(EACH):
        at = _later(start, 3600 + number * chance.uniform(50, 70))
        yield Sent(at, "paraphrase", "203.0.113.9", agent, next(own), chance.uniform(5, 40))


def _rotating_agents(start: datetime, chance: random.Random) -> Iterator[Sent]:
    """From one computer that calls itself something else each time, in other words, within a quarter of an hour."""
    own = _own_words(chance)
    for number in range(EACH):
        agent = f"{_agent(chance)} Build/{number}"
        yield Sent(_later(start, 7200 + number * 4.5), "rotating agents", "192.0.2.4", agent, next(own), 8)


def _one_network(start: datetime, chance: random.Random) -> Iterator[Sent]:
    """From many addresses of one network with common browsers, in other words, within a quarter of an hour."""
    own = _own_words(chance)
    for number in range(EACH):
        address = f"100.70.3.{number + 1}"
        at = _later(start, 10_800 + number * 4.5)
        yield Sent(at, "one network", address, _agent(chance), next(own), chance.uniform(5, 40))


def _slow_drip(start: datetime, chance: random.Random) -> Iterator[Sent]:
    """From one computer, in other words, every quarter of an hour or so, for two days."""
    agent, own, at = _agent(chance), _own_words(chance), start
    for _ in range(EACH):
        at = _later(at, chance.uniform(600, 1200))
        yield Sent(at, "slow drip", "100.80.5.6", agent, next(own), chance.uniform(20, 200))


def _own_words(chance: random.Random) -> Iterator[str]:
    every = list(itertools.product(OPENERS, CLAIMS, REASONS, CLOSINGS))
    for opener, claim, reason, closing in chance.sample(every, EACH):
        yield f"{opener}: {claim}, {reason}. {closing}"


def _agent(chance: random.Random) -> str:
    return chance.choices(list(BROWSERS), list(BROWSERS.values()))[0]


def _anywhere(chance: random.Random) -> str:
    return f"{chance.randrange(20, 90)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def _writing(chance: random.Random) -> float:
    return chance.lognormvariate(4.2, 0.8)  # a minute, mostly; some are done in ten seconds


def _later(start: datetime, seconds: float) -> datetime:
    return start + timedelta(seconds=seconds)
