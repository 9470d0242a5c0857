"""What fans sent. Random keys and days only: no moment that could point at a person."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Date, SmallInt, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.answering.rules import Channel, Part, Quoting, ResponseState
from hearback.asking.tables import Prompt, Question
from hearback.database.columns import hidden_id_column, link
from hearback.people.tables import Company, Member


class Response(Table, tablename="response"):
    """What one person sent to a question.

    receipt_hash: SHA-256 of the receipt code; unique, so a retry finds its own response. content_hash and
    external_id do the same for imported rows. `reason` says why it was set aside, in the member's words, and `rule`
    by which rule of the company.
    consent: the wording (trust/consent.py) that the fan had before them when they last decided about quoting.
    flag: why the program held it back (trust/integrity), also after a person has decided otherwise.
    entered_by: the member who typed it in, where it did not come through the web or a file.
    ended_on: when the fan withdrew or erased it; words_gone_on: when its words had been kept as long as was said.
    note: which note it is about, where it came from there; notes are a later room's, so the database links them.
    heat: how urgently somebody should look at its words (moderation/rules.py); empty until the worker has felt it.
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
    rule = SmallInt(null=True, default=None)
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
    flag = Varchar(length=20, default="")
    entered_by = link(Member, maybe=True)
    heat = SmallInt(null=True, default=None)
    note = UUID(null=True, default=None)

    what_was_entered_has_a_name = Check("(entered_by is null) = (channel in ('web', 'file', 'fediverse'))")
    what_is_set_aside_has_a_reason = Check("state <> 'set_aside' or reason <> '' or flag <> ''")
    who_may_be_named_gave_a_name = Check("quoting <> 'named' or first_name <> ''")


class Answer(Table, tablename="answer"):
    """One filled-in prompt: words, or the positions of the chosen options (best first in a ranking), or a number.

    What was said beside it, as something else or as the reason, is a row of its own: a part.
    words: as everybody reads them, with bars where something is covered; own_words: as the fan wrote them, of the same
    length, only where something is.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    prompt = link(Prompt)
    words = Text(default="")
    own_words = Text(null=True, default=None)
    chosen = Array(base_column=SmallInt(), default=list)
    number = SmallInt(null=True, default=None)
    part = Varchar(length=10, default=Part.ANSWER.value, choices=Part)


class WordsBefore(Table, tablename="words_before"):
    """What stood in an answer before its fan corrected it: SHA-256 over salt and words, and the day. Not the words."""

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    prompt = link(Prompt, gone=OnDelete.cascade)
    salt = Bytea()
    hash = Bytea()
    on = Date()


class AnswerCopy(Table, tablename="answer_copy"):
    """What an answer repeats of what was public when it came, on the same day: words of the company, not its fan's."""

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    words = Text()


class AnswerTrace(Table, tablename="answer_trace"):
    """What makes repeats alike (trust/integrity/traces.py), for the day of the answer only."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    day = Date()
    browser = Bytea()
    line = Bytea()
    burst = Bytea()
    form = Bytea()
    judged = Boolean(default=False)


class AnswerWording(Table, tablename="answer_wording"):
    """Whose wording a whole answer has (trust/wording.py)."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    wording = BigInt()
    marks = Array(base_column=BigInt(), default=list)


class OneUseLink(Table, tablename="one_use_link"):
    """Good for one answer. It knows only that it was used: not by whom, not when, not for which answer."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    link_hash = Bytea()
    used = Boolean(default=False)


class SavedForm(Table, tablename="saved_form"):
    """A half-filled form that waits for its fan to go on. Sealed with a key made from a code that only the fan has, of
    which there is only the SHA-256 here: nobody else can read it, and it is no answer."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    code_hash = Bytea()
    sealed = Bytea()
    ends_on = Date()

    it_is_small = Check("octet_length(sealed) <= 100000")


class Unconfirmed(Table, tablename="unconfirmed"):
    """An answer that waits for its fan's mailbox to say yes. address: sealed, until the mail is on its way.
    address_key: its keyed hash, until the answer is confirmed or has waited too long: then the whole row goes."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    address = Bytea(null=True, default=None)
    address_key = Bytea()


class ConfirmedVoice(Table, tablename="confirmed_voice"):
    """Some mailbox has confirmed an answer to this question. voice: a keyed hash of address and question; which answer
    it was, and when, is written nowhere."""

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    voice = Bytea()
