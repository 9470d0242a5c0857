"""Houses in which notes can go out."""

import pytest

from hearback.people.queries import Company
from tests import made
from tests.changenotes.ready import Ready, ready


@pytest.fixture
async def house(pool: None) -> Ready:
    """Without the web."""
    return await ready(await made.a_company())


@pytest.fixture
async def open_house(company: Company) -> Ready:
    """With the whole app."""
    return await ready(company)
