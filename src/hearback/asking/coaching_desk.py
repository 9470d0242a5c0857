"""The question coach: advice beside the form while a question is written. It explains, and refuses nothing.

Beside it stands what in the words sounds like a press office: a question goes out like a note does.
"""

from uuid import UUID

from litestar import Response, post
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.asking.forms import lines_of, split_prompts
from hearback.asking.rules import PromptKind
from hearback.people.access import AtDesk
from hearback.people.rules import Language, Right
from hearback.plainspeech.coach import AskedFor, Given, coached
from hearback.plainspeech.reading import remarks_on
from hearback.plainspeech.rules import Remark
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

PICKED = (PromptKind.CHOICE, PromptKind.CHOICES)
IN_OWN_WORDS = ("title", "why", "can_change", "cannot_change", "what_happens")
OF_A_PROMPT = ("words", "help")


class Remarked(Struct, frozen=True):
    """field: of the form, such as `why`, `words.0` or `words_in_en.0`; language: in which its words are."""

    field: str
    language: str
    words: str
    remark: Remark


@post("/questions/advice", may=Right.ASK, status_code=200)
async def advice(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """Nothing is saved."""
    typed = await read_typed(request)
    return show(
        request, "asking/advice", advice=advice_on(typed), remarked=await remarked_in(desk.company.id, typed)
    )


def advice_on(typed: Typed) -> list[Given]:
    """Nothing while nothing is asked yet."""
    parts, title = split_prompts(typed), one(typed, "title")
    if not title.strip() and not any(one(part, "words").strip() for part in parts):
        return []
    prompts = [
        AskedFor(
            words=one(part, "words"),
            options=lines_of(one(part, "options")) if one(part, "kind") in PICKED else (),
            other=one(part, "other") == "yes",
        )
        for part in parts
    ]
    return coached(
        prompts,
        one(typed, "language", "de"),
        can_change=one(typed, "can_change"),
        reply_by=one(typed, "reply_by"),
        title=title,
    )


async def remarked_in(company_id: UUID, typed: Typed) -> list[Remarked]:
    """In the order of the form, first in the language that the question is asked in, then in the others."""
    first = one(typed, "language", Language.DE)
    remarked = []
    for language in sorted(Language, key=lambda language: language != first):
        texts = _said_in(typed, "" if language == first else f"_in_{language}")
        found = await remarks_on(company_id, texts, language)
        remarked += [
            Remarked(field, language, texts[field][remark.start : remark.end], remark)
            for field, remarks in found.items()
            for remark in remarks
        ]
    return remarked


def _said_in(typed: Typed, ending: str) -> dict[str, str]:
    """By the name of its field; ending: of the fields in one language."""
    texts = {f"{name}{ending}": one(typed, f"{name}{ending}") for name in IN_OWN_WORDS}
    for number, part in enumerate(split_prompts(typed)):
        texts |= {f"{name}{ending}.{number}": one(part, f"{name}{ending}") for name in OF_A_PROMPT}
    return {field: text for field, text in texts.items() if text}


HANDLERS = [advice]
