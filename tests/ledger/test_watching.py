"""Another installation watches: it signs what grew, keeps it, and holds up what was rewritten."""

import json
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.bench.ledger import ORIGIN, WHEN, write
from hearback.cli import main
from hearback.ledger.checkpoints import (
    COSIGNED,
    NotSigned,
    cosigned,
    line_of,
    opened,
    public_of,
    read_witness,
    seen,
    verifier_key,
)
from hearback.ledger.rules import Kind, canonical, entry
from hearback.ledger.watching import Rewritten, Watch

KEY = Ed25519PrivateKey.generate()
KNOWN = verifier_key(ORIGIN, public_of(KEY))
LEAVES = [entry(Kind.ERASED, uuid4(), {}, now=WHEN)[0] for _ in range(600)]
AT = 1_795_000_000


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    write(tmp_path / "ledger", LEAVES[:300], KEY)
    return tmp_path / "ledger"


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "witness", "other.example/witness")


def test_it_signs_what_it_saw_with_the_time_and_below_the_ledgers_own_line(ledger, watch):
    first = watch.see(str(ledger), KNOWN, at=AT)

    assert (first.before, first.size) == (None, 300)
    assert first.note.startswith((ledger / "checkpoint").read_text())
    assert seen(first.note, watch.line).at == AT
    assert opened(first.note, KNOWN).size == 300, "for whoever knows no witness it is the checkpoint it was"
    with pytest.raises(NotSigned):
        seen(first.note.replace("\n300\n", "\n301\n"), watch.line)
    with pytest.raises(NotSigned):
        seen(first.note, verifier_key(watch.name, public_of(Ed25519PrivateKey.generate()), COSIGNED))


@pytest.mark.parametrize("size", [300, 301, 511, 512, 513, 600])
def test_once_known_it_needs_no_key_and_signs_what_has_grown(ledger, watch, size):
    watch.see(str(ledger), KNOWN, at=AT)
    write(ledger, LEAVES[:size], KEY)

    again = watch.see(str(ledger), None, at=AT + 60)

    assert (again.before, again.size) == (300, size)
    assert len(list(watch.folder.rglob("*.checkpoint"))) == (1 if size == 300 else 2), "it keeps them all"


@pytest.mark.parametrize("size", [299, 300, 400])
def test_what_was_rewritten_or_cut_off_is_not_signed_and_kept_as_evidence(ledger, watch, size):
    watch.see(str(ledger), KNOWN, at=AT)
    forged = [*LEAVES[:7], canonical(json.loads(LEAVES[7]) | {"at": "2020-01-01"}), *LEAVES[8:size]]
    write(ledger, forged, KEY)

    with pytest.raises(Rewritten):
        watch.see(str(ledger), None, at=AT + 60)

    (evidence,) = watch.folder.rglob("*.rewritten")
    assert opened(evidence.read_text(), KNOWN).size == size, "signed by the ledger itself"
    assert len(list(watch.folder.rglob("*.checkpoint"))) == 1


@pytest.mark.parametrize("then", [LEAVES[:400], LEAVES[:450], LEAVES])
def test_what_it_saw_counts_also_where_the_tiles_were_withheld(ledger, watch, then):
    watch.see(str(ledger), KNOWN, at=AT)
    forged = [*LEAVES[:350], canonical(json.loads(LEAVES[350]) | {"at": "2020-01-01"}), *LEAVES[351:450]]
    write(ledger, forged, KEY)
    shutil.rmtree(ledger / "tile")
    with pytest.raises(OSError, match="tile"):
        watch.see(str(ledger), None, at=AT + 60)

    write(ledger, then, KEY)
    with pytest.raises(Rewritten, match="does not hold the 450 entries that it once showed us"):
        watch.see(str(ledger), None, at=AT + 120)

    kept = sorted(watch.folder.rglob("*.rewritten"))
    assert [opened(one.read_text(), KNOWN).size for one in kept] == sorted([450, len(then)]), (
        "both, to be shown"
    )


