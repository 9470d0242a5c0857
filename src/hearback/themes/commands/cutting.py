"""Where one excerpt ends and the next begins: what people decide. Nobody's words change, only where we divide them.

The answer itself is never split again once it has an excerpt, so a hand-made cut stays.
"""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import NotFound, Refused
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import tell_all, write_event
from hearback.themes.commands.moving import lay_back
from hearback.themes.cutting import parts, uncovers
from hearback.themes.queries import cutting as queries
from hearback.themes.queries import life
from hearback.themes.queries.cutting import Piece
from hearback.themes.rules import ThemeDeed
from hearback.themes.taking_back import Act


class Stood(Struct, frozen=True):
    """An excerpt as it was before, and where it lay; without an end it was not there yet."""

    excerpt: UUID
    before: life.Placement | None
    starts: int = 0
    ends: int | None = None


async def cut(company_id: UUID, excerpt_id: UUID, at: int, *, by: UUID, now: datetime) -> None:
    """Make two of it, before the word that begins at `at`, in characters of the answer. Both lie where it lay.

    Raises NotFound; Refused for any other place, where personal data would come to light, or for what a note quotes.
    """
    async with transaction():
        await lock(company_id, LOCK)
        piece = next(one for one in await queries.pieces(company_id, excerpt_id) if one.id == excerpt_id)
        if at not in [part.at for part in parts(piece.words, piece.starts)[1:]]:
            raise Refused("cut.at-the-edge", field="at")
        if uncovers(piece.words, at - piece.starts):
            raise Refused("cut.uncovers", field="at")
        await _must_not_be_quoted(company_id, [excerpt_id])
        before, new = await life.placement(company_id, excerpt_id), hidden_id()
        await _divide(
            company_id, excerpt_id, piece.starts, piece.starts + len(piece.said[piece.starts : at].rstrip())
        )
        await _add(company_id, new, at, piece.ends, beside=excerpt_id)
        await lay_back(company_id, [(new, before)])
        await _pass_on_too(company_id, excerpt_id, new)
        left = [Stood(excerpt_id, before, piece.starts, piece.ends), Stood(new, None)]
        theme = before.heir if before else None
        await write_event(company_id, theme, ThemeDeed.CUT, by=by, now=now, excerpt=excerpt_id, left=left)
        after = {"theme": theme, "excerpts": [excerpt_id, new]}
        await note_down(company_id, "excerpt.cut", by=by, now=now, subject=excerpt_id, after=after)
        await tell_all(company_id)


async def join(company_id: UUID, excerpt_id: UUID, other_id: UUID, *, by: UUID, now: datetime) -> UUID:
    """Make one of two that stand beside each other, with what stands between; gives the one that stays: the first.

    It lies where a member put one of them, else where their fan did, else where the first lay. Raises NotFound;
    Refused for any two others, and for what a note quotes.
    """
    async with transaction():
        await lock(company_id, LOCK)
        first, second = _beside(await queries.pieces(company_id, excerpt_id), excerpt_id, other_id)
        await _must_not_be_quoted(company_id, [first.id, second.id])
        lay, lay_second = [await life.placement(company_id, one.id) for one in (first, second)]
        placed = [one for who in ("person", "fan") for one in (lay, lay_second) if one and one.by == who]
        stays = placed[0] if placed else lay
        await _pass_on_too(company_id, second.id, first.id)
        await execute("delete from excerpt where company = $1 and id = $2", company_id, second.id)
        await _divide(company_id, first.id, first.starts, second.ends)
        await lay_back(company_id, [(first.id, stays)])
        left = [
            Stood(one.id, before, one.starts, one.ends)
            for one, before in ((first, lay), (second, lay_second))
        ]
        await _tell_of_join(company_id, left, stays.heir if stays else None, by=by, now=now)
        after = {"theme": stays.heir if stays else None, "excerpts": [first.id, second.id]}
        await note_down(company_id, "excerpt.joined", by=by, now=now, subject=first.id, after=after)
        await tell_all(company_id)
    return first.id


