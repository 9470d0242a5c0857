"""An answer comes in: one statement, one round trip, one commit."""

import secrets
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from hearback.answering.code import code_hash, receipt_code
from hearback.answering.confirming import ToConfirm
from hearback.answering.forms import AnswerForm
from hearback.answering.recording import received_leaf
from hearback.answering.rules import Filled
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import fetch_one, fetch_value
from hearback.jobs import payload
from hearback.limits import bucket_key
from hearback.people.queries import Company
from hearback.refusals import Refused, TooMany
from hearback.settings import settings
from hearback.trust.consent import consent
from hearback.trust.integrity.proofs import Proof
from hearback.trust.integrity.rules import Flag
from hearback.trust.integrity.traces import Seen

WINDOW = timedelta(hours=1)
PARTS = 8  # of a large bucket: answers to one question must not queue for one row
LARGE = 800
MOST_MAILS_OF_NETWORK = 120  # within the same hour


class Door(Struct, frozen=True):
    """What showed while the answer came in. link: the hash of a link that is good for one answer; confirm: the mailbox
    that is asked before it counts."""

    seen: Seen
    flag: Flag | None = None
    proof: Proof | None = None
    link: bytes | None = None
    confirm: ToConfirm | None = None


class Given(Struct, frozen=True):
    """flag: why it waits for a look; empty where it counts."""

    code: str
    flag: str


class Outcome(Struct, frozen=True):
    """What the one statement found. ends_at: when the fullest bucket is empty again; link_known: a link of this
    question, used or not; flag: of the response that is there now."""

    open: bool
    full: bool
    within: bool
    ends_at: datetime | None
    kept: bool
    known: bool
    invited: bool
    link_known: bool
    flag: str

    @property
    def there(self) -> bool:
        """Kept now or before. Open and within but not kept: the other click of a double click was first, and
        committed after this statement had begun to look."""
        return self.kept or self.known or (self.open and self.within and not self.invited and not self.full)


