"""Our own line: whether anything can be reached from here at all, so that an outage of ours blames no source.

A source that cannot be reached is believed to be at fault as soon as any other host answers, in its visit or in a small
control request. While none does, visits do not count; the first answer ends that, and all that was put off is due.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import conditions, outbox, sources, visits
from archive.database import Archive
from core.errors import FetchError
from core.messages import Notice
from settings import Edition
from spiders.surveying import Fetch

log = logging.getLogger("rasad.collect")

LINE_DOWN = "line_down"  # the condition that holds meanwhile
CONTROLS = 3  # hosts that are asked, one after the other
CONTROL_SECONDS = 5.0
CHECKED_FOR = 20.0  # seconds that an answer to the question stands
AGAIN_AFTER = timedelta(seconds=60)  # a visit that did not count


class Line:
    """The line of one process. Ask `carries` after a visit that reached nobody, and `answered` after any other."""

    def __init__(
        self, archive: Archive, edition: Callable[[], Edition], fetch: Fetch, clock: Callable[[], datetime]
    ) -> None:
        self.is_down = False
        self._archive = archive
        self._edition = edition
        self._fetch = fetch
        self._clock = clock
        self._heard = float("-inf")  # the last answer of anybody, monotonic
        self._checked = float("-inf")  # the end of the last check, which nobody answered
        self._checking = asyncio.Lock()
        self._is_known = False  # before the first answer the archive may hold a former process's outage
        self._put_off: set[str] = set()  # sources whose visits did not count

    async def answered(self) -> None:
        """Somebody has answered: the line is up, if it was not."""
        self._heard = time.monotonic()
        if self._is_known and not self.is_down:
            return
        was_down, self.is_down, self._is_known = self.is_down, False, True
        due, self._put_off = sorted(self._put_off), set()
        await self._archive.write(partial(self._rise, due=due, now=self._clock()))
        if was_down:
            log.warning("the network answers again: what was put off is visited now")

    async def carries(self, blamed: str = "", since: float | None = None) -> bool:
        """Whether the line works, asked on behalf of the host `blamed` whose visit began at `since` (monotonic)."""
        if since is not None and self._heard >= since:
            return True
        async with self._checking:
            begun = time.monotonic()
            if self._heard >= (begun if since is None else since):
                return True
            if begun - self._checked < CHECKED_FOR and self.is_down:
                return False
            return await self._check(blamed, begun)

    async def _check(self, blamed: str, begun: float) -> bool:
        addresses = await self._archive.ask(partial(visits.answered_last, limit=CONTROLS + 1))
        others = [url for url in addresses if urlsplit(url).hostname != blamed][:CONTROLS]
        for url in others:
            if await self._answers(url):
                await self.answered()
                return True
        if not others or self._heard >= begun:
            return True
        return await self._silence()

    async def _silence(self) -> bool:
        """Nobody has answered: the line is down. False."""
        self._checked = time.monotonic()
        if not self.is_down:
            self.is_down = True
            log.warning("nothing can be reached from here, so no failure is counted: is this machine online?")
            await self._archive.write(partial(self._fall, now=self._clock()))
        return False

    async def _answers(self, url: str) -> bool:
        parts = urlsplit(url)
        try:
            async with asyncio.timeout(CONTROL_SECONDS):
                await self._fetch(f"{parts.scheme}://{parts.netloc}/robots.txt")
        except (FetchError, TimeoutError):
            return False
        return True

    async def put_off(self, source_id: str, now: datetime) -> None:
        """A visit that says nothing of its source: again soon, and at once when the line is back."""
        self._put_off.add(source_id)
        await self._archive.write(partial(sources.put_back, source_id=source_id, next_check=now + AGAIN_AFTER))

    def _fall(self, conn: Connection, now: datetime) -> None:
        if conditions.begin(conn, LINE_DOWN, "nothing can be reached from here", now):
            self._tell(conn, LINE_DOWN, now)

    def _rise(self, conn: Connection, due: list[str], now: datetime) -> None:
        sources.make_due(conn, due, now)
        if conditions.end(conn, LINE_DOWN):
            self._tell(conn, "line_up", now)

    def _tell(self, conn: Connection, word: str, now: datetime) -> None:
        admins = self._edition().settings.telegram.admins
        outbox.enqueue_notice(conn, Notice(word, {}), admins=admins, occasion=now.isoformat(), now=now)
