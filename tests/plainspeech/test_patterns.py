"""Each rule sees what it was written for, and leaves alone what is much like it; none of them takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.plainspeech.clear import Need, carries
from hearback.plainspeech.folding import sentences
from hearback.plainspeech.likeness import labelled
from hearback.plainspeech.patterns import Rule, hits, rules

RULES = [*rules("de"), *rules("en")]


def seen_by(rule: Rule, text: str) -> bool:
    return any(hit.rule.id == rule.id for sentence in sentences(text) for hit in hits(sentence, rule.lang))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_sees_what_it_was_written_for(rule):
    assert seen_by(rule, rule.hit)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_leaves_alone_what_is_much_like_it(rule):
    assert not seen_by(rule, rule.near)


def test_every_rule_has_a_name_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_needles_only_spare_work():
    """A rule that is not tried, because none of its needles is there, would not have matched."""
    for text in labelled():
        for sentence in sentences(text.text):
            for rule in rules(text.lang):
                if not any(needle in sentence.read for needle in rule.needles):
                    assert not re.search(rule.pattern, sentence.read), (rule.id, text.text)


def test_no_rule_looks_around_or_back():
    for rule in RULES:
        assert not re.search(r"\(\?[=!<]|\\\d", rule.pattern + rule.unless), rule.id


@pytest.mark.parametrize("seed", ["wenn falls sollte ", "we are a to be ", "nur ein ", "a", "„", "ß", ". "])
def test_time_grows_with_the_text_and_not_faster(seed):
    def seconds(signs: int) -> float:
        text = (seed * signs)[:signs]
        began = time.process_time()
        for sentence in sentences(text):
            list(hits(sentence, "de")), list(hits(sentence, "en"))
        return time.process_time() - began

    assert seconds(50_000) < 12 * seconds(10_000) + 0.2


@given(st.text(max_size=400))
def test_spans_lie_in_any_text(text):
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.words
        for hit in [*hits(sentence, "de"), *hits(sentence, "en")]:
            assert sentence.start <= hit.start < hit.end <= sentence.end


def test_a_quotation_is_masked_and_offsets_stay():
    text = "„Es wurden Fehler gemacht“, schrieben wir. Es wurden Fehler gemacht."
    found = [hit for sentence in sentences(text) for hit in hits(sentence, "de")]
    assert {text[hit.start : hit.end] for hit in found} == {"Es wurden Fehler gemacht"}
    assert all(hit.start > 40 for hit in found)


def test_a_line_of_markdown_that_quotes_is_masked_too():
    text = "Ihr schriebt:\n\n> Es wurden Fehler gemacht.\n\nEs wurden Fehler gemacht."
    found = [hit for sentence in sentences(text) for hit in hits(sentence, "de")]
    assert [hit.start > 40 for hit in found] == [True]


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("Am 3. Mai, auf Seite 9, seit 2024.", False),
        ("On 3 May at 9 am, page 12.", False),
        ("Am 03.05.2026 fiel der Strom aus.", False),
        ("Am 3. Mai traf es 14 Züge.", True),
        ("On 3 May it hit two of you.", True),
        ("312 Rechnungen.", True),
    ],
)
def test_a_day_or_a_page_says_not_how_many(words, counts):
    assert carries(words, Need.HOW_MANY) is counts


def test_a_day_takes_a_vague_promise_back():
    vague, dated = "Das Update kommt bald.", "Das Update kommt bald, am 4. Mai."
    assert [hit.rule.category for s in sentences(vague) for hit in hits(s, "de")] == ["vague_promise"]
    assert not [hit for s in sentences(dated) for hit in hits(s, "de")]
