"""A company's own words: who lists them, and where they are found."""

from time import process_time

import pytest

from hearback.clock import now
from hearback.database.columns import new_id
from hearback.database.engine import fetch_column
from hearback.plainspeech import commands, queries
from hearback.plainspeech.commands import OwnWordsForm
from hearback.plainspeech.own import MOST_OWN_WORDS, OwnWords, own_remarks
from hearback.plainspeech.reading import remarks_on
from hearback.refusals import NotFound, Refused, Stopped
from hearback.terminal import plainly
from tests import made

CUSTOMER = OwnWords(new_id(), "Kunde", "Fan")
PARTNERS = OwnWords(new_id(), "unsere geschätzten Partner", "die Händler beim Namen")


def found(text: str, *own: OwnWords) -> list[str]:
    return [text[one.start : one.end] for one in own_remarks(text, own)]


def test_whole_words_are_found_whatever_their_case_and_accents():
    assert found("Der KUNDE fragt. Ein kunde wartet.", CUSTOMER) == ["KUNDE", "kunde"]
    assert found("Das freut UNSERE\u00a0geschaetzten Partner sehr.", PARTNERS) == [
        "UNSERE\u00a0geschaetzten Partner"
    ]


@pytest.mark.parametrize(
    "text", ["Kundendienst", "Erkunde das.", "unsere Partner", "Er sagte „Kunde“ zu mir."]
)
def test_parts_of_words_and_of_phrases_and_what_others_said_are_left_alone(text):
    assert found(text, CUSTOMER, PARTNERS) == []


def test_the_longest_phrase_speaks_and_brings_its_better_way():
    (remark,) = own_remarks("Für unsere geschätzten Partner.", [OwnWords(new_id(), "Partner", "x"), PARTNERS])

    assert remark.better == PARTNERS.better
    assert own_remarks("Nichts davon.", []) == []


def test_two_hundred_hostile_phrases_take_time_with_the_text_and_no_more():
    own = [OwnWords(new_id(), "a " * 7 + f"b{n}", "x") for n in range(MOST_OWN_WORDS)]

    before = process_time()
    assert own_remarks("a " * 5_000, own) == []
    assert process_time() - before < 1


async def test_it_is_remarked_on_in_what_that_company_writes_and_in_nobody_elses(pool):
    company, other = await made.a_company(), await made.a_company(slug="waage")
    member = await made.a_member(company, "admin")
    form = OwnWordsForm(words="Kunde", better="Fan")
    word_id = await commands.add_own_words(company.id, form, by=member, now=made.NOW)

    text = {"fact": "Der Kunde Tarek hat am 3. Mai angerufen."}
    (remark,) = (await remarks_on(company.id, text, "de"))["fact"]

    assert (remark.category, remark.better) == ("own_words", "Fan")
    assert await remarks_on(other.id, text, "de") == {}
    with pytest.raises(Refused, match=r"own\.twice"):
        await commands.add_own_words(
            company.id, OwnWordsForm(words="KUNDE!", better="x"), by=member, now=made.NOW
        )
    with pytest.raises(NotFound):
        await commands.remove_own_words(other.id, word_id, by=member, now=made.NOW)
    await commands.remove_own_words(company.id, word_id, by=member, now=made.NOW)
    assert await remarks_on(company.id, text, "de") == {}
    assert await fetch_column("select did from audit where subject = $1 order by id", word_id) == [
        "plain.own-added",
        "plain.own-removed",
    ]


async def test_an_admin_adds_a_word_and_takes_it_off_on_its_page(desk):
    refused = await desk.post("/settings/words", {"words": "…!", "better": "Fan"})
    await desk.post("/settings/words", {"words": "Kunde <b>", "better": "Fan"})
    page = (await desk.get("/settings/words")).text
    (word,) = await queries.own_words(desk.company.id)
    await desk.post(f"/settings/words/{word.id}/removal")

    assert refused.status_code == 422 and "Darin steht kein Wort." in refused.text
    assert "<strong>Kunde &lt;b&gt;</strong>" in page
    assert "Noch steht kein Wort auf der Liste." in (await desk.get("/settings/words")).text


async def test_the_command_knows_a_companys_own_words(company):
    await made.a_company(slug="waage")
    member = await made.a_member(company)
    form = OwnWordsForm(words="Premiumerlebnis", better="Was es ist")
    await commands.add_own_words(company.id, form, by=member, now=now())
    text = "Am 3. Mai haben wir das Premiumerlebnis gestrichen."

    (word,) = own_remarks(text, await plainly.own_words_of(company.slug))
    with pytest.raises(Stopped):
        await plainly.own_words_of("niemand")

    assert plainly.better(word, "de") == "Was es ist"
    assert await plainly.own_words_of("waage") == []
