"""What members write as Markdown becomes HTML that can do nothing."""

import json
import re
from html.parser import HTMLParser

import pytest

from hearback.web.markdown import ATTRIBUTES, TAGS, markdown


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_the_page_keeps_its_one_h1():
    assert markdown("# Eins\n\n## Zwei\n\n### Drei") == "<h2>Eins</h2>\n<h2>Zwei</h2>\n<h3>Drei</h3>\n"


def test_line_ends_of_a_postal_address_stay():
    assert "Kranich Spiele<br>" in markdown("Kranich Spiele\nMusterweg 3")


def test_html_is_shown_as_typed_and_does_nothing():
    assert markdown("<b>fett</b>") == "<p>&lt;b&gt;fett&lt;/b&gt;</p>\n"


def test_links_lead_out_without_passing_anything_on():
    (_, (tag, attributes)) = Seen(markdown("[Karte](https://example.org/a)")).tags

    assert (tag, attributes["href"]) == ("a", "https://example.org/a")
    assert attributes["rel"] == "nofollow noopener noreferrer"


@pytest.mark.parametrize("wrap", ["{}", "[Text]({})", "**{}**", "> {}", "- {}", "[{}](https://example.org)"])
def test_no_known_attack_leaves_anything_that_runs(shared, wrap):
    vectors = shared / "corpora" / "xss-vectors.jsonl"
    if not vectors.exists():
        pytest.skip(f"needs {vectors}")
    payloads = [json.loads(line)["payload"] for line in vectors.read_bytes().splitlines()]
    assert len(payloads) >= 372

    for payload in payloads:
        for tag, attributes in Seen(markdown(wrap.format(payload))).tags:
            assert tag in TAGS
            assert set(attributes) <= set(ATTRIBUTES.get(tag, []))
            href = (attributes.get("href") or "").strip().lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\s\x00-\x1f]", "", href))
            assert scheme is None or scheme[0] in ("http:", "https:", "mailto:"), payload
