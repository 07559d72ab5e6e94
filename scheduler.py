"""Composition root: opens the archive, starts the roles and the ticks, and stops them in reverse.

It wires; it decides nothing. A role imports only what it needs, when it starts: `--only deliver` loads no Scrapy.

    start   archive → edition → deliver → bot → web → ticks → collect
    stop    collect (claims released) → ticks → web → bot → deliver (sends in flight settle) → archive
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archive import catch_up, editions, health, monitors, sources, stories, subscribers
from archive.database import Archive
from archive.status import status
from archive.vocabulary import frequencies
from core.errors import InputError
from core.rules.match import compile_rules
from monitor import backups
from monitor.browsing import browsing
from monitor.reload import LOOK_EVERY, Reload
from settings import Edition, Settings

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.delivery import Delivery
    from spiders.desk import Desk

EditionNow = Callable[[], Edition]

log = logging.getLogger(__name__)

ROLES = ("collect", "deliver", "bot", "web")
OFFER_EVERY = 1.0  # seconds
RENEW_EVERY = 30.0  # a lease lasts 90 s
FIRST_ROUND_EVERY = 1.0
HEALTH_EVERY = 60.0
STORIES_EVERY = 60.0
THERE_EVERY = 1.0  # a look at the database's file
RECYCLE_EVERY = 24 * 3600.0  # robots.txt is remembered for a crawl's life
STOP_WITHIN = 9.0  # from the signal to the end of the process


def parse_roles(text: str | None) -> tuple[str, ...]:
    """`collect,deliver` → the roles to run; all of them when `text` is None. Raises InputError on others."""
    if text is None:
        return ROLES
    wanted = tuple(part.strip() for part in text.split(","))
    unknown = [part for part in wanted if part not in ROLES]
    if unknown:
        raise InputError(f"--only: no role is called {unknown[0]!r}; there are {', '.join(ROLES)}")
    return wanted


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


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name, migrated and ready."""
    return Archive.open(settings.archive.url, evidence=settings.evidence_folder)


@contextmanager
def opened(settings: Settings) -> Iterator[Archive]:
    """The archive for the length of one command."""
    archive = open_archive(settings)
    try:
        yield archive
    finally:
        archive.close()


def edition_of(archive: Archive, settings: Settings) -> Edition:
    """The snapshot by which a command judges: its config stored as a numbered row, its rules compiled."""
    with archive.reading() as conn:
        common = frequencies(conn)
    rules = compile_rules(settings.names, settings.topics, frequencies=common)
    with archive.writing() as conn:
        return Edition(editions.publish(conn, settings.text, datetime.now(UTC)), settings, rules)


def _activate(archive: Archive, settings: Settings) -> Edition:
    """As edition_of, and the config's sources are those that are visited from now on: the monitor's privilege."""
    with archive.writing() as conn:
        sources.sync(conn, settings.sources, datetime.now(UTC))
    return edition_of(archive, settings)


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
        stack.enter_context(_stop_on_signals(stopping))
        archive = await asyncio.to_thread(open_archive, settings)
        stack.callback(archive.close)
        await stack.enter_async_context(_announced(archive, roles))
        active = await asyncio.to_thread(_activate, archive, settings)

        log.info("%s", _opening(active, archive))

        reload = Reload(archive, active, _activate)
        edition = reload.edition
        delivery = desk = None
        if "collect" in roles:
            await _begin_catch_up(archive)  # before anything is sent: old alerts join its digest
        if "deliver" in roles:
            delivery = await stack.enter_async_context(_delivering(archive, edition))
        if "bot" in roles and settings.telegram.token(os.environ):
            await stack.enter_async_context(_answering(archive, edition))
        if "web" in roles and file is not None and settings.web.mode != "off" and not once:
            await stack.enter_async_context(browsing(file, settings.web.listen))
        ticks = stack.enter_context(_ticking())
        ticks.every(monitors.BEAT.total_seconds(), _beat, archive, roles, datetime.now(UTC))
        if "collect" in roles:
            desk = await stack.enter_async_context(_collecting(archive, edition, delivery, ticks))
        if once:
            await _first(_everything_due(archive, desk, delivery, edition), stopping.wait())
            return
        if file is not None:
            ticks.every(LOOK_EVERY, reload.look, file)
            ticks.every(backups.LOOK_EVERY, _back_up, archive, edition, file, at_once=False)
        if desk is not None:
            ticks.every(OFFER_EVERY, _offer_due, archive, desk, edition)
            ticks.every(FIRST_ROUND_EVERY, _end_first_round, archive, delivery)
            ticks.every(FIRST_ROUND_EVERY, _end_catch_up, archive, delivery)
            ticks.every(HEALTH_EVERY, _tell_health, archive, edition)
            ticks.every(STORIES_EVERY, _tend_stories, archive)
        await _first(stopping.wait(), _until_gone(archive))


