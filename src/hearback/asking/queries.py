"""Questions as the desk and the public see them."""

import re
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.asking.rules import PromptKind, QuestionState, from_short, short_of
from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.people.queries import Face
from hearback.refusals import NoQuestion, NotFound

SLUG = re.compile("[a-z0-9-]{1,80}")


class Told(Struct, frozen=True):
    """A text in the language of who reads it, or as it was first written where nobody has translated it."""

    words: str
    language: str


class Prompt(Struct, frozen=True):
    """One thing to fill in; `field` is its name in the form."""

    id: UUID
    position: int
    kind: str
    words: str
    help: str
    required: bool
    options: list[str]
    low: int | None
    high: int | None
    low_label: str
    high_label: str
    other: bool
    why: bool
    if_prompt: int | None
    if_picks: list[int]
    new_page: bool
    language: str
    translations: str

    def told(self, field: str, language: str) -> Told:
        return told_in(self.translations, field, language) or Told(getattr(self, field), self.language)

    def told_options(self, language: str) -> list[Told]:
        translated = _translated(self.translations, language).get("options")
        if isinstance(translated, list):
            return [Told(option, language) for option in translated]
        return [Told(option, self.language) for option in self.options]

    @property
    def field(self) -> str:
        # By its id: a form served before the prompts were changed must not answer the new ones.
        return f"p{self.id.hex}"

    @property
    def other_field(self) -> str:
        return f"{self.field}_other"

    @property
    def why_field(self) -> str:
        return f"{self.field}_why"

    @property
    def place_fields(self) -> list[str]:
        """Of a ranking: for each option, which place it takes."""
        if self.kind != PromptKind.RANKING:
            return []
        return [f"{self.field}_place{position}" for position in range(len(self.options))]

    @property
    def fields(self) -> list[str]:
        """All names under which a form may send something for it."""
        own = self.place_fields or [self.field]
        return own + [self.other_field] * self.other + [self.why_field] * self.why


class Question(Struct, frozen=True):
    """reply_by: the day that was promised at first; due_on: the promised day that holds, once it was moved; most: how
    many answers it takes, where that is limited."""

    id: UUID
    slug: str
    language: str
    title: str
    why: str
    can_change: str
    cannot_change: str
    what_happens: str
    asked_by: UUID
    reply_by: date
    due_on: date
    opens_at: datetime
    closes_at: datetime
    state: str
    level: str
    results: str
    keep_months: int
    most: int | None
    asker_name: str
    asker_title: str
    asker_face: str | None
    company_slug: str
    translations: str

    def told(self, field: str, language: str) -> Told:
        return told_in(self.translations, field, language) or Told(getattr(self, field), self.language)

    @property
    def asker(self) -> Face:
        return Face(self.asked_by, self.asker_name, self.asker_title, self.asker_face, self.company_slug)

    @property
    def short(self) -> str:
        return short_of(self.id)

    @property
    def is_draft(self) -> bool:
        return self.state == QuestionState.DRAFT


class Address(Struct, frozen=True):
    """Where a question is: two slugs."""

    company: str
    question: str


class Listed(Struct, frozen=True):
    """A line of the desk's list. due_on: the promised day that holds; counted: real answers that count; unread: those
    nobody opened."""

    id: UUID
    slug: str
    language: str
    title: str
    state: str
    opens_at: datetime
    closes_at: datetime
    due_on: date
    asker: str
    counted: int
    unread: int


def told_in(translations: str, field: str, language: str) -> Told | None:
    """None: nobody has translated it."""
    words = _translated(translations, language).get(field)
    return Told(words, language) if isinstance(words, str) else None


def _translated(translations: str, language: str) -> dict[str, str | list[str]]:
    found = msgspec.json.decode(translations, type=dict[str, dict[str, str | list[str]]])
    return found.get(language, {})


QUESTION = """
    select q.id, q.slug, q.language, q.title, q.why, q.can_change, q.cannot_change, q.what_happens, q.asked_by,
    q.reply_by, coalesce((select max(p.due_on) from promise p where p.company = q.company and p.question = q.id
                          and p.kind = 'reply'), q.reply_by) as due_on,
    q.opens_at, q.closes_at, q.state, q.level, q.results, q.keep_months, q.most, m.name as asker_name,
    m.role_title as asker_title, m.face_digest as asker_face, c.slug as company_slug, q.translations
    from question q join member m on m.company = q.company and m.id = q.asked_by
    join company c on c.id = q.company
    cross join lateral (select q.most is null or q.most > (
        select count(*) from response r
        where r.company = q.company and r.question = q.id and r.state = 'counted' and not r.test) as has_room) as room
"""


