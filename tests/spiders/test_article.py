"""The article reader, and what becomes of a listing's item and its page together."""

import contextlib
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import ReadError
from core.model import Draft, Page, Source
from spiders.completing import completed
from spiders.readers.article import read_article

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://news.example/politics/1"
SOURCE = Source("news", "News", "feed", "https://news.example/feed")

ARABIC = (
    "أعلنت رئاسة مجلس النواب العراقي تأجيل جلسة التصويت على الوزارات الشاغرة إلى الأسبوع المقبل لعدم اكتمال النصاب.",
    "وقال مصدر برلماني إن الكتل السياسية لم تتفق حتى الآن على أسماء المرشحين، وإن المشاورات ستستمر أياماً أخرى.",
    "وأضاف المصدر أن رئيس المجلس دعا رؤساء الكتل إلى اجتماع يوم الأحد لبحث جدول الأعمال والأسماء المطروحة.",
)
ENGLISH = (
    "The parliament put off its vote on the vacant ministries until next week because too few members were present.",
    "A member said that the blocs had not yet agreed on the names of the candidates, and that talks would go on.",
    "The speaker asked the leaders of the blocs to meet on Sunday about the agenda and the names that are proposed.",
)


def page(paragraphs: tuple[str, ...] = ENGLISH, *, head: str = "", above: str = "", url: str = URL) -> Page:
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    text = (
        f"<html><head>{head}</head><body><nav><a href='/'>Home</a></nav><article>{above}{body}</article></body></html>"
    )
    return Page(url, url, 200, {"content-type": "text/html; charset=utf-8"}, text.encode(), NOW)


def read(document: Page, source: Source = SOURCE) -> Draft:
    return read_article(source, document, timezone="Asia/Baghdad", now=NOW)


@pytest.mark.parametrize("paragraphs", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_the_body_keeps_its_paragraphs(paragraphs: tuple[str, ...]) -> None:
    assert read(page(paragraphs)).text == "\n\n".join(paragraphs)


def test_a_page_in_cp1256_is_read() -> None:
    document = page(ARABIC)
    body = document.body.decode().encode("cp1256")
    assert read(replace(document, body=body, headers={})).text == "\n\n".join(ARABIC)


@pytest.mark.parametrize("joiner", ["\u200c", "&zwnj;", "&#8204;", "&#x200C;"])
def test_persian_keeps_its_joiners(joiner: str) -> None:
    words = tuple(
        f"متن خبر می{joiner}گوید که گفت{joiner}وگوها ادامه دارد و نتیجه به{joiner}زودی {i} بار اعلام می{joiner}شود."
        for i in range(4)
    )
    title = f"گفت{joiner}وگوها ادامه دارد"
    draft = read(page(words, head=f"<title>{title}</title>", above=f"<h1>{title}</h1>"))
    assert draft.title == "گفت\u200cوگوها ادامه دارد"
    assert draft.text == "\n\n".join(words).replace(joiner, "\u200c")


def test_a_headline_above_the_text_is_not_part_of_it() -> None:
    draft = read(page(head="<title>A vote put off - News</title>", above="<h1>A vote put off</h1>"))
    assert draft.title == "A vote put off"
    assert draft.text.startswith(ENGLISH[0])


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"datePublished":"2026-11-24T10:30:00+03:00"}</script>',
        '<script type="application/ld+json">{"broken": , "datePublished" : "2026-11-24T10:30:00+03:00"</script>',
        '<meta property="article:published_time" content="2026-11-24T10:30:00+03:00">',
        '<meta name="DC.date.issued" content="2026-11-24 10:30">',
        '<meta itemprop="datePublished" content="24 تشرين الثاني 2026 10:30">',
    ],
)
def test_the_date_a_page_declares(head: str) -> None:
    assert read(page(head=head)).published == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_a_page_without_a_date_has_none() -> None:
    draft = read(page())
    assert (draft.published, draft.published_raw) == (None, "")


