"""What a note must own up to beyond having its fields filled: how sorry, whom it hit, who is not blamed. Pure.

After the evidence in docs: responsibility and repair count most, an excuse undoes them, and whoever is named as the
culprit pays for what the house did. Tone is left to remarks, which never block; what is checked here is facts.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from hearback.changenotes.numerals import numerals
from hearback.changenotes.rules import FIELDS, CauseKind, NoteKind
from hearback.refusals import Refused

MOST_HOLDINGS = 2  # in a row, without saying why there is nothing else to say yet
SORRY = re.compile(r"\b(?:sorry|apolog\w+|leid|entschuldig\w+|verzeih\w+)\b", re.IGNORECASE)
# Besides numerals; "eine" alone is no number, before a person it is one.
COUNTED = re.compile(
    r"""\d|\b(?:million(?:en)?|dutzend\w*|dozen|niemand(?:en)?|nobody|no\ one
    |(?:genau|nur|höchstens|mindestens|exactly|only|just|at\ most|at\ least)\s(?:ein\w{0,2}|one)
    |eine?[nmr]?\s(?:einzig\w+\s)?(?:person|mensch|familie|kind|haushalt)\w*
    |one\s(?:single\s)?(?:person|family|child|household|of\ you))\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Signs that nobody sees and that turn what follows around, or break a line of a feed; letters that run from right to
# left need none of them.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Whoever sees to it is somebody who can be asked: a house or "all of us" cannot.
NO_PERSON = re.compile(
    r"(?:(?:das|unser|the|our)\s)?(?:ganze[sn]?\s|whole\s)?(?:team|haus|house|company|firma|abteilung|department|redaktion)"
    r"|(?:die|eine|unsere)\s(?:firma|abteilung|redaktion)|wir(?:\salle)?|alle|we(?:\sall)?|all(?:\sof\sus)?|everybody|us|jemand|somebody",
    re.IGNORECASE,
)
ASKS = re.compile(r"\w[^?]*\?")
BLAMES_IN = ("title", "wrong", "sorry", "cause", "failed")
# A surname alone may be a word (Koch, Baker): it is somebody behind one of these, or behind their initial.
ADDRESSED = r"(?:Herrn?|Frau|Kolleg(?:e|en|in)|Mr|Mrs|Ms|Dr)\.?"
SHORTEST_NAME = 3


class Least(Struct, frozen=True):
    """What a kind of cause asks for at least. sorry: the word itself; repair: "cannot be undone" is not enough."""

    sorry: bool
    leadership: bool
    repair: bool


# After Coombs, and Kim and others: nobody apologises for what they did not do; whoever broke their own rules repairs.
LEAST = {
    CauseKind.VICTIM: Least(sorry=False, leadership=False, repair=False),
    CauseKind.ACCIDENTAL: Least(sorry=True, leadership=False, repair=False),
    CauseKind.PREVENTABLE: Least(sorry=True, leadership=True, repair=False),
    CauseKind.INTEGRITY: Least(sorry=True, leadership=True, repair=True),
}
UNSAID = Least(sorry=True, leadership=False, repair=False)


def least_of(texts: Mapping[str, str]) -> Least:
    """While no kind of cause is chosen, what is asked of most."""
    cause = texts.get("cause_kind", "")
    return LEAST[CauseKind(cause)] if cause in list(CauseKind) else UNSAID


def not_owned(
    kind: NoteKind,
    texts: Mapping[str, str],
    days: Mapping[str, date],
    *,
    colleagues: Iterable[str] = (),
    repeats: bool = False,
    holdings: int = 0,
) -> list[Refused]:
    """Every reason against, by field; of empty fields others speak.

    colleagues: names of all who work or worked here, but the one who signs. repeats: the same mistake was admitted
    before. holdings: how many times in a row we have only held the line on this.
    """
    reasons = hidden_signs({name: texts.get(name, "") for name in FIELDS[kind]})
    if kind is NoteKind.MISTAKE:
        reasons += _of_a_mistake(texts, days, colleagues, repeats=repeats)
    if kind is NoteKind.HOLDING and holdings >= MOST_HOLDINGS and not texts.get("again", "").strip():
        reasons.append(Refused("note.missing.again", field="again", n=holdings))
    closing = texts.get("closing_question", "").strip()
    if closing and not ASKS.search(closing):
        reasons.append(Refused("note.closing-asks-nothing", field="closing_question"))
    return reasons


def hidden_signs(texts: Mapping[str, str]) -> list[Refused]:
    """Where signs stand that nobody sees."""
    return [Refused("note.hidden-signs", field=name) for name, words in texts.items() if HIDDEN.search(words)]


def _of_a_mistake(
    texts: Mapping[str, str], days: Mapping[str, date], colleagues: Iterable[str], *, repeats: bool
) -> list[Refused]:
    least, reasons = least_of(texts), []
    sorry, affected = texts.get("sorry", "").strip(), texts.get("affected", "").strip()
    if least.sorry and sorry and not SORRY.search(sorry):
        reasons.append(Refused("note.sorry-unsaid", field="sorry"))
    if affected and not COUNTED.search(affected) and not any(numerals(affected)):
        reasons.append(Refused("note.affected-uncounted", field="affected"))
    if NO_PERSON.fullmatch(" ".join(texts.get("did_owner", "").split()).rstrip(".")):
        reasons.append(Refused("note.owner-unnamed", field="did_owner"))
    if least.repair and not (texts.get("repair", "").strip() and days.get("repair_by")):
        reasons.append(Refused("note.integrity-repairs", field="repair"))
    for field in BLAMES_IN:
        named = who_is_named(texts.get(field, ""), colleagues)
        if named:
            reasons.append(Refused("note.names-somebody", field=field, name=named))
    if repeats and not texts.get("failed", "").strip():
        reasons.append(Refused("note.missing.failed", field="failed"))
    return reasons


def who_is_named(words: str, names: Iterable[str]) -> str:
    """The first of the names that the words call, in full, by first name, or by surname where it is plain that it is
    one; empty when none."""
    return next((name for name in names if calls(words, name)), "")


def calls(words: str, name: str) -> bool:
    """In full, by first name, or by surname where it is plain that it is one."""
    first, *more = name.split() or [""]
    called = [re.escape(part) for part in (name.strip(), first) if len(part) >= SHORTEST_NAME]
    if more:
        before = rf"(?:(?:{ADDRESSED}\s+)+|{re.escape(first[0])}\.\s*)"
        called.append(before + re.escape(more[-1]))
    called += [re.escape(part.upper()) for part in (name.strip(), first) if len(part) >= SHORTEST_NAME]
    return any(re.search(rf"(?<!\w){part}(?:s|'|’)?(?!\w)", words) for part in called)
