"""Product replies under the mandate; the fan reads it on a phone without scripts and talks on; a leader co-signs."""

from datetime import timedelta

import pytest

from hearback.database.engine import connected
from hearback.people.access import cookie_name
from hearback.replying.commands import sign_mandate
from hearback.replying.forms import MandateForm
from tests import made

CODE = "7K4QM0000000000000000000AB"
WORDS = (
    "Liebes Freibad, wir müssen reden. Dreimal stand ich vor verschlossener Tür. Ich treffe jetzt einen See."
)


@pytest.fixture
async def company(database, site):
    async with connected():
        company = await made.a_company()
        question = await made.a_question(company, slug="bad", title="Wie war es im Freibad?")
        await made.an_answer(company, question, WORDS, code=CODE)
        yield company


async def signed_in(context, member, site):
    token = await made.a_session(member)
    await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    return await context.new_page()


async def test_a_reply_goes_out_is_answered_and_cosigned(
    chromium, company, site, computer, phone_without_scripts
):
    leader = await made.a_member(company, "reader", name="Mara Lindt", role_title="Leitung", leads=True)
    form = MandateForm(
        words="Ihr dürft das sofort beantworten. Ich stehe dafür ein.", topics="Öffnungszeiten"
    )
    await sign_mandate(company.id, form, by=leader, now=made.NOW)
    writer = await made.a_member(company, "product", name="Ole Jensen", role_title="Bademeister")

    page = await signed_in(computer, writer, site)
    await page.goto("/desk/kranich/inbox")
    await page.get_by_role("link", name="Öffnen").click()
    await page.get_by_role("link", name="Dieser Person antworten").click()
    await page.get_by_text("Die Person scherzt (wir müssen reden und Ich treffe jetzt).").wait_for()
    await page.get_by_label("Das Gefühl").fill(
        "Dreimal vor der Tür: Das hätte mich auch in die Arme eines Sees getrieben."
    )
    await page.get_by_label("Der Fakt").fill("Ich habe die neuen Zeiten nur innen ausgehängt.")
    await page.get_by_label("Der nächste Schritt").fill("Ich stelle die Zeiten heute noch online.")
    await page.get_by_label("Bis wann").fill((made.today() + timedelta(days=1)).isoformat())
    await page.get_by_label("Öffnungszeiten").check()
    await page.get_by_role("button", name="Unter dem Mandat abschicken").click()
    await page.get_by_text("gedeckt vom Mandat: Öffnungszeiten").wait_for()

    fan = await phone_without_scripts.new_page()
    await fan.goto("/kranich/r")
    await fan.get_by_label("Code").fill(CODE)
    await fan.get_by_role("button", name="öffnen").click()
    await fan.get_by_text("in die Arme eines Sees getrieben").wait_for()
    await fan.get_by_role("group", name="Fühlst du dich gehört?").get_by_label("Teilweise").check()
    await fan.get_by_label("Ein Wort zurück an Ole Jensen").fill("Danke. Und sonntags?")
    await fan.get_by_role("button", name="Abschicken").click()
    await fan.get_by_text("Dein Wort ist angekommen.").wait_for()

    another = await chromium.new_context(base_url=site, locale="de-DE")
    leading = await signed_in(another, leader, site)
    await leading.goto("/desk/kranich/replies")
    await leading.get_by_text("Danke. Und sonntags?").first.wait_for()
    await leading.get_by_role("link", name="Öffnen").click()
    await leading.get_by_text("Fühlt sich teilweise gehört.").wait_for()
    await leading.get_by_role("button", name="Mitzeichnen").click()
    await leading.get_by_text("Mitgezeichnet von Mara Lindt.").wait_for()
    await another.close()
