"""Composition root: opens the archive, starts the roles and the ticks, and stops them in reverse.

It wires; it decides nothing. A role imports only what it needs, when it starts: `--only deliver` loads no Scrapy.

    start   archive → edition → deliver → bot → web → ticks → collect
    stop    collect (claims released) → ticks → web → bot → deliver (sends in flight settle) → archive
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archive import monitors
from archive.database import Archive
from monitor import aftermath, backups, presence, rounds, signs, vigilance
from monitor.browsing import browsing
from monitor.opening import activate, edition_of, open_archive, opened
from monitor.presence import announced, is_alive, until_gone
from monitor.reload import LOOK_EVERY, WATCHES_EVERY, Reload
from monitor.roles import ROLES, answering, collecting, delivering, hooking, parse_roles
from monitor.signals import stop_on_signals
from settings import Edition, Settings

if TYPE_CHECKING:
    from alerts.delivery import Delivery
    from monitor.roles import Collecting

__all__ = ["ROLES", "edition_of", "is_alive", "open_archive", "opened", "parse_roles", "run"]

log = logging.getLogger(__name__)

OFFER_EVERY = 1.0  # seconds
RENEW_EVERY = 30.0  # a lease lasts 90 s
FIRST_ROUND_EVERY = 1.0
HEALTH_EVERY = 60.0
DIGESTS_EVERY = 30.0
STORIES_EVERY = 60.0
BRAKE_EVERY = 5.0
RECYCLE_EVERY = 24 * 3600.0  # robots.txt is remembered for a crawl's life


@dataclass(frozen=True, slots=True)
class _Started:
    """What runs: the archive, the edition that is active, and the roles that were wanted."""

    archive: Archive
    reload: Reload
    ticks: "Ticks"
    delivery: "Delivery | None"
    hooks: "tuple[Delivery, ...]"
    collecting: "Collecting | None"


async def run(
    settings: Settings,
    *,
    file: Path | None = None,
    roles: Collection[str] = ROLES,
    once: bool = False,
    until: asyncio.Event | None = None,
) -> None:
    """Run the monitor until `until` is set, a signal comes, or, with `once`, all that is due is done.

    `file` is where the settings come from: its edits are taken over while the monitor runs.
    Raises ArchiveError when the archive cannot be opened.
    """
    stopping = until or asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(stop_on_signals(stopping))
        started = await _start(stack, settings, file=file, roles=roles, once=once)
        desk = started.collecting.desk if started.collecting else None
        if once:
            due = rounds.everything_due(
                started.archive, desk, started.delivery, started.reload.edition, hooks=started.hooks
            )
            await _first(due, stopping.wait())
            return
        _tick(started, file)
        ping = signs.Ping(started.archive, os.environ.get("RASAD_PING_URL", ""))
        started.ticks.every(signs.PING_EVERY, ping.look)
        await stack.enter_async_context(ping.watched())
        signs.notify("READY=1")
        await _first(stopping.wait(), until_gone(started.archive))


async def _start(
    stack: AsyncExitStack, settings: Settings, *, file: Path | None, roles: Collection[str], once: bool
) -> _Started:
    """Start what was asked for, each thing to be stopped by the stack."""
    archive = await asyncio.to_thread(open_archive, settings)
    stack.callback(archive.close)
    await stack.enter_async_context(announced(archive, roles))
    reload = Reload(archive, await asyncio.to_thread(activate, archive, settings), activate)
    edition = reload.edition
    log.info("%s", _opening(edition(), archive))
    await vigilance.tell_migration(archive, edition().settings)
    delivery = crawl = None
    hooks: tuple[Delivery, ...] = ()
    if "collect" in roles:
        await rounds.begin_catch_up(archive)  # before anything is sent: old alerts join its digest
    if "deliver" in roles:
        delivery = await stack.enter_async_context(delivering(archive, edition))
        hooks = await stack.enter_async_context(hooking(archive, edition))
    if "bot" in roles and settings.telegram.token(os.environ):
        await stack.enter_async_context(answering(archive, edition, delivery, file))
    if "web" in roles and file is not None and settings.web.mode != "off" and not once:
        await stack.enter_async_context(browsing(file, settings.web.listen))
    ticks = stack.enter_context(_ticking())
    ticks.every(monitors.BEAT.total_seconds(), presence.beat, archive, roles, datetime.now(UTC))
    if "collect" in roles:
        crawl = await stack.enter_async_context(collecting(archive, reload, delivery))
        ticks.every(RENEW_EVERY, rounds.renew, archive, crawl.desk)
        ticks.every(RECYCLE_EVERY, crawl.crawl.recycle, at_once=False)
    return _Started(archive, reload, ticks, delivery, hooks, crawl)


def _tick(started: _Started, file: Path | None) -> None:
    """What a monitor that stays does again and again."""
    archive, edition, ticks = started.archive, started.reload.edition, started.ticks
    ticks.every(WATCHES_EVERY, started.reload.look_at_watches)
    ticks.every(vigilance.LOOK_EVERY, vigilance.look, archive, edition)
    if (seconds := signs.watchdog_every()) is not None:
        ticks.every(seconds, signs.breathe)
    if file is not None:
        ticks.every(LOOK_EVERY, started.reload.look, file)
        ticks.every(
            backups.LOOK_EVERY,
            backups.back_up_when_due,
            archive,
            lambda: edition().settings,
            file,
            at_once=False,
        )
        ticks.every(aftermath.LOOK_EVERY, aftermath.follow, archive, edition, file)
    if started.delivery is not None:
        ticks.every(DIGESTS_EVERY, rounds.tell_digests, archive, started.delivery)
    if started.collecting is not None:
        ticks.every(OFFER_EVERY, rounds.offer_due, archive, started.collecting.desk, edition)
        ticks.every(FIRST_ROUND_EVERY, rounds.end_first_round, archive, started.delivery)
        ticks.every(FIRST_ROUND_EVERY, rounds.end_catch_up, archive, started.delivery)
        ticks.every(HEALTH_EVERY, rounds.tell_health, archive, edition)
        ticks.every(BRAKE_EVERY, rounds.look_at_brakes, archive, edition, started.delivery)
        ticks.every(STORIES_EVERY, rounds.tend_stories, archive)


def _opening(edition: Edition, archive: Archive) -> str:
    """What starts, in one line."""
    settings = edition.settings
    watched = sum(source.enabled for source in settings.sources)
    probed = sum(source.probe for source in settings.sources)
    return (
        f"watching {watched} sources ({probed} more are tried daily) for {len(settings.topics)} topics; "
        f"config no. {edition.number}; archive {archive.where}; Ctrl-C ends it"
    )


class Ticks:
    """A handful of ticks in memory; never one job per source (APScheduler skips runs beyond about a hundred)."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 30}
        )

    def every(self, seconds: float, work: Callable[..., Awaitable[Any]], *args: object, at_once: bool = True) -> None:
        """Run `work(*args)` every so many seconds, the first time at once; a run that is late is made up for once."""
        first = datetime.now(UTC) + timedelta(seconds=0 if at_once else seconds)
        self._scheduler.add_job(_one_run, "interval", seconds=seconds, args=(work, *args), next_run_time=first)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


async def _one_run(work: Callable[..., Awaitable[Any]], *args: object) -> None:
    """A run that the end of the ticks cuts short has simply ended: the library would log it as an error."""
    with suppress(asyncio.CancelledError):
        await work(*args)


@contextmanager
def _ticking() -> Iterator[Ticks]:
    ticks = Ticks()
    ticks.start()
    try:
        yield ticks
    finally:
        ticks.stop()


async def _first(*works: Awaitable[Any]) -> None:
    """Wait until one of `works` is done and end the others; its failure is raised here."""
    tasks = [asyncio.ensure_future(work) for work in works]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
