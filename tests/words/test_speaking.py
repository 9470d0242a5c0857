"""Sentences as people write them."""

import datetime as dt

import pytest
from markupsafe import Markup

from hearback.words.speaking import words_for

DE, SIE, EN = words_for("de"), words_for("de", "sie"), words_for("en", "sie")
THIS_YEAR = dt.date.today().year


def test_numbers_choose_the_plural():
    assert DE.say("form.check-these", n=1) == "Eine Stelle passt noch nicht."
    assert DE.say("form.check-these", n=3) == "3 Stellen passen noch nicht."


def test_sie_is_a_catalogue_of_its_own_and_english_knows_no_sie():
    assert DE.say("form.missing") != SIE.say("form.missing")
    assert EN.say("form.missing") == words_for("en").say("form.missing")


def test_big_numbers_are_grouped_as_the_language_groups_them():
    assert DE.say("form.too-long", have=12345, most=4000).startswith("Das sind 12.345 Zeichen")
    assert "12,345" in EN.say("form.too-long", have=12345, most=4000)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(THIS_YEAR, 11, 9), "9.\N{NO-BREAK SPACE}November"),
        (dt.date(2019, 11, 9), "9.\N{NO-BREAK SPACE}November 2019"),
    ],
)
def test_a_day_never_breaks_and_names_the_year_only_where_it_is_another(day, shown):
    assert DE.day(day) == shown


def test_this_year_is_the_companys(monkeypatch):
    new_year = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("hearback.words.speaking.now", lambda: new_year)

    assert words_for("de", "du", "Europe/Berlin").day(dt.date(2027, 1, 2)) == "2.\N{NO-BREAK SPACE}Januar"
    assert words_for("de", "du", "Atlantic/Azores").day(dt.date(2027, 1, 2)).endswith("Januar 2027")


def test_a_moment_is_told_in_the_companys_time_zone():
    noon = dt.datetime(2019, 7, 1, 22, 30, tzinfo=dt.UTC)
    assert (
        words_for("de", "du", "Europe/Berlin")
        .moment(noon)
        .endswith("2. Juli 2019, 00:30".replace(". ", ".\N{NO-BREAK SPACE}", 1))
    )


def test_quotes_within_quotes_are_single_ones():
    titled = {"title": "Wo bleibt „Moorlichter“ hängen?"}

    assert words_for("de").say("question.reply-promise", **titled) == (
        "Antwort zu „Wo bleibt ‚Moorlichter‘ hängen?“"
    )
    assert (
        words_for("en")
        .say("question.reply-promise", title="Where is “Moorlichter” stuck?")
        .endswith("“Where is ‘Moorlichter’ stuck?”")
    )
    assert (
        words_for("en").say("question.reply-promise", **titled).endswith("“Wo bleibt ‘Moorlichter’ hängen?”")
    )
    assert "„so“" in words_for("de").say("search.title-of", words="„so“")


def test_markup_in_a_sentence_leaves_everything_else_escaped():
    said = DE.say("form.unknown-field", name=Markup("<b>x</b>"))
    assert "<b>x</b>" in said
    assert "<" not in DE.say("form.unknown-field", name="x").replace("<b>", "")
    assert isinstance(said, Markup)
