"""What the last reading proposes: accepted or refused one by one, or several together."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes.commands.proposing import Decision, NotDecided, decide
from hearback.themes.desk.pages import base, undoable
from hearback.themes.forms import ID, MOST_SPLIT, DecisionForm
from hearback.themes.keyterms import terms_for
from hearback.themes.own_codebook import in_use
from hearback.themes.queries import codebook, excerpts, helping, proposing
from hearback.themes.reading.codebook import Entry
from hearback.themes.rules import ProposalKind
from hearback.web.forms import most, read_form
from hearback.web.pages import show, wants_fragment
from hearback.web.typed import Typed, one, parse_urlencoded, read_typed

HERE = "themes/proposals"
AT_ONCE = 3  # of a kind; more is work, not help
TICKED = "ticked"
DONE = ("accepted", "refused", "undone")


class Card(Struct, frozen=True):
    """A proposal as it is shown. name, definition: what is proposed, to be changed in place; known: by the codebook.

    excerpts: what it would move, as far as it still can. says, others_say: terms of the two sides, for who reads it.
    """

    proposed: proposing.Proposed
    name: str
    definition: str
    known: bool
    excerpts: list[UUID]
    says: str = ""
    others_say: str = ""

    @property
    def shown(self) -> str:
        return ".".join(map(str, self.excerpts))

    @property
    def quotes(self) -> list[UUID]:
        """All words that stand below it."""
        said = self.excerpts if self.proposed.kind == ProposalKind.JOIN else self.proposed.evidence.quotes
        return [*said, *self.proposed.evidence.others]


@get("/themes/proposals", may=Right.SORT)
async def proposals(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await _show(request, desk)


@post("/themes/proposals/decisions", may=Right.SORT, status_code=303)
async def decisions(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """One proposal by its own button, or all that are ticked."""
    typed, company, at = await read_typed(request), desk.company, now()
    try:
        yes, ids = _chosen(typed)
        several = [_decision(typed, id, yes=yes) for id in ids]
        today = day_in(company.timezone, at)
        await decide(company.id, several, by=desk.member.id, now=at, today=today)
    except Refused as refusal:
        return await _show(request, desk, typed=typed, refusal=refusal)
    done = "accepted" if yes else "refused"
    return Redirect(f"{base(desk)}/proposals?done={done}&n={len(several)}", status_code=303)


async def _show(
    request: HTMXRequest, desk: Desk, *, typed: Typed | None = None, refusal: Refused | None = None
) -> Response[Any]:
    """typed, refusal: a decision that did not go, which is told beside its proposal, and nothing typed is lost."""
    company_id = desk.company.id
    standing, waiting, helps, changes, undo = await asyncio.gather(
        proposing.standing(company_id, most=AT_ONCE, reader=desk.words.lang),
        proposing.waiting(company_id),
        helping.waiting(company_id),
        codebook.changes(company_id),
        undoable(desk, now()),
    )
    entries = {entry.slug: entry for entry in in_use(changes)}
    cards = [_card(proposed, entries, desk.words.lang) for proposed in standing]
    quotes = await excerpts.chosen(company_id, [excerpt for card in cards for excerpt in card.quotes])
    asked = parse_urlencoded(request.scope["query_string"])
    failed = refusal.proposal if isinstance(refusal, NotDecided) else None
    done = one(asked, "done") if not refusal else ""
    return show(
        request,
        "themes/proposals",
        422 if refusal else 200,
        sections=_sections(cards, waiting),
        more=sum(waiting.values()) - len(cards),
        quotes={quote.id: quote for quote in quotes},
        helps=helps,
        undo=undo,
        done=done if done in DONE else "",
        n=int(number) if re.fullmatch(r"[0-9]{1,3}", number := one(asked, "n")) else 0,
        wrong=failed if failed in {card.proposed.id for card in cards} else None,
        refusal=refusal,
        typed=typed or {},
        most_name=most(DecisionForm, "name"),
        most_definition=most(DecisionForm, "definition"),
        live=wants_fragment(request),
    )


def _sections(
    cards: Sequence[Card], waiting: Mapping[ProposalKind, int]
) -> list[tuple[ProposalKind, int, list[Card]]]:
    """Each kind with how many there are of it and those that are shown."""
    kinds = dict.fromkeys(card.proposed.kind for card in cards)
    return [
        (kind, waiting.get(kind, 0), [card for card in cards if card.proposed.kind == kind]) for kind in kinds
    ]


def _card(proposed: proposing.Proposed, entries: Mapping[str, Entry], language: str) -> Card:
    if proposed.kind == ProposalKind.SPLIT:
        says, others_say = (
            ", ".join(terms_for(language, terms))
            for terms in (proposed.evidence.says, proposed.evidence.others_say)
        )
        leave = proposed.lying_there[:MOST_SPLIT]
        return Card(proposed, says, "", known=False, excerpts=leave, says=says, others_say=others_say)
    if proposed.kind == ProposalKind.NEW and (entry := entries.get(proposed.theme.entry)):
        return Card(proposed, entry.name(language), entry.definition(language), known=True, excerpts=[])
    moved = proposed.open_pieces if proposed.kind == ProposalKind.JOIN else []
    return Card(proposed, proposed.theme.name, proposed.theme.definition, known=False, excerpts=moved)


def _chosen(typed: Typed) -> tuple[bool, list[UUID]]:
    """Yes or no, and to which. Raises Refused where nothing is ticked."""
    yes = "accept" in typed
    which = one(typed, "accept" if yes else "refuse")
    texts = typed.get("tick", []) if which == TICKED else [which]
    ids = [UUID(text) for text in dict.fromkeys(texts) if re.fullmatch(ID, text)]
    if not ids:
        raise Refused("proposals.nothing")
    return yes, ids


def _decision(typed: Typed, proposal: UUID, *, yes: bool) -> Decision:
    """Each field has the proposal's id behind its name. Raises NotDecided for what does not fit."""
    of = {name: typed.get(f"{name}-{proposal}", []) for name in DecisionForm.__struct_fields__}
    try:
        return Decision(proposal, yes, read_form(DecisionForm, of))
    except Refused as why:
        raise NotDecided(why, proposal) from why


HANDLERS = [proposals, decisions]
