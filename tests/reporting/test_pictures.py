"""Each picture of the report says what its table says, for the eye and for the ear."""

import html
import re
from datetime import UTC, datetime

import msgspec
import pytest

from hearback.database.columns import new_id
from hearback.database.engine import execute
from hearback.ledger.queries import newest_checkpoint
from hearback.ledger.signing import sign_all
from hearback.reporting import commands
from hearback.reporting.rules import Figures, Kept, Reached, Three
from tests import made
from tests.promises.test_promises import promised
from tests.reporting.test_report import MONTH, OVER, a_month, counted

BARE = Figures(
    asked=0,
    received=0,
    counted=0,
    read=Reached(),
    replied=Reached(),
    decided=0,
    promises=Kept(),
    mistakes=0,
    held=Three(),
    better=Three(),
    understood=Three(),
    heard=Three(),
)


async def kept(company, month, **more):
    await execute(
        "insert into listening_report (id, company, month, figures, computed_at) values ($1, $2, $3, $4, $5)",
        new_id(),
        company.id,
        month,
        msgspec.json.encode(msgspec.structs.replace(BARE, **more)).decode(),
        OVER,
    )


def section(page, name):
    return page.split(f'aria-labelledby="{name}"')[1].split("</section>")[0]


def widths(part):
    bar = part.split('class="sharebar"')[1].split("</svg>")[0]
    return [float(one) for one in re.findall(r'width="([\d.]+)%"', bar)]


def numbers(part):
    return [int(one) for one in re.findall(r'class="num"><strong>(\d+)<', part)]


async def test_a_bar_of_parts_is_parted_as_its_table_says(fan, company):
    await kept(
        company,
        MONTH,
        promises=Kept(kept=5, late=3, broken=1, overdue=7, running=4),
        held=Three(yes=6, partly=3, no=1),
        better=Three(yes=2, partly=5, no=3),
        understood=Three(yes=70, partly=20, no=10),
        heard=Three(yes=1, partly=0, no=9),
    )

    page = (await fan.get("/kranich/report/2026-09")).text.replace("\xa0", " ")

    promised = section(page, "promised")
    assert numbers(promised) == [5, 3, 1, 7, 4]
    assert widths(promised) == [31.25, 18.75, 6.25, 43.75]  # what still runs is neither kept nor late
    assert 'aria-label="Versprochen: 5 gehalten, 3 zu spät, 1 gebrochen, 7 überfällig"' in promised
    assert numbers(section(page, "wrong")) == [0, 6, 3, 1, 2, 5, 3]
    first, second = section(page, "wrong").split("<h3")[1:]
    assert (widths(first), widths(second)) == ([60, 30, 10], [20, 50, 30])
    assert 'aria-label="Hat die Reparatur gehalten? Das sagen wir: 6 ja, 3 zum Teil, 1 nein"' in first
    assert (widths(section(page, "understood")), numbers(section(page, "understood"))) == (
        [70, 20, 10],
        [70, 20, 10],
    )
    assert (widths(section(page, "felt")), numbers(section(page, "felt"))) == ([10, 0, 90], [1, 0, 9])


