"""A note by mail: published, corrected or taken back, in short, and asked about weeks later."""

from collections.abc import Mapping
from uuid import UUID

from hearback.changenotes.queries import Entry, entry, translations
from hearback.changenotes.rules import TOLD_IN_MAIL, NoteKind, NoteState
from hearback.clock import day_in
from hearback.notifying import queries
from hearback.notifying.letters import Block
from hearback.notifying.rules import MailKind, What
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order, lang_of, own_words
from hearback.trust.sealing import token
from hearback.words.speaking import Words


async def note_letter(order: Order, desk: Desk) -> Body:
    """Published, corrected or taken back. What is no longer public the way it was is not told the old way."""
    note = await _entry(order, desk)
    if (note.state == NoteState.WITHDRAWN) is not (order.kind == MailKind.WITHDRAWN):
        raise NothingToSay
    say, (fields, tongue) = desk.words.say, await _said(note, desk)
    title = fields.get("title") or ""
    blocks = await own_words(order.note, desk)
    revision = note.revisions[-1]
    if order.kind == MailKind.PUBLISHED:
        subject = say(f"mail.subject.{note.kind}", title=title)
    else:
        subject = say(f"mail.subject.{order.kind}", title=title)
        blocks.append(Block("words", say("mail.why", why=revision.reason), note.language))
    if order.kind != MailKind.WITHDRAWN:
        blocks += told_of(note.kind, fields, tongue)
    asks = desk.follower.what == What.ANSWER and order.kind == MailKind.PUBLISHED
    receipt = f"{desk.base}/r{lang_of(desk)}" if asks else ""
    return subject, tongue, blocks + ways_on(desk.words, note=_address(note, desk), receipt=receipt)


def told_of(kind: str, fields: Mapping[str, str | None], tongue: str) -> list[Block]:
    """What a mail says of a note, in the note's own words."""
    return [
        Block("markdown", words, tongue)
        for name in TOLD_IN_MAIL[NoteKind(kind)]
        if (words := fields.get(name))
    ]


def ways_on(words: Words, *, note: str, receipt: str) -> list[Block]:
    """Where the reader goes from here. receipt: empty for whoever has none."""
    blocks = [Block("link", words.say("mail.read-note"), words.lang, note)]
    if receipt:
        blocks.append(Block("button", words.say("mail.right"), words.lang, receipt))
        blocks.append(Block("words", words.say("mail.right.hint"), words.lang))
    return blocks


async def check_back_letter(order: Order, desk: Desk) -> Body:
    note = await _entry(order, desk)
    asked = await queries.asked_back(desk.company.id, order.note, desk.follower.response)
    if note.state != NoteState.PUBLISHED or asked is None:
        raise NothingToSay
    say, blocks = desk.words.say, await own_words(order.note, desk)
    fields, tongue = await _said(note, desk)
    day = day_in(desk.company.timezone, note.published_at)
    link = f"{desk.base}/back/{token(desk.secret, 'back', asked)}{lang_of(desk)}"
    blocks += [
        Block("words", say("mail.back.said", day=day), desk.words.lang),
        Block("heading", fields.get("title") or "", tongue, _address(note, desk)),
        *told_of(note.kind, fields, tongue)[:1],
        Block("words", say("mail.back.ask"), desk.words.lang),
        Block("button", say("mail.back.button"), desk.words.lang, link),
    ]
    return say("mail.subject.check_back"), desk.words.lang, blocks


async def note_in_short(note_id: UUID, desk: Desk) -> list[Block]:
    slug = await queries.note_slug(desk.company.id, note_id)
    note = await entry(desk.company.id, slug, fewest_voices=desk.company.fewest_voices)
    day = desk.words.day(day_in(desk.company.timezone, note.published_at))
    fields, tongue = await _said(note, desk)
    return [
        Block("heading", fields.get("title") or "", tongue, _address(note, desk)),
        Block("words", f"{desk.words.say(f'kind.{note.kind}')}, {day}", desk.words.lang),
        *told_of(note.kind, fields, tongue)[:1],
    ]


async def _entry(order: Order, desk: Desk) -> Entry:
    if order.note is None:
        raise NothingToSay
    slug = await queries.note_slug(desk.company.id, order.note)
    return await entry(desk.company.id, slug, fewest_voices=desk.company.fewest_voices)


async def _said(note: Entry, desk: Desk) -> tuple[Mapping[str, str | None], str]:
    """The newest version, in the reader's language where a translation says that version; and which language it is."""
    newest = note.versions[-1]
    original = {field.name: field.words for field in newest.fields}
    if note.withdrawal or note.language == desk.words.lang:
        return original, note.language
    for one in await translations(desk.company.id, note.id):
        if one.language == desk.words.lang and one.of_number == newest.number:
            return {**original, **one.texts}, one.language
    return original, note.language


def _address(note: Entry, desk: Desk) -> str:
    return f"{desk.base}/log/{note.slug}{lang_of(desk)}"
