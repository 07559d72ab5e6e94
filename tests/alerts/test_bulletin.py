"""The page for days without Telegram: golden files to look at, its size, its direction, hostile text."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from alerts.bulletin import LIMIT, bulletin
from core.messages import Card
from tests.alerts.stories import PUBLISHED, TITLES, TOPICS, card

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ["en", "ar", "fa"]


def page(*cards: Card, language: str = "en") -> str:
    zone = "Asia/Tehran" if language == "fa" else "Asia/Baghdad"
    since = PUBLISHED - timedelta(hours=20)
    until = PUBLISHED + timedelta(hours=4)
    return bulletin(cards, topics=TOPICS, language=language, timezone=zone, since=since, until=until)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_as_it_was_looked_at(language: str) -> None:
    foreign = "ar" if language != "ar" else "en"
    stories = (card(language, also=("Evening Post",), outlets=2, unlinked=2), card(foreign, unconfirmed="Wire"))
    assert page(*stories, language=language) == (GOLDEN / f"bulletin_{language}.html").read_text("utf-8")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa", "rtl")])
def test_a_page_runs_in_its_direction_and_each_title_in_its_own(language: str, direction: str) -> None:
    found = Elements(page(card("ar"), card("en"), language=language)).found
    assert found[0] == ("html", {"lang": language, "dir": direction})
    assert [about for tag, about in found if tag == "h2"] == [
        {"dir": "auto", "lang": "ar"},
        {"dir": "auto", "lang": "en"},
    ]


def test_nothing_runs_and_nothing_is_loaded() -> None:
    found = Elements(page(card("fa"), card("en"))).found
    assert {tag for tag, _ in found} & {"script", "img", "link", "iframe", "object", "form"} == set()
    assert all(key not in about for _, about in found for key in ("src", "style", "onload"))
    policy = next(about["content"] for tag, about in found if about.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "url(" not in page()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("many", [0, 1, 60, 150, 900])
def test_a_page_stays_below_its_size_and_says_what_it_leaves_out(language: str, many: int) -> None:
    text = page(*(card(language, title=f"{TITLES[language]} {number}") for number in range(many)), language=language)
    assert len(text.encode()) <= LIMIT
    shown = text.count("<article")
    told = Elements(text).text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert shown == many or re.sub(r"\D", "", str(many - shown)) in re.sub(r"[٬,]", "", told)
    if 0 < many <= 60:
        assert shown == many
        assert "<b>" in text, "the foremost keep their passages"


def test_hostile_text_is_text() -> None:
    title = '</h2><script>alert(1)</script><img onerror="x" src=//evil.example>\u202e'
    hostile = replace(card("en", title=title, source_name="<b>x</b>"), url="javascript:alert(1)")
    elements = Elements(page(hostile))
    assert not {tag for tag, _ in elements.found} & {"script", "img", "a"}
    assert "<script>alert(1)</script>" in elements.text
    assert "\u202e" not in elements.text
