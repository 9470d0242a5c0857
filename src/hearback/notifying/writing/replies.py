"""A reply by mail: to one fan, to all behind a theme, and in short."""

from uuid import UUID

from hearback.notifying import queries
from hearback.notifying.letters import Block
from hearback.notifying.rules import What
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order, lang_of, own_words
from hearback.replying import queries as replying
from hearback.replying.queries import Reply
from hearback.replying.telling import in_one_text
from hearback.words.speaking import words_for


async def reply_letter(order: Order, desk: Desk) -> Body:
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
        *await own_words(None, desk),
        Block("words", opening, lang),
        Block("lines", in_one_text(reply, spoken), reply.language),
    ]
    if not alone:
        blocks.append(Block("link", say("mail.theme_reply.link"), lang, _replies_address(reply, desk)))
    if desk.follower.what == What.ANSWER:
        blocks.append(Block("button", say("mail.reply.button"), lang, f"{desk.base}/r{lang_of(desk)}"))
    subject = (
        say("mail.subject.reply", name=name)
        if alone
        else say("mail.subject.theme_reply", name=name, theme=reply.theme_name)
    )
    return subject, lang, blocks


async def step_promised(promise_id: UUID, desk: Desk) -> tuple[str, str] | None:
    """What a reply promised as its next step, and where to read it; None for every other promise."""
    reply_id = await queries.reply_of_promise(desk.company.id, promise_id)
    if reply_id is None:
        return None
    reply = await replying.reply(desk.company.id, reply_id)
    if reply.words_gone_on:
        raise NothingToSay
    return reply.next_step, _replies_address(reply, desk) if reply.theme else f"{desk.base}/r{lang_of(desk)}"


async def reply_in_short(reply_id: UUID, desk: Desk) -> list[Block]:
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


def _replies_address(reply: Reply, desk: Desk) -> str:
    return f"{desk.base}/replies{lang_of(desk)}#reply-{reply.id}"
