"""How fast Rasad collects: unchanged feeds and full articles, per second and per CPU-second, and its memory.

python -m benchmarks.collect [--sources 1000] [--articles 1000] [--no-profile]

A site in a process of its own serves 1,000 feeds on 1,000 loopback addresses; everything else is the real thing:
crawl, guard, robots.txt, reading processes, judging, an archive on disk. CPU is that of all our processes together.
"""

import argparse
import asyncio
import cProfile
import io
import multiprocessing
import os
import pstats
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from archive import editions, sources
from archive.database import Archive
from core.model import Source
from core.rules.match import compile_rules
from settings import Edition, parse
from spiders.desk import Desk
from spiders.engine import Crawl
from spiders.workers import Workers

PAGE_BYTES = 78_000  # a usual news page
ROUNDS = 5

CONFIG = """
[archive]
url = "sqlite:///bench.db"
[collect]
host_delay = "0s"
allow_private_networks = true
[names.council]
title = { en = "Council", ar = "المجلس", fa = "شورا" }
forms = ["council", "المجلس", "شورا"]
[topics.council]
title = { en = "Council", ar = "المجلس", fa = "شورا" }
match = "@council AND (road OR الطريق OR جاده)"
"""

SENTENCES = {
    "en": "The council of district {n} met on Tuesday and asked the ministry for a plan of the road to the north. ",
    "ar": "اجتمع المجلس في القضاء {n} يوم الثلاثاء وطلب من الوزارة خطة واضحة لإكمال الطريق إلى الشمال قبل الشتاء. ",
    "fa": "شورای بخش {n} روز سه‌شنبه تشکیل جلسه داد و از وزارتخانه برنامه‌ای روشن برای جاده شمال پیش از زمستان خواست. ",
}


# --- the site ----------------------------------------------------------------------------------------------------


class Site(asyncio.Protocol):
    """Feeds with so many items as `held` says, 304 for the right ETag, and a page for every item."""

    held = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
        if path == "/feed.xml":
            etag = f'"{self.held}"'
            if headers.get("if-none-match") == etag:
                return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
            return _response(_feed(headers["host"], self.held), "application/rss+xml", f"ETag: {etag}\r\n")
        if path.startswith("/news/"):
            return _response(_page(headers["host"], int(path.rpartition("/")[2])), "text/html; charset=utf-8")
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _response(body: str, kind: str, more: str = "") -> bytes:
    data = body.encode()
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(data)}\r\n\r\n".encode() + data


