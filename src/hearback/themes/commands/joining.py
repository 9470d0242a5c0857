"""What a fan says of their own words: they belong to a theme, or stand apart. No moment of it is written down, only the
day; a reading keeps it and learns nothing from it, and a member may still put the words elsewhere."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hearback.database.engine import execute, lock, transaction
from hearback.jobs import do_later
from hearback.refusals import Refused
from hearback.themes.commands.learning import LOCK, columns_of
from hearback.themes.planning import Place
from hearback.themes.queries import others as queries
from hearback.web.live import tell


async def put_close(company_id: UUID, close: Sequence[Place]) -> None:
    """What new excerpts are close to, in the caller's transaction. Doing it twice changes nothing."""
    if not close:
        return
    await execute(
        """insert into close_theme (id, company, excerpt, theme, nearness)
           select gen_random_uuid(), e.company, e.id, t.id, x.nearness
           from unnest($2::uuid[], $3::uuid[], $4::real[]) as x (excerpt, theme, nearness)
           join excerpt e on e.company = $1 and e.id = x.excerpt
           join theme t on t.company = $1 and t.id = x.theme
           on conflict (company, excerpt, theme) do update set nearness = excluded.nearness""",
        company_id,
        *columns_of(close, Place),
    )


async def join_in(
    company_id: UUID, response_id: UUID, theme_id: UUID, *, fewest_voices: int, today: date
) -> None:
    """The fan's point that is nearest to the theme lies in it now, by the fan's own word.

    Of several points, one that they have not put elsewhere. Raises Refused for a theme that is not offered to them.
    """
    async with transaction():
        await lock(company_id, LOCK)
        offered = await queries.others(company_id, response_id, fewest_voices=fewest_voices)
        if theme_id not in {one.id for one in offered}:
            raise Refused("others.gone")
        await execute(
            """insert into placement (id, company, excerpt, theme, by, confidence, "on")
               select gen_random_uuid(), e.company, e.id, $3, 'fan', 1, $4
               from excerpt e
               join close_theme c on c.company = e.company and c.excerpt = e.id
               join theme t on t.company = c.company and t.id = c.theme and t.heir = $3
               left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = $1 and e.response = $2 and coalesce(p.by, '') <> 'person'
               order by coalesce(p.by, '') = 'fan', c.nearness desc, e.starts, e.id limit 1
               on conflict (company, excerpt) do update
               set theme = excluded.theme, by = 'fan', confidence = 1, "on" = excluded."on"
               where placement.by <> 'person'""",
            company_id,
            response_id,
            theme_id,
            today,
        )
        await tell(company_id, "numbers")


async def take_back(company_id: UUID, response_id: UUID, theme_id: UUID) -> None:
    """As if the fan had not said it: the program reads the words again. Doing it twice changes nothing."""
    async with transaction():
        await lock(company_id, LOCK)
        await execute(
            """delete from placement p using excerpt e, theme t
               where p.company = $1 and p.by = 'fan' and e.company = $1 and e.id = p.excerpt and e.response = $2
                 and t.company = $1 and t.id = p.theme and t.heir = $3""",
            company_id,
            response_id,
            theme_id,
        )
        await _read_anew(company_id, response_id)


async def keep_apart(company_id: UUID, response_id: UUID, *, fewest_voices: int, today: date) -> None:
    """None of the offered themes is what the fan means: their words leave them, and no reading brings them back.

    Other themes, or one of their own, stay open to the words. Doing it twice changes nothing.
    """
    async with transaction():
        await lock(company_id, LOCK)
        offered = await queries.others(company_id, response_id, fewest_voices=fewest_voices)
        themes = [one.id for one in offered]
        await execute(
            """insert into kept_apart (id, company, excerpt, theme, "on")
               select gen_random_uuid(), e.company, e.id, theme, $4 from excerpt e, unnest($3::uuid[]) as theme
               where e.company = $1 and e.response = $2
               on conflict (company, excerpt, theme) do nothing""",
            company_id,
            response_id,
            themes,
            today,
        )
        await execute(
            """delete from placement p using excerpt e, theme t
               where p.company = $1 and p.by <> 'person' and e.company = $1 and e.id = p.excerpt and e.response = $2
                 and t.company = $1 and t.id = p.theme and t.heir = any($3)""",
            company_id,
            response_id,
            themes,
        )
        await tell(company_id, "numbers")


async def look_again(company_id: UUID, response_id: UUID) -> None:
    """Takes it back that the words stand apart. Doing it twice changes nothing."""
    async with transaction():
        await lock(company_id, LOCK)
        await execute(
            """delete from kept_apart k using excerpt e
               where k.company = $1 and e.company = $1 and e.id = k.excerpt and e.response = $2""",
            company_id,
            response_id,
        )
        await _read_anew(company_id, response_id)


async def _read_anew(company_id: UUID, response_id: UUID) -> None:
    await do_later("themes.read", company_id=company_id, response_id=response_id)
    await tell(company_id, "numbers")
