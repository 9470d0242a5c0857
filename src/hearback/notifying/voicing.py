"""The mail that asks whether an answer is somebody's, so that it counts. It follows nobody: once it is on its way, the
address is deleted."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.answering.confirming import WITHIN, has_voice
from hearback.asking.queries import told_in
from hearback.database.engine import fetch_one
from hearback.notifying import queries
from hearback.notifying.letters import Block, Letter
from hearback.notifying.signing import signer_of
from hearback.notifying.writing import NothingToSay
from hearback.people.queries import Company, company_by_slug
from hearback.trust.sealing import token, unseal
from hearback.words.speaking import Words, words_for


class Voice(Struct, frozen=True):
    """An answer that waits for its fan's yes. title: of the question, in title_language; asked_by: its author."""

    question: UUID
    address: bytes
    address_key: bytes
    day: date
    language: str
    title: str
    title_language: str
    translations: str
    asked_by: UUID
    company_slug: str


class Written(Struct, frozen=True):
    letter: Letter
    company: Company
    words: Words
    address: str


async def voice_letter(company_id: UUID, mail_id: UUID, *, base_url: str, secret: str) -> Written:
    """Raises NothingToSay once nobody waits for it, or the address wants no mail of this company; OtherKey."""
    voice = await _voice(company_id, mail_id)
    if voice is None or await queries.silenced(company_id, voice.address_key):
        raise NothingToSay
    company = await company_by_slug(voice.company_slug)
    words = words_for(voice.language, company.address, company.timezone)
    told = told_in(voice.translations, "title", voice.language)
    title = told.words if told else voice.title
    lang = "" if voice.language == company.languages[0] else f"?lang={voice.language}"
    base = f"{base_url}/{company.slug}"
    if await has_voice(company_id, voice.question, voice.address_key, secret=secret):
        subject, blocks = _counts_already(words, title, f"{base}/r{lang}")
    else:
        link = f"{base}/confirm/{token(secret, 'voice', mail_id)}{lang}"
        subject, blocks = _asks(words, company, title, voice.day, link)
    letter = Letter(
        subject=subject,
        tongue=words.lang,
        house=company.name,
        colour=company.colour,
        blocks=blocks,
        signer=await signer_of(company_id, voice.asked_by),
        foot=[words.say("mail.voice.not-you")],
        stop="",
        stop_url="",
        face_id=f"{mail_id.hex}@face",
    )
    return Written(letter, company, words, unseal(secret, "address", voice.address))


def _asks(words: Words, company: Company, title: str, day: date, link: str) -> tuple[str, list[Block]]:
    say, lang = words.say, words.lang
    return say("mail.voice.subject", name=company.name), [
        Block("words", say("mail.voice.text", title=title), lang),
        Block("button", say("mail.voice.button"), lang, link),
        Block("words", say("mail.voice.until", day=day + WITHIN), lang),
    ]


def _counts_already(words: Words, title: str, link: str) -> tuple[str, list[Block]]:
    say, lang = words.say, words.lang
    return say("mail.again.subject"), [
        Block("words", say("mail.again.text", title=title), lang),
        Block("words", say("mail.again.ways"), lang),
        Block("button", say("mail.again.button"), lang, link),
    ]


async def _voice(company_id: UUID, mail_id: UUID) -> Voice | None:
    return await fetch_one(
        Voice,
        """select u.question, u.address, u.address_key, r.day, r.language, q.title, q.language as title_language,
                  q.translations, q.asked_by, c.slug as company_slug
           from unconfirmed u
           join response r on r.company = u.company and r.id = u.response and r.state = 'held'
           join question q on q.company = u.company and q.id = u.question
           join company c on c.id = u.company
           where u.company = $1 and u.id = $2 and u.address is not null""",
        company_id,
        mail_id,
    )
