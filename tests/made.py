"""Makers: the things tests need, with defaults that make sense; name only what the test is about."""

import hashlib
import itertools
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.changenotes.commands.linking import link
from hearback.changenotes.tables import Note, NoteField, Revision
from hearback.clock import day_in, now
from hearback.database.columns import new_id
from hearback.notifying.rules import MOST, What
from hearback.notifying.tables import Follower, MailSetup
from hearback.people import queries as people
from hearback.people import tables
from hearback.people.access import cookie_name, csrf_token, token_hash
from hearback.people.queries import Account
from hearback.promises import queries as promising
from hearback.settings import settings
from hearback.themes.tables import Excerpt, Placement, Theme
from hearback.trust.sealing import address_key, seal

NOW = datetime.now(UTC)
COUNT = itertools.count(1)


def today() -> date:
    """Where the companies made here are; for an hour or two a night the server is a day behind."""
    return day_in("Europe/Berlin", now())


async def a_company(slug: str = "kranich", **more: Any) -> people.Company:
    row = tables.Company(slug=slug, **{"name": "Kranich Spiele"} | more)
    await tables.Company.insert(row)
    return await people.company_by_slug(slug)


async def a_member(company: people.Company, role: str = "admin", **more: Any) -> people.Member:
    name = more.pop("name", f"Jule Brandt {next(COUNT)}")
    account = tables.Account(email=more.pop("email", f"member{next(COUNT)}@example.com"), password_hash="x")
    await tables.Account.insert(account)
    row = tables.Member(
        company=company.id,
        account=account.id,
        name=name,
        name_key=name.lower(),
        role=role,
        role_title=more.pop("role_title", "Redaktion"),
        **more,
    )
    await tables.Member.insert(row)
    return await people.member(company.id, row.id)


class DeskBrowser:
    """A signed-in member's browser: paths are relative to the desk, forms carry the token."""

    def __init__(self, browser: httpx.AsyncClient, company: people.Company, member: people.Member, csrf: str):
        self.browser, self.company, self.member, self.csrf = browser, company, member, csrf

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.browser.get(self.address(path), **more)

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        return await self.browser.post(self.address(path), data={"_csrf": self.csrf} | (data or {}), **more)

    def address(self, path: str) -> str:
        return f"/desk/{self.company.slug}{path}"


async def a_session(member: people.Member) -> str:
    """The token of a member's open session."""
    token = secrets.token_urlsafe(32)
    session = tables.Session(
        account=member.account, token_hash=token_hash(token), created_at=NOW, seen_at=NOW
    )
    await tables.Session.insert(session)
    return token


async def signed_in(
    browser: httpx.AsyncClient,
    company: people.Company,
    role: str = "admin",
    member: people.Member | None = None,
    **more: Any,
) -> DeskBrowser:
    member = member or await a_member(company, role, **more)
    token = secrets.token_urlsafe(32)
    session = tables.Session(
        account=member.account, token_hash=token_hash(token), created_at=NOW, seen_at=NOW
    )
    await tables.Session.insert(session)
    browser.cookies.set(cookie_name(), token)
    account = await tables.Account.objects().get(tables.Account.id == member.account)
    assert account is not None
    return DeskBrowser(
        browser, company, member, csrf_token(Account(account.id, account.email, account.password_hash))
    )


async def a_question(company: people.Company, *, by: people.Member | None = None, **more: Any) -> Question:
    """Open since yesterday, with one required open prompt."""
    by = by or await a_member(company)
    prompts = more.pop("prompts", [{"kind": "open", "words": "Erzähl, wie es war", "required": True}])
    row = Question(
        company=company.id,
        **{
            "slug": f"frage-{next(COUNT)}",
            "title": "Wo hat euch die Anleitung allein gelassen?",
            "why": "Im Oktober haben uns viele geschrieben.",
            "can_change": "Sätze, Bilder und Beispiele.",
            "cannot_change": "Die Spielregeln selbst.",
            "what_happens": "Wir lesen alles und antworten hier.",
            "asked_by": by.id,
            "created_by": by.id,
            "reply_by": today() + timedelta(days=20),
            "opens_at": NOW - timedelta(days=1),
            "closes_at": NOW + timedelta(days=10),
            "state": "open",
        }
        | more,
    )
    await Question.insert(row)
    for position, prompt in enumerate(prompts):
        await Prompt.insert(Prompt(company=company.id, question=row.id, position=position, **prompt))
    return row


