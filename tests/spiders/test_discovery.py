"""Discovery: what a site names as its feeds, sitemaps and channel, and the tables that can be pasted into a config."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.urls import is_web
from spiders.discovery import Candidate, channel_of, discover, language_of, to_try, toml

URL = "https://www.khabar.example/fa"
FRONT = """<!DOCTYPE html><html lang="fa-IR"><head><meta property="og:site_name" content="خبرگزاری نمونه">
<link rel="stylesheet" href="/rss.css"><link rel="alternate" hreflang="ar" href="https://ar.khabar.example/">
<link rel="alternate" type="application/rss+xml" title="همه خبرها" href="/fa/rss/allnews">
<link rel="alternate" type="application/rss+xml" title="دیدگاه‌ها" href="/comments/feed/">
<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed"></head><body>
<a href="/fa/rss/politics">سیاسی</a><a href="/feedback">نظر شما</a><a href="https://other.example/rss.xml">دیگر</a>
<a href="https://t.me/share/url?url=x">اشتراک</a><a href="https://t.me/Khabar_Example">تلگرام</a>
<footer><a href="tg://resolve?domain=khabar_example">تلگرام</a><a href="https://t.me/khabar_bot">ربات</a>
<a href="https://telegram.me/s/khabar_sport">ورزش</a><a href="https://t.me/+AbCdEf">دعوت</a></footer></body></html>"""
ROBOTS = """User-agent: *
Disallow: /admin
Sitemap: https://www.khabar.example/sitemap.xml
sitemap:https://www.khabar.example/sitemap-news.xml
Sitemap: http://127.0.0.1/sitemap.xml
"""


def test_a_site_is_known_by_what_it_names_itself() -> None:
    found = [(candidate.kind, candidate.url) for candidate in discover(URL, FRONT, ROBOTS)]
    assert found == [
        ("feed", "https://www.khabar.example/fa/rss/allnews"),
        ("feed", "https://www.khabar.example/fa/rss/politics"),
        ("sitemap", "https://www.khabar.example/sitemap-news.xml"),
        ("sitemap", "https://www.khabar.example/sitemap.xml"),
        ("telegram", "https://t.me/s/Khabar_Example"),
        ("telegram", "https://t.me/s/khabar_sport"),
        ("page", URL),
    ]


def test_every_candidate_has_a_reason_and_only_guesses_are_uncertain() -> None:
    assert all(candidate.reason and candidate.certain for candidate in discover(URL, FRONT, ROBOTS))
    assert not any(candidate.certain for candidate in to_try(URL, FRONT))


def test_common_paths_are_tried_in_the_sites_language() -> None:
    urls = {candidate.url for candidate in to_try(URL, FRONT)}
    assert {"https://www.khabar.example/fa/rss/allnews", "https://www.khabar.example/rss.xml"} <= urls
    assert all(map(is_web, urls))
    assert language_of(FRONT) == "fa"


@pytest.mark.parametrize("front", ["", "<", "\x00", "<html></html>", "{}"])
def test_a_page_that_says_nothing_leaves_its_front_page(front: str) -> None:
    assert [candidate.kind for candidate in discover(URL, front)] == ["page"]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://t.me/s/almaalomah", "almaalomah"),
        ("http://telegram.me/almaalomah/4411", "almaalomah"),
        ("tg://resolve?domain=almaalomah&post=3", "almaalomah"),
        ("https://t.me/joinchat/AAAA", None),
        ("https://t.me/+AAAA", None),
        ("https://t.me/share/url?url=x", None),
        ("https://t.me/some_bot", None),
        ("https://evil.example/t.me/almaalomah", None),
        ("https://t.me.evil.example/almaalomah", None),
        ("https://[", None),
    ],
)
def test_a_channel_is_told_from_what_only_looks_like_one(link: str, name: str | None) -> None:
    assert channel_of(link) == name


def tables(text: str) -> list[dict[str, Any]]:
    return list(tomllib.loads(text)["sources"])


def test_the_tables_can_be_pasted() -> None:
    text = toml(discover(URL, FRONT, ROBOTS), name="خبرگزاری نمونه", language="fa", taken=["khabar"])
    found = tables(text)
    assert [table["id"] for table in found][:3] == ["khabar-2", "khabar-3", "khabar-4"]
    assert found[0]["name"] == "خبرگزاری نمونه · همه خبرها"
    assert found[4] == {
        "id": "tg-khabar-example",
        "name": "خبرگزاری نمونه · @Khabar_Example",
        "kind": "telegram",
        "url": "https://t.me/s/Khabar_Example",
        "language": "fa",
        "affiliation": "unknown",
    }


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_site_calls_itself_the_table_is_toml(name: str, reason: str) -> None:
    candidates = [Candidate("feed", "https://n.example/rss", reason, title=name)] * 3
    found = tables(toml(candidates, name=name))
    assert len({table["id"] for table in found}) == 3
    assert {table["url"] for table in found} == {"https://n.example/rss"}
