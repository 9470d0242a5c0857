"""A company whose mails go to a real server of this test."""

from collections.abc import Iterator

import pytest

from hearback.notifying import jobs  # noqa: F401  (registers how people are told)
from tests.notifying.mailbox import Mailbox, a_mailbox


@pytest.fixture
def mailbox(set_env) -> Iterator[Mailbox]:
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box
