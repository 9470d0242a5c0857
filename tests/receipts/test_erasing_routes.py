"""Once a fan has erased an answer, no address that anybody can open says its words: the addresses come from the app."""

import re

import httpx
from litestar.handlers import HTTPRouteHandler

from hearback.app import build_app
from tests import made
from tests.people.test_matrix import PARAMETER, ROUTES, SAFE, _one_of_each
from tests.receipts.test_erasing import CANARY, erase, quoted_everywhere, response  # noqa: F401  (a fixture)
from tests.waiting import until

DESK = [route for route in ROUTES if route.method == "GET" and not route.streams]
BESIDE = re.compile("^/health")  # says how the house is, and here no worker runs


def public_paths() -> list[str]:
    found = set()
    for route in build_app().routes:
        handlers = [one for one in getattr(route, "route_handlers", []) if isinstance(one, HTTPRouteHandler)]
        if not route.path.startswith("/desk/") and any(one.http_methods & SAFE for one in handlers):
            found.add(route.path)
    return sorted(found)


PUBLIC = [path for path in public_paths() if not BESIDE.search(path)]
assert len(PUBLIC) > 30


async def test_no_address_of_the_house_says_the_words_once_they_are_erased(
    fan,
    desk,
    company,
    response,  # noqa: F811
):
    theme, note = await quoted_everywhere(company, response)
    theme.weighted_at, theme.weighted_by = made.NOW, desk.member.id
    theme.resting_since, theme.named_at, theme.named_by = made.NOW, made.NOW, desk.member.id
    await theme.save()
    slugs = {
        "company_slug": company.slug,
        "question_slug": "schatulle",
        "note_slug": note.slug,
        "slug": note.slug,
        "short": "x",
    }
    ids = await _one_of_each(company)
    ids |= {"response": response.id, "note": note.id}

    def filled(path: str) -> str:
        return PARAMETER.sub(lambda at: slugs.get(at[1]) or str(ids.get(at[1].removesuffix("_id"), 1)), path)

    async def saying(enough: int = 1) -> set[str]:
        """Which addresses say it; looks no further at the desk once there are enough."""
        found = {path for path in PUBLIC if says_it(await fan.get(filled(path)))}
        for route in DESK:
            if len(found) >= enough:
                break
            found |= {str(route)} if says_it(await desk.get(route.below(ids))) else set()
        return found

    assert len(await saying(12)) >= 12, "what nobody says before proves nothing after"

    await erase(fan, sure="yes")

    async def nowhere() -> bool:
        return not await saying()

    await until(nowhere, longest_s=60)


def says_it(page: httpx.Response) -> bool:
    assert page.status_code < 500, page.url
    return CANARY.lower() in page.text.lower()
