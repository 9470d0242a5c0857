"""A backup that is older than the ledger: nothing is signed, what is missing is named, and a newer one mends it."""

from pathlib import Path

import pytest

from hearback.database.backup import back_up, restore
from hearback.database.engine import APP_ROLE, connected, use_database
from hearback.ledger.signing import CannotSign, sign, sign_all
from hearback.settings import settings
from tests import made
from tests.ledger.test_signing import add, must_hold, newest
from tests.ledger.test_witnesses import says


async def test_a_restored_backup_signs_nothing_until_what_was_signed_is_back(database: str, tmp_path: Path):
    owner_url = database.replace(APP_ROLE, "hearback_owner")
    async with connected():
        company = await made.a_company()
        await add(company, 2)
        await sign_all()
    back_up(owner_url, tmp_path / "older")
    async with connected():
        await add(company, 3)
        await sign_all()
    back_up(owner_url, tmp_path / "newer")

    await restore(owner_url, tmp_path / "older", replace=True)
    use_database(database)
    async with connected():
        await add(company)
        with pytest.raises(CannotSign, match="entries 3 to 5 were signed and are missing"):
            await sign(company.id)
        assert (await newest(company)).size == 2
        assert "entries 3 to 5 are missing" in await says(settings())

    await restore(owner_url, tmp_path / "newer", replace=True)
    use_database(database)
    async with connected():
        await add(company)
        await sign_all()
        await must_hold(company, 6)
