"""What the command line and the demo begin with."""

import pytest

from hearback.database.engine import fetch_column
from hearback.people import commands, queries
from hearback.people.rules import RESERVED, Role, why_not_slug
from hearback.refusals import Refused
from tests.made import NOW
from tests.people.pictures import a_jpeg

SECRET = "ein langer Satz mit Kranich"


async def test_a_company_begins_with_drafts_that_know_its_name(pool):
    company = await commands.create_company("kranich", "Kranich Spiele", address="sie", now=NOW)

    texts = await queries.company_texts(company.id)
    assert (company.slug, company.languages, company.fewest_voices) == ("kranich", ["de", "en"], 5)
    assert "Kranich Spiele" in texts.imprint
    assert "[Straße und Hausnummer]" in texts.imprint
    assert "Ihre Quittung" in texts.privacy


@pytest.mark.parametrize("slug", ["in", "desk", "invitation", "reset", "static", "health", "api", "metrics"])
async def test_our_own_addresses_are_no_companys(pool, slug):
    with pytest.raises(Refused, match=r"company\.slug-reserved"):
        await commands.create_company(slug, "Kranich Spiele", now=NOW)


@pytest.mark.parametrize("slug", ["", "Kranich", "kränich", "-kranich", "kranich-", "a/b", "a" * 41, "a\n"])
def test_a_slug_has_plain_signs_only(slug):
    assert why_not_slug(slug) == "company.slug-signs"


def test_every_reserved_word_could_be_a_slug_otherwise():
    assert all(why_not_slug(word) == "company.slug-reserved" for word in RESERVED)


async def test_a_slug_belongs_to_one_company(pool):
    await commands.create_company("kranich", "Kranich Spiele", now=NOW)

    with pytest.raises(Refused, match=r"company\.slug-taken"):
        await commands.create_company("kranich", "Kranich Reisen", now=NOW)

    assert await fetch_column("select name from company") == ["Kranich Spiele"]


async def test_a_member_can_sign_in_at_once_and_has_a_face(pool):
    company = await commands.create_company("kranich", "Kranich Spiele", now=NOW)

    member = await commands.create_member(
        company.id,
        email=" Jule@Kranich.example ",
        password=SECRET,
        name="Jule Brandt",
        role_title="Redaktion",
        role=Role.COMMS,
        picture=a_jpeg(),
        now=NOW,
    )

    assert (member.name, member.role, member.role_title) == ("Jule Brandt", "comms", "Redaktion")
    assert await queries.portrait("kranich", member.face_digest)
    assert await commands.sign_in("jule@kranich.example", SECRET, network="n", old_token="", now=NOW)


async def test_a_poor_password_or_a_broken_picture_leaves_nothing_behind(pool):
    company = await commands.create_company("kranich", "Kranich Spiele", now=NOW)

    for more in ({"password": "kurz"}, {"picture": b"no picture"}, {"email": "jule"}):
        with pytest.raises(Refused):
            await commands.create_member(
                company.id,
                **{"email": "jule@kranich.example", "password": SECRET, "name": "Jule", "now": NOW} | more,
            )

    assert await fetch_column("select email from account") == []


async def test_an_account_keeps_its_own_password_in_the_next_company(pool):
    for slug, password in (("kranich", SECRET), ("reiher", "ein ganz anderer Satz")):
        company = await commands.create_company(slug, slug.title(), now=NOW)
        await commands.create_member(
            company.id, email="jule@example.com", password=password, name="Jule", now=NOW
        )

    assert await commands.sign_in("jule@example.com", SECRET, network="n", old_token="", now=NOW)


async def test_nobody_becomes_a_member_twice(pool):
    company = await commands.create_company("kranich", "Kranich Spiele", now=NOW)
    once = {"email": "jule@example.com", "password": SECRET, "name": "Jule", "now": NOW}
    await commands.create_member(company.id, **once)

    with pytest.raises(Refused, match=r"people\.already-member"):
        await commands.create_member(company.id, **once)
