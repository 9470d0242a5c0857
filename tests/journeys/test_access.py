"""Nobody is kept out of a fan's pages, in whatever state they are: seen large, heard, by keys, without colours.

The browser's requests go straight into the app, so that states that lie behind a form cost one request each.
"""

import json
import re
from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from msgspec import Struct

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt
from hearback.receipts.tables import Hearback
from hearback.replying.tables import Mandate, Reply
from tests import made
from tests.journeys.conftest import PHONE
from tests.journeys.test_keyboard import faults_by_keys

NARROW = {"width": 320, "height": 640}  # 1280 px at 400 per cent
CODE = "7K4QM0000000000000000000A"
PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True, "help": "Ein Satz reicht."},
    {"kind": "choice", "words": "Wann?", "options": ["Aufbau", "Runde 1"], "other": True, "why": True},
    {"kind": "choices", "words": "Was half?", "options": ["Bilder", "Beispiele"], "other": True},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Rot", "Grün", "Blau"], "why": True},
    {"kind": "scale", "words": "Wie klar?", "low": 0, "high": 10, "low_label": "gar nicht", "high_label": "sehr"},
    {"kind": "yes_no", "words": "Wieder?", "options": ["Ja", "Nein"], "if_prompt": 1, "if_picks": [1]},
]  # fmt: skip
IN_ENGLISH = {"title": "Where did the rules leave you alone?", "why": "Many wrote to us."}
LONG = "Auslösekartenbeschriftungsverwechslung"


class State(Struct, frozen=True):
    """What a fan has before them. data: posted to the path; none: it is opened."""

    path: str
    data: dict[str, str | list[str]] | None = None


class House(Struct):
    states: dict[str, State]


def of_question(page: str) -> dict[str, str]:
    """The form's key, and the field of the first prompt."""
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    return {
        "key": key,
        re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]: "Die Steine sind gleich.",
    }


async def a_receipt(company, question, number: int, **more) -> str:
    code = f"{CODE}{number}"
    await made.an_answer(company, question, f"Die {LONG} war rot.", code=code, **more)
    return code


