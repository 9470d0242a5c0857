"""QR codes as one SVG path."""

import math
from functools import cache

import zxingcpp
from msgspec import Struct

CHUNK = 11  # modules looked up at once: at most 2,048 paths to remember, three look-ups a row
QUIET = 4  # light modules that a code needs around it
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
    boxes = []
    for y in range(QUIET, size - QUIET):
        row = picture[y * size + QUIET : (y + 1) * size - QUIET]
        boxes.append(f"M{QUIET} {y}")
        boxes += [_modules(row[x : x + CHUNK]) for x in range(0, len(row), CHUNK)]
    return Qr(size, "".join(boxes))


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
