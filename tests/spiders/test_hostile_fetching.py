"""Hostile answers on the network: rows 7 to 11 of docs/security.md, against real sockets on loopback.

What may cost something is proved by the clock, by memory and by the requests that were made.
"""

import asyncio
import itertools
import random
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import FetchError
from demo.newsroom import Newsroom
from demo.outlet import Outlet
from demo.server import Response
from spiders.gathering import PAGES
from spiders.guard import Guard
from spiders.pipeline import MOST_AGAIN
from spiders.workers import Workers
from tests.spiders.bombs import STATUS, bomb, memory, packed
from tests.spiders.conftest import STRICT, crawling
from tests.spiders.scene import monitoring

MEBIBYTE = 1 << 20


# --- row 7: what swells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "gzip, gzip"])
async def test_row_7_a_gibibyte_in_a_megabyte_is_cut_at_ten(outlet: Outlet, coding: str) -> None:
    outlet.sends(bomb(coding), headers={"Content-Encoding": coding})
    async with crawling() as crawl:
        with memory() as rise, pytest.raises(FetchError, match=r"^larger than 10 MiB$"):
            await crawl.fetch(outlet.feed_url)
    assert rise.bytes < 60 * MEBIBYTE


async def test_row_7_chunks_without_end_are_cut_at_ten_megabytes(outlet: Outlet) -> None:
    outlet.never_ends(b"a" * 65536)
    async with crawling() as crawl:
        with memory() as rise, pytest.raises(FetchError, match=r"^larger than 10 MiB$"):
            await crawl.fetch(outlet.feed_url)
    assert rise.bytes < 60 * MEBIBYTE


async def test_row_7_codings_upon_codings_are_not_unpacked(outlet: Outlet) -> None:
    outlet.sends(b"x", headers={"Content-Encoding": ", ".join(["gzip"] * 100)})
    async with crawling() as crawl:
        with pytest.raises(FetchError, match=r"^packed too often$"):
            await crawl.fetch(outlet.feed_url)


def test_row_7_memory_is_really_measured() -> None:
    if not STATUS.exists():
        pytest.skip("memory is measured through /proc")
    with memory() as rise:
        block = bytearray(64 * MEBIBYTE)
        block[::4096] = b"x" * len(block[::4096])
    assert rise.bytes > 60 * MEBIBYTE


# --- row 8: what never comes ------------------------------------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\n"
SLOW: dict[str, Callable[[Outlet], None]] = {
    "a byte at a time": lambda outlet: outlet.drips(piece=1, pause=0.05),
    "a header at a time": lambda outlet: outlet.sends_raw(OK + b"X: a\r\n" * 9000, piece=6, pause=0.05),
    "a status line without end": lambda outlet: outlet.sends_raw(b"HTTP/1.1 200 OOOOOOOO" * 900, piece=1, pause=0.05),
    "interim answers without end": lambda outlet: outlet.sends_raw(
        b"HTTP/1.1 100 Continue\r\n\r\n" * 900, piece=25, pause=0.05
    ),
    "nothing": lambda outlet: outlet.stalls(30),
    "nothing anywhere": lambda outlet: outlet.stalls(30, on="all"),
    "hop after hop": lambda outlet: outlet.breaks(
        lambda _healthy: Response(302, {"Location": f"?{random.random()}"}, wait=0.2)
    ),
}


@pytest.mark.parametrize("how", SLOW)
async def test_row_8_one_deadline_holds_for_all_of_a_fetch(outlet: Outlet, how: str) -> None:
    SLOW[how](outlet)
    async with crawling(timeout=0.5) as crawl:
        begun = time.monotonic()
        with pytest.raises(FetchError, match=r"^took longer than 0.5 s$"):
            await crawl.fetch(outlet.feed_url)
    assert 0.4 < time.monotonic() - begun < 2.5


async def test_row_8_a_handshake_that_stalls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes no connection up
        async with crawling(timeout=0.5) as crawl:
            begun = time.monotonic()
            with pytest.raises(FetchError, match=r"^took longer than 0.5 s$"):
                await crawl.fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/")
    assert time.monotonic() - begun < 2.5


async def test_row_8_a_name_server_that_does_not_answer() -> None:
    asked = []

    def silent(host: str) -> list[str]:
        asked.append(host)
        time.sleep(1.2)
        return []

    async with crawling(STRICT, guard=Guard(lookup=silent), timeout=0.5) as crawl:
        with pytest.raises(FetchError, match=r"^took longer than 0.5 s$"):
            await crawl.fetch("http://slow.example/")
    assert asked


async def test_row_8_waiting_for_ones_turn_costs_nothing_of_it(outlet: Outlet) -> None:
    outlet.robots(crawl_delay=0.3)
    async with crawling(timeout=0.6) as crawl:
        pages = await asyncio.gather(*(crawl.fetch(outlet.feed_url) for _ in range(4)))
    assert [page.status for page in pages] == [200] * 4


# --- row 9: what is no answer, or not all of it -----------------------------------------------------------------------

