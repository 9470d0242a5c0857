"""Replies of members, what their fans said to them, and what leadership signed for."""

from piccolo.columns import UUID, Array, Date, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.answering.tables import Response
from hearback.database.columns import hidden_id_column, id_column, link
from hearback.people.tables import Company, Member
from hearback.promises.tables import Promise
from hearback.replying.rules import How, MandateState, ReplyState, StepKind
from hearback.themes.tables import Theme


class Mandate(Table, tablename="mandate"):
    """What may be answered without sign-off, signed by leadership; each version is added, never changed.

    The newest one holds; revoked: from then on nothing is covered, for the reason in `why`.
    """

    id: UUID = id_column()
    company = link(Company)
    number = SmallInt()
    state = Varchar(length=8, choices=MandateState)
    language = Varchar(length=2, default="de")
    words = Text(default="")
    topics = Array(base_column=Varchar(length=120), default=list)
    why = Text(default="")
    by = link(Member)
    at = Timestamptz()

    what_is_signed_says_what = Check("state = 'revoked' or words <> '' and topics <> '{}'")
    who_revokes_says_why = Check("state = 'signed' or why <> ''")


class Reply(Table, tablename="reply"):
    """To one answer, or in public to a theme. Sent is for good: what changes is a new one that `corrects` it.

    version counts saves, so that two writers notice each other. topic: which of the mandate's, from 0; without one
    somebody signed it off. returned_why: what whoever read it before sending wants otherwise. stays: why words stay
    that were gravely remarked on; both for the house only.
    promise: the day of the next step. words_gone_on: as for the answer that it replied to. gaps_on: when words were
    last taken out of it, once it was sent; written_as: the role in which it was sent; the database writes both.
    """

    id: UUID = id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade, maybe=True)
    theme = link(Theme, maybe=True)
    state = Varchar(length=8, default=ReplyState.DRAFT.value, choices=ReplyState)
    writer = link(Member)
    language = Varchar(length=2, default="de")
    feeling = Text(default="")
    fact = Text(default="")
    step = Varchar(length=4, default=StepKind.DOES.value, choices=StepKind)
    next_step = Text(default="")
    next_owner = link(Member, maybe=True)
    next_by = Date(null=True, default=None)
    version = SmallInt(default=1)
    mandate = link(Mandate, maybe=True)
    topic = SmallInt(null=True, default=None)
    signed_by = link(Member, maybe=True)
    corrects = link("self", gone=OnDelete.cascade, maybe=True)
    why = Text(default="")
    returned_why = Text(default="")
    stays = Text(default="")
    promise = link(Promise, maybe=True)
    saved_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    words_gone_on = Date(null=True, default=None)
    gaps_on = Date(null=True, default=None)
    written_as = Varchar(length=120, null=True, default=None)

    it_is_to_somebody = Check("(response is null) <> (theme is null)")
    what_is_sent_has_a_moment = Check("(state = 'sent') = (sent_at is not null)")
    what_is_sent_is_covered_or_signed_off = Check(
        "state <> 'sent' or (mandate is not null and topic is not null) or signed_by is not null"
    )
    nobody_signs_off_their_own = Check("signed_by is null or signed_by <> writer")
    a_correction_has_a_reason = Check("state = 'draft' or corrects is null or why <> ''")
    none_ends_without_next_step = Check(
        "state = 'draft' or words_gone_on is not null"
        " or next_step <> '' and next_owner is not null and (step = 'asks' or next_by is not null)"
    )


class ReplyCosign(Table, tablename="reply_cosign"):
    """Somebody of the leadership put their name under it afterwards."""

    id: UUID = id_column()
    company = link(Company)
    reply = link(Reply, gone=OnDelete.cascade)
    member = link(Member)
    at = Timestamptz()


class ReplyVoice(Table, tablename="reply_voice"):
    """How one fan took a reply; empty: did not say."""

    id: UUID = hidden_id_column()
    company = link(Company)
    reply = link(Reply, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    heard = Varchar(length=6, default="", choices=How)
    answered = Varchar(length=6, default="", choices=How)
    on = Date()


class WordBack(Table, tablename="word_back"):
    """What a fan said to a reply; nth: their first, second … Settled: replied to, or it needs no reply.

    Random keys and days only, as for answers.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    reply = link(Reply, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    nth = SmallInt()
    words = Text()
    on = Date()
    settled_by = link(Member, maybe=True)
    settled_on = Date(null=True, default=None)

    there_is_an_end = Check("nth between 1 and 5")
