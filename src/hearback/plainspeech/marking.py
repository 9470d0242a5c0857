"""Signs around what is remarked on, so that it can be underlined once the text has become a page."""

from collections.abc import Iterable

from hearback.plainspeech.rules import Remark

BEGINS, ENDS = "\ue000", "\ue001"  # of Unicode's private use: in nobody's text with a meaning
MARKUP = set("[]()<>`*_~\\\n")  # a sign among these could part what belongs together


def marked(text: str, remarks: Iterable[Remark]) -> str:
    """The first of remarks that overlap counts."""
    text = unmarked(text)
    pieces, after = [], 0
    for remark in remarks:
        words = text[remark.start : remark.end]
        if remark.start >= after and not MARKUP & set(words):
            pieces += [text[after : remark.start], BEGINS, words, ENDS]
            after = remark.end
    return "".join([*pieces, text[after:]])


def unmarked(text: str) -> str:
    """As long as before."""
    return text.replace(BEGINS, " ").replace(ENDS, " ")
