"""Which addresses are ones, what the promised number of mails is spent on, and what a link gives away."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from hearback.notifying.rules import (
    MOST_TRIES,
    MailKind,
    opens_again,
    wait_after,
    worth_the_last,
)
from hearback.promises.rules import PromiseKind
from hearback.refusals import NotFound, Refused
from hearback.settings import PACKAGE
from hearback.trust.addresses import fan_address, masked
from hearback.trust.sealing import OtherKey, address_key, read_token, seal, token, unseal
from hearback.words.catalogue import CATALOGUES

SECRET = "s" * 32


def test_every_address_of_the_corpus_is_taken_or_refused_as_it_says(shared):
    for line in (shared / "corpora" / "emails.jsonl").read_text().splitlines():
        given = json.loads(line)
        try:
            fan_address(given["value"])
            taken = True
        except Refused:
            taken = False
        assert given["accept"] in (taken, None), given


def test_an_address_is_compared_without_case_and_with_its_domain_in_ascii():
    assert fan_address(" Mia@EXAMPLE.org ") == "mia@example.org"
    assert fan_address("mia@bücher.example") == "mia@xn--bcher-kva.example"


def test_a_page_shows_only_the_first_letter_of_an_address():
    assert masked("mia@example.org") == "m…@example.org"


def test_the_last_promised_mail_is_kept_for_what_became_of_the_answer():
    assert worth_the_last(MailKind.PUBLISHED, "changed")
    assert not worth_the_last(MailKind.PUBLISHED, "holding")
    assert not worth_the_last(MailKind.MOVED, "reply")
    assert worth_the_last(MailKind.REPLY)
    assert not worth_the_last(MailKind.THEME_REPLY)


@pytest.mark.parametrize("kind", PromiseKind)
def test_so_it_is_for_the_word_that_no_reply_will_come(kind):
    assert worth_the_last(MailKind.BROKEN, kind) is (kind in ("reply", "step"))


def test_tries_come_less_often_and_never_further_apart_than_six_hours():
    waits = [wait_after(tries) for tries in range(1, MOST_TRIES)]
    assert waits[0] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=6)


@pytest.mark.parametrize(("not_mine", "said", "opens"), [(2, 2, False), (3, 10, True), (3, 11, False)])
def test_a_theme_opens_again_only_when_a_share_of_several_people_say_it_is_not_their_point(
    not_mine, said, opens
):
    assert opens_again(not_mine=not_mine, said=said, percent=30) is opens


def test_what_was_sealed_opens_with_the_same_key_and_purpose_only():
    sealed = seal(SECRET, "address", "mia@example.org")
    assert b"mia" not in sealed
    assert unseal(SECRET, "address", sealed) == "mia@example.org"
    with pytest.raises(OtherKey):
        unseal("t" * 32, "address", sealed)
    with pytest.raises(OtherKey):
        unseal(SECRET, "password", sealed)


def test_two_companies_cannot_tell_that_they_have_the_same_address():
    assert address_key(SECRET, uuid4(), "mia@example.org") != address_key(SECRET, uuid4(), "mia@example.org")


def test_a_link_opens_for_its_own_purpose_only_and_not_with_one_sign_changed():
    row_id = uuid4()
    link = token(SECRET, "stop", row_id)
    assert read_token(SECRET, "stop", link) == row_id
    for wrong in (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        link[1:],
        link + "=",
        "ä" * 43,
        "",
        token(SECRET, "confirm", row_id),
    ):
        with pytest.raises(NotFound):
            read_token(SECRET, "stop", wrong)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_kind_of_mail_has_a_name_at_the_desk(language):
    words = (PACKAGE / "words" / language).glob("*.po")
    known = {line for path in words for line in path.read_text(encoding="utf-8").splitlines()}
    assert [kind for kind in MailKind if f'msgid "mail.kind.{kind}"' not in known] == []
