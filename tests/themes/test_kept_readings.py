"""What was read is kept on disk, whole and for just these texts; whatever else lies there is ignored aloud."""

import numpy as np
import pytest
import structlog

from hearback.themes import kept_readings, planning
from hearback.themes.embedding import DIMENSIONS
from hearback.themes.kept_readings import KEPT, kept
from hearback.themes.reading.codebook import starter_entries

TEXTS = ["Die Steine sehen gleich aus.", "The stones look alike."]


@pytest.fixture
def read():
    """A model that tells how often it was asked."""

    def reading(texts):
        reading.times += 1
        chance = np.random.default_rng(len("".join(texts)))
        return chance.normal(0, 1, (len(texts), DIMENSIONS)).astype(np.float32)

    reading.times = 0
    return reading


def test_the_second_process_reads_from_disk_to_the_last_bit(read, tmp_path):
    first = kept(TEXTS, read, folder=tmp_path / "new")
    second = kept(TEXTS, read, folder=tmp_path / "new")

    assert read.times == 1
    assert first.tobytes() == second.tobytes()
    assert second.dtype == np.float32


def test_other_texts_and_another_model_are_read_anew(read, tmp_path, monkeypatch):
    kept(TEXTS, read, folder=tmp_path)
    kept([*reversed(TEXTS)], read, folder=tmp_path)
    kept(["".join(TEXTS), ""], read, folder=tmp_path)
    monkeypatch.setattr(kept_readings, "MODEL", "another")
    kept(TEXTS, read, folder=tmp_path)

    assert read.times == 4


def torn(file):
    file.write_bytes(file.read_bytes()[:-40])


def changed_by_a_bit(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def empty(file):
    file.write_bytes(b"")


def no_archive(file):
    file.write_bytes(b"vectors, allegedly")


def objects(file):
    np.savez(file, key=np.array(file.stem), vectors=np.array([{}, {}], dtype=object))


def of_other_texts(file):
    np.savez(file, key=np.array("something else"), vectors=np.zeros((2, DIMENSIONS), np.float32))


def of_another_shape(file):
    np.savez(file, key=np.array(file.stem), vectors=np.zeros((3, DIMENSIONS), np.float32))


def without_vectors(file):
    np.savez(file, key=np.array(file.stem))


@pytest.mark.parametrize(
    "spoil",
    [
        torn,
        changed_by_a_bit,
        empty,
        no_archive,
        objects,
        of_other_texts,
        of_another_shape,
        without_vectors,
    ],
)
def test_a_file_that_is_not_what_it_says_is_told_of_and_made_again(read, tmp_path, spoil):
    right = kept(TEXTS, read, folder=tmp_path)
    (file,) = tmp_path.glob("*.npz")
    spoil(file)

    with structlog.testing.capture_logs() as said:
        again = kept(TEXTS, read, folder=tmp_path)

    assert [line["event"] for line in said] == ["readings.ignored"]
    assert again.tobytes() == right.tobytes()
    assert read.times == 2
    assert kept(TEXTS, read, folder=tmp_path).tobytes() == right.tobytes()
    assert read.times == 2


def test_where_nothing_can_be_written_it_says_so_and_goes_on(read, tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")

    with structlog.testing.capture_logs() as said:
        found = kept(TEXTS, read, folder=tmp_path / "taken" / "hearback")

    assert found.shape == (2, DIMENSIONS)
    assert {line["event"] for line in said} <= {"readings.ignored", "readings.not_kept"}
    assert said


def test_old_files_go_and_nothing_half_written_stays(read, tmp_path):
    for number in range(KEPT + 3):
        kept([str(number)], read, folder=tmp_path)

    assert len(list(tmp_path.iterdir())) == KEPT


def test_the_starter_codebook_is_the_same_from_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    entries = starter_entries()[:12]
    read_now = planning.open_codebook(entries)
    monkeypatch.setattr(kept_readings, "embed", None)  # whoever asks the model now fails
    from_disk = planning.open_codebook(entries)

    assert from_disk.book.vectors.tobytes() == read_now.book.vectors.tobytes()
    assert from_disk.book.lens.turn.tobytes() == read_now.book.lens.turn.tobytes()
    assert from_disk.told.tobytes() == read_now.told.tobytes()
