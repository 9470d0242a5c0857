"""QR codes as one SVG path."""

import math
from functools import cache

import zxingcpp
from msgspec import Struct

CHUNK = 6  # modules looked up at once: 64 paths to remember, six look-ups a row
MASK = 3  # any mask can be read; trying all eight for the prettiest takes six times as long


class Qr(Struct, frozen=True):
    """size: modules a side, quiet zone included; path: all dark modules as one SVG path."""

    size: int
    path: str


def qr(text: str) -> Qr:
    """The smallest code that holds the text, one unit a module."""
    image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, data_mask=MASK).to_image()
    picture = bytes(memoryview(image))  # type: ignore[arg-type]  # a buffer, though its stub does not say so
    size = math.isqrt(len(picture))
    rows = [picture[start : start + size] for start in range(0, len(picture), size)]
    return Qr(size, "".join(f"M0 {y}{_row(row)}" for y, row in enumerate(rows) if 0 in row))


def _row(row: bytes) -> str:
    return "".join([_modules(row[x : x + CHUNK]) for x in range(0, len(row), CHUNK)])


@cache
def _modules(chunk: bytes) -> str:
    """From the chunk's left upper corner: its dark runs as boxes, then on to its end. Dark is 0."""
    path, x = "", 0
    while (start := chunk.find(b"\0", x)) >= 0:
        end = start + len(chunk[start:]) - len(chunk[start:].lstrip(b"\0"))
        path += (f"m{start - x} 0" if start > x else "") + f"h{end - start}v1h-{end - start}z"
        path += f"m{end - start} 0"
        x = end
    return path + (f"m{len(chunk) - x} 0" if x < len(chunk) else "")
