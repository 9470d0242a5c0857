"""A talk: the answer that is replied to, who writes, and who leads."""

import pytest

from tests import made

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def response(company):
    question = await made.a_question(company, slug="bad")
    return await made.an_answer(company, question, "Dreimal stand ich vor verschlossener Tür.", code=CODE)


@pytest.fixture
async def leader(company):
    return await made.a_member(company, "reader", name="Mara Lindt", leads=True)


@pytest.fixture
async def writer(company):
    return await made.a_member(company, "product", name="Ole Jensen")