@pytest.fixture
async def house(fan, company, set_env) -> House:
    set_env("HEARBACK_ANSWERS_PER_QUESTION_AND_HOUR", "2")
    await made.mail_set_up(company, 2525)
    jule = await made.a_member(company, name="Jule Brandt", leads=True)
    question = await made.a_question(
        company, by=jule, slug="alles", prompts=PROMPTS, translations=json.dumps({"en": IN_ENGLISH})
    )
    closed = {"opens_at": made.NOW - timedelta(days=20), "closes_at": made.NOW - timedelta(days=1)}
    await made.a_question(company, by=jule, slug="zu", **closed)
    await made.a_question(company, by=jule, slug="bald", opens_at=made.NOW + timedelta(days=2))
    await made.a_question(company, by=jule, slug="kreis", level="invited")
    flooded = await made.a_question(company, by=jule, slug="viel")
    full = await made.a_question(company, by=jule, slug="voll", most=1)
    await made.an_answer(company, full)
    await made.a_question(company, by=jule, slug="bestaetigt", level="confirmed")
    formal = await made.a_company("reiher", name="Reiher", address="sie")
    await made.a_question(formal, slug="alles", prompts=PROMPTS)

    whole = await a_receipt(company, question, 1, quoting="unnamed")
    response = await Response.objects().get(Response.question == question.id)
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=jule, said="Man muss die Steine fühlen können.")
    reply = {
        "feeling": "Das ärgert mich auch.",
        "fact": "Die Farben sind zu nah.",
        "next_step": "Wir fräsen Kerben.",
    }
    signed = {"writer": jule.id, "signed_by": (await made.a_member(company)).id, "next_owner": jule.id}
    days = {"next_by": made.today() + timedelta(days=9), "saved_at": made.NOW, "sent_at": made.NOW}
    for to in ({"response": response.id}, {"theme": theme.id}):
        await Reply.insert(Reply(company=company.id, **to, state="sent", **reply, **signed, **days))
    await Mandate.insert(
        Mandate(
            company=company.id,
            number=1,
            state="signed",
            words="Antwortet sofort, ich stehe dafür ein.",
            topics=["Steine"],
            by=jule.id,
            at=made.NOW,
        )
    )
    said = {"verdict": "not_quite", "words": "Auch im Dunkeln.", "on": made.today()}
    await Hearback.insert(Hearback(company=company.id, response=response.id, note=note.id, **said))
    prompts = {p.kind: p for p in await Prompt.objects().where(Prompt.question == question.id)}
    for kind, more in (
        ("choice", {"chosen": [1]}),
        ("choice", {"words": "Zu klein.", "part": "why"}),
        ("choices", {"words": "Ein Freund", "part": "other"}),
        ("ranking", {"chosen": [2, 0]}),
        ("scale", {"number": 7}),
    ):
        row = {"company": company.id, "response": response.id, "prompt": prompts[kind].id}
        await Answer.insert(Answer(**row | more))
    aside = {"state": "set_aside", "reason": "Werbung.", "set_aside_by": jule.id}
    codes = {
        "held": await a_receipt(company, question, 2, state="held", flag="repeat"),
        "set aside": await a_receipt(company, question, 3, **aside),
        "withdrawn": await a_receipt(company, question, 4, state="withdrawn", ended_on=made.today()),
        "erased": await a_receipt(company, question, 5),
    }
    await fan.post("/kranich/r/erasure", data={"code": codes["erased"], "sure": "yes"})

    page = (await fan.get("/kranich/ask/alles")).text
    answer = of_question(page) | {"quoting": "no"}
    flood = of_question((await fan.get("/kranich/ask/viel")).text)
    for _ in range(2):
        await made.an_answer(company, flooded)
        await fan.post(
            "/kranich/ask/viel/answers", data=of_question((await fan.get("/kranich/ask/viel")).text)
        )
    field = f"p{prompts['open'].id.hex}"
    states = {
        "question": State("/kranich/ask/alles"),
        "question in English": State("/kranich/ask/alles?lang=en"),
        "question, Sie": State("/reiher/ask/alles"),
        "errors": State("/kranich/ask/alles/answers", {"key": answer["key"], "quoting": "named"}),
        "thanks": State("/kranich/ask/alles/answers", answer),
        "closed": State("/kranich/ask/zu"),
        "not yet": State("/kranich/ask/bald"),
        "full": State("/kranich/ask/voll"),
        "confirmed by mail": State("/kranich/ask/bestaetigt"),
        "without a link": State("/kranich/ask/kreis"),
        "flood": State("/kranich/ask/viel/answers", flood),
        "receipt": State("/kranich/r", {"code": whole}),
        "receipt in English": State("/kranich/r?lang=en", {"code": whole}),
        "receipt refused": State("/kranich/r", {"code": "0" * 26}),
        **{f"receipt, {name}": State("/kranich/r", {"code": code}) for name, code in codes.items()},
        "correction": State("/kranich/r/correction", {"code": whole}),
        "correction refused": State("/kranich/r/correction", {"code": whole, "sure": "yes", field: ""}),
        "sure to withdraw": State("/kranich/r/withdrawal", {"code": whole}),
        "sure to erase": State("/kranich/r/erasure", {"code": whole}),
        "follow": State("/kranich/follow"),
        "follow refused": State("/kranich/follow", {"address": "mia"}),
        "what others said": State("/kranich/r/others", {"code": whole}),
        "company": State("/kranich"),
        "rules": State("/kranich/rules"),
        "moderation": State("/kranich/moderation"),
        "replies": State("/kranich/replies"),
        "mandate": State("/kranich/mandate"),
        "ledger": State("/kranich/ledger"),
        "note": State(f"/kranich/log/{note.slug}"),
        "privacy": State("/kranich/privacy"),
        "accessibility": State("/kranich/accessibility"),
        "nothing here": State("/kranich/gibtsnicht"),
    }
    return House(states)


@pytest.fixture
async def browser(chromium, fan, house):
    """A fan's phone whose every request goes to the app; a state is opened by its name."""
    context = await chromium.new_context(
        viewport=PHONE, base_url="http://test", has_touch=True, locale="de-DE"
    )

    async def from_the_app(route) -> None:
        asked = route.request
        name = asked.url.partition("#state=")[2] or names.pop(asked.url, "")
        if name in house.states and (state := house.states[name]).data is not None:
            reply = await fan.post(state.path, data=state.data)
        else:
            reply = await fan.get(asked.url)
        kept = {k: v for k, v in reply.headers.items() if k not in ("content-encoding", "content-length")}
        await route.fulfill(status=reply.status_code, headers=kept, body=reply.content)

    names: dict[str, str] = {}

    async def opened(name: str):
        page = await context.new_page()
        address = f"http://test{house.states[name].path}"
        names[address] = name
        await page.goto(address)
        return page

    await context.route("**/*", from_the_app)
    yield opened
    await context.close()


