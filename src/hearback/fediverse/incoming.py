"""Something came into our account's inbox: who sent it is asked at their own house, and what they ask for is done.

Nothing is believed that the sender's own origin does not say: the key comes from there, the actor is theirs, and what
they take back is only their own.
"""

from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct

from hearback.fediverse import commands, queries
from hearback.fediverse.queries import Account
from hearback.fediverse.rules import ASKS_FOR, Lying, id_of, language_of, names, origin, said_in, text, types
from hearback.fediverse.signing import Claim, Doubtful, check, signed_headers
from hearback.fediverse.speaking import Thing
from hearback.people.queries import Company
from hearback.settings import settings
from hearback.webhooks import reaching
from hearback.webhooks.rules import LONGEST_ADDRESS

GONE = (404, 410)
log = structlog.get_logger()


class Sender(Struct, frozen=True):
    """actor: their address; inbox: where they take what we say; gone: their house says they are no more."""

    actor: str
    inbox: str = ""
    gone: bool = False


async def take_in(company: Company, claim: Claim, body: bytes, *, now: datetime) -> str:
    """Do what is asked for; gives what was done, for the log. Raises NotFound where there is no account, NotReached
    where the sender's house does not answer, Doubtful and Lying for what cannot be so."""
    account = await queries.open_account(company.id)
    try:
        thing = commands.decoded(body)
    except ValueError as error:
        raise Lying("not JSON") from error
    actor = id_of(thing.get("actor"))
    if origin(actor) != origin(claim.key_id):
        raise Lying("another house's key")
    sender = await _sender(account, actor, claim, now)
    if sender.gone:
        return await _farewell(company, account, sender, thing, now)
    return await _do(company, account, sender, thing, now)


async def _sender(account: Account, actor: str, claim: Claim, now: datetime) -> Sender:
    """Whoever says to have signed it, as their own house tells, and whose key did."""
    reply = await reaching.call(
        "GET",
        actor,
        signed_headers("GET", actor, account.key_id, account.private_pem(), body=None, now=now)
        | {"accept": ASKS_FOR, "user-agent": "Hearback"},
        private=settings().deliver_to_private_networks,
    )
    if reply.status in GONE:
        return Sender(actor, gone=True)
    if not reply.taken:
        raise reaching.NotReached("not-taken")
    try:
        found = commands.decoded(reply.body)
    except ValueError as error:
        raise Lying("actor is no JSON") from error
    if found.get("id") != actor:
        raise Lying("another actor")
    key = _key_of(found, claim.key_id)
    if key.get("owner", actor) != actor:
        raise Lying("another key")
    check(claim, text(key, "publicKeyPem"))
    return Sender(actor, _inbox_of(found, actor))


def _key_of(found: Thing, key_id: str) -> Thing:
    """The one that is named, where there are several. Raises Lying."""
    told = found.get("publicKey")
    for key in told if isinstance(told, list) else [told]:
        if isinstance(key, dict) and key.get("id") == key_id:
            return key
    raise Lying("another key")


def _inbox_of(found: Thing, actor: str) -> str:
    """At their own house, so that nobody sends our notes to somebody else's door. The whole server's stands first; one
    in another house is no reason to refuse somebody whose own inbox is at home."""
    endpoints = found.get("endpoints")
    shared = text(endpoints, "sharedInbox") if isinstance(endpoints, dict) else ""
    if _at_home(shared, actor):
        return shared
    inbox = text(found, "inbox")
    if not _at_home(inbox, actor):
        raise Lying("inbox")
    return inbox


def _at_home(inbox: str, actor: str) -> bool:
    if not 0 < len(inbox) <= LONGEST_ADDRESS or not inbox.isascii() or not inbox.isprintable():
        return False
    try:
        return origin(inbox) == origin(actor)
    except Lying:
        return False


async def _farewell(company: Company, account: Account, sender: Sender, thing: Thing, now: datetime) -> str:
    """An account that is no more cannot show its key; that it is no more, its house has just told us."""
    if "Delete" not in types(thing) or id_of(thing.get("object")) != sender.actor:
        raise Doubtful("nobody there")
    return await _forget_actor(company, account, sender, now)


async def _do(company: Company, account: Account, sender: Sender, thing: Thing, now: datetime) -> str:
    what, of = types(thing), thing.get("object")
    if "Follow" in what:
        if id_of(of) != account.address:
            raise Lying("follows another")
        follow_id = id_of(thing)
        if origin(follow_id) != origin(sender.actor):
            raise Lying("another house's follow")
        await commands.follow(account, sender.actor, sender.inbox, follow_id, now=now)
        return "followed"
    if "Undo" in what and "Follow" in types(of):
        if isinstance(of, dict) and id_of(of.get("actor", sender.actor)) != sender.actor:
            raise Lying("undoes another's")
        if isinstance(of, dict) and id_of(of.get("object", account.address)) != account.address:
            return "nothing"
        await commands.unfollow(account.company, sender.actor)
        return "unfollowed"
    if "Undo" in what and isinstance(of, str):
        # Of what else may be taken back we keep nothing.
        ended = await commands.unfollow(account.company, sender.actor, follow_id=id_of(of))
        return "unfollowed" if ended else "nothing"
    if "Block" in what and id_of(of) == account.address:
        await commands.unfollow(account.company, sender.actor)
        return "unfollowed"
    if what & {"Create", "Update"} and isinstance(of, dict) and "Note" in types(of):
        return await _hear(company, account, sender, of, now, anew="Update" in what)
    if "Update" in what and id_of(of) == sender.actor:
        await commands.move_inbox(account.company, sender.actor, sender.inbox)
        return "moved"
    if "Delete" in what:
        gone = id_of(of)
        if gone == sender.actor:
            return await _forget_actor(company, account, sender, now)
        n = await commands.hear_no_more(
            company, actor=sender.actor, object_id=gone, secret=settings().secret_key, now=now
        )
        return "taken back" if n else "nothing"
    return "nothing"


async def _hear(
    company: Company, account: Account, sender: Sender, note: dict[str, Any], now: datetime, *, anew: bool
) -> str:
    """What is said to us, in its author's own name: a reply to a note of ours, or whatever mentions us. anew: other
    words for what was heard before; the old ones go, as nobody stands by them any more."""
    answers = text(note, "inReplyTo")
    if account.question is None or not answers.isprintable():
        return "nothing"
    to = await queries.our_note(account.company, answers[:LONGEST_ADDRESS], account)
    if to is None:
        if not names(note, account.address):
            return "nothing"
        to = await commands.note_of_talk(company.id, answers, settings().secret_key)
    object_id = id_of(note)
    if id_of(note.get("attributedTo")) != sender.actor or origin(object_id) != origin(sender.actor):
        raise Lying("another's words")
    words, secret = said_in(note), settings().secret_key
    known = anew and await commands.take_back(
        company, actor=sender.actor, object_id=object_id, secret=secret, now=now
    )
    if not words or (anew and not known):
        return "nothing"
    heard = await commands.hear(
        company,
        account.question,
        words,
        note=to,
        language=language_of(note) or company.languages[0],
        object_id=object_id,
        actor=sender.actor,
        secret=secret,
        now=now,
    )
    return "heard" if heard else "nothing"


async def _forget_actor(company: Company, account: Account, sender: Sender, now: datetime) -> str:
    await commands.unfollow(account.company, sender.actor)
    await commands.hear_no_more(
        company, actor=sender.actor, object_id=None, secret=settings().secret_key, now=now
    )
    return "forgotten"
