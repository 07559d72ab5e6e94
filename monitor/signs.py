"""Signs of life to who watches the process: systemd's notify socket, and a dead man's ping. Reads nothing they say.

RASAD_PING_URL (Healthchecks' way): /start when the monitor starts, the address itself after real progress, /fail when
it ends by a fault or sending is blocked. No progress, no ping: then the other side raises the alarm. The address is a
secret.
"""

import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp

from archive import senders, sources
from archive.database import Archive

PING_EVERY = 60.0  # seconds
PING_WITHIN = 10.0

log = logging.getLogger(__name__)


def notify(state: str) -> None:
    """Tell systemd, where it asked to be told (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        door.send(state.encode())


def watchdog_every() -> float | None:
    """Seconds between two signs, half of what systemd waits for; None where it waits for none."""
    waits = os.environ.get("WATCHDOG_USEC", "")
    return int(waits) / 2e6 if waits.isdigit() and int(waits) else None


async def breathe() -> None:
    """The loop turns."""
    notify("WATCHDOG=1")


class Ping:
    """The dead man's ping; without an address it does nothing."""

    def __init__(self, archive: Archive, address: str) -> None:
        self._archive = archive
        self._address = address.rstrip("/")
        self._visits: int | None = None
        self._failed = False

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Ping the start, and a fault by which this ends."""
        await self._send("/start")
        try:
            yield
        except Exception:
            await self._send("/fail")
            raise

    async def look(self) -> None:
        """Ping if sources were visited since the last look, or sending is blocked."""
        if not self._address:
            return
        visits, blocked = await self._archive.ask(lambda conn: (sources.visits(conn), senders.blocked(conn)))
        progress, self._visits = self._visits is not None and visits > self._visits, visits
        if blocked:
            await self._send("/fail")
        elif progress:
            await self._send("")

    async def _send(self, what: str) -> None:
        if not self._address:
            return
        try:
            timeout = aiohttp.ClientTimeout(total=PING_WITHIN)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._address + what) as answer:
                answer.raise_for_status()
            self._failed = False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if not self._failed:  # the address is not to be logged
                log.warning("the ping was not heard: %s", type(error).__name__)
            self._failed = True
