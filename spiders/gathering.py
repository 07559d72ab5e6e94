"""From a listing to articles: which items are new, their pages followed politely, each recorded. Settles nothing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.errors import FetchError, ReadError
from core.model import Draft, Due, Follow, Page
from spiders.completing import completed
from spiders.pipeline import Pipeline
from spiders.surveying import Fetch, Sheet, Survey, draft_of

PAGES = 60  # followed per visit; what a listing holds beyond is recorded as listed
PAGES_AT_ONCE = 4
LOST_PAGES = 5  # so many that could not be fetched, and none that could: the site is down, the rest is not tried

WITHDRAWN = frozenset({404, 410})  # what the page of an article answers that was taken back

_NEVER = datetime.min.replace(tzinfo=UTC)


class Gathering:
    """One visit's items, newest first, at most 4 pages of them in memory at once.

    A later visit records each as soon as its page is read. A first one records them in order, however late a page
    comes: of a backlog only the three newest alert.
    """

    def __init__(
        self,
        due: Due,
        pipeline: Pipeline,
        *,
        fetch: Fetch,
        survey: Survey,
        timezone: str,
        clock: Callable[[], datetime],
        recorded: Callable[[Draft], None],
    ) -> None:
        self._due = due
        self._pipeline = pipeline
        self._fetch = fetch
        self._survey = survey
        self._timezone = timezone
        self._clock = clock
        self._recorded = recorded
        self._places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._fetched = self._lost = 0
        self.pages = self.pages_read = 0  # items' own pages that came, and those that gave an article
        self._read_already: set[str] = set()  # addresses and texts of the pages of this visit

    async def gather(self, sheets: Sequence[Sheet]) -> int:
        """Record what is unseen on the documents of a listing; the number of articles new to the archive. Raises the
        first fault of the archive after everything else is recorded."""
        listed: dict[str, _Listed] = {}
        for sheet in sheets:
            for entry in sheet.listing.entries:
                listed.setdefault(draft_of(entry).url, _Listed(entry, sheet.page))
        unseen = newest_first(await self._pipeline.unseen([each.draft for each in listed.values()]))
        works, before = [], _set()
        for place, draft in enumerate(unseen):
            done = asyncio.Event()
            works.append(self._record(listed[draft.url], place, before, done))
            before = done if self._due.first_visit else before
        results = await asyncio.gather(*works, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(map(bool, results))

    async def _record(self, listed: "_Listed", place: int, before: asyncio.Event, done: asyncio.Event) -> bool:
        """Complete and admit one item after `before`, and say `done` once the archive has it in its queue."""
        async with self._places:
            try:
                full, page = await self._full(listed, place)
                await before.wait()
            finally:
                done.set()  # the next one wakes after this one's write was submitted, in the same step of the loop
            new = await self._pipeline.admit(full, page)
        if new:
            self._recorded(full)
        return new

    async def _full(self, listed: "_Listed", place: int) -> tuple[Draft, Page]:
        """The draft completed from its page, and what it was read from: the listing where the page gave nothing."""
        draft, link = listed.draft, listed.link
        if link is None:
            return draft, listed.page
        article = await self._article(draft, link) if place < PAGES else None
        if article is None:
            return replace(draft, complete=False), listed.page
        read, page = article
        return completed(draft, read), page

    async def _article(self, draft: Draft, link: str) -> tuple[Draft, Page] | None:
        """What stands on the item's own page; None where nothing of its own can be had."""
        try:
            page = await self._article_page(draft, link)
            found = await self._survey("article", self._due.source, page, timezone=self._timezone, now=self._clock())
        except (FetchError, ReadError):
            return None
        article = next(entry for entry in found.entries if isinstance(entry, Draft))
        if self._is_anothers(article):
            return None
        self.pages_read += 1
        return article, page

    def _is_anothers(self, article: Draft) -> bool:
        """Whether another item of this visit led to the same page or text: a wall, a notice, an error in disguise.
        Believed, it would make one article of all items behind it."""
        marks = {article.url, article.text}
        known = not marks.isdisjoint(self._read_already)
        self._read_already |= marks
        return known

    async def _article_page(self, draft: Draft, link: str) -> Page:
        if self._lost >= LOST_PAGES and not self._fetched:
            raise FetchError("the site's pages cannot be had")
        try:
            page = await self._fetch(link, proxy=self._due.source.proxy)
        except FetchError:
            self._lost += 1
            raise
        self._fetched += 1
        if page.status in WITHDRAWN:
            await self._pipeline.withdraw(draft)
        if page.status != 200:
            raise FetchError(f"answered {page.status}")
        self.pages += 1
        return page


@dataclass(frozen=True, slots=True)
class _Listed:
    """An item, and the document of the listing on which it stands."""

    entry: Draft | Follow
    page: Page

    @property
    def draft(self) -> Draft:
        return draft_of(self.entry)

    @property
    def link(self) -> str | None:
        return self.entry.url if isinstance(self.entry, Follow) else None


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


def newest_first(drafts: list[Draft]) -> list[Draft]:
    """By their own dates; those without stay in the listing's order, after the others."""
    return sorted(drafts, key=lambda draft: draft.published or _NEVER, reverse=True)
