"""The time as the delivery sees it, so that tests can let ten minutes pass in none."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where `now` comes from, and how to wait."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...

    async def wait(self, wake: asyncio.Event, until: datetime) -> None:
        """Return when `wake` is set, at the latest at `until`."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The machine's time."""
        return datetime.now(UTC)

    async def wait(self, wake: asyncio.Event, until: datetime) -> None:
        """Really waits."""
        seconds = (until - self.now()).total_seconds()
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            return
