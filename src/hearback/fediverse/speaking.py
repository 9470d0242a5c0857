"""What our account says: who it is, and our notes, as ActivityStreams."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from markupsafe import Markup

from hearback.changenotes.queries import WholeNote, WholeRevision
from hearback.changenotes.rules import TOLD_AT_ONCE, NoteKind
from hearback.fediverse.queries import Account
from hearback.fediverse.rules import CONTEXT, PUBLIC
from hearback.people.queries import Company
from hearback.web.markdown import markdown
from hearback.words.speaking import Words, words_for

Thing = dict[str, Any]


def actor(account: Account, words: Words) -> Thing:
    summary = words.say("fedi.summary", name=account.name)
    if account.question:
        summary += " " + words.say("fedi.summary.read")
    return {
        "@context": CONTEXT,
        "id": account.address,
        "type": "Organization",
        "preferredUsername": account.slug,
        "name": account.name,
        "summary": str(Markup("<p>{}</p>").format(summary)),
        "url": account.house,
        "inbox": f"{account.address}/inbox",
        "outbox": f"{account.address}/outbox",
        "followers": account.followers,
        "manuallyApprovesFollowers": False,
        "discoverable": True,
        "publicKey": {"id": account.key_id, "owner": account.address, "publicKeyPem": account.public_key},
    }


def note_object(account: Account, note: WholeNote, words: Words) -> Thing:
    """words: in the note's own language. Of a withdrawn note the reason comes first, and its words stay with us."""
    revision = next(one for one in reversed(note.revisions) if one.kind != "withdrawn")
    withdrawn = next((one for one in note.revisions if one.kind == "withdrawn"), None)
    link = f"{account.house}/log/{note.slug}"
    content = str(_content(note, revision, withdrawn, link, words))
    return {
        "id": account.note_address(note.id),
        "type": "Note",
        "attributedTo": account.address,
        "to": [PUBLIC],
        "cc": [account.followers],
        "published": _moment(note.published_at),
        # Mastodon leaves an edit alone that is no newer than the last one it took.
        **(
            {"updated": _moment(note.changed_at, "milliseconds")}
            if len(note.revisions) > 1 or note.erased_at
            else {}
        ),
        "url": link,
        "content": content,
        "contentMap": {note.language: content},
    }


def _content(
    note: WholeNote, revision: WholeRevision, withdrawn: WholeRevision | None, link: str, words: Words
) -> Markup:
    said = {field.name: field.words or "" for field in revision.fields}
    title, line = said.get("title") or words.say("note.erased"), Markup("<p>{}</p>")
    more = line.format(Markup('<a href="{}">{}</a>').format(link, link))
    if withdrawn is not None:
        taken_back = Markup("<strong>{}</strong>").format(words.say("note.withdrawn-title", title=title))
        return line.format(taken_back) + line.format(withdrawn.reason) + more
    kind = Markup("<strong>{}: {}</strong>").format(words.say(f"kind.{note.kind}"), title)
    corrected = (
        line.format(words.say("note.because", why=revision.reason))
        if revision.kind == "corrected"
        else Markup("")
    )
    told = Markup("").join(
        markdown(said[name]) for name in TOLD_AT_ONCE[NoteKind(note.kind)] if said.get(name)
    )
    return line.format(kind) + corrected + told + more


def said_activity(account: Account, note: WholeNote, number: int, words: Words) -> Thing:
    """The first version creates, each later one and a withdrawal update: nothing of ours goes away."""
    what = "Create" if number == 1 else "Update"
    at = next(one.at for one in note.revisions if one.number == number)
    return _activity(what, f"{what.lower()}-{number}", at, note_object(account, note, words))


def erased_activity(account: Account, note: WholeNote, mark: str, words: Words) -> Thing:
    """mark: tells this erasure apart."""
    return _activity("Update", f"erased-{mark}", note.changed_at, note_object(account, note, words))


def _activity(what: str, mark: str, at: datetime, thing: Thing) -> Thing:
    return {
        "@context": CONTEXT,
        "id": f"{thing['id']}#{mark}",
        "type": what,
        "actor": thing["attributedTo"],
        "published": _moment(at),
        "to": thing["to"],
        "cc": thing["cc"],
        "object": thing,
    }


def accept(account: Account, follower: str, follow_id: str, mark: str) -> bytes:
    """mark: tells this acceptance apart."""
    return encoded(
        {
            "@context": CONTEXT,
            "id": f"{account.address}#accept-{mark}",
            "type": "Accept",
            "actor": account.address,
            "object": {
                "id": follow_id,
                "type": "Follow",
                "actor": follower,
                "object": account.address,
            },
        }
    )


def words_of_note(company: Company, language: str) -> Words:
    return words_for(language, company.address, company.timezone)


def encoded(thing: Thing) -> bytes:
    return msgspec.json.encode(thing)


def _moment(at: datetime, precise: str = "seconds") -> str:
    return at.astimezone(UTC).isoformat(timespec=precise).replace("+00:00", "Z")


def collection(address: str, items: list[Thing] | None) -> Thing:
    """items None: who they are, and how many, is nobody's business."""
    told: Thing = {"@context": CONTEXT, "id": address, "type": "OrderedCollection"}
    return told if items is None else told | {"orderedItems": items}
