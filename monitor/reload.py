"""The config file while the monitor runs: a good edit becomes active, a bad one is told and changes nothing.

Every unit of work takes the active edition once, at its start, and keeps it to its end; so an edit tears nothing.
The file is looked at rather than subscribed to: that sees edits on every file system and through every editor's way
of replacing a file, and costs one stat.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

import settings as config
from archive import conditions, outbox, watches
from archive.database import Archive
from core.config.changes import changes
from core.config.toml import read
from core.errors import ConfigError, Fault, InputError
from core.messages import Notice
from monitor.opening import rules_of
from settings import Edition, Settings

WATCHES_EVERY = 1.0  # seconds until a watch that was confirmed alerts
LOOK_EVERY = 0.5  # seconds; an edit is read when two looks agree that nobody is writing any more
CONFIG_REFUSED = "config_refused"  # the condition that holds while the file cannot be used
_TOLD = 10  # faults in a message; the terminal has all
NEXT_START = {  # what a running monitor does not give up: tables, and keys of a table
    "archive": "the archive stays open",
    "web": "the page stays where it listens",
    "webhooks": "webhooks go on as they began",
    "telegram.api_url": "the bot stays connected",
    "telegram.proxy": "the bot stays connected",
    "telegram.token_file": "the bot stays connected",
    "telegram.webhook": "the bot stays connected",
    "telegram.webhook_listen": "the bot stays connected",
}

log = logging.getLogger(__name__)

Signature = tuple[int, int, int]


class Reload:
    """Holds the active edition and renews it from the file. Who must adapt to a new one adds itself to `followers`."""

    def __init__(self, archive: Archive, active: Edition, activate: Callable[[Archive, Settings], Edition]) -> None:
        """`activate` makes settings an edition."""
        self.followers: list[Callable[[Edition, Edition], Awaitable[None]]] = []  # told of the former and the new one
        self._archive = archive
        self._active = active
        self._activate = activate
        self._watched: tuple[object, ...] | None = None  # what readers watch, as it was taken over last
        self._read: Signature | None = None  # of the file as it was last read
        self._seen: Signature | None = None  # and as it was at the last look

    def edition(self) -> Edition:
        """The edition that is active now."""
        return self._active

    async def look(self, file: Path) -> None:
        """Take over what was edited, if anything was. Never raises for what a file can hold."""
        now = _signature(file)
        settled, self._seen = now == self._seen, now
        if now is None or now == self._read or not settled:
            return
        self._read = now
        try:
            settings = await asyncio.to_thread(_usable, file)
        except ConfigError as error:
            await self._refuse(ConfigError(file.name, error.faults))
        else:
            await self._accept(settings, file.name)

    async def look_at_watches(self) -> None:
        """Take over what readers watch, if that changed."""
        active, stamp = self._active, await self._archive.ask(watches.stamp)
        if stamp == self._watched:
            return
        rules = await asyncio.to_thread(rules_of, self._archive, active.settings)
        if self._active is active:  # else an edit came between: looked at again
            self._active, self._watched = replace(active, rules=rules), stamp

    async def _accept(self, settings: Settings, name: str) -> None:
        former = self._active
        await self._archive.write(partial(conditions.end, name=CONFIG_REFUSED))
        if settings.text == former.settings.text:
            return
        for fault in settings.warnings:
            log.warning("%s", fault.at(name))
        self._active = await asyncio.to_thread(self._activate, self._archive, settings)
        told = _differences(former, self._active) or ["only comments or layout"]
        log.info("config no. %s is active: %s", self._active.number, "; ".join(told))
        for follower in self.followers:
            await follower(former, self._active)

    async def _refuse(self, error: ConfigError) -> None:
        faults = str(error).splitlines()
        for fault in faults:
            log.error("%s", fault)
        log.error("the file is not used: config no. %s stays active", self._active.number)
        await self._archive.write(partial(self._tell, faults=faults, now=datetime.now(UTC)))

    def _tell(self, conn: Connection, faults: list[str], now: datetime) -> None:
        conditions.begin(conn, name=CONFIG_REFUSED, detail="\n".join(faults), now=now)
        told = [Notice(CONFIG_REFUSED, {"number": str(self._active.number)})]
        told += [Notice("config_fault", {"fault": fault}) for fault in faults[:_TOLD]]
        admins = self._active.settings.telegram.admins
        for place, notice in enumerate(told):  # together, so they need no rest; somebody waits for the answer
            occasion = f"{now.isoformat()} {place}"
            outbox.enqueue_notice(conn, notice, admins=admins, occasion=occasion, now=now, rest=timedelta(0))


def _usable(file: Path) -> Settings:
    """What the file says, the proxies' file that it names looked at too. Raises ConfigError."""
    settings = config.load(file)
    try:
        settings.collect.proxy_users()
    except InputError as error:
        place = read(settings.text).positions.value(("collect", "proxy_file"))
        raise ConfigError(str(file), (Fault(*place, str(error)),)) from None
    return settings


def _signature(file: Path) -> Signature | None:
    """What changes when a file is written or replaced; None while there is none, as between an editor's two steps."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _differences(former: Edition, active: Edition) -> list[str]:
    """The changes in words, with a remark on what only the next start brings."""
    lines = changes(*(read(each.settings.text).values or {} for each in (former, active)))
    return [f"{line} (at the next start: {why})" if (why := _waits(line)) else line for line in lines]


def _waits(line: str) -> str | None:
    return next((why for key, why in NEXT_START.items() if line.startswith((f"{key}.", f"{key} "))), None)