async def question(company_id: UUID, question_id: UUID) -> Question:
    """Raises NotFound, for another company's question too."""
    found = await fetch_one(
        Question,
        QUESTION + """where q.company = $1 and q.id = $2""",
        company_id,
        question_id,
    )
    if found is None:
        raise NotFound
    return found


async def public_question(company_id: UUID, slug: str) -> Question:
    """Raises NoQuestion; a draft is as good as not there, and so is what can be no slug."""
    if not SLUG.fullmatch(slug):
        raise NoQuestion
    question_id = await fetch_value(
        "select id from question where company = $1 and slug = $2 and state <> 'draft'", company_id, slug
    )
    if question_id is None:
        raise NoQuestion
    return await question(company_id, question_id)


async def address_of_short(short: str) -> tuple[str, str]:
    """The slugs of company and question. Raises NoQuestion, for a draft's too."""
    found = await fetch_one(
        Address,
        """select c.slug as company, q.slug as question from question q join company c on c.id = q.company
           where left(encode(sha256(uuid_send(q.id)), 'hex'), 8) = $1 and q.state <> 'draft'""",
        from_short(short) or "",
    )
    if found is None:
        raise NoQuestion
    return found.company, found.question


async def prompts(company_id: UUID, question_id: UUID) -> list[Prompt]:
    return await fetch(
        Prompt,
        """select p.id, p.position, p.kind, p.words, p.help, p.required, p.options, p.low, p.high, p.low_label,
                  p.high_label, p.other, p.why, p.if_prompt, p.if_picks, p.new_page, q.language, p.translations
           from prompt p join question q on q.company = p.company and q.id = p.question
           where p.company = $1 and p.question = $2 order by p.position""",
        company_id,
        question_id,
    )


async def first_open_prompt(company_id: UUID, question_id: UUID) -> Prompt | None:
    found = await prompts(company_id, question_id)
    return next((prompt for prompt in found if prompt.kind == PromptKind.OPEN), None)


async def questions(company_id: UUID) -> list[Listed]:
    """Drafts first, then open ones, then the others by their promised reply."""
    return await fetch(
        Listed,
        """select q.id, q.slug, q.language, q.title, q.state, q.opens_at, q.closes_at, m.name as asker,
                  coalesce((select max(p.due_on) from promise p where p.company = q.company and p.question = q.id
                            and p.kind = 'reply'), q.reply_by) as due_on,
                  count(r.id) filter (where r.state = 'counted' and not r.test) as counted,
                  count(r.id) filter (where r.state = 'counted' and not r.test and r.read_on is null) as unread
           from question q join member m on m.company = q.company and m.id = q.asked_by
           left join response r on r.company = q.company and r.question = q.id
           where q.company = $1
           group by q.company, q.id, m.name
           order by array_position(array['draft', 'open', 'closed'], q.state), due_on desc, q.id""",
        company_id,
    )


async def counted(company_id: UUID, question_id: UUID) -> int:
    """Real answers that are there, in whatever state: with the first one the prompts are frozen."""
    count: int = await fetch_value(
        "select count(*) from response where company = $1 and question = $2 and not test",
        company_id,
        question_id,
    )
    return count


async def slug_taken(company_id: UUID, slug: str, *, but: UUID | None) -> bool:
    taken: bool = await fetch_value(
        "select exists (select from question where company = $1 and slug = $2 and id is distinct from $3)",
        company_id,
        slug,
        but,
    )
    return taken


async def mail_is_on(company_id: UUID) -> bool:
    """Whether mails can go out; the room that sends them comes later."""
    return bool(await fetch_value("select active from mail_setup where company = $1", company_id))


async def open_questions(company_id: UUID, now: datetime) -> list[Question]:
    """What is asked now and has room for an answer, the one that closes first on top."""
    return await fetch(
        Question,
        QUESTION
        + """where q.company = $1 and q.state = 'open' and q.opens_at <= $2 and q.closes_at > $2 and has_room
           order by q.closes_at, q.id""",
        company_id,
        now,
    )


async def next_turn(company_id: UUID, now: datetime) -> datetime | None:
    """The next opening or closing: until then, pages that list questions stay true."""
    moment: datetime | None = await fetch_value(
        """select min(moment) from question, unnest(array[opens_at, closes_at]) as moment
           where company = $1 and state = 'open' and moment > $2""",
        company_id,
        now,
    )
    return moment
