"""The crawl: what it asks for, how it ends, and what it says of each way in which a site can fail."""

import asyncio
import ssl
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import AddressRefused, FetchError
from demo.newsroom import Newsroom
from spiders.engine import crawl_settings
from tests.spiders.certificates import own_certificate
from tests.spiders.conftest import Collect, crawling

ROOT = Path(__file__).parents[2]


async def test_a_document_comes_with_its_headers_and_final_address(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("daily")
    item = outlet.publish("A headline", "A body of some words.")
    async with crawling() as crawl:
        page = await crawl.fetch(item.redirect)
    assert page.status == 200
    assert (page.requested, page.url) == (item.redirect, item.url)
    assert page.headers["content-type"].startswith("text/html")
    assert b"A headline" in page.body


async def test_validators_are_sent_and_304_is_an_answer(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("daily")
    outlet.publish("A headline", "A body of some words.")
    async with crawling() as crawl:
        first = await crawl.fetch(outlet.feed_url)
        etag, modified = first.headers["etag"], first.headers["last-modified"]
        assert (await crawl.fetch(outlet.feed_url, etag=etag, last_modified=modified)).status == 304
        outlet.publish("Another headline", "Another body.")
        assert (await crawl.fetch(outlet.feed_url, etag=etag, last_modified=modified)).status == 200


async def test_nothing_of_the_reader_is_told_but_the_user_agent(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("curious")
    outlet.sends(b"x", headers={"Set-Cookie": "id=1; Path=/", "Referrer-Policy": "sys.exit"})
    async with crawling(Collect(user_agent="Rasad/{version} (+ops@news.example)")) as crawl:
        for _ in range(2):
            await crawl.fetch(outlet.feed_url)
    sent = newsroom.polls(outlet)[-1].headers
    assert sent["user-agent"].startswith("Rasad/")
    assert sent["user-agent"].endswith("(+ops@news.example)")
    assert "{" not in sent["user-agent"]
    assert not {"cookie", "referer", "authorization", "proxy-authorization"} & set(sent)


async def test_robots_txt_is_obeyed_by_all_who_come_at_once(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("shy")
    outlet.robots(disallow=("/",))
    async with crawling() as crawl:
        came = await asyncio.gather(*(crawl.fetch(outlet.feed_url) for _ in range(5)), return_exceptions=True)
    assert [str(error) for error in came] == ["refused by robots.txt"] * 5
    assert all(isinstance(error, FetchError) and error.permanent for error in came)
    assert [seen.target for seen in newsroom.requests_for(outlet)] == ["/robots.txt"]


async def test_a_longer_crawl_delay_wins(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("calm")
    outlet.robots(crawl_delay=0.2)
    async with crawling() as crawl:
        await asyncio.gather(*(crawl.fetch(outlet.feed_url) for _ in range(3)))
    times = [seen.at for seen in newsroom.requests_for(outlet)]
    assert times[-1] - times[0] > timedelta(milliseconds=450), (
        "600 between the first and the last, one of them heard late"
    )


async def test_a_robots_txt_that_cannot_be_had_forbids_nothing(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("broken")
    outlet.resets(on="robots")
    async with crawling() as crawl:
        assert (await crawl.fetch(outlet.feed_url)).status == 200


async def test_who_is_cancelled_while_robots_txt_is_asked_leaves_the_host_open(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("daily")
    outlet.stalls(0.3, on="robots")
    async with crawling() as crawl:
        impatient = asyncio.ensure_future(crawl.fetch(outlet.feed_url))
        await asyncio.to_thread(newsroom.wait_until, lambda: bool(newsroom.requests_for(outlet)))
        impatient.cancel()
        assert (await crawl.fetch(outlet.feed_url)).status == 200


async def test_two_requests_to_a_host_keep_their_distance(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("calm")
    async with crawling(Collect(host_delay=timedelta(milliseconds=150))) as crawl:
        await asyncio.gather(*(crawl.fetch(outlet.feed_url) for _ in range(3)))
    times = [seen.at for seen in newsroom.requests_for(outlet)]
    assert len(times) == 4  # robots.txt counts
    assert times[-1] - times[0] > timedelta(milliseconds=340), (
        "450 between the first and the last, one of them heard late"
    )


FAULTS = {
    "headers longer than 256 KiB": lambda outlet: outlet.sends_raw(
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n"
    ),
    "connection broke off ": lambda outlet: outlet.sends_raw(b"HTTP/1.1 200 " + b"O" * 65_536 + b"\r\n\r\n"),
    "answered no valid HTTP": lambda outlet: outlet.sends_raw(b"\x00\x01 no HTTP at all\r\n\r\n"),
    "redirected more than 5 times": lambda outlet: outlet.loops(),
    "larger than 10 MiB": lambda outlet: outlet.swells(),
    "broke off before the end": lambda outlet: outlet.truncates(),
    "connection broke off": lambda outlet: outlet.resets(),
    "took longer than 0.5 s": lambda outlet: outlet.stalls(30),
}


@pytest.mark.parametrize("reason", FAULTS)
async def test_each_failure_has_its_plain_sentence(newsroom: Newsroom, reason: str) -> None:
    outlet = newsroom.outlet("broken")
    outlet.publish("A headline", "A body of some words.")
    FAULTS[reason](outlet)
    async with crawling(timeout=0.5 if "took" in reason else 10.0) as crawl:
        with pytest.raises(FetchError) as failed:
            await crawl.fetch(outlet.feed_url)
    assert failed.value.reason == reason.strip()


async def test_names_and_doors_that_are_not_there() -> None:
    async with crawling() as crawl:
        with pytest.raises(FetchError, match=r"^name not found$|^no network$"):
            await crawl.fetch("http://nowhere.invalid/")
        with pytest.raises(FetchError, match=r"^connection refused$"):
            await crawl.fetch("http://127.0.0.1:1/")


async def test_a_certificate_that_nobody_signed_is_no_secure_connection(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(tmp_path / "own.pem"))
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server, crawling() as crawl:
        with pytest.raises(FetchError, match=r"^no secure connection$"):
            await crawl.fetch(f"https://localhost:{port}/")


async def test_stopping_drops_what_is_in_flight(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("slow")
    outlet.stalls(30)
    async with crawling(timeout=30) as crawl:
        fetches = [asyncio.ensure_future(crawl.fetch(outlet.feed_url)) for _ in range(6)]
        await asyncio.to_thread(newsroom.wait_until, lambda: bool(newsroom.polls(outlet)))
        begun = time.monotonic()
        await crawl.stop()
        ended = await asyncio.gather(*fetches, return_exceptions=True)
    assert time.monotonic() - begun < 6
    assert [str(error) for error in ended] == ["stopped"] * 6
    with pytest.raises(FetchError, match="stopped"):
        await crawl.fetch(outlet.feed_url)


async def test_recycling_ends_what_was_begun_and_reads_robots_txt_anew(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("daily")
    slow = newsroom.outlet("slow")
    slow.stalls(0.3)
    async with crawling() as crawl:
        await crawl.fetch(outlet.feed_url)
        begun = asyncio.ensure_future(crawl.fetch(slow.feed_url))
        await asyncio.to_thread(newsroom.wait_until, lambda: bool(newsroom.polls(slow)))
        await crawl.recycle()
        assert (await begun).status == 200
        assert (await crawl.fetch(outlet.feed_url)).status == 200
    assert len(newsroom.requests_for(outlet, "/robots.txt")) == 2


async def test_edited_settings_count_from_the_next_request_on(newsroom: Newsroom) -> None:
    outlet = newsroom.outlet("daily")
    async with crawling() as crawl:
        await crawl.fetch(outlet.feed_url)
        await crawl.recycle(Collect(user_agent="Edited", host_delay=timedelta(seconds=0.2)))
        for _ in range(2):
            await crawl.fetch(outlet.feed_url)
        first, earlier, later = newsroom.polls(outlet)
        assert (first.headers["user-agent"] != "Edited", earlier.headers["user-agent"]) == (True, "Edited")
        assert later.at - earlier.at > timedelta(seconds=0.19)
        with pytest.raises(ValueError, match="line 1"):
            await crawl.recycle(Collect(user_agent="Broken", users="no address"))
        await crawl.fetch(outlet.feed_url)
        assert newsroom.polls(outlet)[-1].headers["user-agent"] == "Edited"
        await crawl.recycle(Collect(allow_private_networks=False))
        with pytest.raises(AddressRefused):
            await crawl.fetch(outlet.feed_url)
        await crawl.recycle(Collect(proxy="http://127.0.0.1:1"))
        with pytest.raises(FetchError, match="the proxy"):
            await crawl.fetch(outlet.feed_url)


def test_what_is_dangerous_by_default_is_off() -> None:
    settings = crawl_settings(Collect())
    off = ("REMOTE_CONTROL", "TELNETCONSOLE", "COOKIES", "HTTPPROXY", "REFERER", "METAREFRESH", "RETRY")
    assert not any(settings[f"{name}_ENABLED"] for name in off)
    assert all(settings["DOWNLOAD_HANDLERS"][scheme] is None for scheme in ("file", "ftp", "data", "s3"))
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"]


def test_a_program_that_crawled_exits_clean_and_its_loop_stays_its_own() -> None:
    program = """
import asyncio
from tests.spiders.conftest import Collect, crawling
from core.errors import FetchError

async def main():
    async with crawling() as crawl:
        try:
            await crawl.fetch("http://127.0.0.1:1/")
        except FetchError as error:
            print(error)
    await asyncio.sleep(0)
    print("still running", len(asyncio.all_tasks()))

asyncio.run(main())
"""
    run = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["connection refused", "still running 1"]
