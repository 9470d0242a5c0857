"""Replies with everything that is shown of them, as the desk, the receipts and everybody read them."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch
from hearback.people.queries import Face
from hearback.promises.rules import PromiseState, days_late, state_of
from hearback.refusals import NotFound
from hearback.replying.alike import Earlier
from hearback.replying.rules import ReplyState, To

LAST_REPLIES = 200


class WordBack(Struct, frozen=True):
    """What a fan said to a reply. settled: replied to since, or it needs no reply."""

    id: UUID
    reply: UUID
    response: UUID
    nth: int
    words: str
    on: date
    settled: bool


class Promised(Struct, frozen=True):
    """The day of a next step, and what time has made of it."""

    due_on: date
    kept_on: date | None
    broken_on: date | None

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, self.kept_on, today, broken_on=self.broken_on)

    def days_late(self, today: date) -> int:
        return days_late(self.due_on, self.kept_on, today)


class Reply(Struct, frozen=True):
    """A reply with everything that is shown of it.

    topic: of the mandate that covers it; signer: who signed it off instead. gaps_on: when words were taken out of it;
    theme_reworded_on: when its theme got another name; theme_joined_on, theme_parted_on: when it last came to another
    theme, or away from one. due_on: the day that was promised last for its next step, first_due_on: the one that was
    promised with it; moved_why, broken_why: why it was moved, or will not be kept. heard, answered: how the fan whose
    view was asked for took it. corrected: a newer one corrects it. stays: why words stay that were gravely remarked
    on, for the house.
    """

    id: UUID
    response: UUID | None
    theme: UUID | None
    theme_name: str
    theme_reworded_on: date | None
    theme_joined_on: date | None
    theme_parted_on: date | None
    state: str
    language: str
    feeling: str
    fact: str
    step: str
    next_step: str
    first_due_on: date | None
    due_on: date | None
    kept_on: date | None
    broken_on: date | None
    moved_why: str
    broken_why: str
    owner_id: UUID | None
    owner_name: str
    owner_title: str
    owner_face: str | None
    writer_id: UUID
    writer_name: str
    writer_title: str
    writer_face: str | None
    company_slug: str
    version: int
    mandate: UUID | None
    topic_chosen: int | None
    topic: str
    signer: str
    corrects: UUID | None
    corrected: bool
    why: str
    returned_why: str
    stays: str
    promise: UUID | None
    saved_at: datetime
    sent_at: datetime | None
    words_gone_on: date | None
    gaps_on: date | None
    cosigners: list[str]
    cosigned_by: list[UUID]
    heard: str
    answered: str
    back: tuple[WordBack, ...] = ()

    @property
    def writer(self) -> Face:
        return Face(self.writer_id, self.writer_name, self.writer_title, self.writer_face, self.company_slug)

    @property
    def sent(self) -> bool:
        return self.state == ReplyState.SENT

    @property
    def promised(self) -> Promised | None:
        return Promised(self.due_on, self.kept_on, self.broken_on) if self.promise and self.due_on else None

    @property
    def unkept(self) -> bool:
        """Something is promised that nobody has done yet, nor taken back."""
        return (
            self.promised is not None
            and self.kept_on is None
            and self.broken_on is None
            and not self.corrected
        )

    @property
    def moved(self) -> bool:
        return self.due_on != self.first_due_on


async def reply(company_id: UUID, reply_id: UUID) -> Reply:
    """Raises NotFound."""
    found = await replies(company_id, ids=[reply_id])
    if not found:
        raise NotFound
    return found[0]


async def open_reply(company_id: UUID, to: To) -> Reply | None:
    """The one draft, or what waits, of this talk."""
    found = await replies(company_id, response=to.response, theme=to.theme, sent=False)
    return found[0] if found else None


async def last_replies(company_id: UUID, *, but: UUID | None) -> list[Earlier]:
    """To compare a new one with; the company's own only. but: what it corrects may well sound alike."""
    return await fetch(
        Earlier,
        """select y.id, trim(y.feeling || ' ' || y.fact) as words, m.name as writer
           from reply y join member m on m.company = y.company and m.id = y.writer
           where y.company = $1 and y.state = 'sent' and y.words_gone_on is null and y.id is distinct from $2
           order by y.sent_at desc limit $3""",
        company_id,
        but,
        LAST_REPLIES,
    )


