"""The section page reader: articles learnt from the page, or taken by the source's selectors; one site, each once."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ReadError
from core.model import Draft, Follow, Page, Source
from core.urls import canonical
from spiders.readers.addresses import shape
from spiders.readers.page import read

PAGES = Path(__file__).parent / "fixtures" / "pages"
EXPECTED = [json.loads(row) for row in (PAGES / "expected.jsonl").read_text("utf-8").splitlines()]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://news.example/politics"
HEADLINES = (
    "البرلمان يحدد موعد جلسة التصويت على الموازنة",
    "بازگشایی گذرگاه مرزی پس از سه روز تعطیلی",
    "Rain closes schools in the northern provinces",
    "وزارة النفط تعلن ارتفاع الصادرات خلال الشهر الماضي",
)


def found(
    body: str | bytes, *, url: str = URL, full_text: bool = True, selectors: dict[str, str] | None = None
) -> list[Draft]:
    data = body.encode() if isinstance(body, str) else body
    source = Source("news", "News", "page", url, full_text=full_text, selectors=selectors or {})
    entries = read(source, Page(url, url, 200, {}, data, NOW), timezone="Asia/Baghdad", now=NOW)
    return [entry.draft if isinstance(entry, Follow) else entry for entry in entries]


def page(*links: str, menu: str = "") -> str:
    return f"<html><body><nav>{menu}</nav><main>{''.join(f'<div>{link}</div>' for link in links)}</main></body></html>"


def links(*hrefs: str) -> list[str]:
    return [f'<a href="{href}">{HEADLINES[number % 4]}</a>' for number, href in enumerate(hrefs)]


NUMBERED = [f"/news/{number}" for number in range(9001, 9005)]


# --- learnt from the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", EXPECTED, ids=lambda site: site["file"])
def test_the_articles_of_a_site_are_found_and_nothing_else(site: dict[str, Any]) -> None:
    body = (PAGES / site["file"]).read_text("utf-8").encode(site.get("encoding", "utf-8"))
    drafts = found(body, url=site["url"])
    assert [draft.title for draft in drafts] == list(site["articles"].values())
    assert all(draft.url.startswith(url) for draft, url in zip(drafts, site["articles"], strict=True))


def test_a_card_gives_lead_date_and_picture() -> None:
    first, *_ = found((PAGES / "fa_agency.html").read_bytes(), url="https://www.khabar.example/service/politics")
    assert first.text == "وزیران راه دو کشور در نشستی سه‌ساعته درباره گذرگاه مرزی گفت‌وگو کردند."
    assert first.published == datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
    assert first.image == "https://www.khabar.example/d/4/85990121.jpg"
    assert first.language == "fa"


@pytest.mark.parametrize("date", ["منذ 3 ساعات", "۲ ساعت پیش", "3 hours ago", "24 November 2026", "soon"])
def test_a_date_that_says_less_than_the_articles_page_is_left_to_it(date: str) -> None:
    cards = [f'<a href="{href}"><h3>{HEADLINES[0]}</h3></a><span class="date">{date}</span>' for href in NUMBERED]
    assert {draft.published for draft in found(page(*cards))} == {None}


def test_a_date_without_an_hour_counts_where_the_article_is_not_read() -> None:
    cards = [
        f'<a href="{href}"><h3>{HEADLINES[0]}</h3></a><span class="date">24 تشرين الثاني 2026</span>'
        for href in NUMBERED
    ]
    assert all(draft.published for draft in found(page(*cards), full_text=False))


def test_pages_that_are_followed_are_followed_as_written() -> None:
    source = Source("news", "News", "page", URL)
    body = page(*links(*(f"{href}?utm_source=x" for href in NUMBERED))).encode()
    entries = read(source, Page(URL, URL, 200, {}, body, NOW), timezone="UTC", now=NOW)
    assert [entry.url for entry in entries if isinstance(entry, Follow)] == [
        f"https://news.example{href}?utm_source=x" for href in NUMBERED
    ]


def test_an_article_linked_three_times_is_one_with_its_best_words() -> None:
    card = (
        '<a href="/news/{0}"><img src="x.jpg"></a><a href="/news/{0}#c">اقرأ المزيد</a>'
        '<a href="/news/{0}?fbclid=1">{1}</a>'
    )
    drafts = found(page(*(card.format(9001 + number, words) for number, words in enumerate(HEADLINES))))
    assert [draft.title for draft in drafts] == list(HEADLINES)


def test_other_sites_navigation_and_sections_are_left_out() -> None:
    others = links("https://evil.example/news/9001", "/tag/9002", "/news/9003.jpg", "/", "javascript:alert(1)", URL)
    menu = "".join(links("/section/7001", "/section/7002", "/section/7003"))
    drafts = found(page(*links(*NUMBERED), *others, menu=menu))
    assert [draft.url for draft in drafts] == [f"https://news.example{href}" for href in NUMBERED]


def test_a_page_whose_whole_body_lies_in_a_menu_like_box_is_read() -> None:
    body = f'<html><body><div class="has-menu nav">{"".join(links(*NUMBERED))}</div></body></html>'
    assert len(found(body)) == 4


def test_short_slugs_are_learnt_by_their_headlines_alone() -> None:
    words = ("alpha", "beta", "gamma", "delta", "zeta", "theta")
    drafts = found(page(*links(*(f"/read/{word}" for word in words))))
    assert len(drafts) == 6


@given(st.permutations(NUMBERED))
def test_the_order_of_the_page_is_kept(hrefs: list[str]) -> None:
    assert [draft.url for draft in found(page(*links(*hrefs)))] == [f"https://news.example{href}" for href in hrefs]


@given(st.text(alphabet="abc/-_0123456789?=&.%اخبفا", max_size=40))
def test_every_address_has_a_shape_that_its_canonical_form_shares(tail: str) -> None:
    url = canonical(f"https://news.example/{tail}")
    assert shape(canonical(url)) == shape(url)


@pytest.mark.parametrize(
    ("tail", "article"),
    [
        ("news/90211", True),
        ("fa/news/85990121/%D8%AF%DB%8C%D8%AF%D8%A7%D8%B1", True),
        ("2026/11/24/vote", True),
        ("a/why-the-vote-was-put-off", True),
        ("article.aspx?id=4711", True),
        ("%D8%AA%D8%A3%D8%AC%D9%8A%D9%84-%D8%AC%D9%84%D8%B3%D8%A9-%D8%A7%D9%84%D8%AA%D8%B5%D9%88%D9%8A%D8%AA", True),
        ("politics", False),
        ("fa", False),
        ("tag/a-long-tag-of-many-words", False),
        ("files/report-of-the-year-2026.pdf", False),
        ("archive/2026", False),
    ],
)
def test_the_shape_of_an_address_says_whether_to_expect_an_article(tail: str, article: bool) -> None:
    assert (shape(f"https://news.example/{tail}").score >= 2) is article


# --- by selectors ------------------------------------------------------------------------------------------------

ROWS = "".join(
    f'<tr class="row"><td><b class="t">{words}</b></td><td class="when">24/11/2026 1{number}:05</td>'
    f'<td><a href="/x">قسم</a><a class="go" href="/r/{number}">»</a></td><td><i>نبذة {number}</i></td></tr>'
    for number, words in enumerate(HEADLINES)
)


def test_a_source_says_by_selectors_what_is_what() -> None:
    body = f"<html><body><a href='/news/1'>{HEADLINES[0]}</a><table>{ROWS}</table></body></html>"
    drafts = found(body, selectors={"item": "tr.row", "link": "a.go", "title": ".t", "text": "i", "date": ".when"})
    assert [draft.url for draft in drafts] == [f"https://news.example/r/{number}" for number in range(4)]
    assert [draft.title for draft in drafts] == list(HEADLINES)
    assert drafts[1].text == "نبذة 1"
    assert drafts[1].published == datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


def test_what_the_selectors_leave_open_is_found_in_the_item() -> None:
    drafts = found(page(*links(*NUMBERED)), selectors={"item": "main div"})
    assert [draft.title for draft in drafts] == list(HEADLINES)


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        ({"item": ".gone"}, "the selector for item finds nothing"),
        ({"item": "div["}, "the selector for item is broken"),
        ({"item": "div", "link": ":::"}, "the selector for link is broken"),
    ],
)
def test_selectors_that_no_longer_fit_are_told(selectors: dict[str, str], reason: str) -> None:
    with pytest.raises(ReadError, match=f"^{reason}"):
        found(page(*links(*NUMBERED)), selectors=selectors)


# --- what is no section page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty document"),
        ("<html><body><h1>Are you human?</h1><a href='/help'>Help</a></body></html>", "no links to articles found"),
        ("<html><body><a href='https://buy.example/'>This domain is for sale</a></body></html>", "no links"),
        ('{"error": "no"}', "data"),
    ],
)
def test_a_page_without_articles_is_a_failure(body: str, reason: str) -> None:
    with pytest.raises(ReadError, match=f"^{reason}"):
        found(body)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000 + "".join(links(*NUMBERED)),
        page(*links(*(f"/news/{number}" for number in range(10_000, 40_000)))),
        page(f"<a href='/news/9009'>{'word ' * 400_000}</a>", *links(*NUMBERED)),
    ],
    ids=["nested", "links", "title"],
)
def test_a_page_made_to_harm_is_read_or_refused_in_time(body: str) -> None:
    begun = time.process_time()
    try:
        drafts = found(body)
    except ReadError:
        drafts = []
    assert time.process_time() - begun < 4
    assert len(drafts) <= 500
    assert all(len(draft.title) <= 500 for draft in drafts)
