"""Put the rooms together; the only file that knows all routes."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.plugins.htmx import HTMXPlugin

from hearback import forgetting, source  # noqa: F401  (forgetting: registers what each room erases)
from hearback.actions import desk as actions_desk
from hearback.answering import confirming_public as answering_confirming
from hearback.answering import counting as answering_counting
from hearback.answering import desk as answering_desk
from hearback.answering import entry_desk as answering_entry_desk
from hearback.answering import links_desk as answering_links_desk
from hearback.answering import proving as answering_proving
from hearback.answering import public as answering_public
from hearback.answering import sheets_desk as answering_sheets_desk
from hearback.asking import coaching_desk as asking_coaching_desk
from hearback.asking import desk as asking_desk
from hearback.asking import embedding_desk as asking_embedding_desk
from hearback.asking import public as asking_public
from hearback.changenotes import badge as changenotes_badge
from hearback.changenotes import copying as changenotes_copying
from hearback.changenotes import desk as changenotes_desk
from hearback.changenotes import embedding as changenotes_embedding
from hearback.changenotes import logged as changenotes_logged
from hearback.changenotes import public as changenotes_public
from hearback.changenotes import sitemap as changenotes_sitemap
from hearback.changenotes import views as changenotes_views
from hearback.database.engine import connected
from hearback.fediverse import desk as fediverse_desk
from hearback.fediverse import note_reach as _fediverse_reach  # noqa: F401  (registers that followers hear of a note)
from hearback.fediverse import public as fediverse_public
from hearback.health import live, ready
from hearback.ledger import public as ledger_public
from hearback.moderation import answer_desk as moderation_answer_desk
from hearback.moderation import desk as moderation_desk
from hearback.moderation import public as moderation_public
from hearback.notifying import desk as notifying_desk
from hearback.notifying import note_desk as notifying_note_desk
from hearback.notifying import note_reach as _note_reach  # noqa: F401  (registers how many mails a note goes out in)
from hearback.notifying import post_desk as notifying_post_desk
from hearback.notifying import public as notifying_public
from hearback.people import desk as people_desk
from hearback.people import public as people_public
from hearback.people.access import desk_of, may_enter
from hearback.plainspeech import desk as plainspeech_desk
from hearback.promises import desk as promises_desk
from hearback.promises import public as promises_public
from hearback.receipts import correcting as receipts_correcting
from hearback.receipts import desk as receipts_desk
from hearback.receipts import entered as _receipts_entered  # noqa: F401  (registers what receipts show of it)
from hearback.receipts import files as receipts_files
from hearback.receipts import numbered as _receipts_numbered  # noqa: F401  (registers what receipts show of it)
from hearback.receipts import others as receipts_others
from hearback.receipts import public as receipts_public
from hearback.receipts import replies as receipts_replies
from hearback.receipts import results as _receipts_results  # noqa: F401  (registers what receipts show of it)
from hearback.receipts import second_look as receipts_second_look
from hearback.replying import desk as replying_desk
from hearback.replying import mandate_desk as replying_mandate_desk
from hearback.replying import public as replying_public
from hearback.replying import talk_desk as replying_talk_desk
from hearback.reporting import desk as reporting_desk
from hearback.reporting import public as reporting_public
from hearback.settings import settings
from hearback.themes import desk as themes_desk
from hearback.today import desk as today_desk
from hearback.trust import masking
from hearback.web import errors, framing
from hearback.web.headers import watched, without_body
from hearback.web.live import LIVE
from hearback.web.logs import start_logging
from hearback.web.origin import from_our_own_page
from hearback.web.pages import PAGES
from hearback.web.remembering import kept_reply
from hearback.web.static_files import static_files
from hearback.webhooks import desk as webhooks_desk
from hearback.webhooks import note_reach as _webhooks_reach  # noqa: F401  (registers how many programs hear of a note)

LARGEST_BODY = 256 * 1024
PAGES.filters |= masking.FILTERS


class Hearback(Litestar):
    """Litestar's own middleware does not see replies to unknown routes; every reply needs our headers."""

    https: bool

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if scope["method"] == "HEAD":  # every page that can be read can be asked for its head
                scope, send = {**scope, "method": "GET"}, without_body(send)
            send = watched(scope, send, https=self.https)
            if (kept := kept_reply(scope)) is not None:
                for message in kept:
                    await send(message)
                return
        await super().__call__(scope, receive, send)


@contextlib.asynccontextmanager
async def lifespan(_app: Litestar) -> AsyncIterator[None]:
    async with connected(settings().connections):
        await LIVE.start()
        try:
            yield
        finally:
            await LIVE.stop()


def build_app() -> Hearback:
    given = settings()
    start_logging(given.log_level)
    public = Router(
        "/",
        route_handlers=[
            *source.HANDLERS,
            *people_public.HANDLERS,
            *ledger_public.HANDLERS,
            *promises_public.HANDLERS,
            *changenotes_public.HANDLERS,
            *changenotes_logged.HANDLERS,
            *changenotes_views.HANDLERS,
            *changenotes_copying.HANDLERS,
            *changenotes_badge.HANDLERS,
            *changenotes_sitemap.HANDLERS,
            *answering_public.HANDLERS,
            *framing.HANDLERS,
            *asking_public.HANDLERS,
            *changenotes_embedding.HANDLERS,
            *answering_counting.HANDLERS,
            *moderation_public.HANDLERS,
            *answering_confirming.HANDLERS,
            *answering_proving.HANDLERS,
            *receipts_public.HANDLERS,
            *receipts_second_look.HANDLERS,
            *receipts_correcting.HANDLERS,
            *receipts_files.HANDLERS,
            *receipts_others.HANDLERS,
            *receipts_replies.HANDLERS,
            *replying_public.HANDLERS,
            *notifying_public.HANDLERS,
            *reporting_public.HANDLERS,
            *fediverse_public.HANDLERS,
        ],
        before_request=from_our_own_page,
    )
    desk = Router(
        "/desk/{company_slug:str}",
        route_handlers=[
            *people_desk.HANDLERS,
            *asking_desk.HANDLERS,
            *asking_coaching_desk.HANDLERS,
            *asking_embedding_desk.HANDLERS,
            *answering_desk.HANDLERS,
            *answering_links_desk.HANDLERS,
            *answering_entry_desk.HANDLERS,
            *answering_sheets_desk.HANDLERS,
            *moderation_desk.HANDLERS,
            *moderation_answer_desk.HANDLERS,
            *themes_desk.HANDLERS,
            *actions_desk.HANDLERS,
            *promises_desk.HANDLERS,
            *changenotes_desk.HANDLERS,
            *replying_desk.HANDLERS,
            *replying_talk_desk.HANDLERS,
            *replying_mandate_desk.HANDLERS,
            *receipts_desk.HANDLERS,
            *notifying_desk.HANDLERS,
            *notifying_note_desk.HANDLERS,
            *notifying_post_desk.HANDLERS,
            *reporting_desk.HANDLERS,
            *plainspeech_desk.HANDLERS,
            *webhooks_desk.HANDLERS,
            *fediverse_desk.HANDLERS,
            *today_desk.HANDLERS,
        ],
        guards=[may_enter],
        dependencies={"desk": Provide(desk_of, sync_to_thread=False)},
    )
    app = Hearback(
        route_handlers=[public, desk, static_files, live, ready],
        exception_handlers=errors.HANDLERS,
        lifespan=[lifespan],
        plugins=[HTMXPlugin()],
        openapi_config=None,
        request_max_body_size=LARGEST_BODY,
    )
    app.https = given.base_url.startswith("https://")
    return app
