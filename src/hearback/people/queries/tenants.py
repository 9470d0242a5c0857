"""Companies, as their pages need them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.people.rules import SLUG
from hearback.refusals import NoCompany, NotFound
from hearback.web.static_files import static_digest


class Company(Struct, frozen=True):
    """A company as every page needs it. embed_hosts: the sites that may frame its questions and notes."""

    id: UUID
    slug: str
    name: str
    colour: str
    address: str
    languages: list[str]
    timezone: str
    fewest_voices: int
    embed_hosts: list[str]

    @property
    def look_url(self) -> str:
        """Of the one stylesheet of its pages: it changes with the colour, and with our own style."""
        return f"/{self.slug}/look-{self.colour[1:]}-{static_digest()}.css"


async def company_by_slug(slug: str) -> Company:
    """Raises NoCompany, also for what can be no slug: an address may hold anything, even what no text can."""
    if not SLUG.fullmatch(slug):
        raise NoCompany
    company = await fetch_one(
        Company,
        """select id, slug, name, colour, address, languages, timezone, fewest_voices, embed_hosts
           from company where slug = $1""",
        slug,
    )
    if company is None:
        raise NoCompany
    return company


async def companies() -> list[Company]:
    """All of this installation, by name."""
    return await fetch(
        Company,
        """select id, slug, name, colour, address, languages, timezone, fewest_voices, embed_hosts
           from company order by name, slug""",
    )


class CompanyTexts(Struct, frozen=True):
    """Markdown."""

    imprint: str
    privacy: str
    accessibility: str


async def company_texts(company_id: UUID) -> CompanyTexts:
    found = await fetch_one(
        CompanyTexts, "select imprint, privacy, accessibility from company where id = $1", company_id
    )
    if found is None:
        raise NotFound
    return found


async def portrait(company_slug: str, digest: str) -> bytes:
    """WEBP. Raises NotFound."""
    if not SLUG.fullmatch(company_slug):
        raise NotFound
    found: bytes | None = await fetch_value(
        """select p.picture from portrait p join company c on c.id = p.company
           where c.slug = $1 and p.digest = $2 limit 1""",
        company_slug,
        digest,
    )
    if found is None:
        raise NotFound
    return found
