"""What comes in is read strictly, and its words without marks."""

import pytest

from hearback.fediverse.rules import LONGEST_WORDS, Lying, id_of, language_of, origin, said_in


def test_words_are_read_without_marks_and_without_the_names_they_begin_with():
    note = {
        "content": '<p><span class="h-card"><a href="x">@<span>kranich</span></a></span> Die Kerben helfen &amp; wie.'
        "<br>Danke.</p><script>alert(1)</script><p>Und blau?</p>"
    }
    assert said_in(note) == "Die Kerben helfen & wie.\nDanke.\n\nUnd blau?"
    assert said_in({}) == ""
    assert said_in({"content": ["x"]}) == ""
    assert len(said_in({"content": "x" * 90_000})) == LONGEST_WORDS
    assert said_in({"content": "ab\u202ec\x00d"}) == "abcd"


def test_the_language_is_told_or_not():
    assert language_of({"contentMap": {"en-GB": "x"}}) == "en"
    for odd in ({}, {"contentMap": []}, {"contentMap": {"<x>": "y"}}, {"contentMap": {"": "y"}}):
        assert language_of(odd) == ""


def test_origins_are_compared_whole():
    assert origin("https://A.example/x") == origin("https://a.example:443/y")
    assert origin("https://a.example/x") != origin("https://a.example.evil/x")
    assert origin("https://a.example/x") != origin("http://a.example/x")
    for odd in (
        "",
        "a.example",
        "ftp://a.example",
        "https://u:p@a.example/",
        "https://a.example:x/",
        "javascript:1",
    ):
        with pytest.raises(Lying):
            origin(odd)


def test_an_id_is_a_short_line_of_text():
    assert id_of("https://a.example") == id_of({"id": "https://a.example"})
    for odd in (None, 1, [], {}, {"id": {}}, "", "x" * 501, "a\nb"):
        with pytest.raises(Lying):
            id_of(odd)
