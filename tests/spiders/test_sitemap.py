"""The sitemap reader: news sitemaps, plain ones, indexes, packed ones; one site only, the newest first."""

import gzip
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ReadError
from core.model import Draft, Follow, Listing, Page, Source
from spiders.readers.sitemap import survey

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://www.khabar.example/sitemap.xml"
SOURCE = Source("khabar", "Khabar", "sitemap", URL)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def surveyed(body: str | bytes, *, url: str = URL) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    return survey(SOURCE, Page(url, URL, 200, {}, data, NOW), timezone="Asia/Baghdad", now=NOW)


def drafts(body: str | bytes, *, url: str = URL) -> list[Draft]:
    return [entry.draft if isinstance(entry, Follow) else entry for entry in surveyed(body, url=url).entries]


def entry(loc: str = "https://www.khabar.example/news/1001", *, lastmod: str = "", inside: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{loc}</loc>{changed}{inside}</url>"


def news(title: str, date: str = "2026-11-24T10:00:00+03:00", *, language: str = "ar") -> str:
    return (
        f"<news:news><news:publication><news:name>N</news:name><news:language>{language}</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
        "</news:news>"
    )


def sitemap(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE} {NEWS}>{"".join(entries)}</urlset>'


def index(*locs: str, lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    parts = "".join(f"<sitemap><loc>{loc}</loc>{changed}</sitemap>" for loc in locs)
    return f"<sitemapindex {SPACE}>{parts}</sitemapindex>"


def test_a_news_sitemap_gives_title_date_and_language() -> None:
    (draft,) = drafts(sitemap(entry(inside=news("افتتاح معرض الكتاب في البصرة"))))
    assert draft.title == "افتتاح معرض الكتاب في البصرة"
    assert draft.published == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert draft.language == "ar"


def test_a_jalali_date_of_a_persian_sitemap_is_read() -> None:
    (draft,) = drafts(sitemap(entry(inside=news("بازگشایی مرز", "۱۴۰۵/۰۹/۰۳ ۱۲:۰۰", language="fa"))))
    assert draft.published is not None
    assert draft.published.date() == NOW.date()


def test_prefixes_that_were_never_declared_are_understood() -> None:
    body = f"<urlset>{entry(inside=news('A headline'))}</urlset>"
    assert [draft.title for draft in drafts(body)] == ["A headline"]


def test_lastmod_orders_but_is_no_publication_date() -> None:
    urls = [f"https://www.khabar.example/news/100{day}" for day in (1, 2, 3)]
    found = drafts(sitemap(*(entry(url, lastmod=f"2026-11-0{day}") for day, url in enumerate(urls, start=1))))
    assert [draft.url for draft in found] == urls[::-1]
    assert {draft.published for draft in found} == {None}


def test_an_address_without_a_title_is_named_by_its_words() -> None:
    words = "%D9%85%D8%B9%D8%B1%D8%B6-%D8%A7%D9%84%D9%83%D8%AA%D8%A7%D8%A8"
    (draft,) = drafts(sitemap(entry(f"https://www.khabar.example/news/{words}")))
    assert draft.title == "معرض الكتاب"


def test_other_sites_are_left_out_and_subdomains_stay() -> None:
    ours = ["https://ar.khabar.example/news/1001", "http://khabar.example/news/1002"]
    theirs = ["https://evil.example/news/1", "https://khabar.example.evil.example/news/1", "http://127.0.0.1/news/1"]
    assert [draft.url for draft in drafts(sitemap(*map(entry, ours + theirs)))] == ours
    with pytest.raises(ReadError, match="another site"):
        surveyed(sitemap(*map(entry, theirs)))


def test_two_papers_under_one_public_suffix_are_two_sites() -> None:
    body = sitemap(entry("https://one.co.uk/news/1001"), entry("https://two.co.uk/news/1001"))
    assert [draft.url for draft in drafts(body, url="https://one.co.uk/sitemap.xml")] == ["https://one.co.uk/news/1001"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "", "ftp://x.example/"]
)
def test_links_that_are_no_addresses_are_dropped(link: str) -> None:
    assert len(drafts(sitemap(entry(link), entry()))) == 1


def test_pages_that_are_certainly_no_articles_are_left_out() -> None:
    tails = ("", "tag/iraq", "category/politics", "contact", "img/1.jpg", "news/1001")
    found = drafts(sitemap(*(entry(f"https://www.khabar.example/{tail}") for tail in tails)))
    assert [draft.url for draft in found] == ["https://www.khabar.example/news/1001"]


def test_lines_of_addresses_are_a_sitemap_too() -> None:
    body = "https://www.khabar.example/news/1001\nhttps://www.khabar.example/news/1002\n"
    assert len(drafts(body)) == 2


# --- indexes -----------------------------------------------------------------------------------------------------


def test_an_index_names_its_parts_news_first_then_the_newest() -> None:
    locs = [f"https://www.khabar.example/{name}.xml" for name in ("post-sitemap1", "post-sitemap12", "news-sitemap")]
    found = surveyed(index(*locs, "https://www.khabar.example/post_tag-sitemap.xml", "https://evil.example/s.xml"))
    assert found.entries == ()
    assert found.parts == (locs[2], locs[1], locs[0])


def test_an_index_does_not_lead_back_to_itself() -> None:
    assert surveyed(index(URL)).parts == ()


@given(
    st.permutations(
        [f"https://www.khabar.example/posts-{year}-{month:02}.xml" for year in (2025, 2026) for month in range(1, 7)]
    )
)
def test_the_order_of_an_index_does_not_matter(locs: list[str]) -> None:
    assert list(surveyed(index(*locs)).parts) == sorted(locs, reverse=True)


# --- packed ------------------------------------------------------------------------------------------------------


def test_a_packed_sitemap_is_unpacked() -> None:
    assert len(drafts(gzip.compress(sitemap(entry()).encode()))) == 1
    assert len(drafts(gzip.compress(gzip.compress(sitemap(entry()).encode())))) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(b" " * 64 * 1024 * 1024, 1), "larger than 10 MiB unpacked"),
        (gzip.compress(gzip.compress(gzip.compress(b"x"))), "packed too often"),
        (gzip.compress(sitemap(entry()).encode())[:-12], "broken gzip"),
        (b"\x1f\x8b" + b"\x00" * 40, "broken gzip"),
    ],
    ids=["bomb", "nested", "cut", "garbage"],
)
def test_packing_that_harms_is_refused(body: bytes, reason: str) -> None:
    begun = time.process_time()
    with pytest.raises(ReadError, match=f"^{reason}"):
        surveyed(body)
    assert time.process_time() - begun < 1


