"""What hostile answers and documents cost: seconds, and the memory of the process that fetches. On loopback.

Run: python -m benchmarks.hostile

The documents and answers are those of rows 7, 8, 13 and 14 of docs/security.md, as the tests have them.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.errors import FetchError, ReadError  # the root of the tree comes first
from demo.newsroom import Newsroom
from spiders.engine import Crawl
from spiders.workers import DEADLINE, Workers
from tests.spiders.bombs import bomb, memory
from tests.spiders.conftest import crawling
from tests.spiders.test_hostile_documents import HEAVY, item, read, rss

MEBIBYTE = 1 << 20
FEED_OF_100_000 = rss(*(item(n, f"Headline {n}") for n in range(100_000)))


async def fetched(crawl: Crawl, newsroom: Newsroom, coding: str) -> None:
    """Fetch one gibibyte in one coding, and say what it cost."""
    outlet = newsroom.outlet(coding.replace(", ", "-"))
    outlet.sends(bomb(coding), headers={"Content-Encoding": coding})
    await crawl.fetch(f"{outlet.site.origin}/robots.txt")
    with memory() as rise:
        spent, end = await ended(crawl.fetch(outlet.feed_url))
    print(f"1 GiB in {coding:10}   {spent:5.2f} s  {rise.bytes / MEBIBYTE:4.0f} MiB  {end}")


async def ended(work: Awaitable[object]) -> tuple[float, str]:
    """How long it took, and what came of it."""
    begun = time.monotonic()
    try:
        await work
    except (FetchError, ReadError) as error:
        return time.monotonic() - begun, error.reason
    return time.monotonic() - begun, "read"


async def main() -> None:
    with Newsroom() as newsroom:
        async with crawling() as crawl:
            for coding in ("gzip", "br", "zstd", "gzip, gzip"):
                await fetched(crawl, newsroom, coding)
    workers = Workers(1)
    workers.start()
    try:
        await read(workers, "feed", rss(item()))  # the process is up
        for name, (text, kinds) in {**HEAVY, "100,000 items": (FEED_OF_100_000, ("feed",))}.items():
            for kind in kinds:
                spent, end = await ended(read(workers, kind, text))
                print(f"{name:28} {kind:9} {spent:5.2f} s  {end}")
    finally:
        workers.stop()
    print(f"deadline of a document: {DEADLINE:g} s")


if __name__ == "__main__":
    asyncio.run(main())
