"""The picture that other programs show beside a link to us: what the house says, who says it, and nothing of a fan.

picture(said, by, role, house, colours, face) -> PNG of 1200 by 630 pixels, as those programs want it. Drawing takes
a tenth of a second, so it is done in a thread, one at a time.
"""

import asyncio
import hashlib
import io
from functools import cache
from itertools import groupby

from litestar import Response
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from hearback.web.static_files import STATIC

WIDTH, HEIGHT = 1200, 630
EDGE = 84
PAPER, INK, INK_2 = "#f6f8f6", "#1a2024", "#4d565d"
FACE = 132
SIZES = (76, 64, 54, 46, 40)  # of what is said: the largest that fits
MOST_LINES_HIGH = 330
ONE_AT_A_TIME = asyncio.Semaphore(1)
MOST_KEPT = 200
"""Pictures in memory; about 30 kB each."""
SERIF = ("literata-latin-opsz-normal", "literata-latin-ext-wght-normal")
SANS = ("atkinson-hyperlegible-next-latin-wght-normal", "atkinson-hyperlegible-next-latin-ext-wght-normal")


class Shown(Struct, frozen=True):
    """accent: the house's colour as it is used on paper; face: WEBP or nothing."""

    said: str
    by: str
    role: str
    house: str
    accent: str
    face: bytes | None = None


class Picture(Struct, frozen=True):
    png: bytes
    etag: str


async def picture(shown: Shown) -> Picture:
    async with ONE_AT_A_TIME:
        png = await asyncio.to_thread(_drawn, shown)
    return Picture(png, f'"{hashlib.sha256(png).hexdigest()[:20]}"')


def picture_reply(found: Picture, if_none_match: str | None) -> Response[bytes]:
    headers = {"etag": found.etag, "cache-control": "public, max-age=300"}
    if if_none_match == found.etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(found.png, media_type="image/png", headers=headers)


def _drawn(shown: Shown) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 14), fill=shown.accent)
    _write(draw, (EDGE, 62), shown.house, SANS, 34, 650, INK)
    lines, size = _fitted(shown.said)
    for number, line in enumerate(lines):
        _write(draw, (EDGE, 136 + round(number * size * 1.2)), line, SERIF, size, 600, INK)
    left, bottom = EDGE, HEIGHT - 58
    if shown.face is not None:
        _put_face(image, shown.face, (left, bottom - FACE))
        left += FACE + 28
    middle = bottom - FACE // 2
    _write(
        draw, (left, middle - 44), _cut(shown.by, SERIF, 38, 620, WIDTH - EDGE - left), SERIF, 38, 620, INK
    )
    _write(
        draw, (left, middle + 8), _cut(shown.role, SANS, 30, 400, WIDTH - EDGE - left), SANS, 30, 400, INK_2
    )
    made = io.BytesIO()
    image.quantize(128).save(made, "PNG", optimize=True)
    return made.getvalue()


def _put_face(image: Image.Image, webp: bytes, at: tuple[int, int]) -> None:
    face = Image.open(io.BytesIO(webp)).convert("RGB").resize((FACE, FACE))
    round_ = Image.new("L", (FACE * 4, FACE * 4))
    ImageDraw.Draw(round_).ellipse((0, 0, FACE * 4 - 1, FACE * 4 - 1), fill=255)
    image.paste(face, at, round_.resize((FACE, FACE)))


def _fitted(said: str) -> tuple[list[str], int]:
    """Lines, and the largest size at which they fit; at the smallest the last line ends with three dots."""
    for size in SIZES:
        lines = _lines(said, size)
        if len(lines) * size * 1.2 <= MOST_LINES_HIGH:
            return lines, size
    most = int(MOST_LINES_HIGH / (SIZES[-1] * 1.2))
    rest = " ".join(lines[most - 1 :])
    return [*lines[: most - 1], _cut(rest, SERIF, SIZES[-1], 600, WIDTH - 2 * EDGE)], SIZES[-1]


def _lines(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _wide(longer, SERIF, size, 600) <= WIDTH - 2 * EDGE:
            lines[-1] = longer
        else:
            lines.append(_cut(word, SERIF, size, 600, WIDTH - 2 * EDGE))
    return lines


def _cut(text: str, family: tuple[str, str], size: int, weight: int, most: int) -> str:
    if _wide(text, family, size, weight) <= most:
        return text
    while text and _wide(f"{text}…", family, size, weight) > most:
        text = text[:-1].rstrip()
    return f"{text}…"


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    family: tuple[str, str],
    size: int,
    weight: int,
    ink: str,
) -> None:
    x, y = at
    for font, run in _runs(text, family, size, weight):
        draw.text((x, y + size), run, font=font, fill=ink, anchor="ls")
        x += font.getlength(run)


def _wide(text: str, family: tuple[str, str], size: int, weight: int) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, family, size, weight))


def _runs(
    text: str, family: tuple[str, str], size: int, weight: int
) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in pieces, each with the font that has its letters."""
    pieces = groupby(text, key=lambda sign: 0x100 <= ord(sign) < 0x2000)
    return [(_font(family[extended], size, weight), "".join(run)) for extended, run in pieces]


@cache
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(STATIC / "fonts" / f"{name}.woff2", size)
    named = {b"Weight": weight, b"Optical size": min(size, 72)}
    font.set_variation_by_axes([named[axis["name"]] for axis in font.get_variation_axes()])
    return font
