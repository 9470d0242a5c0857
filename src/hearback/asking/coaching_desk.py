"""The question coach: advice beside the form while a question is written. It explains, and refuses nothing."""

from litestar import Response, post
from litestar.plugins.htmx import HTMXRequest

from hearback.asking.forms import lines_of, split_prompts
from hearback.asking.rules import PromptKind
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.plainspeech.coach import AskedFor, Given, coached
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

PICKED = (PromptKind.CHOICE, PromptKind.CHOICES)


@post("/questions/advice", may=Right.ASK, status_code=200)
async def advice(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """Nothing is saved."""
    typed = await read_typed(request)
    return show(request, "asking/advice", advice=advice_on(typed))


def advice_on(typed: Typed) -> list[Given]:
    """Nothing while nothing is asked yet."""
    parts = split_prompts(typed)
    if not any(one(part, "words").strip() for part in parts):
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
    )


HANDLERS = [advice]
