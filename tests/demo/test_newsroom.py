"""What outlets print reaches a reader as the scene says: feeds, pages, edits, validators, config."""

import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from demo.newsroom import Newsroom
from demo.press import FeedFormat, LinkStyle, Theme
from tests.demo.conftest import ask

TITLES = {
    "en": 'Officials meet in "Nahr" & agree <again>',
    "ar": "اجتماع في بغداد: 3 ملفات & «حصر السلاح»",
    "fa": "نشست در تهران؛ گفت‌وگوها ادامه می‌یابد",
}
BODY = "The first paragraph of the piece.\nفقرة ثانية من النص.\nبند سوم متن که نیم‌فاصله هم دارد."


def entries(body: bytes, kind: FeedFormat) -> list[dict[str, Any]]:
    """The entries of a feed, by the reader that its format calls for."""
    if kind == "json":
        feed = json.loads(body)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        return [
            {"title": i["title"], "link": i["url"], "summary": i["summary"], "date": i.get("date_published")}
            for i in feed["items"]
        ]
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {
            "title": e.title,
            "link": e.link,
            "summary": e.summary,
            "date": e.get("published") or e.get("updated"),
        }
        for e in parsed.entries
    ]


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
@pytest.mark.parametrize("kind", ["rss", "atom", "rdf", "json"])
def test_a_feed_in_every_format_and_language_says_what_was_published(
    newsroom: Newsroom, kind: FeedFormat, language: str
) -> None:
    outlet = newsroom.outlet("outlet", format=kind, language=language)
    outlet.publish("older", BODY, published=timedelta(hours=2))
    item = outlet.publish(TITLES[language], BODY, summary="ملخص & summary")
    newest, oldest = entries(ask(outlet.feed_url).body, kind)
    # feedparser reads the text of an RSS title as HTML; what is compared is what both readings keep
    assert newest["title"].split("<")[0] == TITLES[language].split("<")[0]
    assert newest["link"] == item.link == item.url
    assert newest["summary"] == "ملخص & summary"
    assert newest["date"]
    assert oldest["title"] == "older"


@pytest.mark.parametrize("kind", ["rss", "atom", "rdf", "json"])
def test_an_undated_item_has_no_date_in_feed_or_page(newsroom: Newsroom, kind: FeedFormat) -> None:
    outlet = newsroom.outlet("outlet", format=kind)
    item = outlet.publish("Undated", BODY, published=None)
    assert entries(ask(outlet.feed_url).body, kind)[0]["date"] is None
    page = ask(item.url).text
    assert "published_time" not in page
    assert "<time" not in page
    assert "datePublished" not in page


