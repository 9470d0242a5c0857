"""A rewritten history is narrowed down as far as what a stranger kept allows, and no further."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.bench.ledger import ORIGIN, write
from hearback.ledger import verify as verify_file
from hearback.ledger.checkpoints import Checkpoint, cosigned, line_of, public_of, signed, verifier_key
from hearback.ledger.rules import canonical, leaf_hash, root_of
from hearback.ledger.verify import verify
from hearback.ledger.watching import Rewritten, Watch

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in (1, 2))
LINE = verifier_key(ORIGIN, public_of(KEY))
LEAVES = [
    canonical(
        {"v": 1, "kind": "answer.withdrawn", "subject": str(UUID(int=n)), "at": "2026-11-09", "fields": {}}
    )
    for n in range(9)
]
FORGED = [
    *LEAVES[:4],
    canonical(json.loads(LEAVES[4]) | {"subject": str(UUID(int=77))}),
    *LEAVES[5:],
]


def note(size: int, key: Ed25519PrivateKey = KEY) -> str:
    return signed(Checkpoint(ORIGIN, size, root_of([leaf_hash(one) for one in LEAVES[:size]])), key)


def checked(folder: Path, leaves: Sequence[bytes], kept: str, *old_key: str) -> str:
    write(folder, leaves, KEY)
    return verify(str(folder), LINE, kept.encode(), *old_key)


def mails() -> str:
    """As somebody has them: one whole mail after the other, the newest on top, and a note as it was fetched."""
    lines = [f"Hallo,\nPrüfbuch bei {n} Zeilen. Heb sie auf:\n{line_of(note(n))}\n" for n in (7, 5, 2)]
    return "\n".join([*lines, cosigned(note(3), "other.example", OTHER, 1_795_000_000)])


def test_all_that_was_kept_is_found_and_named(tmp_path):
    assert checked(tmp_path, LEAVES, mails()) == (
        "OK: 9 entries, as in your checkpoints of 2, 3, 5, 7; 0 texts here are as logged, 0 erased"
    )


def test_they_are_found_in_a_mail_that_was_quoted(tmp_path):
    quoted = "\n".join(f"> {line}" for line in note(2).split("\n")) + "\n"
    wrapped = line_of(note(5)).replace(" ", "\n>> ")
    assert ", as in your checkpoints of 2, 5;" in checked(tmp_path, LEAVES, quoted + f">> {wrapped}\n")


def test_they_are_found_in_a_feed_and_in_json_too(tmp_path):
    feed = f"<summary>&lt;p&gt;{line_of(note(2))}&lt;/p&gt;</summary><p>{line_of(note(5))}</p>"
    kept = feed * 2 + json.dumps({"checkpoint": line_of(note(7))})
    assert ", as in your checkpoints of 2, 5, 7;" in checked(tmp_path, LEAVES, kept)


def test_the_program_says_how_it_is_called_and_never_nothing(tmp_path):
    write(tmp_path, LEAVES, KEY)
    forged = note(9).split(" ")
    changed = "A" if forged[-1][60] != "A" else "B"
    (tmp_path / "checkpoint").write_text(
        " ".join([*forged[:-1], forged[-1][:60] + changed + forged[-1][61:]])
    )
    assert ran() == f"NOT OK: {verify_file.__doc__}\n"
    assert ran(tmp_path, LINE) == "NOT OK: InvalidSignature\n"


def ran(*given: object) -> str:
    told = [sys.executable, verify_file.__file__, *map(str, given)]
    return subprocess.run(told, capture_output=True, text=True).stderr


def test_between_the_last_that_fits_and_the_first_that_does_not(tmp_path):
    with pytest.raises(ValueError, match="entry 3 or later differs since your checkpoint of 5"):
        checked(tmp_path, FORGED, mails())
    with pytest.raises(ValueError, match="entry 0 or later differs since your checkpoint of 7"):
        checked(tmp_path, FORGED, note(7))


def test_a_ledger_cut_short_does_not_hold_what_was_kept(tmp_path):
    with pytest.raises(ValueError, match="1 entries are missing since your checkpoint of 7"):
        checked(tmp_path, LEAVES[:6], mails())


@pytest.mark.parametrize("kept", ["", "Hallo", line_of(note(3))[:40]])
def test_what_holds_no_checkpoint_is_not_taken_for_one(tmp_path, kept):
    with pytest.raises(ValueError, match="what you kept holds no checkpoint"):
        checked(tmp_path, LEAVES, kept)


def test_signatures_of_the_key_before_count_beside_those_of_this_one(tmp_path):
    kept = line_of(note(2, OTHER)) + "\n" + line_of(note(7))
    with pytest.raises(ValueError, match="signed with another key"):
        checked(tmp_path, LEAVES, kept)
    before = verifier_key(ORIGIN, public_of(OTHER))
    assert "checkpoints of 2, 7;" in checked(tmp_path, LEAVES, kept, before)
    long_before = verifier_key("as.it.was.called", public_of(OTHER))
    assert "checkpoints of 2, 7;" in checked(tmp_path, LEAVES, kept, long_before, before)


def test_a_witness_names_the_last_that_it_signed_which_still_fits(tmp_path):
    watch, folder = Watch(tmp_path / "witness", "other.example"), tmp_path / "ledger"
    for size in (2, 3, 5, 7):
        write(folder, LEAVES[:size], KEY)
        watch.see(str(folder), LINE, at=1_795_000_000)
    write(folder, FORGED, KEY)
    with pytest.raises(Rewritten, match="first 5 entries as they were; the first 3 still are"):
        watch.see(str(folder), None, at=1_795_000_000)
