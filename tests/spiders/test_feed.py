"""The feed reader: every format to the same drafts, and what is no feed to a reason."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import ReadError
from core.model import Draft, Follow, Page, Source
from spiders.readers.feed import read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = "https://news.example/feeds/all.xml"
SOURCE = Source("news", "News", "feed", FEED)
LISTED = Source("news", "News", "feed", FEED, full_text=False)


def items(body: str | bytes, *, source: Source = SOURCE, content_type: str = "application/xml") -> list[Draft | Follow]:
    data = body.encode() if isinstance(body, str) else body
    page = Page(FEED, FEED, 200, {"content-type": content_type}, data, NOW)
    return read(source, page, timezone="Asia/Baghdad", now=NOW)


def drafts(body: str | bytes, **how: str) -> list[Draft]:
    return [item.draft if isinstance(item, Follow) else item for item in items(body, **how)]  # type: ignore[arg-type]  # content_type only


def rss(*entries: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>News</title><link>https://news.example/</link>{head}{''.join(entries)}</channel></rss>"
    )


def item(title: str = "A headline", link: str = "https://news.example/1", **more: str) -> str:
    inner = "".join(f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>" for name, value in more.items())
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


RSS = rss(
    item(
        "جلسة <![CDATA[مجلس النواب]]>",
        "/iraq/1?utm_source=rss",
        guid="tag:1",
        pubDate="Tue, 24 Nov 2026 10:30:00 +0300",
        description="&lt;p&gt;قال المتحدث&lt;/p&gt;",
        content_encoded="<![CDATA[<p>قال المتحدث.</p><p>وأضاف المصدر.</p>]]>",
        author="desk@news.example (هيئة التحرير)",
    )
)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>News</title><id>x</id>
<entry><title type="html">جلسة مجلس النواب</title><link href="/iraq/1?utm_source=rss"/><id>tag:1</id>
<published>2026-11-24T10:30:00+03:00</published><updated>2026-11-24T11:00:00+03:00</updated>
<author><name>هيئة التحرير</name></author><summary type="html">&lt;p&gt;قال المتحدث&lt;/p&gt;</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>قال المتحدث.</p><p>وأضاف المصدر.</p></div></content>
</entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://news.example/"><title>News</title></channel>
<item rdf:about="tag:1"><title>جلسة مجلس النواب</title><link>/iraq/1?utm_source=rss</link>
<description>&lt;p&gt;قال المتحدث&lt;/p&gt;</description><dc:date>2026-11-24T10:30:00+03:00</dc:date>
<dc:creator>هيئة التحرير</dc:creator>
<content:encoded>&lt;p&gt;قال المتحدث.&lt;/p&gt;&lt;p&gt;وأضاف المصدر.&lt;/p&gt;</content:encoded></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "tag:1",
                "url": "/iraq/1?utm_source=rss",
                "title": "جلسة مجلس النواب",
                "summary": "قال المتحدث",
                "content_html": "<p>قال المتحدث.</p><p>وأضاف المصدر.</p>",
                "date_published": "2026-11-24T10:30:00+03:00",
                "authors": [{"name": "هيئة التحرير"}],
            }
        ],
    }
)


@pytest.mark.parametrize("body", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_every_format_says_the_same(body: str) -> None:
    (found,) = items(body)
    assert isinstance(found, Follow)
    assert found.url == "https://news.example/iraq/1?utm_source=rss"
    draft = found.draft
    assert draft.url == "https://news.example/iraq/1"
    assert draft.guid == "tag:1"
    assert draft.title == "جلسة مجلس النواب"
    assert draft.summary == "قال المتحدث"
    assert draft.text == "قال المتحدث.\n\nوأضاف المصدر."
    assert draft.published == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert draft.authors == ("هيئة التحرير",)
    assert draft.listing


def test_a_source_without_full_text_is_not_followed() -> None:
    assert all(isinstance(found, Draft) for found in items(RSS, source=LISTED))


def test_a_summary_that_is_all_there_is_is_the_text() -> None:
    (draft,) = drafts(rss(item(description="Only a few words.")))
    assert (draft.text, draft.summary) == ("Only a few words.", "")


def test_markup_becomes_paragraphs_and_scripts_nothing() -> None:
    html = "<p>One<br/>two</p><script>alert(1)</script><ul><li>a</li><li>b</li></ul><p>x &lt; y</p>"
    (draft,) = drafts(rss(item(description=f"<![CDATA[{html}]]>")))
    assert draft.text == "One\ntwo\n\na\nb\n\nx < y"


def test_an_item_without_a_title_takes_its_first_words_and_else_its_address() -> None:
    body = rss(
        "<item><link>https://news.example/1</link><description>First words of it. More.</description></item>",
        "<item><link>https://news.example/a-quiet-day</link></item>",
    )
    assert [draft.title for draft in drafts(body)] == ["First words of it. More.", "a quiet day"]


def test_an_item_without_a_link_has_an_address_of_its_own_on_the_feed() -> None:
    body = rss("<item><title>One</title></item>", "<item><title>Two</title></item>")
    one, two = drafts(body)
    assert one.url != two.url
    assert one.url.startswith(FEED + "#")
    assert all(isinstance(found, Draft) for found in items(body))


def test_links_that_are_no_addresses_are_dropped() -> None:
    (draft,) = drafts(rss(item(link="javascript:alert(1)", guid="javascript:alert(2)")))
    assert draft.url.startswith(FEED + "#")
    assert draft.aliases == ()


def test_ten_items_with_one_guid_are_ten_articles() -> None:
    body = rss(*(item(f"Headline {i}", f"https://news.example/{i}", guid="same") for i in range(10)))
    assert len({draft.url for draft in drafts(body)}) == 10
    assert {draft.guid for draft in drafts(body)} == {None}


def test_an_item_listed_twice_is_one() -> None:
    assert len(drafts(rss(item(), item(link="https://news.example/1?utm_source=x")))) == 1


def test_what_the_listing_says_is_hashed_without_dates() -> None:
    (one,) = drafts(rss(item(description="The same words.", pubDate="Tue, 24 Nov 2026 10:30:00 +0300")))
    (same,) = drafts(rss(item(description="<b>The same</b> words.", pubDate="Tue, 24 Nov 2026 11:30:00 +0300")))
    (edited,) = drafts(rss(item(description="Other words.")))
    assert one.listing == same.listing != edited.listing


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "2999-01-01", "0000-00-00", "soon", ""])
def test_a_date_that_cannot_be_is_none_and_stays_as_printed(date: str) -> None:
    (draft,) = drafts(rss(item(pubDate=date)))
    assert draft.published is None
    assert draft.published_raw == date


def test_a_jalali_date_is_read() -> None:
    (draft,) = drafts(rss(item("خبر تازه از تهران", pubDate="۱۴۰۵-۰۹-۰۳ ۱۲:۰۰")))
    assert draft.published is not None
    assert draft.published.date() == datetime(2026, 11, 24, tzinfo=UTC).date()
    assert draft.language == "fa"


# --- encodings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["windows-1256", "utf-8", "iso-8859-1"])
def test_an_arabic_feed_in_cp1256(declared: str) -> None:
    body = rss(item("خبر عاجل من بغداد", description="قال مصدر إن الجلسة تأجلت")).encode("cp1256")
    body = body.replace(b'version="1.0"', f'version="1.0" encoding="{declared}"'.encode(), 1)
    (draft,) = drafts(body, content_type=f"text/xml; charset={declared}")
    assert draft.title == "خبر عاجل من بغداد"


def test_one_bad_byte_in_a_persian_feed_costs_one_character() -> None:
    body = rss(item("خبر تازه از تهران", description="متن خبر XX ادامه دارد")).encode().replace(b"XX", b"\xff")
    (draft,) = drafts(body)
    assert draft.title == "خبر تازه از تهران"
    assert draft.text == "متن خبر \ufffd ادامه دارد"


def test_control_characters_do_not_cost_the_feed() -> None:
    (draft,) = drafts(rss(item("A\x00 head\x0bline")))
    assert draft.title == "A headline"


# --- what is no feed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty document"),
        (b" \n ", "empty document"),
        (b"<!DOCTYPE html><html><title>Are you human?</title></html>", "a web page where a feed was expected"),
        (b"<!-- x --><HTML><body>parked</body></HTML>", "a web page where a feed was expected"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html/>', "a web page"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\xff" * 400, "not a feed"),
        (b"Service unavailable", "not a feed"),
        (b'{"error": "no"}', "not a feed: JSON of another kind"),
        (b'{"version": "https://jsonfeed.org/version/1"', "not a feed: broken JSON"),
        (b"[" * 100_000, "not a feed: broken JSON"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=f"^{reason}"):
        drafts(body)


def test_an_empty_feed_is_a_feed() -> None:
    assert drafts(rss()) == []


def test_an_ordinary_document_type_is_no_offence() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss-0.91.dtd">'
    assert len(drafts(rss(item()).replace("<rss", doctype + "<rss", 1))) == 1


def test_a_feed_cut_in_the_middle_gives_what_it_had() -> None:
    body = rss(item("One", "https://news.example/1"), item("Two", "https://news.example/2"))
    assert drafts(body[: body.rindex("<title>Two")])[0].title == "One"


# --- size --------------------------------------------------------------------------------------------------------


def _dated(i: int) -> str:
    return (NOW - timedelta(minutes=i)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def test_of_a_huge_feed_the_newest_500_are_read() -> None:
    oldest_first = [item(f"Headline {i}", f"https://news.example/{i}", pubDate=_dated(i)) for i in range(2_000, 0, -1)]
    found = drafts(rss(*oldest_first))
    assert [draft.title for draft in found] == [f"Headline {i}" for i in range(500, 0, -1)]


def test_of_a_huge_feed_without_dates_the_first_500_are_read() -> None:
    found = drafts(rss(*(item(f"Headline {i}", f"https://news.example/{i}") for i in range(2_000))))
    assert [draft.title for draft in found] == [f"Headline {i}" for i in range(500)]


def test_a_huge_title_and_address_are_clipped() -> None:
    (draft,) = drafts(rss(item("x" * 1_000_000, "https://news.example/" + "y" * 70_000)))
    assert len(draft.title) <= 500
    assert draft.url.startswith(FEED + "#")


def test_a_title_is_unescaped_once() -> None:
    (draft,) = drafts(rss(item(title="On the &amp;lt;blink&amp;gt; tag")))
    assert draft.title == "On the <blink> tag"


def test_an_element_closed_in_itself_hides_nothing_behind_it() -> None:
    (draft,) = drafts(rss(item(description="<![CDATA[<p>Before</p><iframe src='x'/><p>Behind</p>]]>")))
    assert draft.text == "Before\n\nBehind"


def test_a_subtitle_stands_in_for_a_summary() -> None:
    feed = rss(item(itunes_subtitle="A short word")).replace(
        "<rss ", '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    )
    (draft,) = drafts(feed)
    assert draft.text == "A short word"