BROKEN: dict[str, tuple[bytes, str]] = {
    "12 MB of headers": (
        OK + b"X-A: bcdef\r\n" * 1_000_000 + b"\r\n",
        "headers longer than 256 KiB",
    ),
    "one header of 12 MB": (OK + b"X: " + b"a" * 12_000_000, "connection broke off"),
    "a status line of 64k": (b"HTTP/1.1 200 " + b"O" * 65_536 + b"\r\n\r\n", "connection broke off"),
    "HTTP/0.9": (b"<html><body>Words without any header.\r\n</body></html>", "answered no valid HTTP"),
    "HTTP/0.9 in one line": (b"<html><body>Words without any header.", "connection broke off"),
    "a length that is none": (OK + b"Content-Length: -5\r\n\r\nhello", "answered no valid HTTP"),
    "two lengths": (
        OK + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nhello",
        "answered no valid HTTP",
    ),
    "too little": (OK + b"Content-Length: 500\r\n\r\nhello", "broke off before the end"),
    "chunks that end early": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "broke off before the end",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_row_9_what_is_no_whole_answer_is_an_error(outlet: Outlet, how: str) -> None:
    raw, reason = BROKEN[how]
    outlet.sends_raw(raw)
    async with crawling() as crawl:
        with memory() as rise, pytest.raises(FetchError) as failed:
            await crawl.fetch(outlet.feed_url)
    assert failed.value.reason == reason
    assert rise.bytes < 60 * MEBIBYTE


async def test_row_9_a_body_that_only_the_end_ends_is_whole_unless_that_was_violent(outlet: Outlet) -> None:
    unframed = {"Content-Type": "text/html", "Content-Length": "", "Connection": "close"}
    head = OK + b"Content-Type: text/html\r\n\r\nhello"
    outlet.sends_raw(head)
    async with crawling() as crawl:
        assert (await crawl.fetch(outlet.feed_url)).body == b"hello"
        outlet.breaks(lambda _healthy: Response(headers=unframed, body=head, verbatim=None, cut=len(head), reset=True))
        with pytest.raises(FetchError):
            await crawl.fetch(outlet.feed_url)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
async def test_row_9_a_packed_body_that_ends_early_is_an_error(outlet: Outlet, coding: str) -> None:
    whole = packed(random.Random(1).randbytes(20_000), coding)
    outlet.sends(whole[:-200], headers={"Content-Encoding": coding})
    async with crawling() as crawl:
        with pytest.raises(FetchError, match=f"^its {coding} is broken, or breaks off before the end$"):
            await crawl.fetch(outlet.feed_url)


async def test_row_9_half_a_document_overwrites_nothing(newsroom: Newsroom, workers: Workers, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily")
    body = "\n".join(f"A paragraph of some words, number {n}, that says a good deal of it." for n in range(40))
    item = outlet.publish("A headline of some words", body)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(outlet)).new == 1
        (before,) = monitor.archived()
        outlet.edit(item, body=body.upper())
        outlet.truncates(0.5, on=item)
        await monitor.look(outlet)
        (after,) = monitor.archived()
        assert (after.text, after.sha256) == (before.text, before.sha256)
        outlet.publish("Another headline", "Of which the feed is cut.")
        outlet.truncates(0.5)
        failed = await monitor.look(outlet)
        assert (failed.status, failed.reason) == ("failed", "broke off before the end")
        assert monitor.archived() == [after]


# --- row 10: what goes on and on --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["in a circle", "thirty hops", "refresh upon redirects"])
async def test_row_10_five_hops_and_no_more(newsroom: Newsroom, outlet: Outlet, how: str) -> None:
    hops = itertools.count()

    def on(_healthy: Response) -> Response:
        number = next(hops)
        where = "?again" if how == "in a circle" else f"?hop={number}"
        if how.startswith("refresh") and number == 5:
            return Response(200, {"Content-Type": "text/html"}, b"<meta http-equiv=refresh content='0;url=?6'>")
        return Response(302, {"Location": where}) if number < 30 else Response(200, {}, b"arrived")

    outlet.breaks(on)
    async with crawling() as crawl:
        with pytest.raises(FetchError, match=r"^redirected more than 5 times$"):
            await crawl.fetch(outlet.feed_url)
    assert len(newsroom.polls(outlet)) == 6


async def test_row_10_a_page_that_only_sends_on_is_followed_once(newsroom: Newsroom, outlet: Outlet) -> None:
    steps = itertools.count()
    outlet.breaks(
        lambda _healthy: Response(
            200,
            {"Content-Type": "text/html; charset=utf-8"},
            f"<meta http-equiv='Refresh' content='2; URL=?{next(steps)}'><title>لحظات</title> يرجى الانتظار".encode(),
        )
    )
    async with crawling() as crawl:
        page = await crawl.fetch(outlet.feed_url)
    assert page.url.endswith("?0")
    assert len(newsroom.polls(outlet)) == 2


@pytest.mark.parametrize(
    "page",
    [
        "<meta http-equiv=refresh content='300;url=/other'><p>A front page that renews itself.</p>",
        "<meta http-equiv=refresh content='0;url='><p>It renews itself at once.</p>",
        "<meta http-equiv=refresh content='0;url=/other'>" + "<p>An article of many words.</p>" * 20,
        "<noscript><meta http-equiv=refresh content='0;url=/other'></noscript><p>Without scripts only.</p>",
    ],
)
async def test_row_10_a_page_that_says_something_stays(newsroom: Newsroom, outlet: Outlet, page: str) -> None:
    outlet.sends(page.encode())
    async with crawling() as crawl:
        assert (await crawl.fetch(outlet.feed_url)).url == outlet.feed_url
    assert len(newsroom.requests_for(outlet)) == 2  # with robots.txt


TRAPS: dict[str, Callable[[int, int], str]] = {
    "a calendar": lambda n, _visit: f"/calendar/2026/11/{n}/the-events-of-this-very-day",
    "session ids": lambda n, _visit: f"/news/{9000 + n % 40}/a-headline?sid={random.getrandbits(128):032x}",
    "random numbers": lambda n, _visit: f"/news/{9000 + n % 40}/a-headline-of-many-words?r={random.random()}",
}


@pytest.mark.parametrize("trap", TRAPS)
async def test_row_10_a_trap_costs_the_pages_of_one_visit_and_then_a_few(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, trap: str
) -> None:
    """A section page with 80 links, that are new at every visit."""
    outlet = newsroom.outlet("daily", kind="page")
    visits = itertools.count()

    def section(_healthy: Response) -> Response:
        visit = next(visits)
        links = (f"<li><a href='{TRAPS[trap](n, visit)}'>A headline of many words, number {n}</a>" for n in range(80))
        return Response(200, {"Content-Type": "text/html"}, f"<ul>{''.join(links)}</ul>".encode())

    outlet.breaks(section)
    outlet.sends(b"<html><body><h1>A day</h1><p>One and the same page stands behind all of them.</p>", on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        archived = (await monitor.look(outlet)).new
        assert len(newsroom.requests_for(outlet)) <= 2 + PAGES
        newsroom.forget_requests()
        assert (await monitor.look(outlet)).new == 0
        assert len(monitor.archived()) == archived <= 80
        again = MOST_AGAIN if trap == "random numbers" else PAGES  # known ones are looked at thrice
        assert len(newsroom.requests_for(outlet)) <= 1 + again


async def test_row_10_news_among_a_traps_addresses_is_found(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet, told = newsroom.outlet("daily", kind="page"), [f"A headline of many words, number {n}" for n in range(60)]

    def section(_healthy: Response) -> Response:
        links = (f"<li><a href='/news/{9000 + n}/a-headline?r={random.random()}'>{t}</a>" for n, t in enumerate(told))
        return Response(200, {"Content-Type": "text/html"}, f"<ul>{''.join(links)}</ul>".encode())

    outlet.breaks(section)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(outlet)).new == 60
        told.append("A report that nobody has had before")
        assert (await monitor.look(outlet)).new == 1


async def test_row_10_an_index_without_end_costs_ten_documents(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet = newsroom.outlet("daily", kind="sitemap")

    def index(_healthy: Response) -> Response:
        parts = "".join(
            f"<sitemap><loc>{outlet.site.origin}/s{random.random()}.xml</loc></sitemap>" for _ in range(200)
        )
        return Response(200, {"Content-Type": "text/xml"}, f"<sitemapindex>{parts}</sitemapindex>".encode())

    outlet.breaks(index)
    outlet.breaks(index, on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(outlet)
    assert len(newsroom.requests_for(outlet)) <= 12  # robots.txt, the index and ten parts


# --- row 11: what is given away ---------------------------------------------------------------------------------------


async def test_row_11_nothing_is_given_away_to_anybody(newsroom: Newsroom, outlet: Outlet) -> None:
    other = newsroom.outlet("other")
    other.publish("Another headline", "Another body of some words.")
    outlet.breaks(
        lambda _healthy: Response(
            302,
            {
                "Location": other.feed_url,
                "Set-Cookie": "id=1; Path=/; Domain=example",
                "Referrer-Policy": "sys.exit",
                "WWW-Authenticate": "Basic",
            },
        )
    )
    async with crawling() as crawl:
        for _ in range(2):
            page = await crawl.fetch(outlet.feed_url)
            assert page.url == other.feed_url
    for seen in newsroom.requests:
        given = {"cookie", "referer", "authorization", "proxy-authorization", "origin", "from"} & set(seen.headers)
        assert given == set()


async def test_row_11_a_password_in_an_address_is_never_sent(newsroom: Newsroom, outlet: Outlet) -> None:
    outlet.redirects_to(outlet.feed_url.replace("http://", "http://me:secret@"))
    async with crawling() as crawl:
        with pytest.raises(FetchError, match="malformed address"):
            await crawl.fetch(outlet.feed_url)
    assert len(newsroom.polls(outlet)) == 1