# --- what is no sitemap ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty document"),
        ("<!DOCTYPE html><html><body>Are you human?</body></html>", "a web page where a sitemap was expected"),
        ('<rss version="2.0"><channel/></rss>', "a feed where a sitemap was expected"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "a feed where a sitemap was expected"),
        ("<svg/>", "another document where a sitemap was expected"),
        ("Service unavailable", "not a sitemap"),
        ('{"error": 1}', "not a sitemap"),
    ],
)
def test_what_is_no_sitemap_is_told_apart(body: str, reason: str) -> None:
    with pytest.raises(ReadError, match=f"^{reason}"):
        surveyed(body)


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert surveyed(sitemap()) == Listing(())


def test_a_sitemap_cut_in_the_middle_gives_what_it_had() -> None:
    body = sitemap(entry(), entry("https://www.khabar.example/news/1002"))
    assert drafts(body[: body.rindex("</loc>") - 4])[0].url == "https://www.khabar.example/news/1001"


# --- size --------------------------------------------------------------------------------------------------------


def test_of_fifty_thousand_addresses_the_newest_500_are_read_in_time() -> None:
    entries = [
        entry(f"https://www.khabar.example/news/{number}", lastmod=(NOW - timedelta(minutes=number)).isoformat())
        for number in range(1000, 51_000)
    ]
    random.Random(7).shuffle(entries)
    begun = time.process_time()
    found = drafts(sitemap(*entries))
    assert time.process_time() - begun < 4
    assert [draft.url for draft in found] == [
        f"https://www.khabar.example/news/{number}" for number in range(1000, 1500)
    ]


def test_elements_nested_without_end_are_no_danger() -> None:
    begun = time.process_time()
    surveyed(f"<urlset {SPACE}>{entry()}" + "<a>" * 20_000)
    assert time.process_time() - begun < 1
