"""What the monitor notices about itself, told to the admins once per change, and to whoever waits for its ping."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from archive import conditions, examination, outbox, reindex
from archive.database import Archive
from archive.migrate import HEAD
from core.messages import Notice
from core.text import NORMALISER_VERSION
from settings import Edition, Settings

LOOK_EVERY = 60.0  # seconds
LITTLE_ROOM = 1024  # MiB; below, the disk is low
ENOUGH_ROOM = 1536  # MiB; from there on it is not
CLOCK_TOLERATED = timedelta(minutes=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """That something is wrong, or no longer: `values` of its notice, and the sentence of `rasad status`."""

    name: str
    wrong: bool
    detail: str = ""
    values: Mapping[str, str] | None = None


def change(conn: Connection, finding: Finding, admins: tuple[int, ...], now: datetime) -> bool:
    """Note the finding; whether it is news. The admins are told of a change, never twice of the same."""
    if finding.wrong:
        changed = conditions.begin(conn, finding.name, finding.detail, now)
    else:
        changed = conditions.end(conn, finding.name)
    if changed:
        word = finding.name if finding.wrong else f"{finding.name}_over"
        notice = Notice(word, dict(finding.values or {}))
        outbox.enqueue_notice(conn, notice, admins=admins, occasion=now.isoformat(), now=now)
    return changed


async def look(archive: Archive, edition: Callable[[], Edition]) -> None:
    """Look at disk, clock and index once."""
    settings, now = edition().settings, datetime.now(UTC)
    findings = await asyncio.to_thread(room, settings)
    for finding in (*findings, *await archive.ask(lambda conn: list(_of_archive(conn)))):
        work = partial(change, finding=finding, admins=settings.telegram.admins, now=now)
        if await archive.write(work):
            log.warning("%s", finding.detail or f"{finding.name}: over")


async def tell_migration(archive: Archive, settings: Settings) -> None:
    """Tell the admins that the archive was brought to another schema, where it was."""
    former = archive.migrated_from
    if former is not None:
        log.info("the archive was brought from schema %s to %s", former, HEAD)
        notice = Notice("migrated", {"former": former, "present": HEAD})
        tell = partial(outbox.enqueue_notice, notice=notice, admins=settings.telegram.admins, occasion=HEAD)
        await archive.write(partial(tell, now=datetime.now(UTC)))


def room(settings: Settings) -> tuple[Finding, ...]:
    """Whether the archive's disk has room; between the two limits all stays as it is."""
    free = free_room(settings) // 2**20
    detail = f"only {free} MiB are free on the disk of the archive"
    if LITTLE_ROOM <= free < ENOUGH_ROOM:
        return ()
    return (Finding("disk_low", free < LITTLE_ROOM, detail, {"free": str(free)}),)


def free_room(settings: Settings) -> int:
    """Bytes that are free where the archive lies; of a server's database, where the evidence does."""
    database = settings.archive.url.removeprefix("sqlite:///")
    place = Path(database) if database != settings.archive.url else settings.evidence_folder or settings.folder
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def _of_archive(conn: Connection) -> Iterator[Finding]:
    error = examination.clock_error(conn)
    if error is not None:
        minutes = round(error.total_seconds() / 60)
        detail = f"the clock of this machine is {minutes} minutes off from what the sources say"
        yield Finding("clock_wrong", abs(error) > CLOCK_TOLERATED, detail, {"minutes": str(minutes)})
    indexed = reindex.worked_by(conn, "words")
    if indexed is not None:
        detail = "this release reads words in another way than the archive is indexed by"
        yield Finding("reindex_needed", indexed[1] != NORMALISER_VERSION, detail)
