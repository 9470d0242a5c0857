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