async def divide_as_before(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Takes a cut or a join back. Gives the theme in which the first lay.

    Raises NotFound where the fan took the words back, Refused where a note quotes one of them by now.
    """
    left = msgspec.convert(act.told["left"], list[Stood])
    first = left[0].excerpt
    if first not in {one.id for one in await queries.pieces(company_id, first)}:
        raise NotFound
    await _must_not_be_quoted(company_id, [one.excerpt for one in left])
    for one in left:
        if one.ends is None:
            await execute("delete from excerpt where company = $1 and id = $2", company_id, one.excerpt)
        elif one.excerpt == first:
            await _divide(company_id, first, one.starts, one.ends)
        else:
            await _add(company_id, one.excerpt, one.starts, one.ends, beside=first)
    await lay_back(company_id, [(one.excerpt, one.before) for one in left if one.ends is not None])
    told = {"undoes": act.id, "excerpt": first}
    undone = await write_event(company_id, act.theme, act.deed, by=by, now=now, **told)
    for other in _other_themes(left, act.theme):
        await write_event(company_id, other, act.deed, by=by, now=now, of=undone, **told)
    before = left[0].before
    return (await life.theme(company_id, before.theme)).heir if before and before.theme else None


def _beside(pieces: list[Piece], one: UUID, other: UUID) -> tuple[Piece, Piece]:
    found = next((pair for pair in pairwise(pieces) if {piece.id for piece in pair} == {one, other}), None)
    if found is None:
        raise Refused("cut.not-beside", field="other")
    return found


async def _must_not_be_quoted(company_id: UUID, excerpt_ids: list[UUID]) -> None:
    quoting = await queries.quoting(company_id, excerpt_ids)
    if quoting:
        raise Refused("cut.quoted-draft" if quoting.draft else "cut.quoted", field="", title=quoting.title)


async def _divide(company_id: UUID, excerpt_id: UUID, starts: int, ends: int) -> None:
    """What the worker found out of the former words is forgotten: it reads the new ones."""
    await execute(
        """update excerpt set starts = $3, ends = $4, vector = null, second = null, language = '', wording = null,
                  marks = '{}'
           where company = $1 and id = $2""",
        company_id,
        excerpt_id,
        starts,
        ends,
    )


async def _add(company_id: UUID, excerpt_id: UUID, starts: int, ends: int, *, beside: UUID) -> None:
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends)
           select $2, company, question, response, answer, $3, $4 from excerpt where company = $1 and id = $5""",
        company_id,
        excerpt_id,
        starts,
        ends,
        beside,
    )


async def _pass_on_too(company_id: UUID, excerpt_id: UUID, other_id: UUID) -> None:
    """Whoever was passed one of them is passed the other too, so that they miss none of the words."""
    await execute(
        """insert into passed_on (id, company, excerpt, member, by, words, at, read_at)
           select gen_random_uuid(), company, $3, member, by, words, at, read_at from passed_on
           where company = $1 and excerpt = $2
           on conflict (company, excerpt, member) do nothing""",
        company_id,
        excerpt_id,
        other_id,
    )


async def _tell_of_join(
    company_id: UUID, left: list[Stood], theme: UUID | None, *, by: UUID, now: datetime
) -> None:
    """A theme that one of them leaves remembers it too."""
    told = {"excerpt": left[0].excerpt, "left": left}
    event = await write_event(company_id, theme, ThemeDeed.JOINED, by=by, now=now, **told)
    for other in _other_themes(left, theme):
        await write_event(
            company_id,
            other,
            ThemeDeed.JOINED,
            by=by,
            now=now,
            of=event,
            excerpt=left[0].excerpt,
            target=theme,
        )


def _other_themes(left: list[Stood], theme: UUID | None) -> list[UUID]:
    heirs = {one.before.heir for one in left if one.before and one.before.heir}
    return sorted(heirs - {theme})
