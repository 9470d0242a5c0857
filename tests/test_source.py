"""The program's own source, for everybody who uses it: all it takes to build it, and nothing that lies beside it."""

import io
import tarfile
from pathlib import Path

import pytest

from hearback import source
from hearback.people.rules import why_not_slug
from hearback.settings import PACKAGE, settings
from tests import made


def names_in(body: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        return {
            entry.name.removeprefix(f"{source.NAME}/"): archive.extractfile(entry).read() for entry in archive
        }


async def test_the_page_names_licence_and_version_and_leads_to_the_download(fan):
    page = await fan.get("/source")

    assert page.status_code == 200
    assert "GNU Affero General Public License" in page.text
    assert f"Hearback {source.VERSION}" in page.text
    assert f'href="{source.ADDRESS}" download' in page.text
    assert "Everybody may read" in (await fan.get("/source?lang=en")).text


async def test_the_download_holds_the_program_with_all_it_takes_to_build_it(fan):
    sent = await fan.get(source.ADDRESS)

    assert sent.status_code == 200
    assert sent.headers["content-disposition"] == f'attachment; filename="{source.NAME}.tar.gz"'
    files = names_in(sent.content)
    assert files["src/hearback/app.py"] == (PACKAGE / "app.py").read_bytes()
    for name in (
        "templates/base_public.html",
        "migrations/hearback_2026_11_22t02_00_00_000000.py",
        "src/hearback/words/de/ground.po",
        "src/hearback/static/hearback.css",
        "LICENSE",
        "pyproject.toml",
        "build_words.py",
    ):
        assert files[name], name


async def test_every_file_of_the_program_is_in_it():
    held = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*") if path.is_file()}
    ours = {name for name in held if "__pycache__" not in name and not name.endswith(".mo")}
    in_it = {name.removeprefix("src/hearback/") for name, _ in source.own_files() if name.startswith("src/")}
    assert in_it == ours


def test_secrets_links_and_what_lies_beside_the_program_are_not_in_it(tmp_path, monkeypatch):
    package, beside = tmp_path / "src" / "hearback", tmp_path / "beside"
    for part in (package / "__pycache__", package / ".data", package / "rooms", beside):
        part.mkdir(parents=True)
    (package / "app.py").write_text("app = 1")
    (package / "rooms" / "rules.py").write_text("rule = 1")
    for path in (
        package / ".env",
        package / "secret_key",
        package / "dump.sql",
        package / "words.mo",
        package / "__pycache__" / "app.py",
        package / ".data" / "secret.py",
        beside / "secret.py",
        tmp_path / ".env",
        tmp_path / "notes.txt",
    ):
        path.write_text("geheim")
    (package / "linked.py").symlink_to(beside / "secret.py")
    (package / "linked").symlink_to(beside)
    monkeypatch.setattr(source, "PACKAGE", package)
    monkeypatch.setattr(source, "CHECKOUT", tmp_path)

    files = dict(source.own_files())

    assert {name for name in files if name.startswith("src/")} == {
        "src/hearback/app.py",
        "src/hearback/rooms/rules.py",
    }
    assert not any(b"geheim" in body for body in names_in(source.packed(files)).values())


async def test_neither_key_nor_settings_of_this_house_are_in_it(fan, database):
    sent = (await fan.get(source.ADDRESS)).content
    held = b"".join(names_in(sent).values())
    assert settings().secret_key.encode() not in held
    assert database.encode() not in held


def test_the_same_files_make_the_same_archive(tmp_path):
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("1")
    other.write_text("1")
    other.chmod(0o600)
    assert source.packed({"a.py": one, "b.py": one}) == source.packed({"b.py": other, "a.py": other})


async def test_who_has_it_already_is_not_sent_it_again(fan):
    etag = (await fan.get(source.ADDRESS)).headers["etag"]
    again = await fan.get(source.ADDRESS, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_changed_version_leads_to_its_own_source(fan, set_env):
    set_env("HEARBACK_SOURCE_URL", "https://git.example.org/hearback")

    page = await fan.get("/source")

    assert 'href="https://git.example.org/hearback"' in page.text
    assert source.ADDRESS not in page.text
    assert (await fan.get(source.ADDRESS)).status_code == 404


@pytest.mark.parametrize("path", ["/kranich", "/kranich/log", "/kranich/ask/frage", "/kranich/r", "/in"])
async def test_public_pages_lead_to_it(fan, company, path):
    await made.a_question(company, slug="frage")
    page = await fan.get(path)
    assert page.status_code == 200
    assert 'href="/source' in page.text
    assert 'href="/source?lang=en"' in (await fan.get(f"{path}?lang=en")).text


async def test_the_desk_leads_to_it(desk):
    assert 'href="/source?lang=de"' in (await desk.get("/today")).text


def test_no_company_can_take_its_address():
    assert why_not_slug("source") == "company.slug-reserved"
    assert Path(source.ADDRESS).parts[1] == "source"
