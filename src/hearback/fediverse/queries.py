"""A company's account as its pages, its deliveries and its desk need it."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.trust.sealing import unseal


class Account(Struct, frozen=True):
    """question: where what is said to it is brought to, if anywhere."""

    company: UUID
    slug: str
    name: str
    active: bool
    public_key: str
    private_key: bytes
    question: UUID | None

    @property
    def address(self) -> str:
        """Its id, from which all its other addresses begin."""
        return f"{settings().base_url}/{self.slug}/actor"

    @property
    def key_id(self) -> str:
        return f"{self.address}#main-key"

    @property
    def followers(self) -> str:
        return f"{self.address}/followers"

    @property
    def house(self) -> str:
        return f"{settings().base_url}/{self.slug}"

    def note_address(self, note_id: UUID) -> str:
        return f"{self.address}/notes/{note_id}"

    def private_pem(self) -> str:
        """Raises OtherKey."""
        return unseal(settings().secret_key, "fediverse", self.private_key)


class Choice(Struct, frozen=True):
    """A question to which it may be brought: it was opened once, and has something to write into."""

    id: UUID
    title: str
    language: str


async def account(company_id: UUID) -> Account | None:
    """Also one that is switched off."""
    return await fetch_one(
        Account,
        """select a.company, c.slug, c.name, a.active, a.public_key, a.private_key, a.question
           from fedi_account a join company c on c.id = a.company where a.company = $1""",
        company_id,
    )


async def open_account(company_id: UUID) -> Account:
    """Raises NotFound where there is none, or it is switched off."""
    found = await account(company_id)
    if found is None or not found.active:
        raise NotFound
    return found


async def inboxes(company_id: UUID) -> list[str]:
    """Each once: a server takes a note for all of its people together."""
    return await fetch_column(
        "select distinct inbox from fedi_follower where company = $1 order by inbox", company_id
    )


async def questions(company_id: UUID) -> list[Choice]:
    return await fetch(
        Choice,
        """select q.id, q.title, q.language from question q
           where q.company = $1 and q.state <> 'draft' and exists (
               select from prompt p where p.company = q.company and p.question = q.id and p.kind = 'open')
           order by q.opens_at desc, q.id""",
        company_id,
    )


async def our_note(company_id: UUID, address: str, of: Account) -> UUID | None:
    """The public note of ours that has this address, as the fediverse or as browsers know it."""
    note = address.removeprefix(f"{of.address}/notes/")
    slug = address.removeprefix(f"{of.house}/log/")
    found: UUID | None = await fetch_value(
        """select id from note where company = $1 and state <> 'draft' and (id::text = $2 or slug = $3) limit 1""",
        company_id,
        note if note != address else "",
        slug if slug != address else "",
    )
    return found


async def was_taken_back(company_id: UUID, object_keys: list[bytes], actor_key: bytes) -> bool:
    found: bool = await fetch_value(
        """select exists (select from fedi_taken_back
                          where company = $1 and object_key = any($2) and actor_key = $3)""",
        company_id,
        object_keys,
        actor_key,
    )
    return found
