"""How a company sends, who follows what, and who is to be told."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound


class Setup(Struct, frozen=True):
    """password: sealed; None where there is none."""

    active: bool = False
    host: str = ""
    port: int = 587
    tls: str = "starttls"
    login: str = ""
    password: bytes | None = None
    sender: str = ""
    reply_to: str = ""
    bounces_to: str = ""
    dkim_selector: str = ""
    check_back_weeks: int = 4
    reopen_percent: int = 30


class Follower(Struct, frozen=True):
    """title, title_language: of the question or the theme that is followed; empty for the log."""

    id: UUID
    company: UUID
    company_slug: str
    what: str
    response: UUID | None
    question: UUID | None
    theme: UUID | None
    language: str
    address: bytes
    digest: bool
    corrections: bool
    most: int
    sent: int
    confirmed_on: date | None
    title: str
    title_language: str


class Audience(Struct, frozen=True):
    """Somebody to be told. still: promised mails that are neither sent nor waiting; told: has heard of this note."""

    id: UUID
    what: str
    digest: bool
    corrections: bool
    still: int
    told: bool


class InTrouble(Struct, frozen=True):
    """A mail that is not on its way as it should be."""

    id: UUID
    kind: str
    state: str
    trouble: str
    tries: int
    on: date


class OutboxSums(Struct, frozen=True):
    followers: int
    waiting: int
    sent: int
    unsure: int
    failed: int
    silenced: int


async def setup(company_id: UUID) -> Setup:
    """Without mail where nobody set it up."""
    found = await fetch_one(
        Setup,
        """select active, host, port, tls, login, password, sender, reply_to, bounces_to, dkim_selector,
                  check_back_weeks, reopen_percent
           from mail_setup where company = $1""",
        company_id,
    )
    return found or Setup()


async def mail_is_on(company_id: UUID) -> bool:
    return bool(await fetch_value("select active from mail_setup where company = $1", company_id))


async def follower(company_id: UUID, follower_id: UUID) -> Follower:
    """Raises NotFound, also for one whose address is deleted."""
    found = await fetch(Follower, FOLLOWERS, company_id, follower_id, None)
    if not found:
        raise NotFound
    return found[0]


async def followers_of_response(company_id: UUID, response_id: UUID) -> list[Follower]:
    return await fetch(Follower, FOLLOWERS, company_id, None, response_id)


FOLLOWERS = """
select f.id, f.company, c.slug as company_slug, f.what, f.response, f.question, f.theme, f.language, f.address,
       f.digest, f.corrections, f.most, f.sent, f.confirmed_on,
       coalesce(q.title, t.name, '') as title, coalesce(q.language, f.language) as title_language
