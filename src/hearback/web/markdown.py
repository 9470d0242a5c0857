"""Markdown that members write, as HTML that can do nothing: parsed without HTML, then cleaned by a short list."""

import re
from functools import lru_cache

from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

TAGS = frozenset(
    "p br hr strong em s a ul ol li blockquote code pre h2 h3 h4 h5 h6".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "ol": ["start"]}
TAG = re.compile(r"(<[^>]*>)")
UNDERLINED = re.compile("\ue000([^\ue000\ue001]*)\ue001")
LONE_SIGNS = {0xE000: None, 0xE001: None}
PROTOCOLS = frozenset({"http", "https", "mailto"})


def markdown(text: str) -> Markup:
    """HTML for a page that has its own h1: `#` becomes an h2 like `##`. Line ends count, as people expect."""
    return _cleaned(text)


def toned(html: str) -> Markup:
    """HTML in which what stands between two signs of plainspeech/marking.py is underlined; only text is touched."""
    pieces = TAG.split(html)
    pieces[::2] = [
        UNDERLINED.sub(r'<mark class="tone">\1</mark>', piece).translate(LONE_SIGNS) for piece in pieces[::2]
    ]
    return Markup("".join(pieces))  # noqa: S704  (cleaned before; only a fixed tag was added)


def forget_cleaned() -> None:
    _cleaned.cache_clear()


# Cleaning costs milliseconds, and a page shows the same few texts again and again.
@lru_cache(maxsize=512)
def _cleaned(text: str) -> Markup:
    return Markup(_CLEANER.clean(_PARSER.render(text)))  # noqa: S704  (it was just cleaned)


def _no_second_h1(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(2, int(token.tag[1]))}"


def _mark_links(state: StateCore) -> None:
    """A link that a member sets passes nothing on, neither rank nor where the reader came from."""
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener noreferrer")


def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
    )
    parser.core.ruler.push("no_second_h1", _no_second_h1)
    parser.core.ruler.push("mark_links", _mark_links)
    return parser


_PARSER = _parser()
_CLEANER = Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
