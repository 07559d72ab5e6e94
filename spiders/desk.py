"""The desk: takes due sources from its queue, visits each, and settles exactly one Outcome per visit.

A visit is one coroutine from the request to the settled Outcome, so that no fault can end it twice or not at all.
Only an end of the desk itself leaves visits without one: their leases are the caller's to release.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from archive import articles, bursts, channels, outbox, sources
from archive.database import Archive
from core.errors import ReadError
from core.health.states import after
from core.health.told import burst_of, doubt_of, news_of
from core.messages import Notice
from core.model import Draft, Due, Outcome, Page, Source
from core.pace import is_unconditional, next_check, observed
from settings import Edition
from spiders import outcomes
from spiders.channels import ChannelVisit
from spiders.gathering import Gathering
from spiders.line import Line
from spiders.paging import Gap
from spiders.pipeline import Pipeline
from spiders.revisiting import Revisit
from spiders.surveying import Fetch, Sheet, Survey, Surveyor, draft_of, without_guids

log = logging.getLogger("rasad.collect")

QUEUE = 64
VISITS_AT_ONCE = 64


@dataclass(slots=True)
class _Seen:
    """What a visit saw so far: the documents of the listing, of a channel whose it is, new items of a burst."""

    sheets: list[Sheet] = field(default_factory=list)
    channel: ChannelVisit | None = None
    hole: Gap | None = None  # of an earlier visit
    filling: list[Sheet] = field(default_factory=list)  # what stands in it
    burst: int = 0

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
        self._line = Line(archive, edition, fetch, clock)
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
        seen, begun = _Seen(), time.monotonic()
        if self._line.is_down and not await self._line.carries():
            outcome = Outcome(due.source.id, "failed", self._clock(), reason="no network", trouble="unreached")
        else:
            try:
                outcome = await self._look(due, edition, seen)
                if outcome.status != "failed" and due.source.full_text and not (due.source.probe or due.first_visit):
                    await self._look_again(due, edition)
            except Exception as error:
                outcome = outcomes.failed(due, error, self._clock())
        if await self._says_something(due, outcome, begun):
            await self._settle(due, edition, outcome, seen)
        else:
            await self._line.put_off(due.source.id, outcome.at)
        self._heard(outcome)

    async def _says_something(self, due: Due, outcome: Outcome, begun: float) -> bool:
        """Whether the Outcome tells of the source, and not of our own line."""
        if outcome.trouble == "unreached":
            return await self._line.carries(blamed=urlsplit(due.source.url).hostname or "", since=begun)
        if outcome.http_status is not None:
            await self._line.answered()
        return True

    async def _look(self, due: Due, edition: Edition, seen: _Seen) -> Outcome:
        """The visit's Outcome, everything it yielded recorded. `seen` receives what the source showed."""
        source, whole = due.source, is_unconditional(due.visits)
        etag, last_modified = (None, None) if whole else (due.etag, due.last_modified)
        page = await self._fetch(source.url, etag=etag, last_modified=last_modified, proxy=source.proxy)
        if page.status == 304:
            return outcomes.came(due, "unchanged", page, self._clock())
        if page.status != 200:
            return outcomes.refused(due, page, self._clock())
        try:
            await self._leaf_through(source, page, edition, seen)
        except ReadError:
            if walled := outcomes.walled(due, page, self._clock()):
                return walled
            raise
        if not seen.drafts and (walled := outcomes.walled(due, page, self._clock())):
            return walled
        came = outcomes.came(due, "fresh", page, self._clock(), drafts=seen.drafts)
        # An index may stay as it is while the listings that it names change: its validators would hide them.
        came = replace(came, etag=None, last_modified=None) if seen.sheets[0].listing.parts else came
        return came if source.probe else await self._gather(due, edition, seen, came)

    async def _leaf_through(self, source: Source, page: Page, edition: Edition, seen: _Seen) -> None:
        """Read the source's document and those that its listing goes on in."""
        timezone = edition.settings.timezone
        surveyor = Surveyor(source, fetch=self._fetch, survey=self._survey, timezone=timezone, clock=self._clock)
        first = await surveyor.read(page)
        if first.listing.channel is not None:
            before = await self._archive.ask(partial(channels.remembered, source_id=source.id))
            seen.channel = ChannelVisit(source, first.listing.channel, before)
            seen.sheets = await surveyor.pages(first, before.last_post)
            seen.hole = await self._archive.ask(seen.channel.hole)
            if seen.hole is not None:
                seen.filling = await surveyor.hole(f"{source.url}?before={seen.hole.last + 1}", seen.hole.first - 1)
        else:
            seen.sheets = await surveyor.parts(first)

    async def _gather(self, due: Due, edition: Edition, seen: _Seen, came: Outcome) -> Outcome:
        """`came` with what became of its items."""
        await self._identify(due, seen)
        held = seen.channel is not None and bool(seen.channel.doubt)
        pipeline = Pipeline(self._archive, due, edition, self._clock, held=held)
        gathering = self._gathering(due, pipeline, edition)
        new = await gathering.gather(seen.sheets)
        if seen.filling:  # old news by now: it alerts as a backlog does
            late = replace(due, first_visit=True)
            await self._gathering(late, Pipeline(self._archive, late, edition, self._clock), edition).gather(
                seen.filling
            )
        seen.burst = pipeline.burst
        return replace(came, at=self._clock(), new=new, pages=gathering.pages, pages_read=gathering.pages_read)

    def _gathering(self, due: Due, pipeline: Pipeline, edition: Edition) -> Gathering:
        return Gathering(
            due,
            pipeline,
            fetch=self._fetch,
            survey=self._survey,
            timezone=edition.settings.timezone,
            clock=self._clock,
            recorded=self._recorded,
        )

    async def _look_again(self, due: Due, edition: Edition) -> None:
        """Pages of articles that were read before."""
        pipeline = Pipeline(self._archive, due, edition, self._clock)
        zone, fetch, survey = edition.settings.timezone, self._fetch, self._survey
        revisit = Revisit(
            self._archive, due.source, pipeline, fetch=fetch, survey=survey, timezone=zone, clock=self._clock
        )
        await revisit.run()

    async def _identify(self, due: Due, seen: _Seen) -> None:
        """Leave the GUIDs of a source aside whose GUIDs rotate."""
        if seen.channel is not None:
            return  # the numbers of posts are the channel's own
        if due.trusts_guids:
            rotate = partial(articles.guids_rotate, source_id=due.source.id, drafts=seen.drafts)
            if not await self._archive.ask(rotate):
                return
            await self._archive.write(partial(sources.distrust_guids, source_id=due.source.id))
            log.warning("%s: its GUIDs change with every visit; its addresses count instead", due.source.id)
        seen.sheets = without_guids(seen.sheets)

    async def _settle(self, due: Due, edition: Edition, outcome: Outcome, seen: _Seen) -> None:
        source, every = due.source, edition.settings.collect.every
        admins = edition.settings.telegram.admins
        published = [draft.published for draft in seen.drafts if draft.published]

        def work(conn: Any) -> None:
            before = sources.pace(conn, source.id)
            rhythm = observed(before, outcome, published)
            when = next_check(rhythm, outcome, every=every, own=source.every, probe=source.probe)
            health = None if source.probe else after(sources.health(conn, source.id), outcome, rhythm)
            sources.settle(conn, outcome, next_check=when, pace=rhythm, health=health)
            told = _settle_channel(conn, source, outcome, seen)
            if (news := news_of(source, before, outcome)) is not None:
                told.append(news)
            if seen.burst:
                bursts.tell(conn, source.id, source.name, outcome.at)
                told.append(burst_of(source, seen.burst))
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
    if seen.hole is not None:
        channel.settle_hole(conn, seen.hole, [sheet.listing for sheet in seen.filling])
    return [doubt_of(source, channel.doubt)] if channel.arose else []
