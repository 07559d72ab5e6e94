"""Looking at documents outside a visit, for the commands: an address, or sources once. Records nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from core.errors import FetchError, ReadError
from core.model import Draft, Follow, Page, Source
from settings import Settings
from spiders.completing import completed
from spiders.engine import CollectSettings, Crawl
from spiders.reach import explanation, is_doubtful, others_answer
from spiders.surveying import Sheet, Surveyor, draft_of
from spiders.workers import Workers

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Trial:
    """How a source answered: `items` in its listing, or the `reason` why there are none to see."""

    source: Source
    items: int = 0
    reason: str = ""


@dataclass(slots=True)
class Examination:
    """A visit looked at step by step; what follows the step that failed is empty."""

    source: Source
    page: Page | None = None  # the source's own document
    seconds: float = 0.0  # until it had arrived
    charset: str = ""  # it is read in
    sheets: list[Sheet] = field(default_factory=list)
    followed: str = ""  # the listed address of the one item whose page was fetched
    article: Draft | None = None  # that item in full, or the newest item where none is to be followed
    article_fault: str = ""  # why its page gave nothing
    fault: str = ""  # why there is no listing
    reach: str = ""  # and whether it is the way to the site that is at fault

    @property
    def drafts(self) -> list[Draft]:
        """What is listed, newest documents first."""
        return [draft_of(entry) for sheet in self.sheets for entry in sheet.listing.entries]

    @property
    def parts(self) -> list[str]:
        """The further documents of the listing that were read."""
        return [sheet.page.requested for sheet in self.sheets[1:]]


class Eyes(NamedTuple):
    """What looking takes: a crawl that fetches, and processes that read."""

    crawl: Crawl
    workers: Workers


@asynccontextmanager
async def open_eyes(collect: CollectSettings) -> AsyncIterator[Eyes]:
    """A crawl and its readers for the length of the block."""
    workers, crawl = Workers(), Crawl(collect)
    workers.start()
    await crawl.start()
    try:
        yield Eyes(crawl, workers)
    finally:
        await crawl.stop()
        await asyncio.to_thread(workers.stop)


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
    places = asyncio.Semaphore(AT_ONCE)
    async with open_eyes(settings.collect) as eyes:

        async def tried(source: Source) -> Trial:
            async with places:
                return await _tried(source, settings, eyes)

        for result in asyncio.as_completed([tried(source) for source in sources]):
            yield await result


async def _tried(source: Source, settings: Settings, eyes: Eyes) -> Trial:
    try:
        page = await fetched(eyes.crawl, source.url, proxy=source.proxy)
        sheets = await _listing(source, page, settings, eyes)
    except (FetchError, ReadError) as error:
        return Trial(source, reason=error.reason)
    return Trial(source, items=sum(len(sheet.listing.entries) for sheet in sheets))


async def fetched(crawl: Crawl, url: str, *, proxy: str | None = None) -> Page:
    """The document at `url`. Raises FetchError, for an answer that is none as well."""
    page = await crawl.fetch(url, proxy=proxy)
    if page.status != 200:
        raise FetchError(f"answered {page.status}")
    return page


async def _listing(source: Source, page: Page, settings: Settings, eyes: Eyes) -> list[Sheet]:
    """What a first visit reads: an index's parts too, of a channel one page."""
    surveyor = Surveyor(
        source,
        fetch=eyes.crawl.fetch,
        survey=eyes.workers.survey,
        timezone=settings.timezone,
        clock=lambda: datetime.now(UTC),
    )
    return await surveyor.parts(await surveyor.read(page))


async def examine(source: Source, settings: Settings) -> Examination:
    """Visit `source` as if for the first time, and its newest article's page."""
    from spiders.readers.encoding import charset  # noqa: PLC0415 (the monitor's own process loads no reader)

    examined = Examination(source)
    async with open_eyes(settings.collect) as eyes:
        begun = time.monotonic()
        try:
            page = examined.page = await eyes.crawl.fetch(source.url, proxy=source.proxy)
            examined.seconds = time.monotonic() - begun
            examined.charset = charset(page.body, page.headers.get("content-type", ""))
            if page.status != 200:
                raise FetchError(f"answered {page.status}")
            examined.sheets = await _listing(source, page, settings, eyes)
        except (FetchError, ReadError) as error:
            examined.fault = error.reason
            if is_doubtful(error.reason, examined.page):
                others = await others_answer(source, settings.sources, eyes.crawl.fetch)
                proxied = bool(settings.collect.proxy if source.proxy is None else source.proxy)
                examined.reach = explanation(error.reason, examined.page, others=others, proxied=proxied)
            return examined
        await _newest(examined, settings, eyes)
    return examined


async def _newest(examined: Examination, settings: Settings, eyes: Eyes) -> None:
    """The first item in full, as a visit would record it."""
    entry = next((entry for sheet in examined.sheets for entry in sheet.listing.entries), None)
    if not isinstance(entry, Follow):
        examined.article = entry
        return
    examined.followed = entry.draft.url
    try:
        page = await fetched(eyes.crawl, entry.url, proxy=examined.source.proxy)
        (read,) = await eyes.workers.read(
            "article", examined.source, page, timezone=settings.timezone, now=datetime.now(UTC)
        )
    except (FetchError, ReadError) as error:
        examined.article_fault = f"{entry.url}: {error.reason}"
        return
    examined.article = completed(entry.draft, draft_of(read))
