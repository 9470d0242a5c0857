"""Which sites may show a company's questions and notes inside their own pages."""

from datetime import datetime

from hearback.database.engine import execute, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.web.live import tell


async def let_embed(company: Company, hosts: list[str], *, by: Member, now: datetime) -> None:
    """From now on these, and no others."""
    if hosts == company.embed_hosts:
        return
    async with transaction():
        await execute("update company set embed_hosts = $2 where id = $1", company.id, hosts)
        await note_down(
            company.id,
            "company.embedding",
            by=by.id,
            now=now,
            subject=company.id,
            before={"hosts": company.embed_hosts},
            after={"hosts": hosts},
        )
        await tell(company.id, "public")
        await tell(company.id, "desk")