@asynccontextmanager
async def _announced(archive: Archive, roles: Collection[str]) -> AsyncIterator[None]:
    """Say whether another monitor is at work here, and that this one is."""
    now = datetime.now(UTC)
    for other in await archive.ask(monitors.heard_of):
        if now - other.seen < monitors.SILENT and is_alive(other.owner):
            log.warning(
                "another monitor (%s) is at work on this archive: they share its sources, and one sends", other.owner
            )
    await _beat(archive, roles, now)
    try:
        yield
    finally:
        await archive.write(partial(monitors.gone, owner=owner_name()))


async def _beat(archive: Archive, roles: Collection[str], started: datetime) -> None:
    now = datetime.now(UTC)
    await archive.write(partial(monitors.beat, owner=owner_name(), roles=roles, started=started, now=now))


async def _until_gone(archive: Archive) -> None:
    """Never returns; raises ArchiveError once the database was taken away from under us."""
    while archive.is_there():  # noqa: ASYNC110  # a file tells nobody that it is deleted
        await asyncio.sleep(THERE_EVERY)
    raise archive.gone()


def _opening(edition: Edition, archive: Archive) -> str:
    """What starts, in one line."""
    settings = edition.settings
    watched = sum(source.enabled for source in settings.sources)
    probed = sum(source.probe for source in settings.sources)
    return (
        f"watching {watched} sources ({probed} more are tried daily) for {len(settings.topics)} topics; "
        f"config no. {edition.number}; archive {archive.where}; Ctrl-C ends it"
    )


@asynccontextmanager
async def _collecting(
    archive: Archive, edition: EditionNow, delivery: "Delivery | None", ticks: "Ticks"
) -> "AsyncIterator[Desk]":
    from spiders.desk import Desk  # noqa: PLC0415  # Scrapy loads only where it is used
    from spiders.engine import Crawl  # noqa: PLC0415
    from spiders.workers import Workers  # noqa: PLC0415

    await archive.write(partial(sources.release_dead, alive=is_alive))
    workers = Workers()
    crawl = Crawl(edition().settings.collect)
    wake = delivery.wake if delivery is not None else _nobody
    desk = Desk(
        archive,
        edition,
        fetch=crawl.fetch,
        survey=workers.survey,
        recorded=lambda _draft: wake(),  # alerts of this process go at once, not at delivery's next look
        heard=lambda _outcome: wake(),
    )
    workers.start()
    await crawl.start()
    await desk.start()
    ticks.every(RENEW_EVERY, _renew, archive, desk)
    ticks.every(RECYCLE_EVERY, crawl.recycle, at_once=False)
    try:
        yield desk
    finally:
        await desk.stop()
        await crawl.stop()
        await asyncio.to_thread(workers.stop)
        await archive.write(partial(sources.release, owner=owner_name()))


def _nobody() -> None:
    """Whom the desk wakes where delivery is another process's role."""


@asynccontextmanager
async def _delivering(archive: Archive, edition: EditionNow) -> "AsyncIterator[Delivery]":
    from alerts.delivery import Delivery  # noqa: PLC0415  # as above

    channel = await _channel(archive, edition().settings)
    delivery = Delivery(archive, channel, edition, owner=owner_name(), alive=is_alive)
    await delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


async def _channel(archive: Archive, settings: Settings) -> "Channel":
    """Telegram when there is a token, else the terminal, which then follows every topic as a subscriber."""
    now = datetime.now(UTC)
    token = settings.telegram.token(os.environ)
    if token:
        from alerts.telegram import TelegramChannel  # noqa: PLC0415  # as above

        await archive.write(partial(subscribers.leave, channel="terminal", chat=0, now=now))
        return TelegramChannel(token, settings.telegram.api_url)
    from alerts.terminal import TerminalChannel  # noqa: PLC0415  # as above

    join = partial(subscribers.join, channel="terminal", chat=0, language="en", timezone=settings.timezone, now=now)
    await archive.write(join)
    return TerminalChannel()


