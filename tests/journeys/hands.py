"""Two ways through a form for one and the same walk: keys alone, and a pointer on a page without scripts."""

from playwright.async_api import Locator, Page, expect

MOST_STOPS = 150


class Pointer:
    def __init__(self, page: Page) -> None:
        self.page = page

    async def write(self, name: str, words: str) -> None:
        await self.page.locator(f"main [name={name}]:visible").fill(words)

    async def mark(self, name: str, value: str) -> None:
        await self.page.locator(f"main [name={name}][value='{value}']").check()

    async def choose(self, name: str, value: str) -> None:
        await self.page.locator(f"main select[name={name}]").select_option(value)

    async def press(self, what: Locator) -> None:
        await what.click()


class Keys:
    """Tab leads everywhere; letters, arrows, space and the return key do the rest."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def write(self, name: str, words: str) -> None:
        field = self.page.locator(f"main [name={name}]:visible")
        await self.reach(field)
        if await field.get_attribute("type") == "date":
            year, month, day = words.split("-")
            assert month == day, "the order of a date's parts is the browser's own"
            await self.page.keyboard.type(month + day + year)
        else:
            await self.page.keyboard.press("Control+a")
            await self.page.keyboard.type(words)
        await expect(field).to_have_value(words)

    async def mark(self, name: str, value: str) -> None:
        wanted = self.page.locator(f"main [name={name}][value='{value}']")
        if await wanted.get_attribute("type") == "checkbox":
            await self.reach(wanted)
            await self.page.keyboard.press("Space")
        else:
            await self.reach(self.page.locator(f"main [name={name}]:focus"))
            await self.page.keyboard.press("Space")
            for _ in range(await self.page.locator(f"main [name={name}]").count()):
                if not await wanted.is_checked():
                    await self.page.keyboard.press("ArrowDown")
        await expect(wanted).to_be_checked()

    async def choose(self, name: str, value: str) -> None:
        field = self.page.locator(f"main select[name={name}]")
        await self.reach(field)
        await self.page.keyboard.press("Home")
        for _ in range(await field.locator("option").count()):
            if await field.input_value() != value:
                await self.page.keyboard.press("ArrowDown")
        await expect(field).to_have_value(value)

    async def press(self, what: Locator) -> None:
        await self.reach(what)
        await self.page.keyboard.press("Enter")

    async def reach(self, what: Locator) -> None:
        for _ in range(MOST_STOPS):
            if await what.count() and await what.first.evaluate("one => one === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {what}")
