"""The monitor's own parts, driven minute by minute on a clock that stands still between: nothing of them is replaced.

The clock is the whole process's: whoever asks for the time, monitor, newsroom or the Bot API's double, is told the
same. Two things are helped along: delivery's waits jump, and the watch that the line is checked by runs with the clock.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import time_machine

import settings as config
import spiders.line
from alerts.delivery import Delivery
from alerts.telegram import TelegramChannel
from archive import quarantine, subscribers
from archive.database import Archive
from monitor import rounds
from monitor.opening import activate, open_archive
from monitor.presence import is_alive, owner_name
from monitor.reload import Reload
from monitor.roles import collecting
from spiders.desk import Desk

MINUTE = timedelta(minutes=1)


class Clock:
    """The time of this process. It moves when told, or when delivery waits: then at once."""

    def __init__(self, traveller: "time_machine.Traveller") -> None:
        self._traveller = traveller

    def now(self) -> datetime:
        return datetime.now(UTC)

    def to(self, moment: datetime) -> None:
        """Never backwards."""
        self._traveller.move_to(max(moment, self.now()))

    async def wait(self, wake: asyncio.Event, until: datetime) -> None:
        await asyncio.sleep(0)
        if not wake.is_set():
            self.to(until)


@dataclass(slots=True)
class Stage:
    """One monitor at work on a newsroom. Use `opened`."""

    clock: Clock
    archive: Archive
    reload: Reload
    desk: Desk
    delivery: Delivery
    file: Path
    steps: int = 0
    seconds: dict[str, float] = field(default_factory=dict)  # by what was done

    @classmethod
    @asynccontextmanager
    async def opened(cls, clock: Clock, file: Path, api_url: str, token: str) -> AsyncIterator[Self]:
        """The archive that `file` names is made, its sources are known; nothing was visited yet."""
        vars(spiders.line)["time"] = SimpleNamespace(monotonic=lambda: clock.now().timestamp())
        settings = config.load(file)
        archive = open_archive(settings)
        try:
            reload = Reload(archive, activate(archive, settings), activate)
            channel = TelegramChannel(token, api_url)
            delivery = Delivery(archive, channel, reload.edition, owner=owner_name(), alive=is_alive, clock=clock)
            async with collecting(archive, reload, delivery) as parts:
                yield cls(clock, archive, reload, parts.desk, delivery, file)
                await delivery.stop()
        finally:
            archive.close()

    def joins(self, chat: int, language: str) -> None:
        """A reader who follows every topic."""
        with self.archive.writing() as conn:
            subscribers.join(
                conn, channel="telegram", chat=chat, language=language, timezone="Asia/Baghdad", now=self.clock.now()
            )

    def quarantines(self, source: str) -> None:
        """What `rasad sources quarantine` does."""
        with self.archive.writing() as conn:
            quarantine.quarantine(conn, source, self.clock.now())

    async def minute(self) -> None:
        """All that the scheduler's ticks do in a minute, and the deliveries of it."""
        ends = self.clock.now() + MINUTE
        await self._timed("visits", self._visit())
        if self.steps % 10 == 0:
            await self._timed("stories", rounds.tend_stories(self.archive))
            await self._timed("health", rounds.tell_health(self.archive, self.reload.edition))
        await self._timed("brakes", rounds.look_at_brakes(self.archive, self.reload.edition, None))
        await self._timed("deliveries", self.delivery.drain(patience=ends - self.clock.now()))
        self.steps += 1
        self.clock.to(ends)

    async def _visit(self) -> None:
        while await rounds.offer_due(self.archive, self.desk, self.reload.edition):
            await self.desk.idle()
        await rounds.end_first_round(self.archive, None)
        await rounds.end_catch_up(self.archive, None)

    async def _timed(self, name: str, work: Awaitable[None]) -> None:
        began = time.perf_counter()
        await work
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    async def edits(self, text: str) -> None:
        """An operator saves another config; it is active afterwards, or refused."""
        self.file.write_text(text, encoding="utf-8")
        await self.reload.look(self.file)
        await self.reload.look(self.file)  # a file counts as written when two looks agree

    def memory(self) -> int:
        """MiB that this process has taken so far at the most, newsroom and double included."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