async def an_answer(
    company: people.Company, question: Question, words: str = "Die Steine sehen gleich aus.", **more: Any
) -> Response:
    """A counted response whose first open prompt holds `words`; its receipt code is `more['code']` when given."""
    code = more.pop("code", secrets.token_hex(13))
    prompt = (
        await Prompt.objects()
        .where(Prompt.company == company.id, Prompt.question == question.id, Prompt.kind == "open")
        .order_by(Prompt.position)
        .first()
    )
    assert prompt is not None
    row = Response(
        company=company.id,
        question=question.id,
        receipt_hash=hashlib.sha256(code.encode()).digest(),
        **{"day": today()} | more,
    )
    await Response.insert(row)
    await Answer.insert(Answer(company=company.id, response=row.id, prompt=prompt.id, words=words))
    return row


async def a_theme(company: people.Company, name: str = "Rote und grüne Steine", **more: Any) -> Theme:
    """Named by a person, unless `state` says otherwise."""
    theme_id = new_id()
    row = Theme(id=theme_id, company=company.id, heir=theme_id, **{"name": name, "state": "named"} | more)
    await Theme.insert(row)
    return row


async def placed(
    company: people.Company, response: Response, theme: Theme, *, by: people.Member | None = None
) -> Excerpt:
    """The whole first answer of the response as one excerpt in the theme, put there by the machine or by a member."""
    answer = (
        await Answer.objects().where(Answer.company == company.id, Answer.response == response.id).first()
    )
    assert answer is not None
    excerpt = Excerpt(
        company=company.id,
        question=response.question,
        response=response.id,
        answer=answer.id,
        starts=0,
        ends=len(answer.words),
    )
    await Excerpt.insert(excerpt)
    await Placement.insert(
        Placement(
            company=company.id,
            excerpt=excerpt.id,
            theme=theme.id,
            by="person" if by else "machine",
            member=by.id if by else None,
            confidence=1.0 if by else 0.5,
            on=today(),
        )
    )
    return excerpt


async def a_public_note(
    company: people.Company,
    theme: Theme,
    *,
    by: people.Member,
    kind: str = "changed",
    state: str = "published",
    at: datetime = NOW,
    language: str = "de",
    actions: Iterable[UUID] = (),
    questions: Iterable[UUID] = (),
    quotes: Iterable[UUID] = (),
    **fields: str,
) -> Note:
    """A note in its first revision, linked to the theme while it is a draft; its fields are given by name."""
    row = Note(
        company=company.id,
        slug=f"notiz-{next(COUNT)}",
        kind=kind,
        language=language,
        signed_by=by.id,
        created_by=by.id,
    )
    await Note.insert(row)
    about = {"themes": [theme.id], "actions": actions, "questions": questions, "quotes": quotes}
    for field, ids in about.items():
        await link(company.id, row.id, field, list(ids))
    if state != "draft":
        row.state, row.published_at = state, at
        await row.save([Note.state, Note.published_at])
    revision = Revision(company=company.id, note=row.id, number=1, kind="published", by=by.id, at=at)
    await Revision.insert(revision)
    for name, words in ({"title": "Steine mit Kerben"} | fields).items():
        await NoteField.insert(NoteField(company=company.id, revision=revision.id, name=name, words=words))
    return row


async def promises_of(
    company_id: UUID, *, question: UUID | None = None, note: UUID | None = None
) -> list[promising.Promise]:
    """Of this question, or of this note."""
    found = (await promising.promises(company_id)).promises
    return [one for one in found if question in (None, one.question) and note in (None, one.note)]


def some_id() -> UUID:
    return UUID(int=secrets.randbits(128), version=4)


async def mail_set_up(company: people.Company, port: int, **more: Any) -> None:
    """The company sends through a server on this machine."""
    await MailSetup.insert(
        MailSetup(
            company=company.id,
            **{
                "active": True,
                "host": "127.0.0.1",
                "port": port,
                "tls": "none",
                "sender": "hallo@kranich.example",
            }
            | more,
        )
    )


async def a_follower(company: people.Company, address: str = "mia@example.org", **more: Any) -> Follower:
    """Confirmed yesterday; of the whole log unless `response`, `question` or `theme` says otherwise."""
    secret = settings().secret_key
    what = next((name for name in ("response", "question", "theme") if name in more), "log")
    what = {"response": "answer"}.get(what, what)
    row = Follower(
        company=company.id,
        **{
            "what": what,
            "address": seal(secret, "address", address),
            "address_key": address_key(secret, company.id, address),
            "most": MOST[What(what)],
            "asked_on": today() - timedelta(days=1),
            "confirmed_on": today() - timedelta(days=1),
        }
        | more,
    )
    await Follower.insert(row)
    return row
