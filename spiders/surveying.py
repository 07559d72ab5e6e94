"""A source's listing, over as many documents as it is spread: an index's parts, a channel's pages. Records nothing.

How far to go is decided in `spiders.paging`; here it is gone. A further document that cannot be had ends or thins the
listing, it never fails the visit: what was read so far is news.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from core.errors import FetchError, ReadError
from core.model import Draft, Follow, Listing, Page, Source
from spiders.paging import next_page, parts_to_visit

MOST_ENTRIES = 500  # of an index: the newest of all that its parts list

_NEVER = datetime.min.replace(tzinfo=UTC)


class Fetch(Protocol):
    """A document of the web, any status, by way of `proxy` (None: as for all, "": none). Raises FetchError."""

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, proxy: str | None = None
    ) -> Page: ...


class Survey(Protocol):
    """What the reader of a kind makes of a document. Raises ReadError."""

    async def __call__(self, kind: str, source: Source, page: Page, *, timezone: str, now: datetime) -> Listing: ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of a listing, and what it lists."""

    page: Page
    listing: Listing


def draft_of(entry: Draft | Follow) -> Draft:
    """What is listed, whether or not its page is to be followed."""
    return entry.draft if isinstance(entry, Follow) else entry


def without_guids(sheets: list[Sheet]) -> list[Sheet]:
    """The same documents, their entries told apart by addresses alone."""

    def nameless(entry: Draft | Follow) -> Draft | Follow:
        bare = replace(draft_of(entry), guid=None)
        return replace(entry, draft=bare) if isinstance(entry, Follow) else bare

    return [
        Sheet(sheet.page, replace(sheet.listing, entries=tuple(map(nameless, sheet.listing.entries))))
        for sheet in sheets
    ]


def newest(sheets: list[Sheet], most: int = MOST_ENTRIES) -> list[Sheet]:
    """The same documents with at most `most` entries of them all: the newest, those without a date after the others."""
    entries = [entry for sheet in sheets for entry in sheet.listing.entries]
    if len(entries) <= most:
        return sheets
    entries.sort(key=lambda entry: draft_of(entry).published or _NEVER, reverse=True)
    kept = {id(entry) for entry in entries[:most]}

    def thinned(listing: Listing) -> Listing:
        return replace(listing, entries=tuple(entry for entry in listing.entries if id(entry) in kept))

    return [Sheet(sheet.page, thinned(sheet.listing)) for sheet in sheets]


class Surveyor:
    """Reads the documents of one source."""

    def __init__(
        self, source: Source, *, fetch: Fetch, survey: Survey, timezone: str, clock: Callable[[], datetime]
    ) -> None:
        self._source = source
        self._fetch = fetch
        self._survey = survey
        self._timezone = timezone
        self._clock = clock

    async def read(self, page: Page) -> Sheet:
        """The source's document as its kind reads it. Raises ReadError."""
        kind, now = self._source.kind, self._clock()
        return Sheet(page, await self._survey(kind, self._source, page, timezone=self._timezone, now=now))

    async def pages(self, newest: Sheet, last_seen: int | None) -> list[Sheet]:
        """A channel's pages, newest first, back to the post `last_seen`. A page that cannot be had is the last."""
        sheets = [newest]
        while older := next_page([each.listing for each in sheets], last_seen=last_seen, now=self._clock()):
            try:
                sheets.append(await self._further(older))
            except (FetchError, ReadError):
                break
        return sheets

    async def hole(self, url: str, last_seen: int) -> list[Sheet]:
        """A channel's pages from `url` back to the post `last_seen`; none where the first cannot be had."""
        try:
            return await self.pages(await self._further(url), last_seen)
        except (FetchError, ReadError):
            return []

    async def parts(self, index: Sheet) -> list[Sheet]:
        """The index and the listings that it names, itself first, best next, until they list enough.

        Raises the first fault when none of them can be had: an index alone is no news.
        """
        sheets, faults = [index], list[FetchError | ReadError]()
        waiting, visited = [(index, 0)], set[str]()
        while waiting:
            above, depth = waiting.pop(0)
            for url in parts_to_visit(above.listing, depth=depth, visited=visited):
                if sum(len(sheet.listing.entries) for sheet in sheets) >= MOST_ENTRIES:
                    break
                visited.add(url)
                try:
                    part = await self._further(url)
                except (FetchError, ReadError) as fault:
                    faults.append(fault)
                    continue
                sheets.append(part)
                waiting.append((part, depth + 1))
        if faults and len(sheets) == 1:
            raise faults[0]
        return newest(sheets)

    async def _further(self, url: str) -> Sheet:
        page = await self._fetch(url, proxy=self._source.proxy)
        if page.status != 200:
            raise FetchError(f"answered {page.status}")
        return await self.read(page)
