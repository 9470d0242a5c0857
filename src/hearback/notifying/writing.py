"""What each kind of mail says, in the reader's language. Written when it is sent, from what holds then."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from hearback.changenotes.queries import Entry, entry
from hearback.changenotes.rules import ANSWER, NoteKind, NoteState
from hearback.clock import day_in
from hearback.ledger.queries import newest_checkpoint
from hearback.notifying import queries
from hearback.notifying.letters import Block, Letter
from hearback.notifying.queries import Follower
from hearback.notifying.rules import MailKind, What
from hearback.notifying.signing import signer_of
from hearback.people.queries import Company
from hearback.promises.queries import promise
from hearback.refusals import NotFound
from hearback.replying import queries as replying
from hearback.replying.queries import Reply
from hearback.replying.telling import in_one_text
from hearback.trust.sealing import token
from hearback.words.speaking import Words, words_for

WEEK = timedelta(days=7)
# What a mail tells of a note before its reader opens it; a mistake says sorry and what we repair.
TOLD = {kind: (name,) for kind, name in ANSWER.items()} | {NoteKind.MISTAKE: ("wrong", "sorry", "repair")}


class Order(Struct, frozen=True):
    """A mail of the outbox that is to be written."""

    id: UUID
    company: UUID
    kind: str
    cause: str
    note: UUID | None
    promise: UUID | None
    signed_by: UUID | None


class Desk(Struct, frozen=True):
    """All that a writer needs beside the order. base: the company's public address."""

    company: Company
    follower: Follower
    words: Words
    base: str
    secret: str
    now: datetime


Body = tuple[str, str, list[Block]]
"""Subject, the subject's language, and what follows."""


class NothingToSay(Exception):
    """What caused the mail no longer holds: it was taken back or erased."""


async def letter_for(order: Order, desk: Desk) -> Letter:
    """Raises NothingToSay."""
    try:
        subject, tongue, blocks = await WRITERS[MailKind(order.kind)](order, desk)
        signer = await signer_of(desk.company.id, order.signed_by) if order.signed_by else None
    except NotFound as error:
        raise NothingToSay from error
    say = desk.words.say
    return Letter(
        subject=subject,
        tongue=tongue,
        house=desk.company.name,
        colour=desk.company.colour,
        blocks=blocks,
        signer=signer,
        foot=_foot(order, desk) + await _ledger_line(desk),
        stop=say("mail.stop"),
        stop_url=stop_url(desk),
        face_id=f"{order.id.hex}@face",
    )


def stop_url(desk: Desk) -> str:
    return f"{desk.base}/mail/{token(desk.secret, 'stop', desk.follower.id)}{_lang(desk)}"


def one_click_url(desk: Desk) -> str:
    """Mail programs post here; nothing is asked there."""
    return f"{desk.base}/mail/{token(desk.secret, 'stop', desk.follower.id)}"


async def _confirm(_order: Order, desk: Desk) -> Body:
    say, follower = desk.words.say, desk.follower
    link = f"{desk.base}/mail/yes/{token(desk.secret, 'yes', follower.id)}{_lang(desk)}"
    words = [
        Block("words", say(f"mail.confirm.{follower.what}", title=follower.title), desk.words.lang),
        Block("button", say("mail.confirm.button"), desk.words.lang, link),
        Block("words", say("mail.confirm.most", most=follower.most), desk.words.lang),
    ]
    return say("mail.confirm.subject", name=desk.company.name), desk.words.lang, words


async def _note(order: Order, desk: Desk) -> Body:
    """Published, corrected or taken back. What is no longer public the way it was is not told the old way."""
    note = await _entry(order, desk)
    if (note.state == NoteState.WITHDRAWN) is not (order.kind == MailKind.WITHDRAWN):
        raise NothingToSay
    say, title = desk.words.say, _fields(note).get("title") or ""
    blocks = await _own_words(order.note, desk)
    revision = note.revisions[-1]
    if order.kind == MailKind.PUBLISHED:
        subject = say(f"mail.subject.{note.kind}", title=title)
    else:
        subject = say(f"mail.subject.{order.kind}", title=title)
        blocks.append(Block("words", say("mail.why", why=revision.reason), note.language))
    if order.kind != MailKind.WITHDRAWN:
        blocks += _told(note)
    blocks.append(Block("link", say("mail.read-note"), desk.words.lang, _address(note, desk)))
    if desk.follower.what == What.ANSWER and order.kind == MailKind.PUBLISHED:
        blocks.append(Block("button", say("mail.right"), desk.words.lang, f"{desk.base}/r{_lang(desk)}"))
        blocks.append(Block("words", say("mail.right.hint"), desk.words.lang))
    return subject, note.language, blocks


