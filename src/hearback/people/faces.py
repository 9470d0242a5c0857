"""Pictures of members: decoded, cut square, made small and written anew, so that nothing else is left in them."""

import asyncio
import hashlib
import io
import struct

from msgspec import Struct
from PIL import Image, ImageOps

from hearback.refusals import Refused

LARGEST_FILE = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE = 256
FORMATS = ("JPEG", "PNG", "WEBP")
# What Pillow's decoders raise for a file that is not what it says.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error)


class Picture(Struct, frozen=True):
    """digest: 16 hex characters of SHA-256; webp: 256 × 256 pixels."""

    digest: str
    webp: bytes


async def small_square(raw: bytes) -> Picture:
    """Raises Refused for what is too large or no picture."""
    if len(raw) > LARGEST_FILE:
        raise Refused("people.picture-too-large", field="picture", most_mib=LARGEST_FILE // 1024**2)
    try:
        webp = await asyncio.to_thread(_encoded, raw)
    except Image.DecompressionBombError as error:  # Pillow's own, far higher limit
        raise Refused("people.picture-too-many-pixels", field="picture") from error
    except BROKEN as error:
        raise Refused("people.not-a-picture", field="picture") from error
    return Picture(hashlib.sha256(webp).hexdigest()[:16], webp)


def _encoded(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as claimed:
        # The header alone tells the size: a small file may unfold into gigabytes.
        if claimed.width * claimed.height > MOST_PIXELS:
            raise Refused("people.picture-too-many-pixels", field="picture")
        claimed.verify()
    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG can be decoded small right away
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    on_paper = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    written = io.BytesIO()
    on_paper.save(written, "WEBP", quality=84, method=5)
    return written.getvalue()
