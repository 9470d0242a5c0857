"""QR codes as pictures that stand in the page itself: small ones for a screen, drawn ones for paper."""

import base64
import math
import zlib
from functools import cache

import zxingcpp

MASK = 3  # any mask can be read; trying all eight for the prettiest takes six times as long
BITS = b"0" * 128 + b"1" * 128  # what is dark, what is light
BEFORE_ROW = b"0" * 8  # PNG: the pixels come as they are
STORED = 0  # squeezing so little takes longer than sending it


def qr(text: str) -> str:
    """The address of an image of a few hundred bytes: one pixel a module, quiet zone included."""
    modules = bytes(memoryview(_barcode(text).to_image())).translate(BITS)  # type: ignore[arg-type]  # a buffer, though its stub does not say so
    size = math.isqrt(len(modules))
    rows = [modules[start : start + size] for start in range(0, len(modules), size)]
    return "data:image/png;base64," + base64.b64encode(_png(size, rows)).decode()


def qr_for_paper(text: str) -> str:
    """The address of an image in SVG, sharp at any size; takes four times as long."""
    return "data:image/svg+xml;base64," + base64.b64encode(_barcode(text).to_svg().encode()).decode()


def _barcode(text: str) -> zxingcpp.Barcode:
    """The smallest code that holds the text."""
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, data_mask=MASK)


def _png(size: int, rows: list[bytes]) -> bytes:
    """rows: one sign a pixel, `0` is black. Source: PNG specification, third edition, 11.2.

    Not by Pillow: that costs each answer a twentieth of its whole time.
    """
    to_whole_byte = b"0" * (-size % 8)
    bits = BEFORE_ROW + (to_whole_byte + BEFORE_ROW).join(rows) + to_whole_byte
    pixels = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return _head(size) + _chunk(b"IDAT", zlib.compress(pixels, STORED)) + _chunk(b"IEND", b"")


@cache
def _head(size: int) -> bytes:
    one_bit_grey = bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size.to_bytes(4, "big") * 2 + one_bit_grey)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
