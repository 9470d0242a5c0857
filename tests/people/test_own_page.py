"""One's own page: name, face, language; and that a picture is nothing but a picture."""

import io

import pytest
from PIL import Image

from hearback.database.engine import fetch_column, fetch_value
from hearback.people import queries
from hearback.people.faces import LARGEST_FILE, small_square
from hearback.people.rules import name_key
from hearback.refusals import Refused
from tests.people.pictures import a_jpeg, a_png_bomb, opened


async def test_name_and_task_stand_in_public_at_once(fan, desk, company):
    assert desk.member.name in (await fan.get("/kranich/who")).text

    reply = await desk.post(
        "/people/me", {"name": "Jule Ähre", "role_title": "liest <b>alles</b>", "language": "en"}
    )

    assert reply.status_code == 303
    member = await queries.member(company.id, desk.member.id)
    assert (member.name, member.role_title, member.language) == ("Jule Ähre", "liest <b>alles</b>", "en")
    assert "Your page" in (await desk.get("/people/me")).text
    assert "liest &lt;b&gt;alles&lt;/b&gt;" in (await fan.get("/kranich/who?lang=en")).text


def test_names_sort_without_their_accents():
    assert sorted(["Zoë", "Ärmel", "Bär", "Åse", "arm"], key=name_key) == [
        "arm",
        "Ärmel",
        "Åse",
        "Bär",
        "Zoë",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "J", "language": "de"},
        {"name": "x" * 81, "language": "de"},
        {"name": "Jule", "language": "fr"},
        {"name": "Jule", "language": "de", "role": "admin"},
        {"name": ["Jule", "Eve"], "language": "de"},
        {"name": "Jule", "language": "de", "role_title": "x" * 121},
    ],
)
async def test_what_does_not_fit_is_refused_and_stays_typed(desk, company, typed):
    reply = await desk.post("/people/me", typed)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert (await queries.member(company.id, desk.member.id)).name == desk.member.name


async def upload(desk, raw: bytes, name: str = "jule.jpg"):
    return await desk.post("/people/me/picture", files={"picture": (name, raw)})


async def test_a_picture_is_shown_to_everybody_and_kept_by_caches(fan, desk, company):
    assert (await upload(desk, a_jpeg())).status_code == 303

    member = await queries.member(company.id, desk.member.id)
    shown = await fan.get(member.face_url)
    assert member.face_url in (await fan.get("/kranich/who")).text
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in shown.headers
    assert opened(shown.content).size == (256, 256)


async def test_a_new_picture_takes_the_old_one_away(fan, desk, company):
    await upload(desk, a_jpeg())
    old = (await queries.member(company.id, desk.member.id)).face_url

    await upload(desk, a_jpeg(400, 600))

    assert (await fan.get(old)).status_code == 404
    assert await fetch_value("select count(*) from portrait") == 1


async def test_nothing_of_the_camera_is_left():
    raw = a_jpeg()
    assert b"Hinterhof" in raw

    picture = await small_square(raw)

    assert b"Hinterhof" not in picture.webp
    assert len(opened(picture.webp).getexif()) == 0


async def test_a_picture_held_sideways_stands_upright_and_is_cut_in_the_middle():
    # Orientation 6: the camera was turned, so the left half (red) belongs on top.
    picture = opened((await small_square(a_jpeg(orientation=6))).webp).convert("RGB")

    top, bottom = picture.getpixel((128, 20)), picture.getpixel((128, 236))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


async def test_what_is_transparent_becomes_paper():
    written = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(written, "PNG")

    assert opened((await small_square(written.getvalue())).webp).convert("RGB").getpixel((5, 5))[0] > 250


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "people.not-a-picture"),
        (b"GIF89a" + b"\x00" * 40, "people.not-a-picture"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 200, "people.not-a-picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "people.not-a-picture"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 90, "people.not-a-picture"),
        (b"x" * (LARGEST_FILE + 1), "people.picture-too-large"),
    ],
)
async def test_what_is_no_picture_is_refused(raw, reason):
    with pytest.raises(Refused) as refused:
        await small_square(raw)
    assert refused.value.reason == reason


async def test_a_torn_picture_is_refused():
    for cut in (10, 100, 700, 1200):
        with pytest.raises(Refused):
            await small_square(a_jpeg()[:cut])


async def test_a_small_file_that_unfolds_into_hundreds_of_megabytes_is_refused(desk):
    bomb = a_png_bomb()
    assert len(bomb) < 100_000

    reply = await upload(desk, bomb, "bomb.png")

    assert reply.status_code == 422
    assert "mehr als 50" in reply.text


async def test_a_refused_picture_leaves_the_old_one(desk, company):
    await upload(desk, a_jpeg())
    before = await fetch_column("select face_digest from member order by id")

    reply = await upload(desk, b"not a picture", "jule.jpg")

    assert reply.status_code == 422
    assert "Nimm bitte ein JPEG, PNG oder WebP." in reply.text
    assert await fetch_column("select face_digest from member order by id") == before


async def test_a_form_without_a_picture_says_so(desk):
    assert "Wähl bitte zuerst ein Bild aus." in (await desk.post("/people/me/picture")).text


async def test_five_mebibytes_fit_and_ten_are_too_large(desk):
    fits = await upload(desk, b"x" * LARGEST_FILE)
    too_large = await upload(desk, b"x" * (10 * 1024 * 1024))

    assert fits.status_code == 422  # read, and found to be no picture
    assert too_large.status_code == 413
    assert "Das ist mehr, als wir auf einmal annehmen." in too_large.text


async def test_no_other_form_takes_that_much(desk):
    reply = await desk.post("/people/me", {"name": "x" * (1024 * 1024), "language": "de"})

    assert reply.status_code == 413


@pytest.mark.parametrize(
    "words", [b"\r\n\xff\xfe", b"\r\na\x00b", b"content-type: text/plain; charset=tlh\r\n\r\na"]
)
async def test_broken_letters_beside_a_picture_are_a_refusal_and_no_accident(desk, words):
    body = b'--x\r\ncontent-disposition: form-data; name="note"\r\n' + words + b"\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": desk.csrf}

    reply = await desk.browser.post(desk.address("/people/me/picture"), content=body, headers=headers)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text


async def test_a_torn_upload_is_a_refusal_and_no_accident(desk):
    headers = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": desk.csrf}
    for body in (b"", b"--x\r\n", b"no boundary", b'--x\r\ncontent-disposition: form-data; name="pic'):
        reply = await desk.browser.post(desk.address("/people/me/picture"), content=body, headers=headers)
        assert 400 <= reply.status_code < 500, body
