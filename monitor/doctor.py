"""rasad doctor: looks at all that a monitor stands on, and says for each fault what mends it. Changes nothing."""

import os
import platform
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import complaints, conditions, examination, monitors, reindex
from archive.database import Archive
from archive.engine import sqlite_library
from archive.migrate import HEAD
from core.errors import InputError, RasadError
from core.text import NORMALISER_VERSION
from monitor.vigilance import CLOCK_TOLERATED, LITTLE_ROOM, free_room
from settings import Settings

State = Literal["well", "advice", "wrong"]
SOUND_SQLITE = ((3, 44, 6), (3, 50, 7), (3, 51, 3))  # the first of each line without the WAL-reset fault


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    about: str
    state: State
    said: str
    fix: str = ""


def of_machine(settings: Settings) -> Iterator[Finding]:
    """Versions, room, permissions, names: what is there without the archive."""
    python = platform.python_version()
    yield Finding("versions", "well", f"Rasad {version('rasad')}, schema {HEAD}, Python {python}")
    if not settings.archive.url.startswith("postgresql"):
        yield _sqlite()
    free = free_room(settings) // 2**20
    if free < LITTLE_ROOM:
        yield Finding("room", "wrong", f"only {free} MiB are free", "free some; rasad prune lets old articles go")
    else:
        yield Finding("room", "well", f"{free} MiB are free")
    yield from _permissions(settings)
    yield from _names(settings)


def of_archive(archive: Archive, now: datetime) -> Iterator[Finding]:
    """The file, its rows and documents, the index, the clock, and who is at work."""
    with archive.reading() as conn:
        faults = examination.broken(conn)
        if faults:
            fix = "stop the monitor, then: rasad restore BACKUP --force"
            yield Finding("integrity", "wrong", "; ".join(faults), fix)
        else:
            yield Finding("integrity", "well", "the database is whole")
        yield from _orphans(conn, archive.evidence)
        yield _clock(conn)
        yield _at_work(conn, now)
        for each in conditions.present(conn):
            fix = complaints.REMEDIES.get(each.name, "rasad status")
            yield Finding(each.name, "wrong", each.detail.partition("\n")[0], fix)


async def of_telegram(settings: Settings) -> Finding:
    """Whether the bot's token is right and Telegram answers."""
    try:
        token = settings.telegram.token(os.environ)
    except InputError as error:
        return Finding("telegram", "wrong", str(error), "mend the file, or set TELEGRAM_BOT_TOKEN")
    if not token:
        return Finding("telegram", "advice", "no token: alerts go to the terminal", "set TELEGRAM_BOT_TOKEN")
    from alerts.telegram import TelegramChannel  # noqa: PLC0415  # only where there is a token

    channel = TelegramChannel(token, settings.telegram.api_url)
    try:
        await channel.probe()
    except RasadError as error:
        return Finding("telegram", "wrong", str(error), "a new token: @BotFather; blocked here: telegram.api_url")
    finally:
        await channel.close()
    return Finding("telegram", "well", "the bot answers")


def _sqlite() -> Finding:
    told = sqlite_library().sqlite_version
    here = tuple(int(part) for part in told.split("."))
    sound = here >= SOUND_SQLITE[-1] or any(here[:2] == line[:2] and here >= line for line in SOUND_SQLITE)
    if sound:
        return Finding("sqlite", "well", f"SQLite {told}")
    said = f"SQLite {told} can damage a database that several processes write (fixed in 3.51.3, 3.50.7, 3.44.6)"
    return Finding("sqlite", "advice", said, "pip install pysqlite3-binary, or a newer system")


def _permissions(settings: Settings) -> Iterator[Finding]:
    database = settings.archive.url.removeprefix("sqlite:///")
    files = [Path(database)] if database != settings.archive.url else []
    folders = {file.parent for file in files} | ({settings.evidence_folder} if settings.evidence_folder else set())
    for folder in sorted(each for each in folders if each.exists() and not os.access(each, os.W_OK)):
        yield Finding("permissions", "wrong", f"{folder} cannot be written", f"chown -R $USER {folder}")
    for file in (each for each in files if each.exists()):
        if stat.S_IMODE(file.stat().st_mode) & stat.S_IRWXO and stat.S_IMODE(file.parent.stat().st_mode) & stat.S_IXOTH:
            yield Finding(
                "permissions",
                "advice",
                f"{file} is open to others: it holds who gets alerts",
                f"chmod 700 {file.parent}",
            )


def _names(settings: Settings) -> Iterator[Finding]:
    sources = (source.url for source in settings.sources if source.enabled and not source.probe)
    hosts = [urlsplit(url).hostname for url in (settings.telegram.api_url, next(sources, None)) if url]
    for host in hosts:
        try:
            socket.getaddrinfo(host, 443)
        except OSError as error:
            yield Finding(
                "dns", "wrong", f"{host} is not found: {error.strerror}", "check /etc/resolv.conf and the line"
            )
        else:
            yield Finding("dns", "well", f"{host} is found")


def _orphans(conn: Connection, folder: Path | None) -> Iterator[Finding]:
    unindexed = examination.unindexed(conn)
    indexed = reindex.worked_by(conn, "words")
    if unindexed or (indexed is not None and indexed[1] != NORMALISER_VERSION):
        yield Finding("index", "wrong", f"search cannot find {unindexed or 'all'} articles", "rasad reindex")
    else:
        yield Finding("index", "well", "every article is indexed")
    if folder is None:
        return
    found = examination.documents(conn, folder)
    if found.missing:
        fix = "rasad restore brings them back from a backup"
        yield Finding("evidence", "wrong", f"{found.missing} documents have no file in {folder}", fix)
    elif found.stray:
        said = f"{found.stray} files belong to no article (a crash leaves such; they do no harm)"
        yield Finding("evidence", "advice", said)
    else:
        yield Finding("evidence", "well", "every document has its file")


def _clock(conn: Connection) -> Finding:
    error = examination.clock_error(conn)
    if error is None:
        return Finding("clock", "well", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; too few visits to compare it with")
    seconds = round(error.total_seconds())
    if abs(error) > CLOCK_TOLERATED:
        return Finding("clock", "wrong", f"{seconds} s off from what servers say", "timedatectl set-ntp true")
    return Finding("clock", "well", f"within {abs(seconds)} s of what servers say")


def _at_work(conn: Connection, now: datetime) -> Finding:
    alive = [each for each in monitors.heard_of(conn) if now - each.seen < monitors.SILENT]
    if alive:
        return Finding("monitor", "well", f"{alive[0].owner} runs {alive[0].roles}")
    return Finding("monitor", "advice", "no monitor is at work", "rasad run, or: systemctl start rasad")
