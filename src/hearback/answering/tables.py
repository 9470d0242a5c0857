"""What fans sent. Random keys and days only: no moment that could point at a person."""

from piccolo.columns import UUID, Array, Boolean, Bytea, Date, SmallInt, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.answering.rules import Channel, Quoting, ResponseState
from hearback.asking.tables import Prompt, Question
from hearback.database.columns import hidden_id_column, link
from hearback.people.tables import Company, Member


class Response(Table, tablename="response"):
    """What one person sent to a question.

    receipt_hash: SHA-256 of the receipt code; unique, so a retry finds its own response. content_hash and
    external_id do the same for imported rows. `reason` says why it was set aside, in the member's words.
    consent: the wording (trust/consent.py) that the fan had before them when they last decided about quoting.
    ended_on: when the fan withdrew or erased it; words_gone_on: when its words had been kept as long as was said.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question)
    receipt_hash = Bytea(null=True, default=None)
    external_id = Varchar(length=120, null=True, default=None)
    content_hash = Bytea(null=True, default=None)
    channel = Varchar(length=10, default=Channel.WEB.value, choices=Channel)
    language = Varchar(length=2, default="de")
    state = Varchar(length=10, default=ResponseState.COUNTED.value, choices=ResponseState)
    reason = Text(default="")
    set_aside_by = link(Member, maybe=True)
    quoting = Varchar(length=10, default=Quoting.NO.value, choices=Quoting)
    first_name = Varchar(length=60, default="")
    place = Varchar(length=80, default="")
    day = Date()
    test = Boolean(default=False)
    read_by = link(Member, maybe=True)
    read_on = Date(null=True, default=None)
    consent = Varchar(length=20, default="")
    consent_on = Date(null=True, default=None)
    corrected_on = Date(null=True, default=None)
    ended_on = Date(null=True, default=None)
    words_gone_on = Date(null=True, default=None)

    what_is_set_aside_has_a_reason = Check("state <> 'set_aside' or reason <> ''")
    who_may_be_named_gave_a_name = Check("quoting <> 'named' or first_name <> ''")


class Answer(Table, tablename="answer"):
    """One filled-in prompt: words, or the positions of the chosen options, or a number."""

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    prompt = link(Prompt)
    words = Text(default="")
    chosen = Array(base_column=SmallInt(), default=list)
    number = SmallInt(null=True, default=None)


class WordsBefore(Table, tablename="words_before"):
    """What stood in an answer before its fan corrected it: SHA-256 over salt and words, and the day. Not the words."""

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    prompt = link(Prompt, gone=OnDelete.cascade)
    salt = Bytea()
    hash = Bytea()
    on = Date()