def _feed(host: str, items: int) -> str:
    now = datetime.now(UTC)
    entries = "".join(
        f"<item><title>District {i} plans a road ({host})</title><link>http://{host}/news/{i}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=i))}</pubDate><description>A lead.</description></item>"
        for i in range(items)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{entries}</channel></rss>'


def _page(host: str, number: int) -> str:
    """A page of the usual weight: menus, teasers and scripts around eight paragraphs."""
    language = list(SENTENCES)[sum(map(ord, host)) % 3]
    words = SENTENCES[language]
    body = "".join(f"<p>{''.join(words.format(n=f'{number}-{host}-{i}-{j}') for j in range(3))}</p>" for i in range(8))
    teaser = '<div class="teaser"><a href="/news/{i}"><img src="/i/{i}.jpg" alt=""><h4>Another story {i}</h4></a></div>'
    teasers = "".join(teaser.format(i=i) for i in range(120))
    head = (
        f'<title>District {number} plans a road ({host})</title><meta name="author" content="The City Desk">'
        '<meta property="article:published_time" content="2026-11-24T10:30:00+03:00">'
    )
    script = "<script>" + "var a = 1;" * ((PAGE_BYTES - len(body.encode()) - len(teasers)) // 10) + "</script>"
    return (
        f'<!DOCTYPE html><html lang="{language}"><head>{head}{script}</head><body><nav>{teasers}</nav>'
        f"<main><article><h1>District {number} plans a road ({host})</h1>{body}</article></main></body></html>"
    )


def serve(pipe: Connection) -> None:
    """In its own process: tells its port, then holds as many items as it is told."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Site, "0.0.0.0", 0, backlog=2000)
        pipe.send(server.sockets[0].getsockname()[1])
        loop.add_reader(pipe.fileno(), lambda: setattr(Site, "held", pipe.recv()))
        await server.serve_forever()

    asyncio.run(main())


# --- the measure -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What one phase took; `main` is the share of the CPU that the main process used."""

    count: int
    seconds: float
    cpu: float
    main: float

    def __str__(self) -> str:
        rate, per_cpu, each = self.count / self.seconds, self.count / self.cpu, 1000 / self.count
        split = f"main {self.main * each:.1f} ms, readers {(self.cpu - self.main) * each:.1f} ms each"
        return f"{self.count} in {self.seconds:.1f} s: {rate:.0f}/s, {per_cpu:.0f} per CPU-second ({split})"


def family() -> list[int]:
    """Our process and all that came of it, the site left out."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [os.getpid()]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid and child != SITE[0]]
    return found


SITE = [0]


def cpu_seconds() -> float:
    """CPU used by our processes, and by those of their children that have ended."""
    ticks = 0
    for pid in family():
        ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes() -> float:
    """Memory of all our processes, what they share counted once (PSS)."""
    total = 0
    for pid in family():
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def measured(count: int) -> Iterator[Callable[[], Figures]]:
    """Yields what gives the figures, once the block is done."""
    begun, cpu, main = time.perf_counter(), cpu_seconds(), time.process_time()
    done: list[Figures] = []
    yield lambda: done[0]
    done.append(Figures(count, time.perf_counter() - begun, cpu_seconds() - cpu, time.process_time() - main))


async def visit_all(archive: Archive, desk: Desk) -> None:
    """Every source once, claimed as the monitor claims them."""
    with archive.writing() as conn:
        sources.make_due(conn, None, datetime.now(UTC))
    while True:
        now = datetime.now(UTC)
        claimed = await archive.write(partial(sources.claim_due, owner="bench", now=now, limit=64))
        for due in claimed:
            await desk.queue.put(due)
        if not claimed:
            break
    await desk.idle()


async def run(args: argparse.Namespace, workers: Workers, port: int, site: Connection, folder: Path) -> None:
    settings = parse(CONFIG, file="bench", folder=folder)
    archive = Archive.open(settings.archive.url, evidence=folder / "evidence")
    outlets = [
        Source(f"outlet-{i}", f"Outlet {i}", "feed", f"http://127.1.{i // 250}.{i % 250 + 1}:{port}/feed.xml")
        for i in range(args.sources)
    ]
    now = datetime.now(UTC)
    with archive.writing() as conn:
        number = editions.publish(conn, settings.text, now)
        sources.sync(conn, outlets, now)
    edition = Edition(number, settings, compile_rules(settings.names, settings.topics))
    crawl = Crawl(settings.collect)
    await crawl.start()
    ended: Counter[str] = Counter()
    desk = Desk(
        archive,
        lambda: edition,
        fetch=crawl.fetch,
        survey=workers.survey,
        heard=lambda outcome: ended.update([outcome.reason or outcome.status]),
    )
    await desk.start()
    await visit_all(archive, desk)
    print(f"{args.sources} sources known: {megabytes():.0f} MB in {len(family())} processes")
    await _phases(args, archive, desk, site)
    print("visits:", dict(ended))
    await desk.stop()
    await crawl.stop()
    archive.close()


async def _phases(args: argparse.Namespace, archive: Archive, desk: Desk, site: Connection) -> None:
    profile = cProfile.Profile() if args.profile else None
    with measured(args.sources * ROUNDS) as polled:
        for _ in range(ROUNDS):
            await visit_all(archive, desk)
    print("unchanged feeds (304)  ", polled(), f"· {megabytes():.0f} MB")
    each = -(-args.articles // args.sources)
    site.send(each)
    with measured(each * args.sources) as recorded:
        await visit_all(archive, desk)
    print("articles in full       ", recorded(), f"· {megabytes():.0f} MB")
    if profile:
        print("\nThe main process, profiled (which slows it), over the same two phases again:")
        profile.enable()
        await visit_all(archive, desk)
        site.send(each * 2)
        await visit_all(archive, desk)
        profile.disable()
        top = io.StringIO()
        pstats.Stats(profile, stream=top).sort_stats("tottime").print_stats(18)
        print("\n".join(line[:140] for line in top.getvalue().splitlines()[4:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--no-profile", dest="profile", action="store_false")
    args = parser.parse_args()
    workers = Workers()
    workers.start()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    site = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    site.start()
    SITE[0] = site.pid or 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(run(args, workers, ours.recv(), ours, Path(folder)))
    finally:
        workers.stop()
        site.terminate()


if __name__ == "__main__":
    main()
