"""Advice while a question is written: it comes by itself, explains, and refuses nothing."""

import pytest

from tests import made

LEADING = {
    "kind.0": "open",
    "words.0": "Wie toll war unser Fest?",
    "can_change": "Die Zeiten",
    "reply_by": "2027-01-01",
}


def plain(reply) -> str:
    return reply.text.replace("\xa0", " ")


async def test_leading_wording_is_explained_and_nothing_is_saved(desk):
    reply = await desk.post("/questions/advice", LEADING, headers={"HX-Request": "true"})

    assert reply.status_code == 200
    assert "Die Frage legt eine Antwort nahe" in plain(reply)
    assert 'href="#words.0"' in reply.text
    assert "<textarea" not in reply.text
    assert "Wie toll" not in (await desk.get("/questions")).text


async def test_the_question_itself_is_read_before_a_field_is_written(desk):
    typed = LEADING | {
        "title": "Findet ihr nicht auch, dass das Fest toll war?",
        "words.0": "",
        "language": "de",
    }

    reply = await desk.post("/questions/advice", typed, headers={"HX-Request": "true"})

    assert "Die Frage legt eine Antwort nahe" in plain(reply)
    assert 'href="#title"' in reply.text
    assert 'href="#words.0"' not in reply.text


async def test_without_a_script_the_form_brings_advice_along_when_it_is_shown_again(desk):
    page = plain(await desk.post("/questions", LEADING | {"do": "add"}))

    assert "Die Frage legt eine Antwort nahe" in page
    assert "Nichts kann sich ändern" not in page


async def test_an_empty_form_gets_no_advice(desk):
    assert "Bevor du fragst" not in plain(await desk.get("/questions/new"))
    assert (await desk.post("/questions/advice", {"kind.0": "open", "words.0": " "})).status_code == 200


async def test_choices_without_another_way_are_noticed(desk):
    typed = LEADING | {"words.0": "Womit kommst du?", "kind.0": "choice", "options.0": "Bus\nRad"}

    assert "Kein Weg für etwas anderes" in plain(await desk.post("/questions/advice", typed))
    assert "Kein Weg für etwas anderes" not in plain(
        await desk.post("/questions/advice", typed | {"other.0": "yes"})
    )


@pytest.mark.parametrize("role", ["moderator", "reader"])
async def test_who_may_not_ask_gets_no_advice(fan, company, role):
    somebody = await made.signed_in(fan, company, role)
    assert (await somebody.post("/questions/advice", LEADING)).status_code == 403


async def test_what_sounds_like_a_press_office_is_remarked_on_in_a_question_too(desk):
    typed = LEADING | {
        "language": "de",
        "why": "Wir nehmen Ihr Anliegen sehr ernst.",
        "help.0": "Ein Satz genügt.",
    }

    page = plain(await desk.post("/questions/advice", typed, headers={"HX-Request": "true"}))

    assert "<b>Floskel.</b>" in page
    assert '<a href="#why"><q>nehmen Ihr Anliegen sehr ernst</q></a>' in page
    assert 'href="#help.0"' not in page
    assert "Floskel" in plain(await desk.post("/questions", typed | {"do": "add"}))


async def test_what_a_question_says_in_its_other_languages_is_read_too(desk):
    typed = LEADING | {
        "language": "de",
        "why_in_en": "We take your feedback very seriously.",
        "why_in_de": "Wir nehmen Ihr Anliegen sehr ernst.",  # hidden there: it is asked in German first
        "help_in_en.0": "We apologise for any inconvenience.",
    }

    page = plain(await desk.post("/questions/advice", typed, headers={"HX-Request": "true"}))

    assert '<a href="#why_in_en"><q lang="en">' in page
    assert '<a href="#help_in_en.0"><q lang="en">' in page
    assert "why_in_de" not in page
    # Without a script the form brings it along; asked in English first, the German words are the others.
    assert '<a href="#why_in_en">' in plain(await desk.post("/questions", typed | {"do": "add"}))
    page = plain(await desk.post("/questions/advice", typed | {"language": "en"}))
    assert '<a href="#why_in_de"><q>' in page and "why_in_en" not in page
