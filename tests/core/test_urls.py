"""Addresses: what is one at all, and which name the same article."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.urls import LONGEST, absolute, canonical, is_web, readable

ARTICLE = "https://news.example/politics/2026/11/24/a-session"


@pytest.mark.parametrize(
    "variant",
    [
        ARTICLE + "?utm_source=rss&utm_medium=feed",
        ARTICLE + "?fbclid=x1&gclid=2",
        ARTICLE + "?UTM_Source=rss",
        ARTICLE + "#comments",
        ARTICLE + "?amp=1",
        ARTICLE + "/amp",
        ARTICLE + "/amp/",
        ARTICLE + ";jsessionid=0A1B2C",
        ARTICLE + "?sid=0123456789abcdef0123456789abcdef",
        ARTICLE + "?session=k3j4h5k6j7h8g9f0d1s2a3p4o5",
        "HTTPS://News.Example:443/politics/2026/11/24/a-session",
        "https://m.news.example/politics/2026/11/24/a-session",
        "https://amp.news.example/politics/2026/11/24/a-session",
        "https://news.example./politics/2026/11/24/a%2Dsession",
        "  " + ARTICLE + "\n",
    ],
)
def test_variants_of_an_address_are_one_article(variant: str) -> None:
    assert canonical(variant) == ARTICLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/story?id=1", "https://news.example/story?id=2"),
        ("https://news.example/story?sid=1", "https://news.example/story"),
        ("https://news.example/story?s=the-road-to-the-north-of-2026", "https://news.example/story"),
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/a", "https://news.example/a/"),
        ("https://news.example/a?x=1&y=2", "https://news.example/a?y=2&x=1"),
        ("https://news.example:8443/a", "https://news.example/a"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
        ("https://news.example/amp", "https://news.example/"),
        ("https://m.tv/a", "https://tv/a"),
    ],
)
def test_what_some_site_tells_apart_stays_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_arabic_and_persian_addresses_have_one_spelling() -> None:
    encoded = "https://akhbar.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D8%AE%D8%A8%D8%B1-1"
    assert canonical("https://akhbar.example/أخبار/خبر-1") == encoded
    assert canonical(encoded.lower()) == encoded
    assert canonical("https://خبر.example/a") == "https://xn--ngblk.example/a"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "http://user:pw@evil@10.0.0.1/",
        "http://good.example\\@10.0.0.1/",
        "http://good.example /",
        "http://",
        "http:///path",
        "//news.example/a",
        "http://[::1/",
        "http://news.example:99999/",
        "http://news.example:0/",
        "https://news.example/" + "a" * LONGEST,
        "https://news.example/\ud800",
        "",
    ],
)
def test_what_is_no_address_of_the_web(url: str) -> None:
    assert not is_web(url)
    assert canonical(url) == url.strip()


def test_links_are_made_absolute_and_foreign_schemes_dropped() -> None:
    base = "https://news.example/feed/"
    assert absolute(base, " ../story\n1 ") == "https://news.example/story1"
    assert absolute(base, "//other.example/a b") == "https://other.example/a%20b"
    assert absolute(base, "javascript:alert(1)") is None
    assert absolute(base, "java\tscript:alert(1)") is None
    assert absolute(base, "") is None
    assert absolute(base, "http://[broken") is None


_PIECES = st.sampled_from(
    [
        *("a", "/", "amp", ".amp", "m.", "?", "&", "=", "%", "%4", "%2D", "%41", "%d8%a3", "utm_x=1", ";jsessionid=1"),
        *("#", ".html", ":80", "خبر", "۱", "ﷺ", "[", "|", "'", "~", "amp=1", "//", "..", "İ"),
    ]
)


@given(st.lists(_PIECES, max_size=9).map("".join), st.sampled_from(["https://", "http://m.", "http://amp.m."]))
@example("/x/amp/amp", "https://")
@example("/%4%31", "https://")
def test_canonical_is_its_own_canonical(rest: str, scheme: str) -> None:
    once = canonical(f"{scheme}news.example{rest}")
    assert canonical(once) == once


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/%D8%AE%D8%A8%D8%B1/%DB%B1%DB%B4%DB%B0%DB%B5?q=%d9%82", "https://a.example/خبر/۱۴۰۵?q=ق"),
        ("https://a.example/%D8%AE%D8%A8%D8%B1%E2%80%8C%D9%87%D8%A7", "https://a.example/خبر%E2%80%8Cها"),
        ("https://a.example/%E2%80%AE%D8%AE%2F%20%3C", "https://a.example/%E2%80%AEخ%2F%20%3C"),
        ("https://a.example/%D8%AE%D8", "https://a.example/%D8%AE%D8"),
        ("https://xn--mgba3a4f16a.example/a%C3%A9", "https://xn--mgba3a4f16a.example/aé"),
    ],
)
def test_an_address_is_shown_with_its_letters_and_nothing_that_misleads(url: str, shown: str) -> None:
    assert readable(url) == shown


@given(st.lists(_PIECES | st.text(max_size=3).map(quote), max_size=9).map("".join))
def test_what_is_shown_is_the_same_address(rest: str) -> None:
    url = f"https://news.example/{rest}"
    assert canonical(readable(url)) == canonical(url)


@given(st.text(max_size=60))
def test_canonical_never_raises_and_keeps_what_it_cannot_read(text: str) -> None:
    for url in (text, "https://" + text, "https://news.example/" + text):
        assert canonical(canonical(url)) == canonical(url)
        assert is_web(url.strip()) == is_web(canonical(url))


HOSTS = st.sampled_from(["news.example", "daily.example", "www.news.example", "arabic.news.example"])
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8).filter(lambda word: word != "amp")
PATHS = st.lists(WORDS | st.sampled_from(["خبر", "سیاست", "A", "a"]), min_size=1, max_size=4).map("/".join)
IDS = st.none() | st.tuples(st.sampled_from(["id", "sid", "p", "ref", "source", "page"]), st.integers(1, 99))
ARTICLES = st.tuples(HOSTS, PATHS, IDS)


@st.composite
def spelling(draw: st.DrawFn, article: tuple[str, str, tuple[str, int] | None]) -> str:
    """One of the ways in which feeds and readers write the address of the article."""
    host, path, number = article
    host = draw(st.sampled_from(["", "m.", "mobile.", "amp."])) + host
    host = draw(st.sampled_from([host, host.upper(), host + "."])) + draw(st.sampled_from(["", ":443"]))
    path += draw(st.sampled_from(["", "/amp", "/amp/", ";jsessionid=AB12"]))
    own = [f"{number[0]}={number[1]}"] if number else []
    trackers = ["utm_source=rss", "fbclid=x", "PHPSESSID=9", "amp=1", "outputType=amp", "_ga=1.2"]
    query = draw(st.permutations([*own, *draw(st.lists(st.sampled_from(trackers), max_size=3))]))
    return f"https://{host}/{path}" + (f"?{'&'.join(query)}" if query else "") + draw(st.sampled_from(["", "#top"]))


@given(st.data(), ARTICLES, ARTICLES)
def test_spellings_of_one_article_are_one_address_and_those_of_two_are_two(
    data: st.DataObject, one: tuple[str, str, tuple[str, int] | None], two: tuple[str, str, tuple[str, int] | None]
) -> None:
    first, again = data.draw(spelling(one)), data.draw(spelling(one))
    assert canonical(first) == canonical(again)
    assert (canonical(first) == canonical(data.draw(spelling(two)))) == (one == two)