async def _moved(order: Order, desk: Desk) -> Body:
    """A promise got a new day. Nothing to say once it is kept, or moved again."""
    if order.promise is None:
        raise NothingToSay
    new = await promise(desk.company.id, order.promise)
    if new.ended or new.replaced:
        raise NothingToSay
    say = desk.words.say
    blocks = await _own_words(None, desk)
    blocks.append(Block("words", say("mail.moved.text", words=new.words, day=new.due_on), desk.words.lang))
    if why := await queries.why_moved(desk.company.id, order.promise):
        blocks.append(Block("words", say("mail.why", why=why), new.language))
    if new.link:
        blocks.append(
            Block("link", say("mail.moved.link"), desk.words.lang, f"{desk.base}/{new.link}{_lang(desk)}")
        )
    return say("mail.subject.moved", day=new.due_on), desk.words.lang, blocks


async def _reply(order: Order, desk: Desk) -> Body:
    """To one answer, or to everybody behind a theme; `cause` is its id. Erased words leave nothing to say."""
    reply = await replying.reply(desk.company.id, UUID(order.cause))
    if not reply.sent or reply.words_gone_on:
        raise NothingToSay
    say, lang, name = desk.words.say, desk.words.lang, reply.writer_name
    spoken = words_for(reply.language, desk.company.address, desk.company.timezone)
    alone = reply.response is not None
    opening = (
        say("mail.reply.text", name=name)
        if alone
        else say("mail.theme_reply.text", name=name, theme=reply.theme_name)
    )
    blocks = [
        *await _own_words(None, desk),
        Block("words", opening, lang),
        Block("lines", in_one_text(reply, spoken), reply.language),
    ]
    if not alone:
        blocks.append(Block("link", say("mail.theme_reply.link"), lang, _replies_address(reply, desk)))
    if desk.follower.what == What.ANSWER:
        blocks.append(Block("button", say("mail.reply.button"), lang, f"{desk.base}/r{_lang(desk)}"))
    subject = (
        say("mail.subject.reply", name=name)
        if alone
        else say("mail.subject.theme_reply", name=name, theme=reply.theme_name)
    )
    return subject, lang, blocks


async def _digest(order: Order, desk: Desk) -> Body:
    """cause: the Monday after the week that it tells of. Newest first; nothing is sent when there is nothing."""
    week = week_before(date.fromisoformat(order.cause), desk.company.timezone)
    notes = await queries.notes_between(desk.company.id, desk.follower.id, *week)
    replies = await queries.replies_between(desk.company.id, desk.follower.id, *week)
    if not notes and not replies:
        raise NothingToSay
    blocks = [block for note_id in notes for block in await _note_in_short(note_id, desk)]
    blocks += [block for reply_id in replies for block in await _reply_in_short(reply_id, desk)]
    name = desk.company.name
    subject = (
        desk.words.say("mail.subject.digest-replies", n=len(replies), name=name)
        if not notes
        else desk.words.say("mail.subject.digest", n=len(notes), name=name)
    )
    return subject, desk.words.lang, blocks


async def _note_in_short(note_id: UUID, desk: Desk) -> list[Block]:
    slug = await queries.note_slug(desk.company.id, note_id)
    note = await entry(desk.company.id, slug, fewest_voices=desk.company.fewest_voices)
    day = desk.words.day(day_in(desk.company.timezone, note.published_at))
    return [
        Block("heading", _fields(note).get("title") or "", note.language, _address(note, desk)),
        Block("words", f"{desk.words.say(f'kind.{note.kind}')}, {day}", desk.words.lang),
        *_told(note)[:1],
    ]


async def _reply_in_short(reply_id: UUID, desk: Desk) -> list[Block]:
    reply = await replying.reply(desk.company.id, reply_id)
    return [
        Block("heading", reply.theme_name, reply.language, _replies_address(reply, desk)),
        Block(
            "words",
            desk.words.say("mail.theme_reply.text", name=reply.writer_name, theme=reply.theme_name),
            desk.words.lang,
        ),
        Block("lines", reply.fact or reply.feeling, reply.language),
    ]