from follower f
join company c on c.id = f.company
left join response r on r.company = f.company and r.id = f.response
left join question q on q.company = f.company and q.id = coalesce(f.question, r.question)
left join theme t on t.company = f.company and t.id = f.theme
where f.company = $1 and ($2::uuid is null or f.id = $2) and ($3::uuid is null or f.response = $3)
"""


async def silenced(company_id: UUID, address_key: bytes) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from mail_silence where company = $1 and address_key = $2)",
            company_id,
            address_key,
        )
    )


async def audience_of_note(company_id: UUID, note_id: UUID) -> list[Audience]:
    """Whoever follows what the note is about; an address that follows several of it comes once, as the nearest."""
    return await fetch(
        Audience,
        """with heirs as (
               select distinct w.heir from note_theme l join theme w on w.company = $1 and w.id = l.theme
               where l.company = $1 and l.note = $2
           ), behind as (
               select distinct e.response, e.question from heirs h
               join theme t on t.company = $1 and t.heir = h.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt
               join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
           ), follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still,
                      exists (select from mail m where m.company = $1 and m.follower = f.id and m.note = $2
                              and m.kind = 'published') as told
               from follower f
               where f.company = $1 and f.confirmed_on is not null and case f.what
                   when 'answer' then f.response in (select response from behind)
                   when 'question' then f.question in (select question from behind
                       union all select question from note_question where company = $1 and note = $2)
                   when 'theme' then exists (select from theme t join heirs h on h.heir = t.heir
                                             where t.company = $1 and t.id = f.theme)
                   else true end
           )
           select distinct on (address_key) id, what, digest, corrections, still::int, told from follows
           where still > 0
           order by address_key, array_position(array['answer', 'question', 'theme', 'log']::varchar[], what), id""",
        company_id,
        note_id,
    )


async def audience_of_promise(company_id: UUID, promise_id: UUID) -> list[Audience]:
    """Whoever waits for what was promised: by their answer, or by the question."""
    note: UUID | None = await fetch_value(
        "select note from promise where company = $1 and id = $2", company_id, promise_id
    )
    if note is not None:
        return [one for one in await audience_of_note(company_id, note) if one.what in ("answer", "question")]
    return await fetch(
        Audience,
        """with follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still
               from promise p
               join follower f on f.company = $1
               left join response r on r.company = $1 and r.id = f.response
               where p.company = $1 and p.id = $2 and p.question is not null and f.confirmed_on is not null
                 and (f.question = p.question or r.question = p.question and r.state = 'counted')
           )
           select distinct on (address_key) id, what, digest, corrections, still::int, false as told from follows
           where still > 0 order by address_key, what, id""",
        company_id,
        promise_id,
    )


async def own_words(company_id: UUID, response_id: UUID, note_id: UUID | None) -> list[str]:
    """What the fan said that led to the note; the first words of the answer where there is no note."""
    return await fetch_column(
        """select words from (
               select substr(a.words, e.starts + 1, e.ends - e.starts) as words, e.starts
               from note_theme l
               join theme w on w.company = $1 and w.id = l.theme
               join theme t on t.company = $1 and t.heir = w.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt and e.response = $2
               join answer a on a.company = $1 and a.id = e.answer
               where l.company = $1 and l.note = $3
               union all
               select a.words, 0 from answer a
               where a.company = $1 and a.response = $2 and $3::uuid is null and a.words <> '') said
           order by starts limit 2""",
        company_id,
        response_id,
        note_id,
    )


async def answered_on(company_id: UUID, response_id: UUID) -> date | None:
    """None for an answer that does not count any more."""
    day: date | None = await fetch_value(
        "select day from response where company = $1 and id = $2 and state in ('counted', 'held')",
        company_id,
        response_id,
    )
    return day


async def note_slug(company_id: UUID, note_id: UUID) -> str:
    slug: str | None = await fetch_value(
        "select slug from note where company = $1 and id = $2 and state <> 'draft'", company_id, note_id
    )
    if slug is None:
        raise NotFound
    return slug


async def portrait(company_id: UUID, digest: str) -> bytes | None:
    picture: bytes | None = await fetch_value(
        "select picture from portrait where company = $1 and digest = $2 limit 1", company_id, digest
    )
    return picture


async def who_signs(company_id: UUID, follower_id: UUID) -> UUID | None:
    """Who asked the question behind what is followed; else who leads, else who has been there longest."""
    member: UUID | None = await fetch_value(
        """select m.id from follower f
           join member m on m.company = f.company and m.active
           left join response r on r.company = f.company and r.id = f.response
           left join question q on q.company = f.company and q.id = coalesce(f.question, r.question)
           where f.company = $1 and f.id = $2
           order by m.id = q.asked_by desc nulls last, m.leads desc, m.role = 'admin' desc, m.created_at, m.id
           limit 1""",
        company_id,
        follower_id,
    )
    return member


async def in_trouble(company_id: UUID, *, limit: int = 20) -> list[InTrouble]:
    """Newest first: what may or may not have arrived, what failed, and what is being tried again."""
    return await fetch(
        InTrouble,
        """select id, kind, state, trouble, tries, "on" from mail
           where company = $1 and (state in ('unsure', 'failed') or state = 'waiting' and tries > 0)
           order by "on" desc, id limit $2""",
        company_id,
        limit,
    )


async def outbox(company_id: UUID) -> OutboxSums:
    found = await fetch_one(
        OutboxSums,
        """select (select count(*) from follower where company = $1 and confirmed_on is not null) as followers,
                  count(*) filter (where state in ('waiting', 'sending', 'handing')) as waiting,
                  count(*) filter (where state = 'sent') as sent,
                  count(*) filter (where state = 'unsure') as unsure,
                  count(*) filter (where state = 'failed') as failed,
                  (select count(*) from mail_silence where company = $1) as silenced
           from mail where company = $1""",
        company_id,
    )
    return found or OutboxSums(0, 0, 0, 0, 0, 0)


async def notes_between(company_id: UUID, follower_id: UUID, start: datetime, end: datetime) -> list[UUID]:
    """Notes of that time that concern what is followed, newest first; those taken back meanwhile are left out."""
    return await fetch_column(
        """select n.id from follower f join note n on n.company = f.company
           where f.company = $1 and f.id = $2 and n.state = 'published'
             and n.published_at >= $3 and n.published_at < $4 and case f.what
               when 'log' then true
               when 'theme' then exists (
                   select from note_theme l join theme w on w.company = $1 and w.id = l.theme
                   join theme t on t.company = $1 and t.heir = w.heir
                   where l.company = $1 and l.note = n.id and t.id = f.theme)
               when 'question' then exists (
                   select from note_question l
                   where l.company = $1 and l.note = n.id and l.question = f.question)
                 or exists (
                   select from note_theme l join theme w on w.company = $1 and w.id = l.theme
                   join theme t on t.company = $1 and t.heir = w.heir
                   join placement p on p.company = $1 and p.theme = t.id
                   join excerpt e on e.company = $1 and e.id = p.excerpt and e.question = f.question
                   where l.company = $1 and l.note = n.id)
               else false end
           order by n.published_at desc, n.id desc""",
        company_id,
        follower_id,
        start,
        end,
    )


async def why_moved(company_id: UUID, promise_id: UUID) -> str:
    why: str | None = await fetch_value(
        "select why from promise where company = $1 and id = $2", company_id, promise_id
    )
    return why or ""


async def asked_back(company_id: UUID, note_id: UUID | None, response_id: UUID | None) -> UUID | None:
    """The check-back that waits for a word of this fan; None when it was said already."""
    asked: UUID | None = await fetch_value(
        "select id from check_back where company = $1 and note = $2 and response = $3 and verdict is null",
        company_id,
        note_id,
        response_id,
    )
    return asked


class PublicTheme(Struct, frozen=True):
    id: UUID
    name: str


async def public_theme(company_id: UUID, theme_id: UUID, *, fewest_voices: int) -> PublicTheme:
    """Named, and with as many voices as the public may see, or lifted. Raises NotFound for every other one."""
    found = await fetch_one(
        PublicTheme,
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


class ToCheck(Struct, frozen=True):
    """A note of some weeks ago that came of an answer. verdict: what its fan said of it since."""

    note: UUID
    slug: str
    title: str
    language: str
    published_at: datetime
    verdict: str | None


async def notes_to_check(company_id: UUID, response_id: UUID, *, now: datetime) -> list[ToCheck]:
    """Old enough to be asked about, newest first; of an answer that counts."""
    return await fetch(
        ToCheck,
        """select n.id as note, n.slug, n.language, n.published_at, b.verdict,
                  coalesce((select f.words from revision v
                            join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
                            where v.company = $1 and v.note = n.id and v.kind <> 'withdrawn'
                            order by v.number desc limit 1), '') as title
           from note n
           left join mail_setup s on s.company = n.company
           left join check_back b on b.company = n.company and b.note = n.id and b.response = $2
           where n.company = $1 and n.state = 'published' and n.kind <> 'holding'
             and coalesce(s.check_back_weeks, 4) > 0
             and n.published_at <= $3::timestamptz - make_interval(weeks => coalesce(s.check_back_weeks, 4))
             and exists (
               select from note_theme l
               join theme w on w.company = $1 and w.id = l.theme
               join theme t on t.company = $1 and t.heir = w.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt and e.response = $2
               join response r on r.company = $1 and r.id = e.response and r.state = 'counted'
               where l.company = $1 and l.note = n.id)
           order by n.published_at desc, n.id""",
        company_id,
        response_id,
        now,
    )


class Asked(Struct, frozen=True):
    note: UUID
    response: UUID


async def check_back(company_id: UUID, check_back_id: UUID) -> Asked:
    """Raises NotFound."""
    found = await fetch_one(
        Asked,
        "select note, response from check_back where company = $1 and id = $2",
        company_id,
        check_back_id,
    )
    if found is None:
        raise NotFound
    return found


async def themes_of_note(company_id: UUID, note_id: UUID) -> list[UUID]:
    """As they stand now: what was merged comes as the theme that speaks for it."""
    return await fetch_column(
        """select distinct t.heir from note_theme l join theme t on t.company = $1 and t.id = l.theme
           where l.company = $1 and l.note = $2""",
        company_id,
        note_id,
    )
