"""The check finds out a ledger whose times go back, though it is signed and whole; it knows the zone of no company."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.bench.ledger import ORIGIN, write
from hearback.ledger.checkpoints import public_of, verifier_key
from hearback.ledger.rules import canonical
from hearback.ledger.verify import verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LINE = verifier_key(ORIGIN, public_of(KEY))
NOON = "2026-11-09T12:00:00Z"
FITS = [
    [NOON, NOON],
    ["2026-11-09", "2026-11-09", NOON, "2026-11-09", "2026-11-10"],
    ["2026-11-09T23:30:00Z", "2026-11-10", "2026-11-09T23:40:00Z"],  # east of Greenwich
    ["2026-11-10T01:00:00Z", "2026-11-09", "2026-11-10T02:00:00Z"],  # west of it
]
GO_BACK = [
    ([NOON, "2026-11-09T11:59:59Z"], 1),
    (["2026-11-09", "2026-11-10", "2026-11-09"], 2),
    ([NOON, "2026-11-09", "2026-11-07"], 2),
    ([NOON, "2026-11-07"], 1),
    (["2026-11-09", "2026-11-07T23:59:59Z"], 1),
    (["2026-11-09", NOON, "2026-11-10", "2026-11-09T11:00:00Z"], 3),
    ([*[NOON] * 300, "2026-11-09T11:59:59Z"], 300),
]


def a_ledger(folder, times):
    one = {"v": 1, "kind": "answer.withdrawn", "subject": str(UUID(int=1)), "fields": {}}
    write(folder, [canonical(one | {"at": at}) for at in times], KEY)
    return str(folder)


@pytest.mark.parametrize("times", FITS)
def test_times_that_stay_or_go_on_fit(tmp_path, times):
    assert verify(a_ledger(tmp_path, times), LINE).startswith(f"OK: {len(times)} entries")


@pytest.mark.parametrize(("times", "number"), GO_BACK)
def test_a_time_that_goes_back_is_found_out_and_its_entry_named(tmp_path, times, number):
    with pytest.raises(ValueError, match=f"the time of entry {number} goes back"):
        verify(a_ledger(tmp_path, times), LINE)


@pytest.mark.parametrize("at", ["gestern", "2026-13-01", "2026-11-09T12:00", ""])
def test_what_is_no_time_does_not_fit(tmp_path, at):
    with pytest.raises((ValueError, LookupError)):
        verify(a_ledger(tmp_path, [at]), LINE)