async def replies(
    company_id: UUID,
    *,
    ids: list[UUID] | None = None,
    response: UUID | None = None,
    theme: UUID | None = None,
    sent: bool | None = None,
    unkept: bool = False,
    of: UUID | None = None,
) -> list[Reply]:
    """The oldest first. None: whichever. of: whose fan's view of them is told."""
    return await fetch(
        Reply,
        """select y.id, y.response, y.theme, coalesce(h.name, '') as theme_name,
                  h.reworded_on as theme_reworded_on,
                  case when t.heir <> t.id then t.heir_since end as theme_joined_on,
                  case when t.heir = t.id then t.heir_since end as theme_parted_on,
                  y.state, y.language, y.feeling, y.fact,
                  y.step, y.next_step, y.next_by as first_due_on, coalesce(p.due_on, y.next_by) as due_on, p.kept_on,
                  p.broken_on, coalesce(p.moved_why, '') as moved_why, coalesce(p.broken_why, '') as broken_why,
                  o.id as owner_id, coalesce(o.name, '') as owner_name,
                  coalesce(o.role_title, '') as owner_title, o.face_digest as owner_face, w.id as writer_id,
                  w.name as writer_name, coalesce(y.written_as, w.role_title) as writer_title,
                  w.face_digest as writer_face, c.slug as company_slug, y.version, y.mandate,
                  y.topic as topic_chosen, coalesce(d.topics[y.topic + 1], '') as topic, coalesce(g.name, '') as signer,
                  y.corrects, exists (select from reply n where n.company = y.company and n.corrects = y.id
                                      and n.state = 'sent') as corrected,
                  y.why, y.returned_why, y.stays, y.promise, y.saved_at, y.sent_at, y.words_gone_on, y.gaps_on,
                  array(select m.name from reply_cosign s join member m on m.company = s.company and m.id = s.member
                        where s.company = y.company and s.reply = y.id order by s.at) as cosigners,
                  array(select member from reply_cosign s
                        where s.company = y.company and s.reply = y.id) as cosigned_by,
                  coalesce(v.heard, '') as heard, coalesce(v.answered, '') as answered
           from reply y
           join company c on c.id = y.company
           join member w on w.company = y.company and w.id = y.writer
           left join member o on o.company = y.company and o.id = y.next_owner
           left join member g on g.company = y.company and g.id = y.signed_by
           left join mandate d on d.company = y.company and d.id = y.mandate
           left join theme t on t.company = y.company and t.id = y.theme
           left join theme h on h.company = t.company and h.id = t.heir
           left join reply_voice v on v.company = y.company and v.reply = y.id and v.response = $7
           left join lateral (
               with recursive named (id, due_on, kept_on, broken_on, why, broken_why) as (
                   select id, due_on, kept_on, broken_on, why, broken_why from promise
                   where company = y.company and id = y.promise
                   union select n.id, n.due_on, n.kept_on, n.broken_on, n.why, n.broken_why from promise n
                   join named e on n.company = y.company and n.instead_of = e.id)
               select max(due_on) as due_on, max(kept_on) as kept_on, max(broken_on) as broken_on,
                      (array_agg(why order by due_on desc))[1] as moved_why, max(broken_why) as broken_why
               from named) p on true
           where y.company = $1 and ($2::uuid[] is null or y.id = any($2)) and ($3::uuid is null or y.response = $3)
             and ($4::uuid is null or y.theme = $4) and ($5::boolean is null or (y.state = 'sent') = $5)
             and (not $6 or y.state = 'sent' and y.promise is not null
                         and p.kept_on is null and p.broken_on is null)
           order by y.sent_at, y.id""",
        company_id,
        ids,
        response,
        theme,
        sent,
        unkept,
        of,
    )
