"""That this process is at work on the archive, and whether others are. Starts and stops no role."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from archive import monitors
from archive.database import Archive
from archive.shift import Shift, shift

THERE_EVERY = 1.0  # seconds between two looks at the database's file

log = logging.getLogger(__name__)


def owner_name() -> str:
    """Whose claims these are: enough to tell, on this machine, whether the claimer still lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_alive(owner: str) -> bool:
    """False when `owner` was a process of this machine that has ended; others are believed until their lease ends."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return True
    if int(pid) == os.getpid():
        return False  # an earlier life with the same number, as happens in containers
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@asynccontextmanager
async def announced(archive: Archive, roles: Collection[str]) -> AsyncIterator[None]:
    """Say whether another monitor is at work here, and that this one is; at the end what it did."""
    now = datetime.now(UTC)
    for other in await archive.ask(monitors.heard_of):
        if now - other.seen < monitors.SILENT and is_alive(other.owner):
            log.warning(
                "another monitor (%s) is at work on this archive: they share its sources, and one sends", other.owner
            )
    await beat(archive, roles, now)
    try:
        yield
    finally:
        await archive.write(partial(monitors.gone, owner=owner_name()))
    log.info("%s", _closing(await archive.ask(partial(shift, since=now)), datetime.now(UTC) - now))


def _closing(done: Shift, length: timedelta) -> str:
    """How long it ran and what it did, in one line."""
    topics = ", ".join(f"{topic} {count}" for topic, count in done.topics.items())
    sent = (
        f"{_counted(done.messages, 'message')} sent to {_counted(done.chats, 'chat')}"
        if done.messages
        else "nothing sent"
    )
    whole = timedelta(seconds=int(length.total_seconds()))
    return f"ended after {whole} h: {_counted(done.articles, 'article')} recorded, {sent}" + (topics and f" ({topics})")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


async def beat(archive: Archive, roles: Collection[str], started: datetime) -> None:
    """Write that this process lives, and since when."""
    now = datetime.now(UTC)
    await archive.write(partial(monitors.beat, owner=owner_name(), roles=roles, started=started, now=now))


async def until_gone(archive: Archive) -> None:
    """Never returns; raises ArchiveError once the database was taken away from under us."""
    while archive.is_there():  # noqa: ASYNC110  # a file tells nobody that it is deleted
        await asyncio.sleep(THERE_EVERY)
    raise archive.gone()
