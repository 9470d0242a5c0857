"""A question elsewhere: its short address, and the picture that other programs show beside a link to it."""

from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.asking import queries
from hearback.people.accent import accent
from hearback.people.queries import company_by_slug, portrait
from hearback.web.framing import let_load
from hearback.web.pages import words_of
from hearback.web.picture import MOST_KEPT, Picture, Shown, picture, picture_reply
from hearback.web.remembering import Memory
from hearback.words.speaking import LANGUAGES

PICTURES: Memory[Picture] = Memory(most=MOST_KEPT)


@get("/q/{short:str}")
async def short_address(request: HTMXRequest, short: FromPath[str]) -> Redirect:
    """For a while only: a question may still get another address before the first answer."""
    company, question = await queries.address_of_short(short)
    query = f"?{request.url.query}" if request.url.query else ""
    return Redirect(
        f"/{company}/ask/{question}{query}", status_code=302, headers={"Cache-Control": "no-cache"}
    )


@get("/{company_slug:str}/ask/{question_slug:str}/picture.png")
async def question_picture(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Response[bytes]:
    lang = request.query_params.get("lang", "")

    async def make() -> tuple[Picture, str, datetime | None]:
        company = await company_by_slug(company_slug)
        question = await queries.public_question(company.id, question_slug)
        face = question.asker.face_digest
        shown = Shown(
            said=question.told("title", words_of(request, company).lang).words,
            by=question.asker_name,
            role=question.asker_title,
            house=company.name,
            accent=accent(company.colour).light,
            face=await portrait(company.slug, face) if face else None,
        )
        return await picture(shown), str(company.id), None

    key = f"{company_slug}/{question_slug}/{lang if lang in LANGUAGES else ''}"
    found, _ = await PICTURES.get_or_make(key, make)
    let_load(request)
    return picture_reply(found, request.headers.get("if-none-match"))


HANDLERS = [short_address, question_picture]