async def test_the_bars_of_the_months_are_as_high_as_the_table_says(fan, company):
    """Of 14 months twelve; one without a figure has no bar, one of nothing has a line."""
    months = [datetime(2025 + at // 12, 1 + at % 12, 1, tzinfo=UTC).date() for at in range(14)]
    for at, month in enumerate(months):
        read = Reached() if at == 5 else Reached(n=20, within=0 if at == 6 else at)
        await kept(company, month, read=read, replied=Reached(n=10, within=10))

    page = (await fan.get("/kranich/report/2025-12")).text.replace("\xa0", " ")
    newest = (await fan.get("/kranich/report")).text.replace("\xa0", " ")

    over = section(page, "over")
    read, replied = re.findall(r'<svg class="columns".*?</svg>', over, re.DOTALL)
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th><td class="num">([^<]+)</td>', over)
    shares = {at: 0 if at == 6 else 5 * at for at in range(12) if at != 5}
    assert [words for _, words in rows] == [
        "keine Zahl" if at == 5 else f"{shares[at]} %" for at in range(12)
    ]
    told = re.search(r'aria-label="[^:"]*: ([^"]*)"', read)
    assert told is not None and told[1].split(", ") == [f"{month} {words}" for month, words in rows]
    bars = re.findall(r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', read)
    for (at, percent), (x, y, width, height) in zip(shares.items(), bars, strict=True):
        assert float(x) == pytest.approx(at * 100 / 12 + 1.25, abs=0.01)
        assert float(width) == pytest.approx(100 / 12 * 0.7, abs=0.01)
        assert float(height) == pytest.approx(max(percent * 0.4, 0.5), abs=0.01)
        assert float(y) + float(height) == pytest.approx(40)
    assert len(re.findall("<rect", replied)) == 12
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', section(newest, "over"))[0] == "März 2025"
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', section(newest, "over"))[-1] == "Februar 2026"


async def test_a_month_in_which_nothing_happened_says_so_without_empty_pictures(fan, desk, company):
    await a_month(company)
    await commands.count_months(now=datetime(2026, 12, 1, 12, tzinfo=UTC))

    for page in (await fan.get("/kranich/report/2026-11"), await desk.get("/report/2026-11")):
        assert page.status_code == 200
        assert page.text.count("Dazu hat in diesem Monat niemand etwas gesagt.") == 4
        assert 'class="sharebar"' not in section(page.text, "understood")
        assert numbers(section(page.text, "listened"))[:3] == [0, 0, 0]
        assert "Median" not in page.text


async def test_a_company_that_never_asked_and_a_month_that_still_runs_have_none_yet(fan, company):
    page = await fan.get("/kranich/report")
    assert page.status_code == 200
    assert "Ein Bericht entsteht, wenn ein Monat mit einer Frage vorbei ist." in page.text

    await a_month(company)
    await counted(company)
    assert (await fan.get("/kranich/report/2026-10")).status_code == 404


async def test_each_median_stands_beside_its_own_figures(fan, company):
    await kept(company, MONTH, read=Reached(9, 9, 2.5, 0), replied=Reached(9, 9, 17.0, 0))

    page = (await fan.get("/kranich/report/2026-09")).text.replace("\xa0", " ")

    assert "lag eine Antwort 3 Tage" in section(page, "listened")
    assert "vergingen 17 Tage" in section(page, "replied")


async def test_a_report_on_paper_says_where_it_stands_and_links_keep_the_language(fan, company):
    await kept(company, MONTH)

    page = (await fan.get("/kranich/report?lang=en")).text

    assert '<p class="onpaper">http://test/kranich/report/2026-09</p>' in page
    assert 'href="/kranich/report/2026-09?lang=en"' in page
    assert 'href="/kranich/promises?lang=en"' in page
    assert 'class="rand stack noprint"' in page


async def test_a_report_on_paper_carries_the_ledgers_newest_signature(fan, company):
    await kept(company, MONTH)
    assert "So war das Prüfbuch unterschrieben" not in (await fan.get("/kranich/report")).text
    await promised(company)
    await sign_all()
    newest = await newest_checkpoint(company.id)

    page = (await fan.get("/kranich/report?lang=de")).text

    on_paper = page[page.rindex('<div class="onpaper">') :]
    assert "So war das Prüfbuch unterschrieben" in on_paper
    assert newest.note in html.unescape(on_paper)


async def test_what_a_handful_said_is_neither_in_a_picture_nor_in_a_table(fan, company):
    await made.a_member(company)
    await kept(company, MONTH, heard=Three(hidden=True))

    felt = section((await fan.get("/kranich/report/2026-09")).text.replace("\xa0", " "), "felt")

    assert "Weniger als 5 Menschen" in felt
    assert "<svg" not in felt and "<table" not in felt