@asynccontextmanager
async def _answering(archive: Archive, edition: EditionNow) -> AsyncIterator[None]:
    from alerts.bot.app import Bot  # noqa: PLC0415  # as above

    bot = Bot(archive, edition)
    await bot.start()
    try:
        yield
    finally:
        await bot.stop()


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


async def _offer_due(archive: Archive, desk: "Desk", edition: EditionNow) -> int:
    """Claim what is due, as far as the desk has room, and put it before the desk."""
    room = desk.queue.maxsize - desk.queue.qsize()
    if room <= 0:
        return 0
    await _begin_catch_up(archive)
    claim = partial(
        sources.claim_due,
        owner=owner_name(),
        now=datetime.now(UTC),
        limit=room,
        per_host=1 if edition().settings.collect.host_delay else room,
    )
    claimed = await archive.write(claim)
    for due in claimed:
        desk.queue.put_nowait(due)
    return len(claimed)


async def _renew(archive: Archive, desk: "Desk") -> None:
    """Keep the leases of visits that are still going on."""
    if desk.active:
        renew = partial(sources.renew, owner=owner_name(), ids=sorted(desk.active), now=datetime.now(UTC))
        await archive.write(renew)


async def _back_up(archive: Archive, edition: EditionNow, file: Path) -> None:
    """Make the automatic backup when one is due."""
    await backups.back_up_when_due(archive, edition().settings.backup, file)


async def _tend_stories(archive: Archive) -> None:
    """Merge what turned out to be one story, let go of old ones, and keep the look-up of copies fast."""
    await archive.write(partial(stories.tend, now=datetime.now(UTC)))
    await asyncio.to_thread(stories.settle, archive)


async def _tell_health(archive: Archive, edition: EditionNow) -> None:
    """Tell the admins how the sources fare, where that changed."""
    admins = edition().settings.telegram.admins
    await archive.write(partial(health.tell_admins, admins=admins, now=datetime.now(UTC)))


async def _end_first_round(archive: Archive, delivery: "Delivery | None") -> None:
    """Once every source of an empty archive was visited: one digest instead of alerts."""
    if await archive.ask(sources.first_round_open):
        ended = await archive.write(partial(sources.end_first_round, now=datetime.now(UTC)))
        if ended:
            log.info("first round over: %s", await _tally(archive))
        if ended and delivery is not None:
            delivery.wake()


async def _begin_catch_up(archive: Archive) -> None:
    """After more than two hours without a visit (ended, asleep): what was missed comes as one digest."""
    now = datetime.now(UTC)
    if await archive.ask(partial(catch_up.due, now=now)) and await archive.write(partial(catch_up.begin, now=now)):
        log.info("nothing was visited for a while: what came meanwhile is told in one digest")


async def _end_catch_up(archive: Archive, delivery: "Delivery | None") -> None:
    """Once all that was due is visited: the digests."""
    if not await archive.ask(catch_up.is_open):
        return
    digests = await archive.write(partial(catch_up.end, now=datetime.now(UTC)))
    if digests is not None:
        log.info("caught up: %s digests", digests)
        if delivery is not None:
            delivery.wake()


async def _tally(archive: Archive) -> str:
    """How many of the watched sources answer, in one line; the likely cause when none does."""
    seen = await archive.ask(partial(status, now=datetime.now(UTC)))
    watched = seen.sources.get("enabled", 0)
    hint = "; none does: is this machine online?" if watched and not seen.sources_answering else ""
    return f"{seen.sources_answering} of {watched} watched sources answer, {seen.articles} articles archived{hint}"


async def _everything_due(
    archive: Archive, desk: "Desk | None", delivery: "Delivery | None", edition: EditionNow
) -> None:
    if desk is not None:
        while await _offer_due(archive, desk, edition):
            await desk.idle()
        await _end_first_round(archive, delivery)
        await _end_catch_up(archive, delivery)
        log.info("%s", await _tally(archive))
    if delivery is not None:
        await delivery.drain()


@contextmanager
def _stop_on_signals(stopping: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    caught = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        stopping.set()
        # Nothing is lost by ending at once, whatever hangs: claims and leases are made for kill -9.
        last_resort = threading.Timer(STOP_WITHIN, os._exit, args=(0,))
        last_resort.daemon = True
        last_resort.start()

    for number in caught:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


async def _first(*works: Awaitable[Any]) -> None:
    """Wait until one of `works` is done and end the others; its failure is raised here."""
    tasks = [asyncio.ensure_future(work) for work in works]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
