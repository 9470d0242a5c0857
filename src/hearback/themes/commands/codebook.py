"""What people make of their company's codebook: entries changed, added, switched off, and taken as they came again."""

from datetime import datetime
from enum import Enum, auto
from uuid import UUID, uuid4, uuid5

from msgspec import structs

from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Faulty, NotFound, Refused
from hearback.themes.commands.turns import learn_later
from hearback.themes.forms import EntryForm
from hearback.themes.own_codebook import Standing, standing, why_not
from hearback.themes.queries import codebook as queries
from hearback.themes.reading.codebook import Entry
from hearback.web.live import tell

LOCK = "codebook"
SAID = ("de", "definition_de", "examples_de", "en", "definition_en", "examples_en", "weight")


class EntryDeed(Enum):
    ADDED = auto()
    CHANGED = auto()
    OFF = auto()
    ON = auto()
    AS_SHIPPED = auto()


NOTED_DOWN = {
    EntryDeed.ADDED: "codebook.added",
    EntryDeed.CHANGED: "codebook.changed",
    EntryDeed.OFF: "codebook.off",
    EntryDeed.ON: "codebook.on",
    EntryDeed.AS_SHIPPED: "codebook.shipped",
}


class ChangedMeanwhile(Refused):
    """Somebody else changed the entry since the form was opened; `theirs` is how it stands now."""

    def __init__(self, theirs: Standing) -> None:
        if theirs.change:
            super().__init__("codebook.changed-meanwhile", who=theirs.change.who)
        else:
            super().__init__("codebook.came-back-meanwhile")
        self.theirs = theirs


def subject_of(company_id: UUID, slug: str) -> UUID:
    """By which the audit knows an entry, whether it differs from what came or not."""
    return uuid5(company_id, slug)


async def write_entry(company_id: UUID, slug: str, form: EntryForm, *, by: UUID, now: datetime) -> None:
    """Raises NotFound; Faulty with all that does not fit; ChangedMeanwhile."""
    async with transaction():
        all_of_them, one = await _locked(company_id, slug)
        entry = _entry(form, one.entry)
        if entry == one.entry:
            return
        if form.seen != one.version:
            raise ChangedMeanwhile(one)
        _must_fit(entry, all_of_them)
        await _keep(company_id, one, entry, one.used, EntryDeed.CHANGED, by=by, now=now)


async def add_entry(company_id: UUID, form: EntryForm, *, by: UUID, now: datetime) -> str:
    """Gives what it is known by in addresses. Raises Faulty with all that does not fit."""
    slug = f"own-{uuid4().hex[:12]}"
    entry = _entry(form, Entry(slug, "", "", "", "", (), ()))
    async with transaction():
        await lock(company_id, LOCK)
        _must_fit(entry, standing(await queries.changes(company_id)))
        nothing = Standing(structs.replace(entry, de="", en=""), None)
        await _keep(company_id, nothing, entry, True, EntryDeed.ADDED, by=by, now=now)
    return slug


async def switch(company_id: UUID, slug: str, *, on: bool, by: UUID, now: datetime) -> None:
    """Doing it twice changes nothing. Raises NotFound; Refused for the last that is in use, or where its name is
    another's by now."""
    async with transaction():
        all_of_them, one = await _locked(company_id, slug)
        if one.used == on:
            return
        if on:
            _must_fit(one.entry, all_of_them)
        elif sum(other.used for other in all_of_them) == 1:
            raise Refused("codebook.last-one")
        await _keep(company_id, one, one.entry, on, EntryDeed.ON if on else EntryDeed.OFF, by=by, now=now)


async def take_shipped(company_id: UUID, slug: str, seen: str, *, by: UUID, now: datetime) -> None:
    """As it came with Hearback, in use. Raises NotFound, for one of the company's own too; Refused where its name is
    another's by now; ChangedMeanwhile."""
    async with transaction():
        all_of_them, one = await _locked(company_id, slug)
        if one.shipped is None:
            raise NotFound
        if one.change is None:
            return
        if seen != one.version:
            raise ChangedMeanwhile(one)
        _must_fit(one.shipped, all_of_them)
        await _keep(company_id, one, one.shipped, True, EntryDeed.AS_SHIPPED, by=by, now=now)


async def _locked(company_id: UUID, slug: str) -> tuple[list[Standing], Standing]:
    await lock(company_id, LOCK)
    all_of_them = standing(await queries.changes(company_id))
    one = next((one for one in all_of_them if one.entry.slug == slug), None)
    if one is None:
        raise NotFound
    return all_of_them, one


def _entry(form: EntryForm, before: Entry) -> Entry:
    return structs.replace(
        before,
        de=form.de,
        en=form.en,
        definition_de=form.definition_de,
        definition_en=form.definition_en,
        examples_de=_lines(form.examples_de),
        examples_en=_lines(form.examples_en),
        weight=form.weight is not None,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _must_fit(entry: Entry, all_of_them: list[Standing]) -> None:
    others = [one.entry for one in all_of_them if one.used and one.entry.slug != entry.slug]
    if reasons := why_not(entry, others):
        raise Faulty(reasons)


async def _keep(
    company_id: UUID, before: Standing, entry: Entry, used: bool, deed: EntryDeed, *, by: UUID, now: datetime
) -> None:
    """Only what differs from what came is kept."""
    if used and entry == before.shipped:
        await execute("delete from codebook_entry where company = $1 and slug = $2", company_id, entry.slug)
    else:
        await _write(company_id, entry, used, by=by, now=now)
    changed = [name for name in SAID if getattr(entry, name) != getattr(before.entry, name)]
    was = {name: getattr(before.entry, name) for name in changed}
    is_now = {"entry": entry.name("de")} | {name: getattr(entry, name) for name in changed}
    subject = subject_of(company_id, entry.slug)
    await note_down(
        company_id, NOTED_DOWN[deed], by=by, now=now, subject=subject, before=was or None, after=is_now
    )
    await learn_later(company_id, by)
    await tell(company_id, "desk")


async def _write(company_id: UUID, entry: Entry, used: bool, *, by: UUID, now: datetime) -> None:
    await execute(
        """insert into codebook_entry (id, company, slug, used, weight, de, en, definition_de, definition_en,
                                       examples_de, examples_en, version, member, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (company, slug) do update
           set used = excluded.used, weight = excluded.weight, de = excluded.de, en = excluded.en,
               definition_de = excluded.definition_de, definition_en = excluded.definition_en,
               examples_de = excluded.examples_de, examples_en = excluded.examples_en,
               version = excluded.version, member = excluded.member, at = excluded.at""",
        subject_of(company_id, entry.slug),
        company_id,
        entry.slug,
        used,
        entry.weight,
        entry.de,
        entry.en,
        entry.definition_de,
        entry.definition_en,
        list(entry.examples_de),
        list(entry.examples_en),
        uuid4(),
        by,
        now,
    )
