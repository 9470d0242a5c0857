"""The look holds everywhere: nothing inline, no class without a rule, no ink too pale, nothing from elsewhere."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import resvg_py
from jinja2 import Environment, nodes
from PIL import Image

from hearback.people.accent import contrast
from hearback.settings import PACKAGE, folder

STATIC, TEMPLATES, FACES = PACKAGE / "static", folder("templates"), PACKAGE / "demo" / "faces"
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if "mail" not in path.parts]
CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "hearback.css").read_text(), flags=re.DOTALL)

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
FORBIDDEN = {
    "style=": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "<style>": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
    "javascript:": re.compile(r"javascript:", re.IGNORECASE),
    "|safe": re.compile(r"\|\s*safe\b"),
    "autoescape": re.compile(r"{%-?\s*autoescape"),
    "an expression for htmx to evaluate": re.compile(
        r"""hx-(vals|vars|headers)=["']js:|hx-trigger="[^"]*\["""
    ),
    "something from elsewhere": re.compile(r"""\s(src|action)\s*=\s*["'](https?:)?//""", re.IGNORECASE),
}


KEYBOARD_SKIPS = re.compile(r"<details\b[^>]*\btabindex", re.IGNORECASE)  # with all that is in it


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_holds_what_our_content_policy_forbids(page: Path):
    text = COMMENT.sub("", page.read_text())

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_fold_is_out_of_reach_of_the_keyboard(page: Path):
    assert KEYBOARD_SKIPS.findall(COMMENT.sub("", page.read_text())) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_class_a_page_uses_has_a_rule(page: Path):
    unknown = sorted({used for used in classes_in(page.read_text()) if not has_rule(used)})

    assert unknown == [], f"{name_of(page)}: no rule in hearback.css for {', '.join(unknown)}"


def test_a_class_without_a_rule_is_noticed():
    page = (
        """<p class="meta {{ 'late' if a else 'lost' }} {% if b %}mislaid{% endif %}">"""
        """<p class="gap-{{ n }} hole-{{ n }} {{ size }}">"""
    )

    assert {used for used in classes_in(page) if not has_rule(used)} == {"lost", "mislaid", "hole-*"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_static_file_a_page_asks_for_exists(page: Path):
    asked = re.findall(r"""static\(\s*["']([^"']+)["']""", page.read_text())

    assert [path for path in asked if not (STATIC / path).is_file()] == []


def test_the_stylesheet_loads_nothing_from_elsewhere_and_only_what_is_there():
    loaded = re.findall(r"""url\(\s*["']?([^"')]+)""", CSS)

    assert "@import" not in CSS
    assert loaded
    assert [path for path in loaded if not (STATIC / path).is_file()] == []


def test_every_property_the_stylesheet_reads_is_set_somewhere():
    read = set(re.findall(r"var\((--[\w-]+)\s*\)", CSS))

    assert read - set(re.findall(r"(--[\w-]+)\s*:", CSS)) == set()


def test_kinds_errors_and_versions_never_wear_the_company_s_colour():
    rules = re.findall(r"([^{}]+){([^{}]*)}", CSS)
    speaks_of_truth = re.compile(r"\.kind\b|data-kind|\.errors?\b|\.late\b|\.kept\b|\.remark|\bins\b|\bdel\b")

    assert [
        where.strip() for where, what in rules if speaks_of_truth.search(where) and "--accent" in what
    ] == []


READ_ON = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-2") for ground in ("paper", "surface", "sunken")),
    *((kind, "paper", 4.5) for kind in ("moss", "slate", "pen", "ochre", "tinte", "accent")),
    *((kind, "surface", 4.5) for kind in ("moss", "slate", "pen", "ochre", "tinte", "accent")),
    *((kind, f"{kind}-wash", 4.5) for kind in ("moss", "slate", "pen", "ochre", "tinte", "accent")),
    *(("ink", f"{kind}-wash", 4.5) for kind in ("moss", "slate", "pen", "ochre", "tinte", "accent")),
    ("ink-2", "accent-wash", 4.5),
    ("on-accent", "accent", 4.5),
    ("edge", "paper", 3),
    ("edge", "surface", 3),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_can_be_read_on_every_ground_it_stands_on(scheme: str):
    colours = {
        name: pair[scheme == "dark"]
        for name, *pair in re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", CSS)
    }

    assert [
        f"{ink} on {ground}"
        for ink, ground, least in READ_ON
        if contrast(colours[ink], colours[ground]) < least
    ] == []


def test_everything_made_by_others_lies_beside_its_licence():
    for path in [*STATIC.glob("fonts/*.woff2"), *STATIC.glob("vendor/*.js")]:
        licences = [licence.stem.removeprefix("LICENSE-") for licence in path.parent.glob("LICENSE-*.txt")]
        assert any(path.name.startswith(licence) for licence in licences), path.name


@pytest.mark.parametrize("source", sorted(FACES.glob("*.svg")), ids=lambda path: path.stem)
def test_every_drawn_face_can_be_shown(source: Path):
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=source.read_text())))).convert("RGB")

    assert drawn.width == drawn.height >= 256
    assert len(drawn.getcolors(drawn.width * drawn.height) or []) > 5


def classes_in(page: str) -> Iterator[str]:
    """Every class of a template; `*` stands for what is only known when the page is shown."""
    for value in re.findall(r"""\sclass="((?:{{.*?}}|{%.*?%}|[^"])*)\"""", COMMENT.sub("", page), re.DOTALL):
        for written in (
            re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", "*", value)),
            *_said_by_expressions(value),
        ):
            yield from (used for used in written.split() if used != "*")


def _said_by_expressions(value: str) -> Iterator[str]:
    for expression in re.findall(r"{{.*?}}", value, re.DOTALL):
        for choice in Environment().parse(expression).find_all((nodes.CondExpr, nodes.Output)):
            ends = choice.nodes if isinstance(choice, nodes.Output) else [choice.expr1, choice.expr2]
            yield from (
                end.value for end in ends if isinstance(end, nodes.Const) and isinstance(end.value, str)
            )


def has_rule(used: str) -> bool:
    known = set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"url\([^)]*\)", "", CSS)))
    before, dynamic, after = used.partition("*")
    if not dynamic:
        return used in known
    return any(one.startswith(before) and one.endswith(after.rpartition("*")[2]) for one in known)
