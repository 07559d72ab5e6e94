"""The desk: takes due sources from its queue, visits each, and settles exactly one Outcome per visit.

A visit is one coroutine from the request to the settled Outcome, so that no fault can end it twice or not at all.
Only an end of the desk itself leaves visits without one: their leases are the caller's to release.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from archive import channels, outbox, sources
from archive.database import Archive
from core.errors import ArchiveError, FetchError, RasadError, ReadError
from core.health import doubt_of, news_of
from core.messages import Notice
from core.model import Draft, Due, Outcome, OutcomeStatus, Page, Source
from core.pace import next_check, observed
from settings import Edition
from spiders.channels import ChannelVisit
from spiders.gathering import Gathering
from spiders.pipeline import Pipeline
from spiders.surveying import Fetch, Sheet, Survey, Surveyor, draft_of

log = logging.getLogger("rasad.collect")

QUEUE = 64
VISITS_AT_ONCE = 64
LONGEST_VALIDATOR = 500  # characters
GONE = frozenset({400, 401, 404, 405, 410, 451})  # answers that asking again will not change


@dataclass(slots=True)
class _Seen:
    """What a visit saw so far: the documents of the listing, and of a channel whose it is."""

    sheets: list[Sheet] = field(default_factory=list)
    channel: ChannelVisit | None = None

    @property
    def drafts(self) -> list[Draft]:
        return [draft_of(entry) for sheet in self.sheets for entry in sheet.listing.entries]


class DueQueue(asyncio.Queue[Due]):
    """The sources waiting at the desk. What is put in counts as in work, so that its lease is renewed."""

    def __init__(self, maxsize: int, active: set[str]) -> None:
        super().__init__(maxsize)
        self._active = active

    def _put(self, item: Due) -> None:
        self._active.add(item.source.id)
        super()._put(item)


class Desk:
    """The visits of one process. `queue` is where due sources go in; `active` are the ids of those in work.

    `recorded` is told every article that is new to the archive, as soon as it is committed; `heard` every Outcome once
    it is settled.
    """

    def __init__(
        self,
        archive: Archive,
        edition: Callable[[], Edition],
        *,
        fetch: Fetch,
        survey: Survey,
        heard: Callable[[Outcome], None] = lambda _outcome: None,
        recorded: Callable[[Draft], None] = lambda _draft: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.active: set[str] = set()
        self.queue = DueQueue(QUEUE, self.active)
        self._archive = archive
        self._edition = edition
        self._fetch = fetch
        self._survey = survey
        self._heard = heard
        self._recorded = recorded
        self._clock = clock
        self._places = asyncio.Semaphore(VISITS_AT_ONCE)
        self._visits: set[asyncio.Task[None]] = set()
        self._failing: dict[str, str] = {}  # why, by source; "" for those that answer
        self._taking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """From now on what is in the queue is visited."""
        self._taking = asyncio.create_task(self._take(), name="desk")

    async def idle(self) -> None:
        """Returns when everything that was put in the queue is settled."""
        await self.queue.join()

    async def stop(self) -> None:
        """Drops all visits at once. They have no Outcome; the caller releases their leases."""
        tasks = [task for task in (self._taking, *self._visits) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._taking = None
        self.active.clear()

    async def _take(self) -> None:
        while True:
            await self._places.acquire()
            due = await self.queue.get()
            visit = asyncio.create_task(self.visit(due), name=f"visit {due.source.id}")
            self._visits.add(visit)
            visit.add_done_callback(partial(self._done, due.source.id))

    def _done(self, source: str, task: "asyncio.Task[None]") -> None:
        self._visits.discard(task)
        self.active.discard(source)
        self._places.release()
        self.queue.task_done()
        if not task.cancelled() and (error := task.exception()):
            log.error("%s: the visit was not settled: %s", source, error, exc_info=error)

    async def visit(self, due: Due) -> None:
        """One visit: look, record, settle. Whatever goes wrong on the way becomes the Outcome's reason."""
        edition = self._edition()
        seen = _Seen()
        try:
            outcome = await self._look(due, edition, seen)
        except Exception as error:
            outcome = _failed(due, error, self._clock())
        await self._settle(due, edition, outcome, seen)
        self._heard(outcome)

    async def _look(self, due: Due, edition: Edition, seen: _Seen) -> Outcome:
        """The visit's Outcome, everything it yielded recorded. `seen` receives what the source showed."""
        source = due.source
        page = await self._fetch(source.url, etag=due.etag, last_modified=due.last_modified)
        if page.status == 304:
            return self._came(due, "unchanged", page)
        if page.status != 200:
            return _refused(due, page, self._clock())
        await self._leaf_through(source, page, edition, seen)
        new = 0 if source.probe else await self._gather(due, edition, seen)
        came = self._came(due, "fresh", page, items=len(seen.drafts), new=new)
        # An index may stay as it is while the listings that it names change: its validators would hide them.
        return replace(came, etag=None, last_modified=None) if seen.sheets[0].listing.parts else came

    async def _leaf_through(self, source: Source, page: Page, edition: Edition, seen: _Seen) -> None:
        """Read the source's document and those that its listing goes on in."""
        timezone = edition.settings.timezone
        surveyor = Surveyor(source, fetch=self._fetch, survey=self._survey, timezone=timezone, clock=self._clock)
        first = await surveyor.read(page)
        if first.listing.channel is not None:
            before = await self._archive.ask(partial(channels.remembered, source_id=source.id))
            seen.channel = ChannelVisit(source, first.listing.channel, before)
            seen.sheets = await surveyor.pages(first, before.last_post)
        else:
            seen.sheets = await surveyor.parts(first)

    async def _gather(self, due: Due, edition: Edition, seen: _Seen) -> int:
        held = seen.channel is not None and bool(seen.channel.doubt)
        pipeline = Pipeline(self._archive, due, edition, self._clock, held=held)
        gathering = Gathering(
            due,
            pipeline,
            fetch=self._fetch,
            survey=self._survey,
            timezone=edition.settings.timezone,
            clock=self._clock,
            recorded=self._recorded,
        )
        return await gathering.gather(seen.sheets)

    def _came(self, due: Due, status: OutcomeStatus, page: Page, *, items: int = 0, new: int = 0) -> Outcome:
        return Outcome(
            source=due.source.id,
            status=status,
            at=self._clock(),
            items=items,
            new=new,
            http_status=page.status,
            etag=_validator(page, "etag"),
            last_modified=_validator(page, "last-modified"),
        )

    async def _settle(self, due: Due, edition: Edition, outcome: Outcome, seen: _Seen) -> None:
        source, every = due.source, edition.settings.collect.every
        admins = edition.settings.telegram.admins
        published = [draft.published for draft in seen.drafts if draft.published]

        def work(conn: Any) -> None:
            before = sources.pace(conn, source.id)
            rhythm = observed(before, outcome, published)
            when = next_check(rhythm, outcome, every=every, own=source.every, probe=source.probe)
            sources.settle(conn, outcome, next_check=when, pace=rhythm)
            told = _settle_channel(conn, source, outcome, seen)
            if (news := news_of(source, before, outcome)) is not None:
                told.append(news)
            for news in told:
                occasion = f"{source.id} {outcome.at.isoformat()}"
                outbox.enqueue_notice(conn, news, admins=admins, occasion=occasion, now=outcome.at)

        await self._archive.write(work)
        self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        """One line where something changed: a new failure, a recovery, something new. The table shows the rest."""
        failing, self._failing[outcome.source] = self._failing.get(outcome.source, ""), outcome.reason
        if outcome.status == "failed":
            log.log(
                logging.WARNING if outcome.reason != failing else logging.DEBUG,
                "%s: %s",
                outcome.source,
                outcome.reason,
            )
        elif failing or outcome.new:
            answers = "answers again, " if failing else ""
            log.info("%s: %s%d items, %d new", outcome.source, answers, outcome.items, outcome.new)


