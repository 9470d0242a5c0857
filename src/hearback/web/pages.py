"""Show a template: the whole page, or only its fragment when htmx asks; always in the reader's words."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.plugins.htmx import HTMXRequest
from markupsafe import Markup, escape

from hearback.settings import folder, settings
from hearback.web.framing import is_framed, origins
from hearback.web.markdown import markdown, toned
from hearback.web.static_files import static
from hearback.web.typed import one
from hearback.words import retelling
from hearback.words.speaking import LANGUAGES, Words, words_for

LONGEST_TOLD = 200  # of a text that other programs show; they cut it there anyway


class House(Protocol):
    """What a page must know of the company it belongs to."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def languages(self) -> list[str]: ...
    @property
    def timezone(self) -> str: ...
    @property
    def look_url(self) -> str: ...


class Spoken(Protocol):
    """A text and its language."""

    @property
    def words(self) -> str: ...
    @property
    def language(self) -> str: ...


def words_of(request: Request[Any, Any, Any], company: House | None) -> Words:
    """`?lang=` chooses, where the company speaks that language; else its first one. Never guessed from headers:
    shared caches could not tell the pages apart."""
    asked = request.query_params.get("lang", "")
    if company is None:
        return words_for(asked if asked in ("de", "en") else "de")
    lang = asked if asked in company.languages else company.languages[0]
    return words_for(lang, company.address, company.timezone)


def wants_fragment(request: Request[Any, Any, Any]) -> bool:
    """Boosted links and history restores swap the body, so they get the whole page."""
    if not isinstance(request, HTMXRequest) or not request.htmx:
        return False
    return not request.htmx.boosted and not request.htmx.history_restore_request


def render(page: str, words: Words, **context: object) -> str:
    """page: `room/name.html`. Every template finds `say`, `lang` and the other words in its context."""
    return PAGES.get_template(page).render(words=words, lang=words.lang, **context)


def show(
    request: Request[Any, Any, Any],
    page: str,
    status: int = 200,
    *,
    company: House | None = None,
    words: Words | None = None,
    headers: dict[str, str] | None = None,
    **context: object,
) -> Response[str]:
    """Reply with `room/page.html`, or with `room/_page.html` into a page that is open already.

    On the desk the signed-in member comes along from the guard, and their language speaks.
    """
    desk = getattr(request.state, "desk", None)
    if desk is not None:
        company = company or desk.company
        words = words or desk.words
        context = {"member": desk.member, "may": desk.may, "csrf": desk.csrf, "on_desk": True} | context
    words = words or words_of(request, company)
    room, _, name = page.partition("/")
    part = "_" if wants_fragment(request) else ""
    # What was refused has no page of its own: the address stays that of the form, so that it can be loaded anew.
    stays = {"HX-Push-Url": "false"} if part and status >= 400 and request.method == "POST" else {}
    text = render(
        f"{room}/{part}{name}.html",
        words,
        company=company,
        request_path=request.url.path,
        request_query=request.url.query,
        framed=is_framed(request.url.path),
        **context,
    )
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Vary": "HX-Request", "Cache-Control": "private, no-cache"} | stays | (headers or {}),
    )


@pass_context
def say(context: Context, key: str, **values: object) -> str:
    words: Words = context["words"]
    return words.say(key, **values)


def _in_words(method: str) -> Any:
    @pass_context
    def call(context: Context, value: object) -> object:
        return getattr(context["words"], method)(value)

    return call


@pass_context
def lang_url(context: Context, lang: str) -> str:
    """This page in another language."""
    return f"{context['request_path']}?lang={lang}"


def base_url() -> str:
    """Of the house, for addresses that leave it."""
    return settings().base_url


@pass_context
def shared(context: Context, title: str, text: str, path: str, picture: str = "") -> Markup:
    """What other programs show of this page. text: with or without tags; picture: its own's path, if it has one."""
    company: House = context["company"]
    return shared_as(
        context["words"],
        company.name,
        tuple(company.languages),
        str(title),
        str(text),
        path,
        "article" if picture else "website",
        picture or f"/{company.slug}/picture.png",
        base_url(),
    )


@pass_context
def placed(context: Context) -> Markup:
    """The one address of this page, and where it is told in other languages; a list's further pages have their own."""
    company: House | None = context["company"]
    languages = tuple(company.languages) if company else LANGUAGES
    begins = context.get("begins")
    path = context["request_path"] + (f"?before={begins}" if begins else "")
    return placed_at(languages, context["lang"], path, base_url())


def placed_at(languages: tuple[str, ...], lang: str, path: str, house: str) -> Markup:
    return Markup(  # noqa: S704  (a template of ours)
        PAGES.get_template("pieces/placed.html").render(
            address=_address(house, path, lang, languages),
            elsewhere=[(other, _address(house, path, other, languages)) for other in languages]
            if len(languages) > 1
            else [],
        )
    )


