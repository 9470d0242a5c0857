"""What there is to look for in the log."""

from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hearback.asking.queries import public_question
from hearback.changenotes.wanted import Wanted
from hearback.database.engine import fetch_one, fetch_value
from hearback.people.queries import Company
from hearback.refusals import NotFound


class ToldTheme(Struct, frozen=True):
    id: UUID
    name: str


class ToldQuestion(Struct, frozen=True):
    slug: str
    title: str
    language: str


class Choices(Struct, frozen=True):
    """What the public notes are about: only themes that the public may see, and questions that were asked."""

    themes: tuple[ToldTheme, ...]
    questions: tuple[ToldQuestion, ...]
    years: tuple[int, ...]
    languages: tuple[str, ...]

    async def widened(self, company: Company, wanted: Wanted) -> "Choices":
        """With the public theme and the public question of this address, though no note is about them yet: whoever
        waits for their first note follows their feed; what was merged goes on as its heir. Raises NotFound."""
        themes, questions = self.themes, self.questions
        if wanted.theme and wanted.theme not in [theme.id for theme in themes]:
            voices = company.fewest_voices
            heir = await public_theme(company.id, wanted.theme, fewest_voices=voices)
            themes = (*themes, ToldTheme(wanted.theme, heir.name))
        if wanted.question and wanted.question not in [question.slug for question in questions]:
            asked = await public_question(company.id, wanted.question)
            questions = (*questions, ToldQuestion(asked.slug, asked.title, asked.language))
        return replace(self, themes=themes, questions=questions)

    def check(self, wanted: Wanted) -> None:
        """Raises NotFound for what nobody can choose, so that an address finds out nothing that the page hides."""
        if wanted.theme and wanted.theme not in [theme.id for theme in self.themes]:
            raise NotFound
        if wanted.question and wanted.question not in [question.slug for question in self.questions]:
            raise NotFound
        if wanted.note_language and wanted.note_language not in self.languages:
            raise NotFound
        if wanted.year and wanted.year not in self.years:
            raise NotFound


async def choices(company: Company) -> Choices:
    text: str = await fetch_value(CHOICES, company.id, company.fewest_voices, company.timezone)
    return msgspec.json.decode(text, type=Choices)


async def public_theme(company_id: UUID, theme_id: UUID, *, fewest_voices: int) -> ToldTheme:
    """Named, and with as many voices as the public may see, or lifted. Raises NotFound for every other one."""
    found = await fetch_one(
        ToldTheme,
        """select h.id, h.name from theme t join theme h on h.company = $1 and h.id = t.heir
           where t.company = $1 and t.id = $2 and h.state = 'named'
             and (h.weight_reason <> '' or $3 <= (
                 select count(distinct r.id) from theme s
                 join placement p on p.company = $1 and p.theme = s.id
                 join excerpt e on e.company = $1 and e.id = p.excerpt
                 join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
                 where s.company = $1 and s.heir = h.id))""",
        company_id,
        theme_id,
        fewest_voices,
    )
    if found is None:
        raise NotFound
    return found


# What a note is about, step by step as in the log.
CHOICES = """
with heirs as materialized (
    select distinct w.heir from note n
    join note_theme l on l.company = $1 and l.note = n.id
    join theme w on w.company = $1 and w.id = l.theme
    where n.company = $1 and n.published_at is not null
), behind as materialized (
    select distinct h.heir, r.id as response, r.question from heirs h
    join theme t on t.company = $1 and t.heir = h.heir
    join placement p on p.company = $1 and p.theme = t.id
    join excerpt e on e.company = $1 and e.id = p.excerpt
    join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
), asked as (
    select question from behind union
    select l.question from note_question l
    join note n on n.company = $1 and n.id = l.note and n.published_at is not null where l.company = $1
)
select json_build_object(
    'themes', (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name), '[]')
               from theme t
               where t.company = $1 and t.id in (select heir from heirs) and t.state = 'named'
                 and (t.weight_reason <> '' or $2 <= (select count(*) from behind b where b.heir = t.id))),
    'questions', (select coalesce(json_agg(json_build_object('slug', q.slug, 'title', q.title, 'language', q.language)
                                           order by q.opens_at desc, q.id), '[]')
                  from question q
                  where q.company = $1 and q.state <> 'draft' and q.id in (select question from asked)),
    'years', (select coalesce(json_agg(year order by year desc), '[]') from (
                  select distinct extract(year from n.published_at at time zone $3)::int as year from note n
                  where n.company = $1 and n.published_at is not null) y),
    'languages', (select coalesce(json_agg(distinct n.language), '[]') from note n
                  where n.company = $1 and n.published_at is not null)
)"""
