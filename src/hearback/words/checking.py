"""Are the catalogues whole? Every key said somewhere, in every language, and no sentence outside them."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from hearback.settings import PACKAGE, folder
from hearback.words.catalogue import CATALOGUES, read_sources

KEY = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+")
SAID = re.compile(r"""say(?:_html)?\(\s*(["'])(?P<key>[^"']+)\1\s*(?P<goes_on>~)?""")
# `here` names an entry of the navigation, for no reader.
JINJA = re.compile(r"{#.*?#}|{% block here %}.*?{% endblock %}|{%.*?%}|{{.*?}}", re.DOTALL)
QUOTED = re.compile(r"""(["'])([a-z][a-z0-9_.-]*\.[a-z0-9_.-]*)\1""")
PLACE = re.compile(r"{(\w+)}")
LETTERS = re.compile(r"[^\W\d_]{2,}")
DU = re.compile(r"\b(du|dich|dir|deine?[mnrs]?|euch|eure?[mnrs]?|euer|ihr habt|ihr seid)\b", re.IGNORECASE)
SPOKEN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder", "aria-description", "content"})
# Names and signs that are the same in every language.
NOT_A_SENTENCE = re.compile(
    r"^(Hearback|DE|EN|QR|Atom|RSS|CSV|SVG|Deutsch|English|J|K|M|S|Z|N"
    r"|width=device-width.*|light dark|aria-[a-z-]+=.*|{.*)$"
)


def problems() -> list[str]:
    catalogues = {name: read_sources(name) for name in CATALOGUES}
    return [
        *_uneven(catalogues),
        *_unsaid_and_missing(catalogues["de"]),
        *_du_among_sie(catalogues["de_formal"]),
        *_loose_sentences(),
    ]


def _uneven(catalogues: dict[str, Catalog]) -> Iterator[str]:
    """Same keys, same plurals, same values to fill in, nothing empty, in all languages."""
    first = {key_of(message): message for message in catalogues["de"] if message.id}
    for name, catalogue in catalogues.items():
        here = {key_of(message): message for message in catalogue if message.id}
        for key in sorted(first.keys() ^ here.keys()):
            yield f"{key}: {'missing in' if key in first else 'only in'} {name}"
        for key in sorted(first.keys() & here.keys()):
            texts, model = _texts(here[key]), _texts(first[key])
            if not all(texts):
                yield f"{key}: empty in {name}"
            if len(texts) != len(model):
                yield f"{key}: plural in one language only ({name})"
            if _places(texts) != _places(model):
                yield f"{key}: other values in {name} than in de"


def _unsaid_and_missing(catalogue: Catalog) -> Iterator[str]:
    known = {key_of(message) for message in catalogue if message.id}
    said, mentioned, begun = _said_in_templates()
    for said_here, mentioned_here, begun_here in map(_said_in_code, sorted(PACKAGE.rglob("*.py"))):
        said |= said_here
        mentioned |= mentioned_here
        begun |= begun_here
    for key in sorted(said - known):
        yield f"{key}: said, but in no catalogue"
    for key in sorted(known - said - mentioned):
        if not any(key.startswith(prefix) for prefix in begun):
            yield f"{key}: never said"


def _said_in_templates() -> tuple[set[str], set[str], set[str]]:
    """Keys said as they stand; keys that appear in quotes; beginnings of keys that are put together."""
    said: set[str] = set()
    mentioned: set[str] = set()
    begun: set[str] = set()
    for path in _templates():
        text = path.read_text(encoding="utf-8")
        for match in SAID.finditer(text):
            if match["goes_on"]:
                begun.add(match["key"])
            else:
                said.add(match["key"])
        for _, quoted in QUOTED.findall(text):
            (begun if quoted.endswith(".") else mentioned).add(quoted)
    return said, mentioned, begun


def _said_in_code(path: Path) -> tuple[set[str], set[str], set[str]]:
    said: set[str] = set()
    mentioned: set[str] = set()
    begun: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("Refused", "say") and isinstance(node.args[0].value, str):
                said.add(node.args[0].value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            mentioned.add(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            beginning = str(node.values[0].value)
            if re.fullmatch(r"[a-z][a-z0-9_.-]*\.", beginning):
                begun.add(beginning)
    return said, mentioned, begun


def _du_among_sie(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        for text in _texts(message) if message.id else []:
            found = DU.search(text)
            if found and "{" + found[0] + "}" not in text:
                yield f"{key_of(message)}: says {found[0]!r} where the company says Sie"


class _Sentences(HTMLParser):
    """Letters that a template holds outside Jinja: in text, and in attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._look_at(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {value for name, value in attrs if name in ("name", "property")}
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value and not (name == "content" and named & {"htmx-config"}):
                self._look_at(value)

    def _look_at(self, text: str) -> None:
        for line in text.split("\n"):
            if LETTERS.search(line) and not NOT_A_SENTENCE.match(line.strip(" \t·:,.()–")):
                self.found.append(line.strip())


def _loose_sentences() -> Iterator[str]:
    for path in _templates():
        reader = _Sentences()
        reader.feed(JINJA.sub("", path.read_text(encoding="utf-8")))
        for sentence in reader.found:
            yield f"{path.relative_to(folder('templates'))}: {sentence[:60]!r} stands outside the catalogues"


def _templates() -> list[Path]:
    return sorted(
        path for path in folder("templates").rglob("*") if path.suffix in (".html", ".md", ".txt", ".xml")
    )


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _texts(message: Message) -> list[str]:
    text = message.string
    return [text] if isinstance(text, str) else list(text or [])


def _places(texts: list[str]) -> set[str]:
    return {place for text in texts for place in PLACE.findall(text)}
