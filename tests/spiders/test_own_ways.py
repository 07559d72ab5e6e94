"""A source's own proxy and own clock, from the config through the archive to what is recorded; and no secret on the
way."""

import io
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import Page, Source
from core.proxies import Users
from demo.newsroom import Newsroom
from spiders.readers import surveyed
from spiders.surveying import draft_of
from spiders.workers import Workers
from tests.spiders.loopback_proxy import LoopbackProxy
from tests.spiders.scene import monitoring

CANARY = "c4n4ry-p4ssw0rd"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"), [(None, 7), ("Asia/Tehran", 6), ("Asia/Baghdad", 7), ("Europe/London", 10), ("UTC", 10)]
)
@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_a_date_without_a_zone_is_of_the_sources_own(zone: str | None, hour: int, language: str) -> None:
    minute = 30 if zone == "Asia/Tehran" else 0
    feed = "<rss><channel><item><title>خبر</title><link>https://n.example/1</link><pubDate>2026-11-24 10:00</pubDate>"
    page = Page("https://n.example/f", "https://n.example/f", 200, {}, f"{feed}</item></channel></rss>".encode(), NOW)
    source = Source("n", "N", "feed", "https://n.example/f", language, timezone=zone)
    (entry,) = surveyed("feed", source, page, timezone="Asia/Baghdad", now=NOW).entries
    assert draft_of(entry).published == datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


async def test_every_page_of_a_visit_goes_the_sources_own_way(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    async with LoopbackProxy() as proxy:
        behind = newsroom.outlet("behind", proxy=proxy.url("socks5h"))
        direct = newsroom.outlet("direct", proxy="")
        for outlet in (behind, direct):
            outlet.publish("A headline", "A body of some words.")
        async with monitoring(newsroom, workers, tmp_path) as monitor:
            outcomes = await monitor.visit()
    assert {outcome.status for outcome in outcomes} == {"fresh"}
    host, _, port = behind.site.origin.removeprefix("http://").rpartition(":")
    assert set(proxy.asked) == {(host, int(port))}
    assert len(newsroom.requests_for(behind)) == 3  # robots.txt, the feed and the article


async def test_the_password_of_a_proxy_is_nowhere(
    newsroom: Newsroom,
    workers: Workers,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in a log line, not in the archive, not in what is printed: neither when it goes well nor when it does not."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        async with LoopbackProxy(user=f"me:{CANARY}") as proxy:
            for name, scheme, port in (
                ("fine", "socks5h", proxy.port),
                ("forwarded", "http", proxy.port),
                ("dead", "socks5", 1),
                ("unwelcome", "http", proxy.port),
            ):
                outlet = newsroom.outlet(name, proxy=f"{scheme}://127.0.0.1:{port}")
                outlet.publish("A headline", "A body of some words.")
            newsroom.outlet("broken", proxy=proxy.url("socks5h")).resets(on="all")
            users = "\n".join(
                f"{scheme}://me:{CANARY}@127.0.0.1:{port}" for scheme, port in (("http", proxy.port), ("http", 1))
            )
            with caplog.at_level(logging.DEBUG):
                async with monitoring(newsroom, workers, tmp_path, users=users) as monitor:
                    outcomes = await monitor.visit()
                    assert {outcome.status for outcome in outcomes} == {"fresh", "failed"}
                    assert CANARY not in repr(outcomes)
                    assert CANARY not in repr(Users(users).at(proxy.url("http")))
    finally:
        logging.getLogger().removeHandler(handler)
    assert ("127.0.0.1", 1) not in proxy.asked
    printed = capfd.readouterr()
    assert CANARY not in caplog.text + heard.getvalue() + printed.out + printed.err
    assert _files_with(tmp_path, ".db") != []
    assert _files_with(tmp_path, "", CANARY.encode()) == []


def _files_with(folder: Path, suffix: str, text: bytes = b"") -> list[Path]:
    """The files in a folder whose names end so, and that hold the text."""
    files = (file for file in folder.rglob(f"*{suffix}") if file.is_file())
    return [file for file in files if text in file.read_bytes()]
