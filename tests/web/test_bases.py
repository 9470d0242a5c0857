"""What the base templates call things for themselves is nobody else's: a page's own variable is never overwritten."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from jinja2 import nodes

from hearback.web.pages import PAGES
from hearback.words.speaking import words_for

OWN_SCOPE = (nodes.With, nodes.Block, nodes.For, nodes.Macro, nodes.CallBlock)


def seen_by_pages(node: nodes.Node) -> Iterator[str]:
    """Names that a template sets outside every scope: the blocks of the pages that extend it find them so."""
    for child in node.iter_child_nodes():
        if isinstance(child, OWN_SCOPE):
            continue
        if isinstance(child, nodes.Assign | nodes.AssignBlock):
            yield from (name.name for name in child.find_all(nodes.Name) if name.ctx == "store")
        yield from seen_by_pages(child)


@pytest.mark.parametrize("base", ["base_desk.html", "base_public.html"])
def test_a_base_sets_nothing_that_its_pages_see(base):
    source, _, _ = PAGES.loader.get_source(PAGES, base)

    assert list(seen_by_pages(PAGES.parse(source))) == []


def test_what_a_page_would_see_is_noticed():
    page = "{% if a %}{% set here %}x{% endset %}{% endif %}{% with %}{% set kept = 1 %}{% endwith %}"

    assert list(seen_by_pages(PAGES.parse(page))) == ["here"]


def test_a_page_keeps_its_own_variable_below_a_base():
    page = PAGES.from_string(
        """{% extends "base_public.html" %}{% block here %}log{% endblock %}{% block main %}{{ here }}{% endblock %}"""
    )
    house = SimpleNamespace(slug="kranich", name="Kranich", languages=["de"], look_url="/kranich/look.css")

    text = page.render(
        here="<mine>", company=house, lang="de", words=words_for("de"), request_path="/kranich/log"
    )

    assert "&lt;mine&gt;" in text
    assert text.count('aria-current="page"') == 1
