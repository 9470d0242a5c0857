"""What each kind of mail says, in the reader's language. Written when it is sent, from what holds then."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from hearback.ledger.queries import newest_checkpoint
from hearback.notifying import queries
from hearback.notifying.letters import Block, Letter
from hearback.notifying.rules import MailKind
from hearback.notifying.signing import signer_of
from hearback.notifying.writing.notes import check_back_letter, note_letter
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order, lang_of, own_words
from hearback.notifying.writing.outcomes import held_letter
from hearback.notifying.writing.replies import reply_letter, step_promised
from hearback.notifying.writing.weeks import week_before, week_letter
from hearback.promises.queries import Promise, promise
from hearback.refusals import NotFound
from hearback.trust.sealing import token
from hearback.words.retelling import retold
from hearback.words.speaking import Words

__all__ = [
    "Desk",
    "NothingToSay",
    "Order",
    "ledger_line",
    "letter_for",
    "one_click_url",
    "stop_url",
    "week_before",
]


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
        foot=_foot(order, desk) + await ledger_line(desk.company.id, desk.words),
        stop=say("mail.stop"),
        stop_url=stop_url(desk),
        face_id=f"{order.id.hex}@face",
    )


def stop_url(desk: Desk) -> str:
    return f"{desk.base}/mail/{token(desk.secret, 'stop', desk.follower.id)}{lang_of(desk)}"


def one_click_url(desk: Desk) -> str:
    """Mail programs post here; nothing is asked there."""
    return f"{desk.base}/mail/{token(desk.secret, 'stop', desk.follower.id)}"


async def _confirm(_order: Order, desk: Desk) -> Body:
    say, follower = desk.words.say, desk.follower
    link = f"{desk.base}/mail/yes/{token(desk.secret, 'yes', follower.id)}{lang_of(desk)}"
    words = [
        Block("words", say(f"mail.confirm.{follower.what}", title=follower.title), desk.words.lang),
        Block("button", say("mail.confirm.button"), desk.words.lang, link),
        Block("words", say("mail.confirm.most", most=follower.most), desk.words.lang),
    ]
    return say("mail.confirm.subject", name=desk.company.name), desk.words.lang, words


async def _moved(order: Order, desk: Desk) -> Body:
    """A promise got a new day. Nothing to say once it is kept, or moved again."""
    if order.promise is None:
        raise NothingToSay
    new = await promise(desk.company.id, order.promise)
    if new.ended or new.replaced:
        raise NothingToSay
    moved = await queries.moved(desk.company.id, order.promise)
    if moved is None:
        raise NothingToSay
    blocks = await _promised(new, "mail.moved.text", moved.why, desk, before=moved.before)
    return desk.words.say("mail.subject.moved", day=new.due_on), desk.words.lang, blocks


async def _broken(order: Order, desk: Desk) -> Body:
    """We will not keep a promise."""
    if order.promise is None:
        raise NothingToSay
    ours = await promise(desk.company.id, order.promise)
    if ours.broken_on is None:
        raise NothingToSay
    blocks = await _promised(ours, "mail.broken.text", ours.broken_why, desk)
    return desk.words.say("mail.subject.broken"), desk.words.lang, blocks


async def _promised(ours: Promise, key: str, why: str, desk: Desk, **days: date) -> list[Block]:
    """key: of the sentence with its words, its day and other days."""
    say = desk.words.say
    words, url = await step_promised(ours.id, desk) or (
        retold(ours.words, ours.language, desk.words),
        f"{desk.base}/{ours.link}{lang_of(desk)}" if ours.link else "",
    )
    blocks = await own_words(None, desk)
    blocks.append(Block("words", say(key, words=words, day=ours.due_on, **days), desk.words.lang))
    if why:
        blocks.append(Block("words", say("mail.why", why=why), ours.language))
    if url:
        blocks.append(Block("link", say("mail.moved.link"), desk.words.lang, url))
    return blocks


WRITERS: dict[MailKind, Callable[[Order, Desk], Awaitable[Body]]] = {
    MailKind.CONFIRM: _confirm,
    MailKind.PUBLISHED: note_letter,
    MailKind.CORRECTED: note_letter,
    MailKind.WITHDRAWN: note_letter,
    MailKind.MOVED: _moved,
    MailKind.BROKEN: _broken,
    MailKind.REPLY: reply_letter,
    MailKind.THEME_REPLY: reply_letter,
    MailKind.DIGEST: week_letter,
    MailKind.CHECK_BACK: check_back_letter,
    MailKind.HELD: held_letter,
}


async def ledger_line(company_id: UUID, words: Words) -> list[str]:
    """The newest signature of the ledger: in a mailbox it is out of our hands."""
    newest = await newest_checkpoint(company_id)
    return [words.say("ledger.in-mail", size=newest.size), newest.line] if newest else []


def _foot(order: Order, desk: Desk) -> list[str]:
    say, follower = desk.words.say, desk.follower
    if order.kind == MailKind.CONFIRM:
        return [say("mail.confirm.not-you")]
    if follower.sent >= follower.most:
        return [say("mail.last", most=follower.most)]
    return [say("mail.nth", nth=follower.sent, most=follower.most)]