def _settle_channel(conn: Any, source: Source, outcome: Outcome, seen: _Seen) -> list[Notice]:
    """Note what a visit that went well saw of a channel; what admins are told of it."""
    channel = seen.channel
    if channel is None or outcome.status != "fresh" or source.probe:
        return []
    channel.settle(conn, [sheet.listing for sheet in seen.sheets], outcome.at)
    return [doubt_of(source, channel.doubt)] if channel.arose else []


def _validator(page: Page, name: str) -> str | None:
    """A validator worth sending back; what is longer than a line is none."""
    value = page.headers.get(name)
    return value if value and len(value) <= LONGEST_VALIDATOR else None


def _failed(due: Due, error: Exception, now: datetime) -> Outcome:
    """The Outcome of a visit that was broken off by `error`."""
    if not isinstance(error, RasadError):
        log.error("%s: %s: %s", due.source.id, type(error).__name__, error, exc_info=error)
    reason = error.reason if isinstance(error, (FetchError, ReadError)) else _plainly(error)
    return Outcome(
        source=due.source.id,
        status="failed",
        at=now,
        reason=reason,
        permanent=isinstance(error, FetchError) and error.permanent,
        http_status=200 if isinstance(error, ReadError) else None,
        retry_after=error.retry_after if isinstance(error, FetchError) else None,
    )


def _plainly(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"not recorded: {words}" if isinstance(error, ArchiveError) else f"failed: {type(error).__name__}"


def _refused(due: Due, page: Page, now: datetime) -> Outcome:
    """The Outcome of an answer that is no document."""
    return Outcome(
        source=due.source.id,
        status="failed",
        at=now,
        reason=f"answered {page.status}",
        permanent=page.status in GONE,
        http_status=page.status,
        retry_after=retry_after(page.headers.get("retry-after", ""), now),
    )


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (RFC 9110 § 10.2.3: seconds or a date); None when it says nothing."""
    value = value.strip()
    if value.isdecimal() and len(value) < 9:
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), until - now)
