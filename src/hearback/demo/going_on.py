"""What the people of a company do once answers are there: name, decide, publish, and hear back. Day by day.

The themes are those that the program found, or that the people made; the story only knows answers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct, convert

from hearback.actions import commands as actions
from hearback.actions.forms import NewActionForm
from hearback.answering import commands as answering
from hearback.answering.forms import SettingAsideForm
from hearback.changenotes import commands as changenotes
from hearback.changenotes.forms import CorrectionForm, NoteForm
from hearback.changenotes.queries import draft
from hearback.clock import day_in
from hearback.database.engine import fetch_column, fetch_one, fetch_value
from hearback.demo.cast import Cast
from hearback.demo.story import (
    ActionTold,
    CompanyTold,
    CorrectionTold,
    Days,
    HearbackTold,
    MandateTold,
    NoteTold,
    ReplyTold,
    ThemeTold,
)
from hearback.people.rules import Language
from hearback.receipts import commands as receipts
from hearback.receipts.forms import HearbackForm
from hearback.refusals import NotFound
from hearback.replying import commands as replying
from hearback.replying.forms import Do, MandateForm, ReplyForm
from hearback.replying.rules import To
from hearback.themes import commands as themes
from hearback.themes.forms import NEW, NOWHERE, MoveForm, NameForm, WeightForm
from hearback.themes.queries import voices, voices_to_hear
from hearback.words.speaking import words_for

IN_WORDS = (
    "keiner",
    "eine",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)


class Point(Struct, frozen=True):
    """An excerpt, and the theme that speaks for it."""

    id: UUID
    heir: UUID | None


class Going:
    """One company's story as it goes on; themes, actions and notes by their key in it."""

    def __init__(self, cast: Cast, told: CompanyTold) -> None:
        self.cast, self.told, self.company = cast, told, cast.company
        self.themes: dict[str, UUID] = {}
        self.actions: dict[str, UUID] = {}
        self.notes: dict[str, UUID] = {}

    @property
    def days(self) -> list[Days]:
        """Every day on which somebody does something, and today."""
        told = self.told
        steps = [step.day for action in told.actions for step in action.steps]
        corrections = [correction.day for note in told.notes for correction in note.corrections]
        themes, notes = [theme.day for theme in told.themes], [note.day for note in told.notes]
        asides, acts = [aside.day for aside in told.asides], [action.day for action in told.actions]
        hearbacks = [hearback.day for hearback in told.hearbacks]
        replies = [reply.day for reply in told.replies] + ([told.mandate.day] if told.mandate else [])
        return sorted({0, *themes, *asides, *acts, *steps, *notes, *corrections, *hearbacks, *replies})

    async def go_on(self, day: Days) -> None:
        """All that happens on one day, in the order in which one thing leads to the next."""
        seen = [theme for theme in self.told.themes if theme.day == day]
        for theme in seen:
            await self._see_theme(theme)
        if seen:
            await themes.learn(self.company.id, cause="taught", now=self.cast.moment(day))
        for theme in self.told.themes:
            if theme.day <= day and theme.kept_clean:
                await self._take_out_strangers(theme, day)
        for aside in self.told.asides:
            if aside.day == day:
                response, form = (
                    await self._response(aside.answer),
                    SettingAsideForm(aside.reason, aside.rule),
                )
                by, now = self.cast.people[aside.by], self.cast.moment(day)
                await answering.set_aside(self.company.id, response, form, by=by, now=now)
        for action in self.told.actions:
            await self._act(action, day)
        for note in self.told.notes:
            if note.day == day:
                await self._publish(note)
            for correction in note.corrections:
                if correction.day == day:
                    await self._correct(note, correction)
        for hearback in self.told.hearbacks:
            if hearback.day == day:
                await self._say_back(hearback)
        if self.told.mandate and self.told.mandate.day == day:
            await self._sign(self.told.mandate)
        for reply in self.told.replies:
            if reply.day == day:
                await self._reply(reply)

    # -- themes ------------------------------------------------------------------------------
    async def _see_theme(self, told: ThemeTold) -> None:
        """Find the theme, or make it; name it, bring what lies elsewhere, and say why it weighs."""
        by, now, today = self.cast.people[told.by].id, self.cast.moment(told.day), self.cast.day(told.day)
        points = [point for text in told.points if (point := await self._point(text)) is not None]
        named = set(self.themes.values())
        found = Counter(point.heir for point in points if point.heir and point.heir not in named)
        if told.made_by_hand or not found:
            form = MoveForm(to=NEW, name=told.name)
            theme = await themes.move(self.company.id, points[0].id, form, by=by, now=now, today=today)
        else:
            theme = found.most_common(1)[0][0]
        if theme is None:
            raise NotFound
        self.themes[told.key] = theme
        naming = NameForm(name=told.name, definition=told.definition)
        await themes.name_theme(self.company.id, theme, naming, by=by, now=now)
        for point in points:  # also those that the program put there: what a person says is fixed
            form = MoveForm(to=str(theme))
            await themes.move(self.company.id, point.id, form, by=by, now=now, today=today)
        if told.weight:
            await themes.weigh(self.company.id, theme, WeightForm(reason=told.weight), by=by, now=now)
        if told.merged_into:
            into = self.themes[told.merged_into]
            await themes.merge(self.company.id, theme, into, by=by, now=now)

    async def _take_out_strangers(self, told: ThemeTold, day: Days) -> None:
        """What the program took for the same, and its person sees that it is not."""
        strangers = await fetch_column(
            """select e.id from placement p
               join theme t on t.company = p.company and t.id = p.theme
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where p.company = $1 and t.heir = $2 and p.by = 'machine' and r.external_id <> all($3)""",
            self.company.id,
            self.themes[told.key],
            [
                text.partition(": ")[0]
                for theme in self.told.themes
                if told.key in (theme.key, theme.merged_into)
                for text in theme.points
            ],
        )
        by, now, today = self.cast.people[told.by].id, self.cast.moment(day), self.cast.day(day)
        for excerpt in strangers:
            await themes.move(self.company.id, excerpt, MoveForm(to=NOWHERE), by=by, now=now, today=today)

    async def _point(self, text: str) -> Point | None:
        """The excerpt that holds most of the words in `id: words`; None while the answer is still to come."""
        answer, _, words = text.partition(": ")
        return await fetch_one(
            Point,
            """select e.id, t.heir
               from response r join answer a on a.company = r.company and a.response = r.id
               join excerpt e on e.company = a.company and e.answer = a.id
               left join placement p on p.company = e.company and p.excerpt = e.id
               left join theme t on t.company = p.company and t.id = p.theme
               cross join lateral (select strpos(a.words, $3) - 1 as at) as found
               where r.company = $1 and r.external_id = $2 and found.at >= 0
                 and e.starts < found.at + length($3) and e.ends > found.at
               order by least(e.ends, found.at + length($3)) - greatest(e.starts, found.at) desc limit 1""",
            self.company.id,
            answer,
            words,
        )

    async def _response(self, answer: str) -> UUID:
        found: UUID | None = await fetch_value(
            "select id from response where company = $1 and external_id = $2", self.company.id, answer
        )
        if found is None:
            raise NotFound
        return found

    # -- actions -----------------------------------------------------------------------------
    async def _act(self, told: ActionTold, day: Days) -> None:
        owner, now = self.cast.people[told.owner], self.cast.moment(day)
        if told.day == day:
            form = NewActionForm(
                title=told.title,
                why=told.why,
                owner=owner.id,
                due_on=self.cast.day(told.due),
                tracker_url=told.tracker_url,
                themes=[self.themes[key] for key in told.themes],
            )
            by = self.cast.people[told.by]
            self.actions[told.key] = await actions.make_action(self.company, form, by=by, now=now)
        for step in told.steps:
            if step.day == day:
                action = self.actions[told.key]
                await actions.set_state(self.company, action, step.state, step.reason, by=owner, now=now)

    # -- notes -------------------------------------------------------------------------------
    async def _publish(self, told: NoteTold) -> None:
        writer, publisher = self.cast.people[told.by], self.cast.people[told.published_by]
        eve, now = self.cast.moment(told.day - 1), self.cast.moment(told.day)
        linked = [self.themes[key] for key in told.themes]
        questions = [await self._question(slug) for slug in told.questions]
        note = await changenotes.start_note(
            self.company.id,
            told.kind,
            themes=linked,
            questions=questions,
            language=Language.DE,
            by=writer,
            now=eve,
        )
        links = {
            "themes": linked,
            "actions": [self.actions[key] for key in told.actions],
            "quotes": [await self._quote(answer, linked) for answer in told.quotes],
            "questions": questions,
        }
        signer = self.cast.people[told.signed_by].id
        head = {"version": 1, "kind": told.kind, "language": Language.DE, "signed_by": signer}
        said = await self._said(told, told.texts) | self._days(told)
        form = convert(head | links | said, NoteForm)
        await changenotes.save_note(self.company.id, note, form, by=writer, now=eve)
        heard = [voice.excerpt for voice in await voices_to_hear(self.company.id, linked)]
        on = day_in(self.company.timezone, now)
        await themes.voices_shown(self.company.id, heard, to=publisher.id, on=on)
        await changenotes.publish_note(self.company, note, by=publisher, now=now)
        self.notes[told.key] = note

    async def _correct(self, told: NoteTold, correction: CorrectionTold) -> None:
        note = self.notes[told.key]
        public = await draft(self.company.id, note)
        before = {name: text for name, text in public.said.texts.items() if text}
        said = before | public.said.days | await self._said(told, correction.texts)
        form = convert({"number": public.revision, "why": correction.why} | said, CorrectionForm)
        by, now = self.cast.people[correction.by], self.cast.moment(correction.day)
        await changenotes.correct_note(self.company, note, form, by=by, now=now)

    async def _said(self, told: NoteTold, texts: dict[str, str]) -> dict[str, object]:
        """The texts with their numbers and days: how many people stand behind it is counted, not told."""
        n = await voices(self.company.id, [self.themes[key] for key in told.themes])
        word = IN_WORDS[n] if n < len(IN_WORDS) else str(n)
        speak = words_for("de", self.company.address, self.company.timezone)
        values = {name: speak.date(day) for name, day in self._days(told).items()}
        values |= {"voices": str(n), "voices_in_words": word, "Voices_in_words": word.capitalize()}
        return {name: text.format(**values) for name, text in texts.items()}

    def _days(self, told: NoteTold) -> dict[str, date]:
        return {name: self.cast.day(days) for name, days in told.days.items()}

    async def _question(self, slug: str) -> UUID:
        found: UUID = await fetch_value(
            "select id from question where company = $1 and slug = $2", self.company.id, slug
        )
        return found

    async def _quote(self, answer: str, linked: Sequence[UUID]) -> UUID:
        """The first excerpt of the answer in one of these themes."""
        found: UUID | None = await fetch_value(
            """select e.id from response r
               join excerpt e on e.company = r.company and e.response = r.id
               join placement p on p.company = e.company and p.excerpt = e.id
               join theme t on t.company = p.company and t.id = p.theme
               where r.company = $1 and r.external_id = $2 and t.heir = any($3) order by e.starts limit 1""",
            self.company.id,
            answer,
            linked,
        )
        if found is None:
            raise NotFound
        return found

    # -- what comes back ---------------------------------------------------------------------
    async def _say_back(self, told: HearbackTold) -> None:
        response = await self._response(told.answer)
        form = HearbackForm(note=self.notes[told.note], verdict=told.verdict, words=told.words)
        await receipts.say_back(self.company.id, response, form, today=self.cast.day(told.day))

    # -- replies -----------------------------------------------------------------------------
    async def _sign(self, told: MandateTold) -> None:
        form = MandateForm(words=told.words, topics="\n".join(told.topics))
        by, now = self.cast.people[told.by], self.cast.moment(told.day)
        await replying.sign_mandate(self.company.id, form, by=by, now=now)

    async def _reply(self, told: ReplyTold) -> None:
        """Written with the voices on the page, sent under the mandate, and read by a leader afterwards."""
        by, now = self.cast.people[told.by], self.cast.moment(told.day)
        to = To(
            response=await self._response(told.answer) if told.answer else None,
            theme=self.themes[told.theme] if told.theme else None,
        )
        if to.theme:
            heard = [voice.excerpt for voice in await voices_to_hear(self.company.id, [to.theme])]
            await themes.voices_shown(self.company.id, heard, to=by.id, on=self.cast.day(told.day))
        form = ReplyForm(
            version=0,
            seen=0,
            do=Do.SEND,
            feeling=told.feeling,
            fact=told.fact,
            next_step=told.next_step,
            next_owner=self.cast.people[told.owner].id,
            next_by=self.cast.day(told.due),
            topic=told.topic,
        )
        reply = await replying.save_reply(self.company.id, to, form, by=by, now=now)
        await replying.send_under_mandate(self.company, reply, seen=0, twin_seen=None, by=by, now=now)
        if told.cosigned_by:
            leader = self.cast.people[told.cosigned_by]
            await replying.cosign(self.company.id, reply, by=leader, now=now)
