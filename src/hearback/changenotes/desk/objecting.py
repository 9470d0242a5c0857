"""Objections to a draft, from its own page or from the page of a theme that it speaks of."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes import commands, queries
from hearback.changenotes.desk.editor import as_typed, editor
from hearback.changenotes.forms import DissentForm
from hearback.clock import now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes.desk import pages as themes
from hearback.themes.queries import theme_labels
from hearback.web.forms import read_form
from hearback.web.typed import one, read_typed


@post("/notes/{note_id:uuid}/dissent", may=Right.READ, status_code=303)
async def dissent(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    """Whoever reads here may object: those who know the house best do not always write for it.

    theme: on whose page it was written; those who do not write see drafts only there.
    """
    draft, typed = await queries.draft(desk.company.id, note_id), await read_typed(request)
    labels = await theme_labels(desk.company.id, [_id(one(typed, "theme"))])
    if not labels and not desk.may(Right.WRITE):
        raise NotFound
    try:
        form = read_form(DissentForm, typed)
        await commands.object_to(desk.company.id, note_id, form.objection, by=desk.member, now=now())
    except Refused as refusal:
        if labels:
            faulty = themes.Faulty("dissent", refusal, typed)
            return await themes.show_theme(request, desk, labels[0].id, faulty=faulty)
        if not draft.is_draft:
            raise
        in_form = as_typed(draft) | {"objection": [one(typed, "objection")]}
        return await editor(request, desk, draft, 422, typed=in_form, refusal=refusal)
    if labels:
        return Redirect(f"{themes.base(desk)}/{labels[0].id}?done=dissented#th", status_code=303)
    return Redirect(f"/desk/{desk.company.slug}/notes/{note_id}#objections", status_code=303)


def _id(typed: str) -> UUID:
    """What is no id is nobody's."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


HANDLERS = [dissent]
