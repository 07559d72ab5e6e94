"""Looking at documents outside a visit, for the commands: one address, or every source once. Records nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import FetchError, ReadError
from core.model import Page, Source
from settings import Settings
from spiders.engine import CollectSettings, Crawl
from spiders.workers import Workers

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Trial:
    """How a source answered: `items` in its listing, or the `reason` why there are none to see."""

    source: Source
    items: int = 0
    reason: str = ""


async def fetch(url: str, collect: CollectSettings) -> Page:
    """What is at `url`, fetched as the monitor would: guard, robots.txt, limits. Raises FetchError."""
    crawl = Crawl(collect)
    await crawl.start()
    try:
        return await crawl.fetch(url)
    finally:
        await crawl.stop()


async def try_sources(sources: Sequence[Source], settings: Settings) -> AsyncIterator[Trial]:
    """Visit each source once, as the monitor would; results come as they are had."""
    workers, crawl = Workers(), Crawl(settings.collect)
    workers.start()
    await crawl.start()
    places = asyncio.Semaphore(AT_ONCE)

    async def tried(source: Source) -> Trial:
        async with places:
            return await _tried(source, settings, crawl, workers)

    try:
        for result in asyncio.as_completed([tried(source) for source in sources]):
            yield await result
    finally:
        await crawl.stop()
        await asyncio.to_thread(workers.stop)


async def _tried(source: Source, settings: Settings, crawl: Crawl, workers: Workers) -> Trial:
    try:
        page = await crawl.fetch(source.url)
        if page.status != 200:
            return Trial(source, reason=f"answered {page.status}")
        found = await workers.read(source.kind, source, page, timezone=settings.timezone, now=datetime.now(UTC))
    except (FetchError, ReadError) as error:
        return Trial(source, reason=error.reason)
    return Trial(source, items=len(found))
