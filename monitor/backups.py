"""The automatic backup: whether one is due, where it goes, and which are kept. A process of its own makes it."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive import restore
from archive.backup import Progress, Written, back_up
from archive.database import Archive
from archive.evidence import remove
from monitor.vigilance import Finding, change
from settings import BackupSettings, Settings

LOOK_EVERY = 600.0  # seconds
FAILED = "backup_failed"  # the condition that holds until one has succeeded
_SUFFIX = ".backup"
_STAMP = "%Y%m%dT%H%M%SZ"

log = logging.getLogger(__name__)


def taken(folder: Path) -> list[tuple[datetime, Path]]:
    """The automatic backups in `folder`, the oldest first."""
    found = []
    for file in folder.glob(f"rasad-*{_SUFFIX}"):
        try:
            at = datetime.strptime(file.name, f"rasad-{_STAMP}{_SUFFIX}").replace(tzinfo=UTC)
        except ValueError:
            continue  # another's
        found.append((at, file))
    return sorted(found)


def is_due(settings: BackupSettings, now: datetime) -> bool:
    """Whether the newest one is older than it should be."""
    if settings.to is None:
        return False
    before = taken(settings.to)
    return not before or now - before[-1][0] >= settings.every


def make(archive: Archive, settings: BackupSettings, *, config: bytes, now: datetime, progress: Progress) -> Written:
    """Make one beside the others, sharing their evidence; then let those go that are too many.

    Raises ArchiveError when it cannot be made; those that are there stay then.
    """
    assert settings.to is not None
    settings.to.mkdir(parents=True, exist_ok=True)
    file = settings.to / f"rasad-{now.astimezone(UTC).strftime(_STAMP)}{_SUFFIX}"
    common = settings.to / restore.FOLDER
    written = back_up(archive, file, config=config, now=now, progress=progress, common=common)
    every = taken(settings.to)
    gone, kept = every[: -settings.keep], every[-settings.keep :]
    if gone:
        needed = {digest for _, file in kept for digest in restore.documents(file)}
        unneeded = {digest for _, file in gone for digest in restore.documents(file)} - needed
        for _, file in gone:
            file.unlink()
        for digest in unneeded:
            remove(common, digest)
    return written


async def back_up_when_due(archive: Archive, wanted: Callable[[], Settings], file: Path) -> None:
    """Have a backup made if one is due, by the config `file`. What goes wrong is a condition, and is logged."""
    if not is_due(wanted().backup, datetime.now(UTC)):
        return
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "cli", "backup", "--automatic", "--config", str(file)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said, wrong = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode == 0:
        log.info("%s", "; ".join(said.decode(errors="replace").splitlines()))
        await _note(archive, wanted(), Finding(FAILED, wrong=False))
        return
    reason = wrong.decode(errors="replace").strip().splitlines()[-1:] or [f"ended with code {process.returncode}"]
    log.error("no backup was made: %s", reason[0])
    finding = Finding(FAILED, wrong=True, detail=f"no backup was made: {reason[0]}", values={"reason": reason[0]})
    await _note(archive, wanted(), finding)


async def _note(archive: Archive, settings: Settings, finding: Finding) -> None:
    now = datetime.now(UTC)
    await archive.write(partial(change, finding=finding, admins=settings.telegram.admins, now=now))
