"""Stand-ins with a vocabulary, for what tests must hold in their hands."""

import asyncio
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when told, or when somebody waits: then it jumps. No two readings are equal."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    async def wait(self, wake: asyncio.Event, until: datetime) -> None:
        """Whoever waits is there at once, unless woken before."""
        await asyncio.sleep(0)
        if not wake.is_set():
            self._now = max(self._now, until)
