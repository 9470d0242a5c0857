"""What a company says about itself."""

from datetime import datetime

from hearback.database.engine import execute, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.forms import SettingsForm
from hearback.people.queries import Company, Member
from hearback.web.live import tell

LONG = ("imprint", "privacy", "accessibility")


async def change_settings(company: Company, form: SettingsForm, *, by: Member, now: datetime) -> None:
    """Public pages show it at once. The audit row holds the short values, and of the long texts that they changed."""
    async with transaction():
        texts = await queries.company_texts(company.id)
        before = {name: getattr(company, name) for name in form.short()}
        before |= {name: getattr(texts, name) for name in LONG}
        after = form.short() | {name: getattr(form, name) for name in LONG}
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return
        await execute(
            """update company set name = $2, colour = $3, address = $4, languages = $5, timezone = $6,
                                  fewest_voices = $7, imprint = $8, privacy = $9, accessibility = $10
               where id = $1""",
            company.id,
            form.name,
            form.colour.lower(),
            form.address,
            form.languages.in_order,
            form.timezone,
            form.fewest_voices,
            form.imprint,
            form.privacy,
            form.accessibility,
        )
        await note_down(
            company.id,
            "company.settings",
            by=by.id,
            now=now,
            subject=company.id,
            before={name: None if name in LONG else before[name] for name in changed},
            after={name: None if name in LONG else after[name] for name in changed},
        )
        await tell(company.id, "public")
        await tell(company.id, "desk")
