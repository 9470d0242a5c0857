"""Pictures to upload, good and bad."""

import io

from PIL import Image


def a_jpeg(width: int = 600, height: int = 400, *, orientation: int = 1) -> bytes:
    """Left half red, right half blue, with EXIF that says where it was taken."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "Bremen, Hinterhof"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def a_png_bomb() -> bytes:
    """A few kilobytes that unfold into 20,000 × 20,000 pixels."""
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    return written.getvalue()


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))