# The question is open, nobody floods it, the link is good, and response, answers, traces, jobs and the mail that asks
# for a yes are there together, or none of it is. The job that reads the answer tells the others of it. Buckets are
# taken in the order of their keys, so that two answers never wait for each other in a circle.
GIVE = """
with asked as materialized (
    select company, id, level, asked_by, case when most is null then false else most <= (
        select count(*) from response r
        where r.company = $1 and r.question = $2 and r.state = 'counted' and not r.test) end as "full"
    from question
    where company = $1 and id = $2 and state = 'open' and opens_at <= $3 and closes_at > $3
), tried as (
    insert into bucket as b (id, key, tries, ends_at)
    select gen_random_uuid(), l.key, 1, $3 + $5 from asked, unnest($4::bytea[]) as l (key) order by l.key
    on conflict (key) do update set
        tries = case when b.ends_at <= $3 then 1 else b.tries + 1 end,
        ends_at = case when b.ends_at <= $3 then excluded.ends_at else b.ends_at end
    returning key, tries, ends_at
), flood as materialized (
    select coalesce(bool_and(tried.tries <= l.most), false) as within,
           max(tried.ends_at) filter (where tried.tries > l.most) as ends_at
    from tried join unnest($4::bytea[], $6::int[]) as l (key, most) on l.key = tried.key
), linked as (
    update one_use_link o set used = true from asked, flood
    where o.company = asked.company and o.question = asked.id and o.link_hash = $29 and not o.used and flood.within
      and not asked."full"
    returning o.id
), proven as (
    insert into spent_proof (id, proof, ends_at)
    select gen_random_uuid(), $27::bytea, $28 from asked, flood where $27::bytea is not null and flood.within
    on conflict (proof) do nothing returning id
), kept as (
    insert into response (id, company, question, receipt_hash, language, quoting, first_name, place, day, state, flag,
                          consent, consent_on, note)
    select $7, asked.company, asked.id, $8, $9, $10, $11, $12, $13::date,
           case f.flag when '' then 'counted' else 'held' end, f.flag,
           $30::text, case $30::text when '' then null else $13::date end,
           (select id from note where company = $1 and slug = $35 and state = 'published')
    from asked, flood,
         lateral (select case when $20::text <> '' then $20
                              when $27::bytea is not null and not exists (select from proven) then 'no_proof'
                              when asked.level = 'confirmed' then 'unconfirmed'
                              else '' end as flag) as f
    where flood.within and not asked."full" and (asked.level <> 'invited' or exists (select from linked))
    on conflict (company, receipt_hash) where receipt_hash is not null do nothing
    returning id, flag
), answered as (
    insert into answer (id, company, response, prompt, words, chosen, number, part)
    select gen_random_uuid(), $1, kept.id, a.prompt, a.words, a.chosen::smallint[], a.number, a.part
    from kept, unnest($14::uuid[], $15::text[], $16::text[], $17::smallint[], $18::text[])
         as a (prompt, words, chosen, number, part)
), traced as (
    insert into answer_trace (id, company, question, response, day, browser, line, burst, form)
    select gen_random_uuid(), $1, $2, kept.id, $21, $22, $23, $24, $25 from kept
), asks as (
    insert into unconfirmed (id, company, question, response, address, address_key)
    select gen_random_uuid(), $1, $2, kept.id, $31::bytea, $32::bytea from kept
    where kept.flag = 'unconfirmed' and $31::bytea is not null returning id
), mailed as (
    insert into mail (id, company, kind, cause, signed_by, due_at, "on")
    select asks.id, $1, 'voice', 'asked', asked.asked_by, $3, $13::date from asks, asked returning id
), leaf as (
    insert into ledger_leaf (id, company, kind, subject, entry, step)
    select gen_random_uuid(), $1, 'answer.received', kept.id, $33, null from kept returning id
), salted as (
    insert into ledger_salt (id, company, leaf, name, salt) select gen_random_uuid(), $1, id, 'answer', $34 from leaf
), job as (
    insert into pgqueuer (priority, entrypoint, payload, status)
    select 0, 'themes.read', $19::bytea, 'queued'::pgqueuer_status from kept
    union all select 0, 'notifying.send', '{}'::bytea, 'queued'::pgqueuer_status from mailed
    returning id, entrypoint
), logged as (
    insert into pgqueuer_log (job_id, status, entrypoint, priority)
    select id, 'queued', entrypoint, 0 from job
)
select exists (select from asked) as open,
       coalesce((select "full" from asked), false) as "full",
       coalesce((select within from flood), false) as within,
       (select ends_at from flood) as ends_at,
       exists (select from kept) as kept,
       r.flag is not null as known,
       coalesce((select level = 'invited' from asked), false) as invited,
       $26::boolean and exists (select from one_use_link where company = $1 and question = $2 and link_hash = $29)
           as link_known,
       coalesce((select flag from kept), r.flag, '') as flag
from (values (1)) as once left join response r on r.company = $1 and r.receipt_hash = $8
"""


