"""From a listing to articles: which items are new, their pages followed politely, each recorded. Settles nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import FetchError, ReadError
from core.model import Draft, Due, Follow, Page
from spiders.completing import completed
from spiders.pipeline import Pipeline

if TYPE_CHECKING:
    from spiders.desk import Fetch, Read

PAGES = 60  # followed per visit; what a listing holds beyond is recorded as listed
PAGES_AT_ONCE = 4
LOST_PAGES = 5  # so many that could not be fetched, and none that could: the site is down, the rest is not tried

_NEVER = datetime.min.replace(tzinfo=UTC)


class Gathering:
    """One visit's items, newest first, at most 4 pages of them in memory at once.

    A later visit records each as soon as its page is read. A first one records them in order, however late a page
    comes: of a backlog only the three newest alert.
    """

    def __init__(
        self,
        due: Due,
        listing: Page,
        pipeline: Pipeline,
        *,
        fetch: "Fetch",
        read: "Read",
        timezone: str,
        clock: Callable[[], datetime],
        recorded: Callable[[Draft], None],
    ) -> None:
        self._due = due
        self._listing = listing
        self._pipeline = pipeline
        self._fetch = fetch
        self._read = read
        self._timezone = timezone
        self._clock = clock
        self._recorded = recorded
        self._places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._fetched = self._lost = 0
        self._read_already: set[str] = set()  # addresses and texts of the pages of this visit

    async def gather(self, found: list[Draft | Follow]) -> int:
        """Record what is unseen; the number of articles new to the archive. Raises the first fault of the archive
        after everything else is recorded."""
        links = {entry.draft.url: entry.url for entry in found if isinstance(entry, Follow)}
        drafts = [entry.draft if isinstance(entry, Follow) else entry for entry in found]
        unseen = newest_first(await self._pipeline.unseen(drafts))
        works, before = [], _set()
        for place, draft in enumerate(unseen):
            done = asyncio.Event()
            works.append(self._record(draft, links.get(draft.url), place, before, done))
            before = done if self._due.first_visit else before
        results = await asyncio.gather(*works, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(map(bool, results))

    async def _record(
        self, draft: Draft, link: str | None, place: int, before: asyncio.Event, done: asyncio.Event
    ) -> bool:
        """Complete and admit one draft after `before`, and say `done` once the archive has it in its queue."""
        async with self._places:
            try:
                full, page = await self._full(draft, link, place)
                await before.wait()
            finally:
                done.set()  # the next one wakes after this one's write was submitted, in the same step of the loop
            new = await self._pipeline.admit(full, page)
        if new:
            self._recorded(full)
        return new

    async def _full(self, draft: Draft, link: str | None, place: int) -> tuple[Draft, Page]:
        """The draft completed from its page, and what it was read from: the listing where the page gave nothing."""
        if link is None:
            return draft, self._listing
        if place >= PAGES:
            return replace(draft, complete=False), self._listing
        try:
            page = await self._article_page(link)
            found = await self._read("article", self._due.source, page, timezone=self._timezone, now=self._clock())
        except (FetchError, ReadError):
            return replace(draft, complete=False), self._listing
        article = next(entry for entry in found if isinstance(entry, Draft))
        if self._is_anothers(article):
            return replace(draft, complete=False), self._listing
        return completed(draft, article), page

    def _is_anothers(self, article: Draft) -> bool:
        """Whether another item of this visit led to the same page or text: a wall, a notice, an error in disguise.
        Believed, it would make one article of all items behind it."""
        marks = {article.url, article.text}
        known = not marks.isdisjoint(self._read_already)
        self._read_already |= marks
        return known

    async def _article_page(self, link: str) -> Page:
        if self._lost >= LOST_PAGES and not self._fetched:
            raise FetchError("the site's pages cannot be had")
        try:
            page = await self._fetch(link)
        except FetchError:
            self._lost += 1
            raise
        self._fetched += 1
        if page.status != 200:
            raise FetchError(f"answered {page.status}")
        return page


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


def newest_first(drafts: list[Draft]) -> list[Draft]:
    """By their own dates; those without stay in the listing's order, after the others."""
    return sorted(drafts, key=lambda draft: draft.published or _NEVER, reverse=True)
