"""A company lists words of its own, and takes them off again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.plainspeech.own import LONGEST_PHRASE, MOST_OWN_WORDS, read_as
from hearback.refusals import NotFound, Refused
from hearback.web.live import tell


class OwnWordsForm(Struct, frozen=True):
    words: Annotated[str, Meta(min_length=2, max_length=80)]
    better: Annotated[str, Meta(min_length=2, max_length=200)]


async def add_own_words(company_id: UUID, form: OwnWordsForm, *, by: Member, now: datetime) -> UUID:
    """Raises Refused for what is no word, is listed already, or would be one too many."""
    read = read_as(form.words)
    if not read:
        raise Refused("own.no-word", field="words")
    if len(read.split()) > LONGEST_PHRASE:
        raise Refused("own.too-long", field="words", most=LONGEST_PHRASE)
    async with transaction():
        await lock(company_id, "own-words")
        there: int = await fetch_value("select count(*) from own_word where company = $1", company_id)
        if there >= MOST_OWN_WORDS:
            raise Refused("own.too-many", field="words", most=MOST_OWN_WORDS)
        word_id = new_id()
        if not await execute(
            """insert into own_word (id, company, words, read, better, by, at) values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (company, read) do nothing""",
            word_id,
            company_id,
            form.words,
            read,
            form.better,
            by.id,
            now,
        ):
            raise Refused("own.twice", field="words")
        after = {"words": form.words, "better": form.better}
        await note_down(company_id, "plain.own-added", by=by.id, now=now, subject=word_id, after=after)
        await tell(company_id, "desk")
    return word_id


async def remove_own_words(company_id: UUID, word_id: UUID, *, by: Member, now: datetime) -> None:
    """Raises NotFound."""
    async with transaction():
        words = await fetch_value(
            "delete from own_word where company = $1 and id = $2 returning words", company_id, word_id
        )
        if words is None:
            raise NotFound
        await note_down(
            company_id, "plain.own-removed", by=by.id, now=now, subject=word_id, before={"words": words}
        )
        await tell(company_id, "desk")
