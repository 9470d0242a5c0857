"""What the people of a company do once answers are there: name, decide, publish, and hear back. Day by day."""

from hearback.actions import commands as actions
from hearback.actions.forms import NewActionForm
from hearback.answering import commands as answering
from hearback.answering.forms import SettingAsideForm
from hearback.demo.noting import correct, publish
from hearback.demo.stage import Stage
from hearback.demo.story import ActionTold, CoverTold, Days, HearbackTold, MandateTold, ReplyTold
from hearback.demo.theming import see_theme, take_out_strangers
from hearback.moderation import commands as moderation
from hearback.moderation.forms import CoverForm
from hearback.receipts import commands as receipts
from hearback.receipts.forms import HearbackForm
from hearback.replying import commands as replying
from hearback.replying.forms import Do, MandateForm, ReplyForm
from hearback.replying.rules import To
from hearback.themes import commands as themes
from hearback.themes.queries import voices_to_hear


class Going(Stage):
    """Everything that the people do, on its day."""

    @property
    def days(self) -> list[Days]:
        """Every day on which somebody does something, and today."""
        told = self.told
        steps = [step.day for action in told.actions for step in action.steps]
        corrections = [correction.day for note in told.notes for correction in note.corrections]
        themes, notes = [theme.day for theme in told.themes], [note.day for note in told.notes]
        asides, acts = [aside.day for aside in told.asides], [action.day for action in told.actions]
        covers = [day for cover in told.covers for day in (cover.day, cover.asked) if day is not None]
        hearbacks = [hearback.day for hearback in told.hearbacks]
        replies = [reply.day for reply in told.replies] + ([told.mandate.day] if told.mandate else [])
        return sorted(
            {0, *themes, *asides, *covers, *acts, *steps, *notes, *corrections, *hearbacks, *replies}
        )

    async def go_on(self, day: Days) -> None:
        """All that happens on one day, in the order in which one thing leads to the next."""
        seen = [theme for theme in self.told.themes if theme.day == day]
        for theme in seen:
            await see_theme(self, theme)
        if seen:
            await themes.learn(self.company.id, cause="taught", now=self.cast.moment(day))
        for theme in self.told.themes:
            if theme.day <= day and theme.kept_clean:
                await take_out_strangers(self, theme, day)
        for aside in self.told.asides:
            if aside.day == day:
                response, form = (
                    await self.response(aside.answer),
                    SettingAsideForm(aside.reason, aside.rule),
                )
                by, now = self.cast.people[aside.by], self.cast.moment(day)
                await answering.set_aside(self.company.id, response, form, by=by, now=now)
        for cover in self.told.covers:
            await self._cover(cover, day)
        for action in self.told.actions:
            await self._act(action, day)
        for note in self.told.notes:
            if note.day == day:
                await publish(self, note)
            for correction in note.corrections:
                if correction.day == day:
                    await correct(self, note, correction)
        for hearback in self.told.hearbacks:
            if hearback.day == day:
                await self._say_back(hearback)
        if self.told.mandate and self.told.mandate.day == day:
            await self._sign(self.told.mandate)
        for reply in self.told.replies:
            if reply.day == day:
                await self._reply(reply)

    async def _cover(self, told: CoverTold, day: Days) -> None:
        if day not in (told.day, told.asked):
            return
        response = await self.response(told.answer)
        if told.day == day:
            form = CoverForm(told.reason, told.rule, told.heard_as, [told.part])
            by, now = self.cast.people[told.by], self.cast.moment(day)
            await moderation.cover(self.company, response, form, by=by, now=now)
        if told.asked == day:
            today = self.cast.day(day)
            await moderation.ask_for_another_look(self.company.id, response, told.asked_words, today=today)

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

    async def _say_back(self, told: HearbackTold) -> None:
        response = await self.response(told.answer)
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
            response=await self.response(told.answer) if told.answer else None,
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
