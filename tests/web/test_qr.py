"""What is drawn can be read again."""

import base64
from io import BytesIO

import resvg_py
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hearback.web.qr import qr, qr_for_paper


def read(source: str) -> str:
    kind, _, encoded = source.partition(",")
    picture = base64.b64decode(encoded)
    if kind == "data:image/svg+xml;base64":
        picture = bytes(resvg_py.svg_to_bytes(svg_string=picture.decode()))
    opened = Image.open(BytesIO(picture)).convert("L")
    return zxingcpp.read_barcodes(opened.resize([side * 6 for side in opened.size], 0))[0].text


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_a_camera_reads_the_link_of_a_receipt(code):
    link = f"https://fragen.kranich.example/kranich/r#{code}"

    assert read(qr(link)) == link


def test_a_short_and_a_long_address_can_be_read():
    for address in ["http://a.b/c/ask/d", "https://example.org/" + "frage-" * 20]:
        assert read(qr(address)) == read(qr_for_paper(address)) == address