def _address(house: str, path: str, lang: str, languages: tuple[str, ...]) -> str:
    chosen = "" if lang == languages[0] else f"{'&' if '?' in path else '?'}lang={lang}"
    return f"{house}{path}{chosen}"


@lru_cache(maxsize=200)  # the same on every new rendering of a page
def shared_as(
    words: Words,
    name: str,
    languages: tuple[str, ...],
    title: str,
    text: str,
    path: str,
    kind: str,
    picture: str,
    house: str,
) -> Markup:
    plain = Markup(text).striptags()  # noqa: S704  (it is escaped again where it is put in)
    return Markup(  # noqa: S704  (a template of ours)
        PAGES.get_template("pieces/shared.html").render(
            lang=words.lang,
            name=name,
            title=title,
            text=plain if len(plain) <= LONGEST_TOLD else plain[:LONGEST_TOLD].rpartition(" ")[0] + "…",
            address=_address(house, path, words.lang, languages),
            kind=kind,
            picture=_address(house, picture, words.lang, languages),
            placed=placed_at(languages, words.lang, path, house),
        )
    )


@pass_context
def keep_lang(context: Context, path: str) -> str:
    """A public link that stays in the language the reader chose; the company's first language needs no mark."""
    company, lang = context.get("company"), context["lang"]
    if company is None or lang == company.languages[0]:
        return path
    head, hash_sign, fragment = path.partition("#")
    return f"{head}{'&' if '?' in head else '?'}lang={lang}{hash_sign}{fragment}"


@pass_context
def tongue(context: Context, language: str) -> Markup:
    """The lang attribute of a part that is not in the page's language; empty where nobody knows which it is."""
    if language == context["lang"]:
        return Markup("")
    return Markup(' lang="{}"').format("" if language == "other" else language)


@pass_context
def spoken(context: Context, text: Spoken) -> Markup:
    """A text inside one of ours; where it is not in the page's language, it says so."""
    if text.language == context["lang"]:
        return escape(text.words)
    return Markup('<span lang="{}">{}</span>').format(text.language, text.words) if text.words else Markup("")


@pass_context
def retold(context: Context, sentence: str, language: str) -> Markup:
    """A sentence of ours that was kept, inside an element that says in which language; told in the reader's."""
    span = Markup('<span lang="{}">{}</span>').format
    told = retelling.retold(sentence, language, context["words"], partial(span, language))
    return span(context["lang"], told) if told != sentence else escape(told)


@pass_context
def of_house(context: Context, words: str) -> Markup:
    """A name given at the desk (to a theme, an action): in the first language of the house."""
    language = context["company"].languages[0]
    return (
        escape(words)
        if language == context["lang"]
        else Markup('<span lang="{}">{}</span>').format(language, words)
    )


@pass_context
def csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="_csrf" value="{}">').format(context.get("csrf", ""))


def lines(text: str) -> Markup:
    """Plain text of a person with its paragraphs and line ends; everything else is escaped."""
    paragraphs = [part.strip("\n") for part in str(escape(text)).split("\n\n") if part.strip()]
    html = "".join("<p>" + part.replace("\n", "<br>") + "</p>" for part in paragraphs)
    return Markup(html)  # noqa: S704  (escaped at once: line by line takes six times as long)


def spark_path(numbers: Sequence[float]) -> str:
    """The line of a spark in a box of 100 by 28; a list of themes has hundreds of them."""
    top, last = max([*numbers, 1]), max(len(numbers) - 1, 1)
    points = (f"{round(at * 100 / last, 1)} {round(26 - n * 22 / top, 1)}" for at, n in enumerate(numbers))
    return "M" + "L".join(points)


def iso(day: date) -> str:
    return day.isoformat()


def make_pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    pages.globals |= {
        "say": say,
        "static": static,
        "lang_url": lang_url,
        "csrf_field": csrf_field,
        "one": one,
        "origins": origins,
        "base_url": base_url,
        "shared": shared,
        "placed": placed,
        "tongue": tongue,
        "spoken": spoken,
        "of_house": of_house,
        "retold": retold,
    }
    pages.globals |= {
        "may": lambda _right: False,
        "member": None,
        "company": None,
        "csrf": "",
        "on_desk": False,
        "posted": False,
        "framed": False,
    }
    pages.globals |= {"request_path": "/", "request_query": "", "refusal": None}
    pages.globals |= {
        name: _in_words(name) for name in ("date", "day", "weekday", "moment", "time", "number")
    }
    pages.globals |= {name: _in_words(name) for name in ("listed", "either", "local_day", "month")}
    pages.filters |= {
        "lines": lines,
        "keep_lang": keep_lang,
        "iso": iso,
        "markdown": markdown,
        "toned": toned,
        "spark_path": spark_path,
    }
    return pages


PAGES = make_pages()
