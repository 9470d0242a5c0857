"""QR codes as one SVG path."""

import math
from functools import lru_cache

import zxingcpp
from msgspec import Struct


class Qr(Struct, frozen=True):
    """size: modules a side, quiet zone included; path: all dark modules as one SVG path."""

    size: int
    path: str


@lru_cache(maxsize=256)
def qr(text: str) -> Qr:
    """The smallest code that holds the text, one unit a module."""
    image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image()
    picture = bytes(memoryview(image))  # type: ignore[arg-type]  # a buffer, though its stub does not say so
    size = math.isqrt(len(picture))
    runs = []
    for y in range(size):
        row, x = picture[y * size : (y + 1) * size], 0
        while (start := row.find(b"\0", x)) >= 0:
            end = start
            while end < size and row[end] == 0:
                end += 1
            runs.append(f"M{start} {y}h{end - start}v1h-{end - start}z")
            x = end
    return Qr(size, "".join(runs))
