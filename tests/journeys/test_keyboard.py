"""Nobody needs a mouse: everything is reached by Tab, in the order it is read, and can be seen when it is."""

import pytest
from playwright.async_api import expect

from hearback.people.access import cookie_name
from tests.journeys.test_pages import pages_from, story

__all__ = ["story"]

PARTS_OF_A_DATE = 8
HANDED_ON_MS = 200
# Radios of one name are one stop; what is closed, hidden or switched off is none.
STOPS = """() => {
  document.activeElement.blur(); // what the page focuses itself is looked at at rest, too
  const looks = (one) => { const style = getComputedStyle(one); return [style.outlineStyle, style.outlineWidth,
    style.outlineColor, style.boxShadow, style.borderColor].join() };
  const frame = (one) => looks(one) + "|" + looks(one.closest("label") ?? one);
  const groups = new Set();
  window.stops = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((one) => {
      if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
      if (one.type !== "radio") return true;
      const members = [...document.getElementsByName(one.name)].filter((other) => other.form === one.form);
      const entry = members.find((other) => other.checked) ?? members[0];
      return one === entry;
    });
  window.restful = new Map(window.stops.map((one) => [one, frame(one)]));
  window.frameOf = frame;
  return window.stops.length;
}"""
WHERE = """() => {
  const one = document.activeElement;
  return [window.stops.indexOf(one), window.frameOf(one) !== window.restful.get(one),
    one.outerHTML.slice(0, 120)];
}"""


async def faults_by_keys(page):
    """Press Tab from the first stop, wherever the page puts the focus itself, until it comes round to it."""
    count, faults = await page.evaluate(STOPS), []
    await page.evaluate("window.stops[0].focus()")
    for expected in [*range(1, count), 0]:
        at, seen, what = await next_stop(page, before=expected - 1 if expected else count - 1)
        if (
            at == -1 and expected == 0
        ):  # the browser's own bar lies between; it may hand the focus on a moment later
            await page.wait_for_timeout(HANDED_ON_MS)
            at, seen, what = await page.evaluate(WHERE)
        if at == -1 and expected == 0:
            at, seen, what = await next_stop(page, before=-1)
        if at != expected:
            return [*faults, f"stop {expected} of {count} is number {at}: {what}"]
        if not seen:
            faults.append(f"no one sees the focus on {what}")
    return faults


async def next_stop(page, *, before):
    """Where Tab leads, whether the focus shows there, and what it is; a date's day, month and year are one stop."""
    for _ in range(PARTS_OF_A_DATE):
        await page.keyboard.press("Tab")
        at, seen, what = await page.evaluate(WHERE)
        if at != before or at == -1:
            break
    return at, seen, what


@pytest.mark.parametrize("start", ["/desk/kranich/today", "/kranich"])
async def test_every_page_is_walked_by_tab_alone(computer, site, story, start):
    await computer.add_cookies([{"name": cookie_name(), "value": story, "url": site}])
    page = await computer.new_page()
    within = start.rsplit("/", 1)[0]
    found, faults = 0, {}
    async for path in pages_from(page, start):
        if not path.startswith(within):
            continue
        found += 1
        await expect(page.locator("[hx-trigger=load]")).to_have_count(0)  # what comes after the page has come
        if here := await faults_by_keys(page):
            faults[path] = here

    assert faults == {}
    assert found >= 8


async def test_the_first_stop_leads_past_the_navigation(computer, site, story):
    await computer.add_cookies([{"name": cookie_name(), "value": story, "url": site}])
    page = await computer.new_page()
    for path in ("/desk/kranich/actions", "/kranich"):
        await page.goto(path)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")

        assert await page.evaluate("document.querySelector('main').contains(document.activeElement)"), path


async def test_escape_closes_a_tool_and_gives_the_focus_back(computer, site, story):
    await computer.add_cookies([{"name": cookie_name(), "value": story, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes")
    tool = page.locator("details.tool:has(form[action$='/name'])")
    await tool.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(tool.locator("input[name=name]")).to_be_focused()

    await page.keyboard.press("Escape")

    await expect(tool.locator("input[name=name]")).to_be_hidden()
    await expect(tool.locator("summary")).to_be_focused()
