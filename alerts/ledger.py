"""What became of messages, written down: patiently, and receipts together. Decides nothing.

A lost receipt means a second copy later, so a write that fails is tried again for a while. Receipts that arrive
while one batch is being written form the next one: a commit for each would cost more than the sending.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.clock import Clock
from archive import outbox
from archive.database import Archive
from core.errors import ArchiveError

log = logging.getLogger(__name__)

_TRIES = 5
_GAP = timedelta(seconds=1)


class Ledger:
    """The door through which a delivery writes."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._waiting: list[tuple[outbox.Receipt, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], object]) -> None:
        """Run `work` in a transaction; returns after COMMIT. Raises ArchiveError after five tries."""
        for trial in range(_TRIES):
            try:
                await self._archive.write(work)
            except ArchiveError as error:
                if trial == _TRIES - 1:
                    raise
                log.warning("delivery: not settled yet: %s", error)
                await self._clock.wait(asyncio.Event(), self._clock.now() + _GAP)
            else:
                return

    async def sent(self, receipt: outbox.Receipt) -> None:
        """Settle a message that the channel took; returns after COMMIT. Raises as `write`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((receipt, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="receipts")
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[outbox.Receipt, "asyncio.Future[None]"]]) -> None:
        try:
            await self.write(partial(outbox.sent_all, receipts=[receipt for receipt, _ in batch]))
        except Exception as error:  # each flight tells of its own
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in batch:
                if not done.done():
                    done.set_result(None)