def test_the_canonical_address_wins_on_the_same_site() -> None:
    document = page(head='<link rel="canonical" href="https://www.news.example/politics/one">', url=URL + "?from=feed")
    draft = read(document)
    assert draft.url == "https://www.news.example/politics/one"
    assert draft.aliases == (URL + "?from=feed",)


@pytest.mark.parametrize("named", ["https://other.example/a", "/", "https://news.example/", "javascript:x", ""])
def test_a_canonical_address_elsewhere_or_of_the_front_page_does_not(named: str) -> None:
    assert read(page(head=f'<link rel="canonical" href="{named}">')).url == URL


def test_two_sites_of_one_public_suffix_are_not_one() -> None:
    document = page(head='<link rel="canonical" href="https://other.com.iq/a">', url="https://news.com.iq/a")
    assert read(document).url == "https://news.com.iq/a"


def test_where_it_was_asked_for_is_another_address_of_it() -> None:
    document = replace(page(), requested="https://news.example/go/1?utm_source=rss")
    assert read(document).aliases == ("https://news.example/go/1",)


def test_the_sources_own_selectors_win() -> None:
    source = replace(SOURCE, selectors={"title": ".kicker", "text": ".story p", "date": ".when"})
    above = "<b class='kicker'>The real headline</b><i class='when'>24/11/2026 10:30</i>"
    above += "<div class='story'><p>One.</p><p>Two.</p></div>"
    draft = read(page(above=above), source)
    assert (draft.title, draft.text) == ("The real headline", "One.\n\nTwo.")
    assert draft.published == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    with pytest.raises(ReadError, match="selector for text"):
        read(page(), replace(SOURCE, selectors={"text": "p[["}))


@pytest.mark.parametrize(
    "body", [b"", b" ", b"<html></html>", b"<html><script>x</script></html>", b"\x00\xff\xd8" * 99]
)
def test_a_page_without_an_article_is_told(body: bytes) -> None:
    with pytest.raises(ReadError):
        read(replace(page(), body=body))


def test_being_sent_to_the_front_page_is_a_failure() -> None:
    with pytest.raises(ReadError, match="front page"):
        read(replace(page(), url="https://news.example/"))


@pytest.mark.parametrize(
    "body", [b"<div>" * 100_000, b"<html><body><p>" + b"word " * 400_000], ids=["deep", "one long text"]
)
def test_a_monstrous_page_ends(body: bytes) -> None:
    begun = time.process_time()
    with contextlib.suppress(ReadError):
        assert len(read(replace(page(), body=body)).text) <= 300_000
    assert time.process_time() - begun < 5


# --- the listing's item and its page -----------------------------------------------------------------------------

LISTED = Draft("news", URL, "A vote put off", text="A short lead.", guid="tag:1", published=NOW, listing="abc")
PAGE = Draft("news", URL + "-final", "A vote put off", text="The whole text of it.", language="en", aliases=(URL,))


def test_the_fuller_text_is_taken_and_the_lead_kept() -> None:
    both = completed(LISTED, PAGE)
    assert (both.text, both.summary) == ("The whole text of it.", "A short lead.")
    assert (
        completed(replace(LISTED, text="A far longer text in the feed."), PAGE).text == "A far longer text in the feed."
    )


def test_the_listing_names_the_item_and_the_page_its_address() -> None:
    both = completed(LISTED, PAGE)
    assert (both.guid, both.listing, both.published) == ("tag:1", "abc", NOW)
    assert (both.url, both.aliases) == (PAGE.url, (URL,))


def test_an_item_that_was_listed_without_a_title_takes_the_pages() -> None:
    made = replace(LISTED, title="a vote was put off", titled=False)
    assert completed(made, PAGE).title == "A vote put off"
    assert completed(made, replace(PAGE, title="")).title == "a vote was put off"
    assert completed(replace(made, titled=True), PAGE).title == "a vote was put off"


def test_the_page_fills_what_the_listing_left_out() -> None:
    bare = replace(LISTED, published=None, title="A vote put…")
    both = completed(bare, replace(PAGE, published=NOW, published_raw="today"))
    assert (both.published, both.published_raw, both.language) == (NOW, "today", "en")
    assert both.title == "A vote put off"
