"""What this room keeps of an answer, for its fan."""

from uuid import UUID

from hearback.database.engine import fetch_column
from hearback.settings import settings
from hearback.trust.export import Rows, keeps
from hearback.trust.sealing import OtherKey, unseal


async def _unconfirmed(company_id: UUID, response_id: UUID) -> Rows:
    """The address is there until the mail is on its way."""
    return [
        {"address": _opened(sealed) if sealed else ""}
        for sealed in await fetch_column(
            "select address from unconfirmed where company = $1 and response = $2", company_id, response_id
        )
    ]


def _opened(sealed: bytes) -> str:
    try:
        return unseal(settings().secret_key, "address", sealed)
    except OtherKey:
        return ""


keeps("unconfirmed", _unconfirmed)

keeps(
    "response",
    """select jsonb_build_object(
           'question', q.title, 'received_on', r.day, 'channel', r.channel, 'language', r.language, 'state', r.state,
           'why_set_aside', r.reason, 'by_rule', r.rule, 'why_it_waits', r.flag, 'quoting', r.quoting,
           'first_name', r.first_name, 'place', r.place, 'consent_wording', r.consent, 'consent_on', r.consent_on,
           'read_on', r.read_on, 'corrected_on', r.corrected_on, 'ended_on', r.ended_on,
           'words_gone_on', r.words_gone_on, 'about_our_note', (
               select n.slug from note n where n.company = r.company and n.id = r.note),
           'sha256_of_the_code', encode(r.receipt_hash, 'hex')) as told
       from response r join question q on q.company = r.company and q.id = r.question
       where r.company = $1 and r.id = $2""",
)
keeps(
    "answer",
    """select jsonb_build_object(
           'asked', p.words, 'part', a.part, 'words', coalesce(a.own_words, a.words),
           'shown_to_others', case when a.own_words is null then null else a.words end, 'number', a.number,
           'chosen', array(
               select p.options[position + 1] from unnest(a.chosen) with ordinality as c (position, nth)
               order by nth)) as told
       from answer a join prompt p on p.company = a.company and p.id = a.prompt
       where a.company = $1 and a.response = $2 order by p.position, a.part""",
)
keeps(
    "words_before",
    """select jsonb_build_object('corrected_on', b."on", 'asked', p.words, 'salt', encode(b.salt, 'hex'),
                                'sha256', encode(b.hash, 'hex')) as told
       from words_before b join prompt p on p.company = b.company and p.id = b.prompt
       where b.company = $1 and b.response = $2 order by b."on\"""",
)
keeps(
    "answer_copy",
    """select jsonb_build_object('stood_in_public_before', words) as told
       from answer_copy where company = $1 and response = $2 order by words""",
)
keeps(
    "answer_trace",
    """select jsonb_build_object('day', day, 'browser', encode(browser, 'hex'), 'line', encode(line, 'hex'),
                                'burst', encode(burst, 'hex'), 'form', encode(form, 'hex')) as told
       from answer_trace where company = $1 and response = $2""",
)
keeps(
    "answer_wording",
    """select jsonb_build_object('wording', wording, 'marks', marks) as told
       from answer_wording where company = $1 and response = $2""",
)