async def give_answer(
    company: Company,
    question_id: UUID,
    form: AnswerForm,
    filled: list[Filled],
    *,
    language: str,
    network: str,
    door: Door,
    now: datetime,
) -> Given:
    """Keep a fan's answer for good and give its receipt code; sent twice, it is kept once and gets the same code.

    Raises Refused when the question is not open (any more), its prompts have just been changed or its link is not
    good, TooMany when too much comes from the network, or for the question, the company or all of us.
    """
    given = settings()
    code = receipt_code(given.secret_key, form.key, content(question_id, form, filled))
    response_id = hidden_id()
    day = day_in(company.timezone, now)
    leaf, salt = received_leaf(question_id, response_id, filled, day)
    keys, mosts = _buckets(company.id, question_id, network, now, mails=door.confirm is not None)
    try:
        outcome = await fetch_one(
            Outcome,
            GIVE,
            company.id,
            question_id,
            now,
            keys,
            WINDOW,
            mosts,
            response_id,
            code_hash(code),
            language,
            form.quoting.value,
            form.first_name if form.quoting == "named" else "",
            form.place if form.quoting == "named" else "",
            day,
            *_columns(filled),
            payload(company_id=company.id, response_id=response_id),
            door.flag.value if door.flag else "",
            door.seen.day,
            door.seen.browser,
            door.seen.line,
            door.seen.burst,
            door.seen.form,
            door.link is not None,
            door.proof.id if door.proof else None,
            door.proof.ends_at if door.proof else None,
            door.link,
            consent(language) if form.quoting != "no" else "",
            door.confirm.address if door.confirm else None,
            door.confirm.key if door.confirm else None,
            leaf,
            salt,
            form.to_note,
        )
    except asyncpg.ForeignKeyViolationError as error:  # a prompt has gone since the page was remembered
        raise Refused("answer.question-changed") from error
    if outcome is None:
        raise RuntimeError("the statement gave no row")
    if not outcome.there and not await _came_with_the_other_click(company.id, code):
        raise _why_not(outcome, door, now)
    return Given(code, outcome.flag)


async def _came_with_the_other_click(company_id: UUID, code: str) -> bool:
    """Its link was used up by the same answer a moment ago."""
    there: bool = await fetch_value(
        "select exists (select from response where company = $1 and receipt_hash = $2)",
        company_id,
        code_hash(code),
    )
    return there


def _why_not(outcome: Outcome, door: Door, now: datetime) -> Exception:
    if not outcome.open:
        return Refused("answer.question-closed")
    if outcome.full:
        return Refused("answer.question-full")
    if not outcome.within:
        wait = (outcome.ends_at - now).total_seconds() if outcome.ends_at else 1
        return TooMany(wait_s=max(1, int(wait)))
    if door.link is None:
        return Refused("answer.link-missing")
    return Refused("answer.link-used" if outcome.link_known else "answer.link-unknown")


def _buckets(
    company_id: UUID, question_id: UUID, network: str, now: datetime, *, mails: bool
) -> tuple[list[bytes], list[int]]:
    """What an answer counts against, and how much each may hold. A large one is parted, and one part chosen by chance:
    many answers at once would else wait for its one row."""
    given, part, day = settings(), secrets.randbelow(PARTS), now.date()
    keys = [bucket_key(given.secret_key, "answer", network, now)]
    mosts = [given.answers_per_network_and_hour]
    if mails:
        keys.append(bucket_key(given.secret_key, "confirm mails", network, now))
        mosts.append(MOST_MAILS_OF_NETWORK)
    for whom, most in (
        (question_id, given.answers_per_question_and_hour),
        (company_id, given.answers_per_company_and_hour),
        (None, given.answers_per_hour),
    ):
        parts = PARTS if most >= LARGE else 1
        keys.append(_common_key(given.secret_key, whom, part % parts, day))
        mosts.append(most // parts)
    return keys, mosts


@lru_cache(maxsize=1000)
def _common_key(secret: str, whom: UUID | None, part: int, day: date) -> bytes:
    """Of what all answers of a day share; a network's is made anew, and remembered nowhere."""
    return bucket_key(secret, "answers", f"{whom} {part}", datetime.combine(day, time.min))


def content(question_id: UUID, form: AnswerForm, filled: list[Filled]) -> bytes:
    """The same for the same answer, whatever its way through the net."""
    return msgspec.json.encode([question_id, form.quoting, form.first_name, form.place, filled])


def _columns(
    filled: list[Filled],
) -> tuple[list[UUID], list[str], list[str], list[int | None], list[str]]:
    """The answers as columns for unnest; lists of options as array texts, for unnest would flatten them."""
    return (
        [one.prompt for one in filled],
        [one.words for one in filled],
        ["{" + ",".join(map(str, one.chosen)) + "}" for one in filled],
        [one.number for one in filled],
        [one.part.value for one in filled],
    )
