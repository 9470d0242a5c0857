"""What is drawn can be read again."""

from io import BytesIO

import resvg_py
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hearback.web.qr import qr


def read(code) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}" '
        f'width="{code.size * 6}" height="{code.size * 6}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="{code.path}"/></svg>'
    )
    picture = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))).convert("L")
    return zxingcpp.read_barcodes(picture)[0].text


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_a_camera_reads_the_link_of_a_receipt(code):
    link = f"https://fragen.kranich.example/kranich/r#{code}"

    assert read(qr(link)) == link


def test_a_short_and_a_long_address_can_be_read():
    for address in ["http://a.b/c/ask/d", "https://example.org/" + "frage-" * 20]:
        assert read(qr(address)) == address
