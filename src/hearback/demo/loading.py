"""Load the demo: the people found their companies, ask, and get answers; nothing that real ones could not do.

The answers come in through the import and are read and sorted by the same jobs as everybody's.
"""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import resvg_py

from hearback.actions import jobs as actions_jobs  # noqa: F401  (registers what a moved day moves)
from hearback.answering import commands as answering
from hearback.asking import commands as asking
from hearback.asking.forms import PromptForm, QuestionForm
from hearback.database.engine import fetch_column, fetch_value, transaction
from hearback.demo import story
from hearback.demo.cast import Cast
from hearback.demo.going_on import Going
from hearback.demo.reporting import report
from hearback.demo.story import AnswerTold, CompanyTold, Days, Person, PromptTold, QuestionTold
from hearback.jobs import do_all_now
from hearback.listening.commands import import_sheet
from hearback.listening.reading import read_sheet
from hearback.listening.rules import Format
from hearback.notifying import jobs as notifying_jobs  # noqa: F401  (registers how people are told)
from hearback.people.commands.founding import create_company, create_member
from hearback.people.commands.settings import change_settings
from hearback.people.forms import SettingsForm
from hearback.people.queries import Company, Member
from hearback.promises.counting import count_spoken
from hearback.refusals import Refused
from hearback.themes import commands as themes
from hearback.themes import jobs as themes_jobs  # noqa: F401  (registers how answers are read and sorted)
from hearback.webhooks import jobs as webhooks_jobs  # noqa: F401  (registers how machines are told)


class SignIn(NamedTuple):
    address: str
    what: str


async def load_demo(password: str, *, now: datetime) -> list[SignIn]:
    """All of it or nothing. Everybody's password is `password`. Raises Refused when there is a company already."""
    sign_ins: list[SignIn] = []
    async with transaction():
        if await fetch_value("select exists (select from company)"):
            raise Refused("demo.not-empty")
        casts: list[tuple[Cast, CompanyTold]] = []
        for slug in story.COMPANIES:
            told = story.company(slug)
            cast = await _found(told, password, now=now)
            casts.append((cast, told))
            for question in told.questions:
                await _ask(cast, question)
            going = Going(cast, told)
            for day in going.days:
                await _hear(cast, told, day)
                await going.go_on(day)
            sign_ins += [
                SignIn(person.address(slug), f"{told.name}, {person.role}: {person.role_title}")
                for person in told.people
            ]
        await do_all_now()
        for cast, told in casts:
            leader = next(cast.people[person.key] for person in told.people if person.leads)
            await report(cast, min(question.opens for question in told.questions), by=leader)
            await count_spoken(cast.company.id)
    return sign_ins


async def _found(told: CompanyTold, password: str, *, now: datetime) -> Cast:
    first = min(question.opens for question in told.questions) - 30
    company = await create_company(
        told.slug, told.name, address=told.address, colour=told.colour, now=now + timedelta(days=first)
    )
    people: dict[str, Member] = {}
    for person in told.people:
        people[person.key] = await create_member(
            company.id,
            email=person.address(told.slug),
            password=password,
            name=person.name,
            role_title=person.role_title,
            role=person.role,
            leads=person.leads,
            picture=await asyncio.to_thread(_drawn, person),
            now=now + timedelta(days=first),
        )
    cast = Cast(company, people, now)
    leader = next(people[person.key] for person in told.people if person.leads)
    await change_settings(company, _settings(company, told), by=leader, now=cast.moment(first))
    return cast


def _drawn(person: Person) -> bytes:
    """The SVG as PNG, as a phone would have taken it."""
    return bytes(resvg_py.svg_to_bytes(svg_string=person.drawing, width=512, height=512))


def _settings(company: Company, told: CompanyTold) -> SettingsForm:
    return msgspec.convert(
        {
            "name": told.name,
            "colour": told.colour,
            "address": told.address,
            "languages": "de,en",
            "timezone": company.timezone,
            "fewest_voices": told.fewest_voices,
            "imprint": told.imprint.strip(),
            "privacy": told.privacy.strip(),
            "accessibility": told.accessibility.strip(),
        },
        SettingsForm,
    )


async def _ask(cast: Cast, told: QuestionTold) -> None:
    asker = cast.people[told.asked_by]
    form = QuestionForm(
        title=told.title,
        why=told.why,
        can_change=told.can_change,
        cannot_change=told.cannot_change,
        what_happens=told.what_happens,
        asked_by=asker.id,
        opens_on=cast.day(told.opens),
        closes_on=cast.day(told.closes),
        reply_by=cast.day(told.reply_by),
        slug=told.slug,
        translations={"en": dict(told.en)},
    )
    prompts = [_prompt(prompt) for prompt in told.prompts]
    eve, opening = cast.moment(told.opens - 1), cast.moment(told.opens)
    question_id = await asking.save_question(cast.company, None, form, prompts, by=asker, now=eve)
    await asking.open_question(cast.company, question_id, by=asker, now=opening)


def _prompt(told: PromptTold) -> PromptForm:
    return PromptForm(
        kind=told.kind,
        words=told.words,
        help=told.help,
        required="yes" if told.required else "",
        options="\n".join(told.options),
        low=told.low,
        high=told.high,
        low_label=told.low_label,
        high_label=told.high_label,
        other="yes" if told.other else "",
        why="yes" if told.why else "",
        only_if=tuple(told.only_if),
        translations={"en": dict(told.en)},
    )


async def _hear(cast: Cast, told: CompanyTold, until: Days) -> None:
    """What has come by that day, as a file brings it: the whole file each time, and the import knows the old rows."""
    now = cast.moment(until)
    for question in told.questions:
        given = [
            _line(cast, question, answer)
            for answer in story.answers()
            if (answer.company, answer.question) == (told.slug, question.slug)
            and question.opens + answer.after < until
        ]
        if not given:
            continue
        asker = cast.people[question.asked_by]
        sheet = read_sheet(b"\n".join(msgspec.json.encode(line) for line in given), Format.JSONL)
        await import_sheet(
            cast.company.id, question.slug, sheet, named={}, file_name="answers.jsonl", by=asker.id, now=now
        )
        unread = await fetch_column(
            """select r.id from response r join question q on q.company = r.company and q.id = r.question
               where r.company = $1 and q.slug = $2 and r.read_on is null and r.day < $3""",
            cast.company.id,
            question.slug,
            cast.day(until - 2),
        )
        await answering.mark_read(cast.company.id, unread, by=asker, today=cast.day(until))
    await themes.sort(cast.company.id, now=now)


def _line(cast: Cast, question: QuestionTold, answer: AnswerTold) -> dict[str, str]:
    return {
        "id": answer.id,
        "text": answer.text,
        "day": str(cast.day(question.opens + answer.after)),
        "language": answer.language,
        "quoting": answer.quoting,
        "first_name": answer.first_name,
        "place": answer.place,
    }