AXE = Axe()
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
# What is cut off on purpose: words for those who hear the page only, and what scrolls by itself.
CUT = """() => [document.documentElement, ...document.querySelectorAll("body *")].filter((one) => {
  if (!one.checkVisibility() || one.closest(".vh, .skip, [aria-hidden=true], select, input, textarea")) return false;
  const { overflowX, overflowY } = getComputedStyle(one);
  const root = one === document.documentElement;
  if (one.scrollWidth > one.clientWidth + 1 && (root || ["hidden", "clip"].includes(overflowX))) return true;
  return one.scrollHeight > one.clientHeight + 1 && ["hidden", "clip"].includes(overflowY);
}).map((one) => one.outerHTML.slice(0, 120))"""
# WCAG 2.5.8 leaves out a link within a sentence, and a small one with nothing else to hit within 24 pixels around it.
SMALL = """(form) => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !one.closest(".vh, .skip, [aria-hidden=true]"))
    .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.right > 0);
  const alone = (one, box) => all.every(([other, to]) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const [dx, dy] = [Math.max(to.left - x, 0, x - to.right), Math.max(to.top - y, 0, y - to.bottom)];
    return other === one || Math.hypot(dx, dy) >= 12;
  });
  return all.filter(([one, box]) => {
    if (form && one.closest("form") && !one.matches("a")) return box.width < 44 || box.height < 44;
    if (box.width >= 24 && box.height >= 24) return false;
    const inSentence = one.matches("a") && getComputedStyle(one).display === "inline"
      && one.parentElement.textContent.trim() !== one.textContent.trim();
    return !inSentence && !alone(one, box);
  }).map(([one, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} ${one.outerHTML.slice(0, 100)}`);
}"""
SETTLED = "Promise.allSettled(document.getAnimations().map((one) => one.finished))"
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const seconds = (times) => Math.max(...times.split(",").map(parseFloat));
  return seconds(style.transitionDuration) > 0.001 || seconds(style.animationDuration) > 0.001;
}).map((one) => one.outerHTML.slice(0, 100))"""
UNSEEN = """() => {
  const faults = [];
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.tabIndex < 0) continue;
    one.focus({ focusVisible: true });
    const rings = [one, one.closest("label") ?? one].map((part) => getComputedStyle(part));
    if (!rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2))
      faults.push(`focus: ${one.outerHTML.slice(0, 100)}`);
  }
  const looks = (label) => {
    const { borderTopColor, borderTopWidth, outlineStyle, backgroundColor, color } = getComputedStyle(label);
    return [borderTopColor, borderTopWidth, outlineStyle, backgroundColor, color].join();
  };
  for (const picked of document.querySelectorAll("label:has(input:checked)")) {
    const box = picked.querySelector("input").getBoundingClientRect();
    const bare = getComputedStyle(picked.querySelector("input"));
    if (bare.appearance !== "none" && bare.opacity !== "0" && box.width >= 10 && box.height >= 10) continue;
    const others = [...picked.parentElement.querySelectorAll("label:not(:has(input:checked))")];
    if (others.some((other) => looks(other) === looks(picked)))
      faults.push(`picked: ${picked.outerHTML.slice(0, 100)}`);
  }
  return faults;
}"""
SPEECH = """() => {
  const faults = [];
  const known = ["de", "en", ""];
  for (const one of document.querySelectorAll("[lang], [hreflang]"))
    if (![one.lang, one.hreflang].filter((lang) => lang !== undefined).every((lang) => known.includes(lang)))
      faults.push(`lang: ${one.outerHTML.slice(0, 80)}`);
  for (const link of document.querySelectorAll("#errors a, a[href^='#']"))
    if (!document.getElementById(link.hash.slice(1))) faults.push(`leads nowhere: ${link.outerHTML}`);
  for (const name of ["aria-describedby", "aria-labelledby"])
    for (const one of document.querySelectorAll(`[${name}]`))
      for (const id of one.getAttribute(name).split(" "))
        if (!document.getElementById(id)) faults.push(`no ${id}: ${one.outerHTML.slice(0, 80)}`);
  if (document.querySelector("#errors") && document.activeElement?.id !== "errors")
    faults.push("focus is not on the errors");
  return faults;
}"""


async def axe(page, what: str, **options) -> list[str]:
    found = (await AXE.run(page, options=options)).response["violations"]
    return [f"{what}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


async def faults_of(page, lang: str, *, form: bool, linked: bool) -> list[str]:
    """linked: there is a link to it, so that another test has seen it in the dark."""
    faults = await page.evaluate(SPEECH)
    if await page.locator("html").get_attribute("lang") != lang:
        faults.append("another language")
    await page.emulate_media(reduced_motion="reduce", color_scheme="light")
    faults += [f"moves: {one}" for one in await page.evaluate(MOVING)]
    faults += await axe(page, "light")
    if not linked:
        await page.emulate_media(reduced_motion="reduce", color_scheme="dark")
        await page.evaluate(SETTLED)  # colours that are half way there have no contrast yet
        faults += await axe(page, "dark", runOnly=["color-contrast"])
    faults += [f"small: {one}" for one in await page.evaluate(SMALL, form)]
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    faults += [f"forced colours: {one}" for one in await page.evaluate(UNSEEN)]
    await page.emulate_media(forced_colors="none", reduced_motion="reduce")
    await page.set_viewport_size(NARROW)
    faults += [f"at 400 %: {one}" for one in await page.evaluate(CUT)]
    await page.evaluate(SPACED)
    return faults + [f"with more space: {one}" for one in await page.evaluate(CUT)]


async def test_no_state_of_a_fans_pages_keeps_anybody_out(browser, house):
    faults = {}
    for name, state in house.states.items():
        page = await browser(name)
        lang = "en" if "lang=en" in state.path else "de"
        if here := await faults_of(page, lang, form="/ask/" in state.path, linked=state.data is None):
            faults[name] = here
        await page.close()

    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


async def heard(page) -> list[str]:
    """What a screen reader says from top to bottom: roles and names, from the tree that the browser gives it."""
    return [line.strip(" -:") for line in (await page.locator("body").aria_snapshot()).splitlines()]


def in_order(said: list[str], parts: list[str]) -> list[str]:
    """The parts that are not heard after the ones before them."""
    missing, at = [], 0
    for part in parts:
        found = next((n for n in range(at, len(said)) if part in said[n]), None)
        if found is None:
            missing.append(part)
        else:
            at = found
    return missing


async def test_a_screen_reader_hears_a_question_in_the_order_of_the_page(browser):
    said = await heard(await browser("question"))

    assert (
        in_order(
            said,
            [
                'link "Zum Inhalt',
                "banner",
                "main",
                'heading "Wo hat euch die Anleitung allein gelassen?" [level=1]',
                "Im Oktober haben uns viele geschrieben.",
                "form",
                'textbox "Erzähl, wie es war"',
                'group "Wann? (freiwillig)"',
                'radio "Aufbau"',
                'radio "Etwas anderes"',
                'textbox "Warum',
                'group "Was half?',
                'checkbox "Bilder"',
                'group "Was zuerst?',
                'group "Wie klar?',
                'radio "0 : gar nicht"',
                'radio "10 : sehr"',
                'group "Dürfen wir dich öffentlich zitieren?"',
                'radio "Nein, bitte nur lesen" [checked]',
                'button "Antwort abschicken"',
                "contentinfo",
            ],
        )
        == []
    )


async def test_a_screen_reader_hears_thanks_and_what_became_of_an_answer(browser):
    said = await heard(await browser("thanks"))
    thanks = [
        'heading "Danke. Deine Antwort ist angekommen." [level=1]',
        "Die Steine sind gleich.",
        'region "Der Code deiner Quittung"',
        'textbox "Dein Link zu dieser Quittung"',
        "Verloren ist verloren.",
        'button "Als Datei sichern"',
        'complementary "So geht es weiter"',
        "contentinfo",
    ]
    assert in_order(said, thanks) == []

    said = await heard(await browser("receipt"))
    receipt = [
        "[level=1]",
        f"Die {LONG} war rot.",
        "Runde 1",
        "Zu klein.",
        "Wie klar? 7",
        'complementary "',
        'button "Antwort löschen"',
        "Rote und grüne Steine",
        'link "Steine mit Kerben"',
        'heading "Haben wir dich richtig verstanden?"',
        "Man muss die Steine fühlen können.",
        "Du hast gesagt: Nicht ganz.",
        "Auch im Dunkeln.",
        "Doch anders antworten",
        "contentinfo",
    ]
    assert in_order(said, receipt) == []


@pytest.mark.parametrize("name", ["receipt", "correction"])
async def test_what_lies_behind_a_form_is_walked_by_tab_alone_too(browser, name):
    assert await faults_by_keys(await browser(name)) == []