def test_a_date_in_words_is_printed_as_it_is(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet", language="fa")
    item = outlet.publish("تیتر", BODY, published="۲۲ دی ۱۴۰۴")
    assert "<pubDate>۲۲ دی ۱۴۰۴</pubDate>" in ask(outlet.feed_url).text
    assert "۲۲ دی ۱۴۰۴" in ask(item.url).text


@pytest.mark.parametrize("theme", ["portal", "agency"])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa", "rtl")])
def test_a_page_is_a_page_of_the_region(newsroom: Newsroom, language: str, direction: str, theme: Theme) -> None:
    outlet = newsroom.outlet("outlet", language=language, theme=theme)
    other = outlet.publish("another headline", BODY)
    item = outlet.publish(TITLES[language], BODY, authors=("A. Writer",), tags=("tag",))
    page = ask(item.url).text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert f'<link rel="canonical" href="{item.url}">' in page
    assert 'property="og:title"' in page
    assert '"@type": "NewsArticle"' in page
    assert "<p>بند سوم متن که نیم‌فاصله هم دارد.</p>" in page
    assert other.url in page, "links to other articles surround it"
    assert "<again>" not in page


@pytest.mark.parametrize(
    ("language", "printed"),
    [("en", "12 January 2026 14:05"), ("ar", "12 كانون الثاني 2026 - 14:05"), ("fa", "۲۲ دی ۱۴۰۴ - ۱۴:۰۵")],
)
def test_pages_print_dates_as_their_readers_write_them(newsroom: Newsroom, language: str, printed: str) -> None:
    outlet = newsroom.outlet("outlet", language=language)
    item = outlet.publish("title", BODY, published=datetime(2026, 1, 12, 11, 5, tzinfo=UTC))
    assert printed in ask(item.url).text


@pytest.mark.parametrize("style", ["tracking", "amp", "redirect"])
def test_every_address_of_an_item_leads_to_its_canonical_one(newsroom: Newsroom, style: LinkStyle) -> None:
    outlet = newsroom.outlet("outlet", link_style=style)
    item = outlet.publish("Title", BODY)
    link = entries(ask(outlet.feed_url).body, "rss")[0]["link"]
    assert link != item.url
    answer = ask(link)
    if style == "redirect":
        assert (answer.status, answer.headers["location"]) == (302, item.url)
        answer = ask(item.url)
    assert f'<link rel="canonical" href="{item.url}">' in answer.text
    assert ask(item.tracked).status == ask(item.amp).status == 200


def test_an_unchanged_feed_answers_304_to_either_validator_and_a_changed_one_200(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    outlet.publish("One", BODY)
    first = ask(outlet.feed_url)
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_time = {"If-Modified-Since": first.headers["last-modified"]}
    for validators in (
        by_tag,
        by_time,
        by_tag | by_time,
        {"If-None-Match": f'"x", W/{by_tag["If-None-Match"]}'},
    ):
        answer = ask(outlet.feed_url, validators)
        assert (answer.status, answer.body) == (304, b"")
    outlet.publish("Two", BODY)
    for validators in (by_tag, by_time, by_tag | by_time):
        assert ask(outlet.feed_url, validators).status == 200


def test_an_edit_keeps_the_address_and_changes_feed_and_page(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    item = outlet.publish("Before", BODY)
    before = ask(item.url)
    outlet.edit(item, title="After", body="Another text.")
    feed, page = ask(outlet.feed_url).text, ask(item.url, {"If-None-Match": before.headers["etag"]})
    assert "After" in feed
    assert "<title>Before" not in feed
    assert page.status == 200
    assert "<p>Another text.</p>" in page.text
    assert "article:modified_time" in page.text


def test_a_withdrawn_item_leaves_the_feed_and_its_page_is_gone(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    item = outlet.publish("Short-lived", BODY)
    outlet.withdraw(item)
    assert "Short-lived" not in ask(outlet.feed_url).text
    assert ask(item.url).status == 410
    assert outlet.items == ()


def test_a_copy_has_the_same_text_and_an_address_of_its_own(newsroom: Newsroom) -> None:
    first, second = newsroom.outlet("first"), newsroom.outlet("second")
    item = first.publish("Wire", BODY)
    copy = second.copies(item, title="Our headline")
    assert copy.piece.paragraphs == item.piece.paragraphs
    assert urlsplit(copy.url).netloc != urlsplit(item.url).netloc
    assert "Our headline" in ask(copy.url).text


def test_rotating_guids_change_on_every_visit_and_nothing_else_does(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    outlet.publish("One", BODY)
    outlet.rotates_guids()
    first, second = (feedparser.parse(ask(outlet.feed_url).body).entries[0] for _ in range(2))
    assert first.id != second.id
    assert first.link == second.link


@pytest.mark.parametrize(("encoding", "declared"), [("cp1256", "windows-1256"), ("cp1256", "utf-8"), ("utf-16", None)])
def test_bytes_and_declaration_may_differ(newsroom: Newsroom, encoding: str, declared: str | None) -> None:
    outlet = newsroom.outlet("outlet", language="ar", encoding=encoding, declared=declared)
    outlet.publish("عنوان الخبر", BODY)
    answer = ask(outlet.feed_url)
    assert "عنوان الخبر" in answer.body.decode(encoding)
    assert ("charset=" in answer.headers["content-type"]) == (declared is not None)
    if declared:
        assert f'encoding="{declared}"'.encode() in answer.body


def test_a_channel_shows_its_newest_posts_and_the_way_to_older_ones(newsroom: Newsroom) -> None:
    channel = newsroom.channel("tg-river", name="شبكة النهر")
    items = [channel.post(f"خبر رقم {number} من المدينة") for number in range(25)]
    newest = ask(channel.feed_url)
    assert newest.text.count("data-post=") == 20
    assert items[-1].url == "https://t.me/tg_river/1025"
    assert "خبر رقم 24 من المدينة" in newest.text
    assert 'data-before="1006"' in newest.text
    older = ask(f"{channel.feed_url}?before=1006").text
    assert (older.count("data-post="), "data-before" in older) == (5, False)
    assert ask(channel.feed_url, {"If-None-Match": newest.headers["etag"]}).status == 304
    channel.withdraw(items[-1])
    assert "خبر رقم 24 من المدينة" not in ask(channel.feed_url).text


def test_robots_txt_says_what_it_was_told(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    assert "Disallow" not in ask(f"{outlet.site.origin}/robots.txt").text
    outlet.robots(crawl_delay=2.5, disallow=("/private",))
    text = ask(f"{outlet.site.origin}/robots.txt").text
    assert text == "User-agent: *\nDisallow: /private\nCrawl-delay: 2.5\n"


def test_the_front_page_tells_where_the_feed_is(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet", format="atom")
    item = outlet.publish("Title", BODY)
    page = ask(f"{outlet.site.origin}/").text
    assert f'type="application/atom+xml" title="outlet" href="{outlet.feed_url}"' in page
    assert item.url in page


def test_what_is_not_published_is_not_found(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    assert ask(f"{outlet.site.origin}/en/news/9999/nothing").status == 404
    assert ask(f"{outlet.site.origin}/favicon.ico").status == 404


def test_every_request_is_in_the_log(newsroom: Newsroom) -> None:
    outlet, other = newsroom.outlet("outlet"), newsroom.outlet("other")
    item = outlet.publish("Title", BODY)
    ask(outlet.feed_url, {"User-Agent": "a reader"})
    ask(item.tracked)
    ask(other.feed_url)
    poll, page, _ = newsroom.requests
    assert (poll.outlet, poll.status, poll.headers["user-agent"]) == ("outlet", 200, "a reader")
    assert page.target.endswith(f"fbclid=x{item.number}")
    assert newsroom.polls(outlet) == (poll,)
    assert newsroom.requests_for(outlet, urlsplit(item.url).path) == (page,)
    newsroom.forget_requests()
    assert newsroom.requests == ()


def test_one_can_wait_for_a_visit(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    with ThreadPoolExecutor(1) as pool:
        visit = pool.submit(ask, outlet.feed_url)
        assert newsroom.wait_until(lambda: bool(newsroom.polls(outlet)))
        assert visit.result().status == 200
    assert not newsroom.wait_until(lambda: False, seconds=0.01)


def test_a_connection_serves_many_requests(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("outlet")
    outlet.publish("Title", BODY)
    connection = HTTPConnection(urlsplit(outlet.feed_url).netloc, timeout=5)
    connection.connect()
    socket = connection.sock
    for _ in range(50):
        connection.request("GET", "/rss.xml")
        assert connection.getresponse().read()
        assert connection.sock is socket
    connection.close()


def test_the_config_names_every_outlet_and_allows_loopback(newsroom: Newsroom) -> None:
    newsroom.outlet("one", name="One", affiliation="state", owner="someone", full_text=False)
    newsroom.outlet("two", language="fa", every="5m")
    extra = '[telegram]\napi_url = "http://127.0.0.1:1"\n'
    config = tomllib.loads(newsroom.config(extra, collect={"catch_up": "1h"}, data="elsewhere"))
    assert config["collect"] == {
        "every": "2m",
        "host_delay": "0s",
        "allow_private_networks": True,
        "catch_up": "1h",
    }
    assert config["archive"]["url"] == "sqlite:///elsewhere/rasad.db"
    assert config["telegram"]["api_url"] == "http://127.0.0.1:1"
    one, two = config["sources"]
    assert (one["id"], one["affiliation"], one["owner"], one["full_text"]) == (
        "one",
        "state",
        "someone",
        False,
    )
    assert two["every"] == "5m"
    assert len({urlsplit(source["url"]).netloc for source in config["sources"]}) == 2
    assert set(tomllib.loads(newsroom.config())["topics"]) == {"qaani", "quds_force"}


def test_two_outlets_cannot_share_an_id(newsroom: Newsroom) -> None:
    newsroom.outlet("one")
    with pytest.raises(ValueError, match="one already"):
        newsroom.outlet("one")


def test_a_port_that_was_asked_for_is_that_port_or_an_error(newsroom: Newsroom) -> None:
    port = urlsplit(newsroom.outlet("first").feed_url).port
    assert port is not None
    with Newsroom(port) as second, pytest.raises(OSError, match="in use"):
        second.outlet("first")


def test_outlets_share_the_port_and_differ_by_address(newsroom: Newsroom) -> None:
    hosts = [urlsplit(newsroom.outlet(f"outlet-{number}").feed_url).hostname for number in range(3)]
    assert hosts in (["127.0.1.1", "127.0.1.2", "127.0.1.3"], 3 * ["127.0.0.1"])
