"""Pages are light enough for an old phone, and nothing but one stylesheet stands before the first look at them."""

import gzip
import re
from urllib.parse import urljoin

import pytest

from hearback.web.packing import pack, takes_packed
from hearback.web.static_files import static, static_digest
from tests import made

MOST = 60_000
LOADED = re.compile(
    r"""<(?:script|img)[^>]*\ssrc="([^"]+)"|<link[^>]*rel="(?:stylesheet|icon)"[^>]*href="([^"]+)\""""
)
PROMPTS = [
    {"kind": "choice", "words": "Wie bist du gekommen?", "options": ["Bus", "Rad", "Zu Fuß"], "other": True},
    {
        "kind": "scale",
        "words": "Wie gern kommst du wieder?",
        "low": 0,
        "high": 10,
        "low_label": "gar nicht",
        "why": True,
    },
    {
        "kind": "ranking",
        "words": "Was zuerst?",
        "options": ["Kürzere Wege", "Mehr Schatten", "Mehr Klos", "Mehr Licht"],
    },
    {"kind": "open", "words": "Erzähl, wie es war", "required": True, "help": "Ein Satz reicht."},
]


async def on_the_way(browser, path):
    """Bytes of the body as they travel, and the reply."""
    async with browser.stream("GET", path) as reply:
        raw = b"".join([part async for part in reply.aiter_raw()])
    return len(raw), reply


async def weight(browser, address, page, own):
    """Of a page and all that it loads, fonts apart."""
    loaded = {urljoin(f"http://test{address}", one or other) for one, other in LOADED.findall(page)}
    sizes = {address: own}
    for path in loaded:
        sizes[path], reply = await on_the_way(browser, path)
        assert reply.status_code == 200, path
    assert sum(sizes.values()) < MOST, sizes
    return sizes


@pytest.fixture
async def house(company):
    for _ in range(6):
        jule = await made.a_member(company)
    question = await made.a_question(company, by=jule, slug="frage", prompts=PROMPTS, level="protected")
    for number in range(8):
        theme = await made.a_theme(company)
        await made.a_public_note(company, theme, by=jule, title=f"Größere Schrift auf Seite {number}")
    return question


@pytest.mark.parametrize(
    "path", ["/kranich/ask/frage", "/kranich", "/embed/kranich/frage", "/embed/kranich", "/kranich/log"]
)
async def test_a_page_and_all_it_loads_stay_below_sixty_kilobytes(fan, house, path):
    own, reply = await on_the_way(fan, path)
    page = (await fan.get(path)).text
    assert reply.status_code == 200

    await weight(fan, path, page, own)
    only_one_sheet(page)


async def test_so_does_a_receipt(fan, company, house):
    await made.an_answer(company, house, code="7K4QM0000000000000000000AB")
    receipt = await fan.post("/kranich/r", data={"code": "7K4QM0000000000000000000AB"})
    assert receipt.status_code == 200 and "content-encoding" not in receipt.headers  # it holds a secret
    await weight(fan, "/kranich/r", receipt.text, len(receipt.content))
    only_one_sheet(receipt.text)


def only_one_sheet(page):
    head = page.partition("</head>")[0]
    assert len(re.findall(r'rel="stylesheet"', page)) == 1
    assert all(" defer" in script for script in re.findall(r"<script[^>]*>", page))
    assert not re.search(r'rel="(?:preload|modulepreload)"(?![^>]*as="font")', head)


async def test_the_one_sheet_holds_the_company_s_colour_waits_for_no_font_and_finds_them(fan, company):
    sheet = await fan.get(company.look_url)

    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["content-encoding"] == "gzip"
    assert "--accent:light-dark(#2b3f9e" in sheet.text and "@import" not in sheet.text
    faces = re.findall(r"@font-face {[^}]*}", sheet.text)
    assert all("font-display: swap" in face or "local(" in face for face in faces)
    for address in re.findall(r'url\("([^"]+)"\)', sheet.text):
        assert (await fan.head(address)).status_code == 200
    assert static_digest() in company.look_url


async def test_a_file_is_packed_for_whoever_can_unpack_it_and_only_files_are_served(fan, company):
    packed, plain = [
        await fan.get(static("hearback.css"), headers={"Accept-Encoding": how})
        for how in ("br, gzip", "identity")
    ]
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    font = await fan.get(static("fonts/literata-latin-opsz-normal.woff2"))
    assert (font.headers["content-type"], "content-encoding" in font.headers) == ("font/woff2", False)
    for path in ("", "fonts", "../app.py", "%2e%2e/app.py", "gibtsnicht.css"):
        assert (await fan.get(static(path))).status_code == 404, path
    assert (await fan.post(static("hearback.css"))).status_code == 405


@pytest.mark.parametrize("again", [False, True])
async def test_a_kept_page_is_packed_and_known_again_by_an_etag_of_its_own(fan, company, again):
    for _ in range(1 + again):
        packed = await fan.get("/kranich/log", headers={"Accept-Encoding": "gzip"})
        plain = await fan.get("/kranich/log", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.text == plain.text and packed.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in packed.headers["vary"]
    for page in (packed, plain):
        headers = {
            "If-None-Match": page.headers["etag"],
            "Accept-Encoding": page.headers.get("content-encoding", "identity"),
        }
        assert (await fan.get("/kranich/log", headers=headers)).status_code == 304


@pytest.mark.parametrize(
    ("says", "takes"),
    [
        (b"gzip", True),
        (b"br, gzip, zstd", True),
        (b"gzip;q=0", False),
        (b"gzip; q=0", False),
        (b"br", False),
        (b"", False),
    ],
)
def test_who_takes_packed_replies(says, takes):
    assert takes_packed([(b"accept", b"gzip"), (b"accept-encoding", says)]) is takes
    assert takes_packed([]) is False


def test_what_would_not_become_smaller_is_left_as_it_is():
    assert pack(b"short", 9) is None
    assert gzip.decompress(pack(b"long " * 400, 4)) == b"long " * 400