def test_what_it_saw_counts_also_when_the_key_has_changed_since(ledger, watch):
    watch.see(str(ledger), KNOWN, at=AT)
    forged = [*LEAVES[:350], canonical(json.loads(LEAVES[350]) | {"at": "2020-01-01"}), *LEAVES[351:450]]
    write(ledger, forged, KEY)
    shutil.rmtree(ledger / "tile")
    with pytest.raises(OSError, match="tile"):
        watch.see(str(ledger), None, at=AT + 60)

    new = Ed25519PrivateKey.generate()
    write(ledger, LEAVES, new)
    (known_by,) = watch.folder.rglob("known-by")
    known_by.write_text(verifier_key(ORIGIN, public_of(new)))
    with pytest.raises(Rewritten, match="does not hold the 450 entries that it once showed us"):
        watch.see(str(ledger), None, at=AT + 120)


def test_what_was_withheld_and_comes_later_is_signed_and_no_evidence(ledger, watch):
    watch.see(str(ledger), KNOWN, at=AT)
    write(ledger, LEAVES[:450], KEY)
    (ledger / "tile/0/001.p/194").rename(ledger / "away")
    with pytest.raises(OSError, match="tile"):
        watch.see(str(ledger), None, at=AT + 60)
    write(ledger, LEAVES, KEY)
    assert watch.see(str(ledger), None, at=AT + 120).size == 600
    assert list(watch.folder.rglob("*.unproven")) + list(watch.folder.rglob("*.rewritten")) == []


def test_what_another_key_signed_in_its_name_is_kept_and_not_signed(ledger, watch):
    watch.see(str(ledger), KNOWN, at=AT)
    write(ledger, LEAVES, Ed25519PrivateKey.generate())
    with pytest.raises(NotSigned):
        watch.see(str(ledger), None, at=AT + 60)
    (kept,) = watch.folder.rglob("not-signed")
    assert kept.read_text() == (ledger / "checkpoint").read_text()


def test_what_waits_for_proof_has_a_bound(ledger, watch, monkeypatch):
    monkeypatch.setattr("hearback.ledger.watching.MOST_UNPROVEN", 3)
    watch.see(str(ledger), KNOWN, at=AT)
    for size in range(310, 330):
        write(ledger, LEAVES[:size], KEY)
        shutil.rmtree(ledger / "tile")
        with pytest.raises(OSError, match="tile"):
            watch.see(str(ledger), None, at=AT + 60)
    assert len(list(watch.folder.rglob("*.unproven"))) == 3


def test_it_never_signs_what_it_does_not_know_or_what_is_damaged(ledger, watch):
    with pytest.raises(ValueError, match="--key"):
        watch.see(str(ledger), None, at=AT)
    with pytest.raises(NotSigned):
        watch.see(str(ledger), verifier_key(ORIGIN, public_of(Ed25519PrivateKey.generate())), at=AT)
    (ledger / "tile/0/000").write_bytes(b"x" * 32 * 256)
    with pytest.raises(ValueError, match="differs from the entries"):
        watch.see(str(ledger), KNOWN, at=AT)
    assert list(watch.folder.rglob("*.checkpoint")) == []


def test_its_keys_lie_where_nobody_else_reads_them(ledger, watch):
    watch.see(str(ledger), KNOWN, at=AT)
    assert (watch.folder / "key").stat().st_mode & 0o077 == 0


def test_its_line_is_a_c2sp_key_of_the_kind_that_cosigns():
    name, public = "other.example/witness", public_of(KEY)
    line = verifier_key(name, public, COSIGNED)
    assert read_witness(line) == (name, public)
    for wrong in ("", "a+b+c", KNOWN, line[:-4], line.replace("other", "another"), f"{line} "):
        with pytest.raises(ValueError):  # noqa: PT011  (whatever is wrong with it)
            read_witness(wrong)


def test_a_checkpoint_fits_into_one_line_also_with_witnesses_below(ledger):
    note = (ledger / "checkpoint").read_text()
    assert line_of(note) == line_of(cosigned(note, "w.example", KEY, AT))
    assert line_of(note).split(" ")[:2] == [ORIGIN, "300"]


def test_from_the_terminal(ledger, tmp_path, capsys):
    given = ["ledger", "witness", str(ledger), "--name", "we.example", "--data", str(tmp_path)]
    main([*given, "--key", KNOWN])
    assert capsys.readouterr().out.startswith(
        "OK: 300 entries, seen for the first time. Signed as\nwe.example+"
    )
    write(ledger, LEAVES, KEY)
    main(given)
    assert "OK: 600 entries, all 300 of before among them" in capsys.readouterr().out
    write(ledger, LEAVES[1:], KEY)
    with pytest.raises(SystemExit, match="NOT OK: It does not hold its first 300 entries"):
        main(given)
