"""A company in which a note can go out: a question, voices, a named theme, a done action, somebody with a face."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.actions.tables import Action, ActionTheme
from hearback.asking.tables import Question
from hearback.changenotes import commands, queries
from hearback.changenotes.forms import NoteForm
from hearback.changenotes.rules import NoteKind, needs_leadership
from hearback.clock import day_in
from hearback.database.engine import transaction
from hearback.people.queries import Company, Member
from hearback.people.rules import Language
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.themes import commands as hearing
from hearback.themes import queries as themes
from hearback.themes.tables import Excerpt, Theme
from tests import made

TODAY = day_in("Europe/Berlin", made.NOW)
SOON = TODAY + timedelta(days=20)

WORDS: dict[NoteKind, dict[str, Any]] = {
    NoteKind.CHANGED: {
        "title": "Seite 6 erklärt es jetzt in vier Bildern",
        "asked": "In Runde 1 mussten wir lange suchen.",
        "said": "Die Regel stand an der falschen Stelle.",
        "did": "Die Regel steht jetzt beim **Anzünden**.",
        "since_when": "Seit der zweiten Auflage.",
        "closing_question": "Was haben wir übersehen?",
    },
    NoteKind.NOT_CHANGED: {
        "title": "Es wird keine App geben, die die Punkte zählt",
        "asked": "Das Zählen dauert zu lange.",
        "said": "Ihr wollt nach dem Spiel nicht rechnen.",
        "reason": "Eine App müssten wir zehn Jahre pflegen.",
        "mind": "Wenn der Block zum Zählen nicht hilft.",
        "look_again": SOON,
        "closing_question": "Hilft euch der Block?",
    },
    NoteKind.HOLDING: {
        "title": "Nebelfähre: Wir sind euch noch eine Antwort schuldig",
        "asked": "Was fehlt im Spiel zu zweit?",
        "said": "Zu zweit ist es zu vorhersehbar.",
        "known": "Ich habe den Testplan unterschätzt.",
        "next_word": SOON,
        "closing_question": "Welche Variante reizt euch?",
    },
    NoteKind.MISTAKE: {
        "title": "Rote und grüne Steine: Wir haben sieben von euch ausgeschlossen",
        "asked": "Rot und Grün sehen gleich aus.",
        "said": "Man muss die Steine fühlen können.",
        "wrong": "Wir wussten es seit März und haben trotzdem so gedruckt.",
        "sorry": "Es tut uns leid, allen, die daneben saßen.",
        "affected": "Alle 3.400 Schachteln der ersten Auflage.",
        "repair": "Ihr bekommt einen Satz mit Kerben.",
        "repair_by": SOON,
        "must_do": "Nichts, wir schicken ihn euch.",
        "did": "Wir fräsen Kerben in alle Steine.",
        "did_owner": "Tarek Osman",
        "did_on": TODAY - timedelta(days=150),
        "did_state": "done",
        "cause": "Ich habe es notiert und nicht weitergegeben.",
        "cause_kind": "preventable",
        "noticed_by": "you",
        "noticed": "Sieben haben uns geschrieben.",
        "known_since": TODAY - timedelta(days=200),
        "follow_up": SOON,
        "closing_question": "Wen haben wir noch vergessen?",
    },
}


class Ready(Struct):
    """writer: comms with a face; leader: leads, with a face; quoted: an excerpt that may be quoted by name.
    slug: of the note that is out, where one is."""

    company: Company
    writer: Member
    leader: Member
    question: Question
    theme: Theme
    action: Action
    quoted: Excerpt
    promise: UUID
    slug: str = ""

    async def draft(self, kind: NoteKind | str = NoteKind.CHANGED, **more: Any) -> UUID:
        """A draft that could go out as it is; `more` makes it differ."""
        note_id = await commands.start_note(
            self.company.id,
            NoteKind(kind),
            themes=[self.theme.id],
            questions=[],
            language=Language.DE,
            by=self.writer,
            now=made.NOW,
        )
        await commands.save_note(
            self.company.id, note_id, self.form(kind, **more), by=self.writer, now=made.NOW
        )
        await heard(self.company, self.writer, self.form(kind, **more).themes)
        return note_id

    def form(self, kind: NoteKind | str = NoteKind.CHANGED, **more: Any) -> NoteForm:
        kind = NoteKind(kind)
        head = {
            "version": 1,
            "kind": kind,
            "language": "de",
            "signed_by": self.leader.id if kind is NoteKind.MISTAKE else self.writer.id,
            "themes": [self.theme.id],
            "actions": [self.action.id],
        }
        return msgspec.convert(head | WORDS[kind] | more, NoteForm)

    def typed(self, kind: NoteKind | str = NoteKind.CHANGED, **more: Any) -> dict[str, Any]:
        """The same as a browser sends it."""
        form = msgspec.to_builtins(self.form(kind, **more))
        return {name: value for name, value in form.items() if value not in (None, "", [])}

    async def published(self, kind: NoteKind | str = NoteKind.CHANGED, **more: Any) -> str:
        """Out at once; gives its slug."""
        at = more.pop("at", made.NOW)
        note_id = await self.draft(kind, **more)
        form, by = self.form(kind, **more), self.writer
        if needs_leadership(form.kind, {"cause_kind": form.cause_kind or ""}):
            by = self.leader
            await heard(self.company, by, form.themes)
        return await commands.publish_note(self.company, note_id, by=by, now=at)

    async def note(self, slug: str) -> UUID:
        entry = await queries.entry(self.company.id, slug, fewest_voices=1)
        return entry.id


async def heard(company: Company, member: Member, theme_ids: list[UUID]) -> None:
    """This member has had the themes' voices before them."""
    voices = await themes.voices_to_hear(company.id, theme_ids)
    await hearing.voices_shown(company.id, [one.excerpt for one in voices], to=member.id, on=TODAY)


async def ready(company: Company, *, voices: int = 5) -> Ready:
    writer = await made.a_member(company, "comms", name="Jule Brandt", face_digest="0" * 16)
    leader = await made.a_member(
        company, "admin", name="Henrike Voss", role_title="Verlegerin", leads=True, face_digest="1" * 16
    )
    question = await made.a_question(company, by=writer)
    theme = await made.a_theme(company, "Irrlichter")
    quoted = None
    for number in range(voices):
        allowed = {"quoting": "named", "first_name": "Ayşe", "place": "Dortmund"} if number == 0 else {}
        response = await made.an_answer(
            company, question, f"Ich habe {number} Minuten gesucht, wann es ausgeht.", **allowed
        )
        placed = await made.placed(company, response, theme)
        quoted = quoted or placed
    assert quoted is not None
    action = Action(
        company=company.id,
        title="Seite 6 neu zeichnen",
        owner=writer.id,
        created_by=writer.id,
        state="done",
        due_on=TODAY,
    )
    await Action.insert(action)
    await ActionTheme.insert(ActionTheme(company=company.id, action=action.id, theme=theme.id))
    async with transaction():
        promise = await make_promise(
            company.id,
            PromiseKind.REPLY,
            "Antwort zur Anleitung",
            SOON,
            language=question.language,
            by=writer.id,
            now=made.NOW,
            question=question.id,
        )
    return Ready(company, writer, leader, question, theme, action, quoted, promise)
