"""Pages of articles that were read before, looked at again: edited, taken back, or as they were. Settles nothing.

What left its listing, or was edited in silence, is seen only so. The page is compared with the bytes that the archived
text was read from, both as today's reader reads them: a text that came from elsewhere is left alone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from archive import revisits
from archive.database import Archive
from archive.revisits import Kept
from core.errors import FetchError, ReadError
from core.model import Draft, Page, Source
from spiders.gathering import WITHDRAWN
from spiders.pipeline import Pipeline
from spiders.surveying import Fetch, Survey, draft_of

GONE = 410


class Revisit:
    """The pages of one source that are due, within one of its visits."""

    def __init__(
        self,
        archive: Archive,
        source: Source,
        pipeline: Pipeline,
        *,
        fetch: Fetch,
        survey: Survey,
        timezone: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._source = source
        self._pipeline = pipeline
        self._fetch = fetch
        self._survey = survey
        self._timezone = timezone
        self._clock = clock

    async def run(self) -> None:
        """Look at what is due, one after the other. Raises what the archive raises."""
        if (folder := self._archive.evidence) is None:
            return
        due = partial(revisits.due, source_id=self._source.id, folder=folder, now=self._clock())
        for kept in await self._archive.ask(due):
            if kept.page.requested != self._source.url:
                await self._look(kept)

    async def _look(self, kept: Kept) -> None:
        draft, page = await self._found(kept)
        if draft is not None and page is not None:
            await self._pipeline.admit(draft, page)
        elif page is not None and page.status in WITHDRAWN:
            gone = partial(revisits.gone, for_good=page.status == GONE, now=self._clock())
            await self._archive.write(lambda conn: gone(conn, self._source.id, kept.article))
        else:
            looked = partial(revisits.looked, stands=page is not None and page.status == 200)
            await self._archive.write(lambda conn: looked(conn, self._source.id, kept.article))

    async def _found(self, kept: Kept) -> tuple[Draft | None, Page | None]:
        """The article as its page has it now, None for nothing to compare; and the page, None for no answer."""
        try:
            page = await self._fetch(kept.page.requested, proxy=self._source.proxy)
            if page.status != 200 or page.body == kept.page.body:
                return None, page
            return edited(kept.draft, await self._read(kept.page), await self._read(page)), page
        except FetchError:
            return None, None
        except ReadError:
            return None, page

    async def _read(self, page: Page) -> Draft:
        found = await self._survey("article", self._source, page, timezone=self._timezone, now=self._clock())
        return draft_of(found.entries[0])


def edited(kept: Draft, was: Draft, found: Draft) -> Draft | None:
    """The archived draft with what its page says now; None where its text did not come from that page, which `was`
    shows. A headline that came from the listing stays."""
    if was.text != kept.text:
        return None
    title = found.title if was.title == kept.title else kept.title
    return replace(kept, title=title, text=found.text, fetched=found.fetched)
