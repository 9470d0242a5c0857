"""`python -m hearback.themes.starter.keeping`: keep how the second model reads the starter codebook.

About 2,300 texts take it a minute, which no process should wait for. To be done after a change of the codebook's texts
or of the model; a test says when.
"""

from io import BytesIO
from pathlib import Path

import numpy as np

from hearback.themes.embedding import readable
from hearback.themes.reading.codebook import starter_entries
from hearback.themes.second_reading import MODEL, STANDING, computed, key_of


def texts_to_keep() -> list[str]:
    return sorted({readable(text) for entry in starter_entries() for _, text in entry.texts()})


def keep(file: Path) -> None:
    texts = texts_to_keep()
    kept = BytesIO()
    np.savez_compressed(
        kept,
        model=np.array(MODEL),
        keys=np.array([key_of(text) for text in texts], np.uint64),
        vectors=np.stack([computed(text) for text in texts]),
    )
    file.write_bytes(kept.getvalue())


if __name__ == "__main__":
    keep(Path(__file__).with_name(STANDING))