async def _check_back(order: Order, desk: Desk) -> Body:
    note = await _entry(order, desk)
    asked = await queries.asked_back(desk.company.id, order.note, desk.follower.response)
    if note.state != NoteState.PUBLISHED or asked is None:
        raise NothingToSay
    say, blocks = desk.words.say, await _own_words(order.note, desk)
    title = _fields(note).get("title") or ""
    day = day_in(desk.company.timezone, note.published_at)
    link = f"{desk.base}/back/{token(desk.secret, 'back', asked)}{_lang(desk)}"
    blocks += [
        Block("words", say("mail.back.said", day=day), desk.words.lang),
        Block("heading", title, note.language, _address(note, desk)),
        *_told(note)[:1],
        Block("words", say("mail.back.ask"), desk.words.lang),
        Block("button", say("mail.back.button"), desk.words.lang, link),
    ]
    return say("mail.subject.check_back"), desk.words.lang, blocks


WRITERS: dict[MailKind, Callable[[Order, Desk], Awaitable[Body]]] = {
    MailKind.CONFIRM: _confirm,
    MailKind.PUBLISHED: _note,
    MailKind.CORRECTED: _note,
    MailKind.WITHDRAWN: _note,
    MailKind.MOVED: _moved,
    MailKind.REPLY: _reply,
    MailKind.THEME_REPLY: _reply,
    MailKind.DIGEST: _digest,
    MailKind.CHECK_BACK: _check_back,
}


def week_before(monday: date, timezone: str) -> tuple[datetime, datetime]:
    """The seven days before that Monday, as the company's clocks count them."""
    zone = ZoneInfo(timezone)
    start = monday - WEEK
    return (
        datetime(start.year, start.month, start.day, tzinfo=zone),
        datetime(monday.year, monday.month, monday.day, tzinfo=zone),
    )


async def _entry(order: Order, desk: Desk) -> Entry:
    if order.note is None:
        raise NothingToSay
    slug = await queries.note_slug(desk.company.id, order.note)
    return await entry(desk.company.id, slug, fewest_voices=desk.company.fewest_voices)


async def _own_words(note_id: UUID | None, desk: Desk) -> list[Block]:
    """Of a fan who follows an answer of their own. Raises NothingToSay for one that does not count any more."""
    response = desk.follower.response
    if response is None:
        return []
    day = await queries.answered_on(desk.company.id, response)
    if day is None:
        raise NothingToSay
    said = await queries.own_words(desk.company.id, response, note_id)
    if not said:
        return []
    words = "\n\n".join(said)
    shown = words if len(words) <= 400 else f"{words[:400].rsplit(' ', 1)[0]} …"
    return [
        Block("words", desk.words.say("mail.you-said", day=day), desk.words.lang),
        Block("quote", shown, desk.words.lang),
    ]


def _told(note: Entry) -> list[Block]:
    fields = _fields(note)
    return [
        Block("markdown", words, note.language)
        for name in TOLD[NoteKind(note.kind)]
        if (words := fields.get(name))
    ]


def _fields(note: Entry) -> dict[str, str | None]:
    return {field.name: field.words for field in note.versions[-1].fields}


def _address(note: Entry, desk: Desk) -> str:
    return f"{desk.base}/log/{note.slug}{_lang(desk)}"


def _replies_address(reply: Reply, desk: Desk) -> str:
    return f"{desk.base}/replies{_lang(desk)}#reply-{reply.id}"


def _lang(desk: Desk) -> str:
    return "" if desk.words.lang == desk.company.languages[0] else f"?lang={desk.words.lang}"


async def _ledger_line(desk: Desk) -> list[str]:
    """The newest signature of the ledger: in a mailbox it is out of our hands."""
    newest = await newest_checkpoint(desk.company.id)
    return [desk.words.say("ledger.in-mail", size=newest.size), newest.line] if newest else []


def _foot(order: Order, desk: Desk) -> list[str]:
    say, follower = desk.words.say, desk.follower
    if order.kind == MailKind.CONFIRM:
        return [say("mail.confirm.not-you")]
    if follower.sent >= follower.most:
        return [say("mail.last", most=follower.most)]
    return [say("mail.nth", nth=follower.sent, most=follower.most)]
