"""Hostile documents: rows 12 to 18 of docs/security.md, read by the real processes that read for the monitor.

Refused means a plain reason and nothing of it in a draft; what is costly costs its own five seconds and no more.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from uuid import uuid4

import pytest

from core.errors import ReadError
from core.model import Draft, Page, Source
from demo.newsroom import Newsroom
from demo.server import Response
from spiders.readers.encoding import clean
from spiders.surveying import draft_of
from spiders.workers import Workers
from tests.spiders.names import Door
from tests.spiders.scene import monitoring

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "what-only-this-machine-knows"


def page(body: bytes | str, content_type: str = "") -> Page:
    body = body if isinstance(body, bytes) else body.encode()
    return Page("https://news.example/a/b", "https://news.example/a/b", 200, {"content-type": content_type}, body, NOW)


async def read(
    workers: Workers, kind: str, body: bytes | str, content_type: str = "", language: str = ""
) -> list[Draft]:
    """What the reader of the kind makes of the document."""
    source = Source("news", "News", kind, "https://news.example/", language or None)
    found = await workers.read(kind, source, page(body, content_type), timezone="UTC", now=NOW)
    return [draft_of(entry) for entry in found]


def rss(*items: str, head: str = "", before: str = "") -> str:
    return f"{before}<rss version='2.0'><channel><title>News</title>{head}{''.join(items)}</channel></rss>"


def item(number: int = 1, title: str = "A headline", more: str = "") -> str:
    link = f"https://news.example/2026/11/{number}/a-headline-of-some-words"
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def urlset(number: int = 1, title: str = "A headline") -> str:
    return (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>"
        f"<loc>https://news.example/2026/11/{number}/a-headline-of-some-words</loc>"
        f"<news:news><news:title>{title}</news:title></news:news></url></urlset>"
    )


# --- row 12: entities and what they reach -----------------------------------------------------------------------------

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))
SUBSETS = {
    "billion laughs": (f"<!DOCTYPE r [{LAUGHS}]>", "&l9;"),
    "quadratic entities": (f"<!DOCTYPE r [<!ENTITY a '{'a' * 100_000}'>]>", "&a;" * 50_000),
    "an external entity": ("<!DOCTYPE r [<!ENTITY a SYSTEM 'file://{secret}'>]>", "&a;"),
    "an entity of the network": ("<!DOCTYPE r [<!ENTITY a SYSTEM 'http://127.0.0.1:{port}/'>]>", "&a;"),
    "a parameter entity": ("<!DOCTYPE r [<!ENTITY % a SYSTEM 'http://127.0.0.1:{port}/'> %a;]>", "x"),
    "behind a long comment": (f"<!--{'x' * 300_000}--><!DOCTYPE r [<!ENTITY a 'A'>]>", "&a;"),
    "behind a quoted bracket": ("<!DOCTYPE r SYSTEM '>' [<!ENTITY a 'A'>]>", "&a;"),
    "in capitals": ("<!doctype r [<!entity a 'A'>]>", "&a;"),
}
DOCUMENTS: dict[str, Callable[[str, str], str]] = {
    "feed": lambda before, title: rss(item(title=title), before=before),
    "sitemap": lambda before, title: before + urlset(title=title),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("how", SUBSETS)
async def test_row_12_declarations_of_its_own_are_refused(
    workers: Workers, tmp_path: Path, door: Door, kind: str, how: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    before, title = (text.replace("{secret}", str(secret)).replace("{port}", str(door.port)) for text in SUBSETS[how])
    begun = time.monotonic()
    with pytest.raises(ReadError, match=r"^refused: a document type with declarations of its own$"):
        await read(workers, kind, f"<?xml version='1.0'?>{DOCUMENTS[kind](before, title)}")
    assert time.monotonic() - begun < 1
    assert door.visits == 0


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    "inclusion",
    [
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{secret}' parse='text'/>",
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='http://127.0.0.1:{port}/'/>",
        "&undeclared;",
    ],
)
@pytest.mark.parametrize("before", ["", "<!DOCTYPE r SYSTEM 'http://127.0.0.1:{port}/x.dtd'>"])
async def test_row_12_nothing_is_included_and_no_type_is_fetched(
    workers: Workers, tmp_path: Path, door: Door, kind: str, inclusion: str, before: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    text = DOCUMENTS[kind](before, f"Words {inclusion} of it").replace("{secret}", str(secret))
    drafts = await read(workers, kind, text.replace("{port}", str(door.port)))
    assert SECRET not in repr(drafts)
    assert door.visits == 0


@pytest.mark.parametrize("kind", ["feed", "sitemap", "page", "telegram"])
@pytest.mark.parametrize("before", ["", f"<!DOCTYPE opml [{LAUGHS}]>"])
async def test_row_12_opml_is_read_as_nothing(workers: Workers, kind: str, before: str) -> None:
    outline = "<outline text='&l9;' type='rss' xmlUrl='file:///etc/passwd'/>" if before else "<outline xmlUrl='x'/>"
    with pytest.raises(ReadError):
        await read(workers, kind, f"<?xml version='1.0'?>{before}<opml version='2.0'><body>{outline}</body></opml>")


# --- row 13: what breaks parsers --------------------------------------------------------------------------------------

WORDS = "".join(
    f"<p>Paragraph {n} of some words, that says a good deal of it, and then some more.</p>" for n in range(9)
)
HEAVY: dict[str, tuple[str, Sequence[str]]] = {
    "20,000 levels of a feed": (rss(item(more="<a>" * 20_000 + "</a>" * 20_000)), ("feed",)),
    "20,000 levels of a sitemap": ("<urlset>" + "<url>" * 20_000 + "</url>" * 20_000 + "</urlset>", ("sitemap",)),
    "200,000 nested divs": ("<html><body>" + "<div>" * 200_000 + WORDS, ("article", "page", "telegram")),
    "50,000 attributes": (
        f"<html><body><div {' '.join(f'a{n}=x' for n in range(50_000))}>{WORDS}",
        ("article", "page", "telegram", "feed"),
    ),
    "two megabytes of <p>": ("<html><body><article>" + "<p>" * 700_000, ("article", "page", "telegram")),
    "one text of ten megabytes": (f"<html><body><p>{'w' * 10_000_000}</p></body></html>", ("article", "page")),
    "a title of ten megabytes": (rss(item(title="word " * 2_000_000)), ("feed",)),
}


@pytest.mark.parametrize(("how", "kind"), [(how, kind) for how, (_, kinds) in HEAVY.items() for kind in kinds])
async def test_row_13_what_is_heavy_costs_its_deadline_at_most(how: str, kind: str) -> None:
    """A deadline of 1.5 s stands for the real one of 5 s; behind it the next document is read."""
    workers = Workers(1, deadline=1.5)
    workers.start()
    try:
        begun = time.monotonic()
        try:
            drafts = await read(workers, kind, HEAVY[how][0])
        except ReadError as error:
            assert error.reason
        else:
            assert all(len(draft.title) <= 500 and len(draft.text) <= 300_000 for draft in drafts)
        spent = time.monotonic() - begun
        assert [draft.title for draft in await read(workers, "feed", rss(item()))] == ["A headline"]
    finally:
        workers.stop()
    assert spent < 8  # of which starting the process takes its share on a busy machine


async def test_row_13_a_crowded_element_is_refused_by_a_look(workers: Workers) -> None:
    crowd = " ".join(f"data-{n}='>'" for n in range(50_000))
    begun = time.monotonic()
    with pytest.raises(ReadError, match=r"^refused: an element with more than 5,000 attributes$"):
        await read(workers, "article", f"<html><body><p {crowd}>{WORDS}")
    assert time.monotonic() - begun < 1


# --- row 14: feeds without measure ------------------------------------------------------------------------------------


async def test_row_14_of_a_hundred_thousand_items_the_newest_five_hundred(workers: Workers) -> None:
    items = (item(n, f"Headline {n}", f"<pubDate>2026-11-{n % 20 + 1:02}T10:00:00Z</pubDate>") for n in range(100_000))
    begun = time.monotonic()
    drafts = await read(workers, "feed", rss(*items))
    assert time.monotonic() - begun < 5
    assert len(drafts) == 500
    assert {draft.published and draft.published.day for draft in drafts} == {20}


async def test_row_14_ten_items_with_one_guid_are_ten_articles(workers: Workers) -> None:
    items = (item(n, f"Headline {n}", "<guid>javascript:alert(1)</guid>") for n in range(10))
    drafts = await read(workers, "feed", rss(*items))
    assert len({draft.url for draft in drafts}) == 10
    assert not any("javascript" in f"{draft.url}{draft.guid}{draft.aliases}" for draft in drafts)


RESTLESS = {  # items of a feed that gives each a new GUID at every visit
    "with a link": "<link>{site}/en/news/{n}</link><guid isPermaLink='false'>{new}</guid>",
    "with a link and a text": "<link>{site}/en/news/{n}</link><guid>{new}</guid><description>{text}</description>",
    "without a link": "<guid isPermaLink='false'>{new}</guid><pubDate>{today}</pubDate>",
    "without a link, with a text": "<guid isPermaLink='false'>{new}</guid><description>{text}</description>",
    "that is its link": "<guid>{site}/{new}</guid>",
    "that is its link, with a text": "<guid>{site}/{new}</guid><description>{text}</description>",
}
SEEN = ("قاآنی در شهر ساحلی دیده شد", "Qaani was seen by the northern river", "شوهد قاآني قرب مصنع الورق القديم")


@pytest.mark.parametrize("form", RESTLESS.values(), ids=RESTLESS)
async def test_row_14_new_guids_at_every_visit_alert_once_and_bring_nothing_twice(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, form: str
) -> None:
    outlet, told = newsroom.outlet("restless"), ["A headline of other things"]

    def feed(_healthy: Response) -> Response:
        today = format_datetime(datetime.now(UTC).replace(hour=0, minute=0, second=0))
        items = (
            f"<item><title>{title}</title>"
            + form.format(n=n, new=uuid4(), today=today, site=outlet.site.origin, text=f"{title}. " * 3)
            + "</item>"
            for n, title in enumerate(told)
        )
        return Response(200, {"Content-Type": "text/xml"}, rss(*items).encode())

    outlet.breaks(feed)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.look(outlet)
        monitor.end_first_round()
        told += SEEN
        assert (await monitor.look(outlet)).new == len(SEEN)
        alerts = monitor.alerts()
        assert alerts == len(SEEN)
        for _ in range(3):
            assert (await monitor.look(outlet)).new == 0
        assert (monitor.alerts(), len(monitor.archived())) == (alerts, len(told))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "java\tscript:x", "file:///etc/passwd"])
async def test_row_14_a_link_that_is_no_address_is_none(workers: Workers, link: str) -> None:
    text = f"<item><title>A headline</title><link>{link}</link><guid>{link}</guid></item>"
    (draft,) = await read(workers, "feed", rss(text))
    assert draft.url.startswith("https://news.example/")
    assert draft.image is None


# --- row 15: letters --------------------------------------------------------------------------------------------------

ARABIC, PERSIAN = "قال مصدر مطلع إن الاجتماع سيعقد في بغداد", "سخنگو گفت پژوهش تازه‌ای درباره چاپ کتاب است"
XML = "<?xml version='1.0' encoding='{}'?>"
ENCODED: dict[str, tuple[bytes, str, str]] = {
    "cp1256 undeclared": (rss(item(title=ARABIC)).encode("cp1256"), "", ARABIC),
    "cp1256 declared UTF-8": (
        (XML.format("utf-8") + rss(item(title=ARABIC))).encode("cp1256"),
        "text/xml; charset=utf-8",
        ARABIC,
    ),
    "cp1256 declared Latin": (
        (XML.format("iso-8859-1") + rss(item(title=ARABIC))).encode("cp1256"),
        "text/xml; charset=iso-8859-1",
        ARABIC,
    ),
    "UTF-8 declared cp1256": (
        (XML.format("windows-1256") + rss(item(title=PERSIAN))).encode(),
        "text/xml; charset=windows-1256",
        PERSIAN,
    ),
    "a mark and a wrong declaration": (
        b"\xef\xbb\xbf" + (XML.format("iso-8859-1") + rss(item(title=PERSIAN))).encode(),
        "text/xml; charset=iso-8859-1",
        PERSIAN,
    ),
    "UTF-16 without a mark": ((XML.format("utf-16") + rss(item(title=PERSIAN))).encode("utf-16-le"), "", PERSIAN),
    "one bad byte": (
        rss(item(title=PERSIAN), item(2, "Other words \ue000")).encode().replace("\ue000".encode(), b"\xff"),
        "",
        PERSIAN,
    ),
}


@pytest.mark.parametrize("how", ENCODED)
async def test_row_15_the_letters_are_right(workers: Workers, how: str) -> None:
    body, content_type, title = ENCODED[how]
    assert (await read(workers, "feed", body, content_type))[0].title == title


# --- row 16: signs that cannot be kept, and too many of them ----------------------------------------------------------

SIGNS = "A\0 he\x01ad\x85li\x9fne\ufffe\uffff &#0;&#x1F;&#xD800;&#xFFFE;&#x80;"


@pytest.mark.parametrize("kind", ["feed", "sitemap", "article"])
async def test_row_16_what_cannot_be_kept_is_taken_out(workers: Workers, kind: str) -> None:
    text = {
        "feed": rss(item(title=SIGNS, more=f"<description>{SIGNS}</description>")),
        "sitemap": urlset(title=SIGNS.replace("&#", "&amp;#")),
        "article": f"<html><head><title>{SIGNS}</title><body><h1>{SIGNS}</h1>{WORDS}<p>{SIGNS}</p></body></html>",
    }[kind]
    (draft,) = await read(workers, kind, text)
    for said in (draft.title, draft.text, draft.summary, draft.published_raw, *draft.authors):
        assert clean(said) == said
        said.encode()  # a lone surrogate would raise


async def test_row_16_what_is_too_long_is_cut_and_what_is_empty_is_replaced(workers: Workers) -> None:
    far = "https://news.example/" + "a" * 70_000
    long, nameless, distant = await read(
        workers,
        "feed",
        rss(
            item(1, "word " * 200_000),
            item(2, "  ", "<description>What the item says.</description>"),
            f"<item><title>Far away</title><link>{far}</link></item>",
        ),
    )
    assert len(long.title) <= 500
    assert nameless.title == "What the item says."
    assert len(distant.url) < 1000


async def test_row_16_all_of_it_can_be_archived(newsroom: Newsroom, workers: Workers, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily", full_text=False)
    outlet.sends(rss(item(1, SIGNS), item(2, "\U000e0001 \u202e\u2066 " + "😀" * 900), item(3, " ")).encode())
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(outlet)).new == 3


# --- row 17: dates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("2999-01-01T00:00:00Z", None),
        ("0000-00-00 00:00:00", None),
        ("+9999-12-31T23:59:59Z", None),
        ("99999999999999999999", None),
        ("", None),
        ("۲۸ آبان ۱۴۰۵", datetime(2026, 11, 19, tzinfo=UTC)),
        ("1405/08/28 10:30", datetime(2026, 11, 19, 10, 30, tzinfo=UTC)),
        ("9 جمادى الآخرة 1448", datetime(2026, 11, 19, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 10:30:00 +0300", datetime(2026, 11, 19, 7, 30, tzinfo=UTC)),
    ],
)
async def test_row_17_a_date_is_right_or_none(workers: Workers, written: str, expected: datetime | None) -> None:
    language = "fa" if written.startswith(("۲", "1405")) else "ar" if "جمادى" in written else "en"
    (draft,) = await read(workers, "feed", rss(item(more=f"<pubDate>{written}</pubDate>")), language=language)
    assert draft.published == expected
    assert draft.published_raw == written


# --- row 18: what is no document of the kind, with a status of 200 ----------------------------------------------------

CAPTCHA = """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body>
<h1>Checking if the site connection is secure</h1><form id="challenge-form" action="/?__cf_chl_f_tk=x" method="POST">
<noscript>Enable JavaScript and cookies to continue</noscript></form></body></html>"""
PARKED = """<html><head><title>news.example is for sale</title></head><body><h1>This domain may be for sale!</h1>
<a href="https://market.example/buy?d=news.example">Buy this domain</a><script src="//parking.example/x.js"></script>
</body></html>"""
SOFT_404 = """<!doctype html><html dir="rtl" lang="ar"><head><title>الصفحة غير موجودة</title></head>
<body><h1>404</h1><p>عذراً، الصفحة التي تبحث عنها غير موجودة.</p><a href="/">العودة إلى الرئيسية</a></body></html>"""
NO_DOCUMENT = {
    "captcha": CAPTCHA, "parked": PARKED, "soft 404": SOFT_404, "nothing": "", "spaces": " \n ", "one NUL": "\0",
    "words": "Service temporarily unavailable", "JSON": '{"error": "not found"}', "a number": "404",
}  # fmt: skip


OTHERS: dict[str, bytes | str] = {
    "a feed": rss(item(more=f"<description>&lt;p&gt;{WORDS}</description>")),
    "a feed with a head": "<?xml version='1.0'?>\n<!-- by hand -->\n<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
    "a sitemap": urlset(title=WORDS),
    "data": json.dumps({"items": [{"content_html": f"<p>{WORDS}</p>"}]}),
    "a PDF document": b"%PDF-1.4 <a> <p>" + WORDS.encode(),
    "a binary file": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) + WORDS.encode(),
}


@pytest.mark.parametrize("kind", ["article", "page"])
@pytest.mark.parametrize("how", OTHERS)
async def test_row_18_another_kind_of_document_is_no_web_page(workers: Workers, kind: str, how: str) -> None:
    with pytest.raises(ReadError, match=f"^{how.removesuffix(' with a head')}.* where a web page was expected$"):
        await read(workers, kind, OTHERS[how])


async def test_row_18_a_web_page_of_any_letters_and_beginning_is_one(workers: Workers) -> None:
    begun = f"<?xml version='1.0'?><!-- rss --><!DOCTYPE html><html><body><article>{WORDS}</article></body></html>"
    for body in (begun.encode(), begun.encode("utf-16"), begun.encode("utf-16-le"), b"[x]\0" + begun.encode()):
        assert len(await read(workers, "article", body)) == 1


@pytest.mark.parametrize("kind", ["feed", "sitemap", "page", "telegram"])
@pytest.mark.parametrize("how", NO_DOCUMENT)
async def test_row_18_is_a_failure_with_a_reason_and_never_success(workers: Workers, kind: str, how: str) -> None:
    with pytest.raises(ReadError) as failed:
        await read(workers, kind, NO_DOCUMENT[how], "text/html; charset=utf-8")
    assert failed.value.reason


@pytest.mark.parametrize("how", NO_DOCUMENT)
async def test_row_18_the_visit_failed_and_the_next_one_goes_on(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, how: str
) -> None:
    outlet = newsroom.outlet("daily")
    outlet.publish("A headline", "A body of some words.")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(outlet)
        outlet.sends(NO_DOCUMENT[how].encode())
        failed = await monitor.look(outlet)
        assert failed.status == "failed"
        assert failed.reason
        outlet.recovers()
        outlet.publish("Another headline", "Another body of some words.")
        assert (await monitor.look(outlet)).new == 1
        assert len(monitor.archived()) == 2
