"""What an edit of the rules entails, in a process of its own: evidence for the admins, and hits of archived articles.

python -m monitor.aftermath FILE
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

import settings as config
from archive import backtest, brake, editions, outbox, reindex
from archive.backtest import Change
from archive.database import Archive
from core.config.toml import read
from core.errors import ConfigError
from core.messages import Notice
from core.rules.match import RuleSet, compile_rules
from core.text import NORMALISER_VERSION
from monitor import logs
from monitor.opening import open_archive
from settings import Edition, Settings

LOOK_EVERY = 5.0  # seconds
EVIDENCE = timedelta(days=7)
SAMPLES = 3
RATE_OF = timedelta(days=14)
MEASURED_EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


# --- in the monitor ----------------------------------------------------------------------------------------------


async def follow(archive: Archive, edition: Callable[[], Edition], file: Path) -> None:
    """Have done what the active edition entails, if that is anything. Returns when it is done."""
    if await archive.write(partial(_is_settled, edition=edition())):
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor.aftermath", str(file)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with logs.relayed(process, "aftermath"):
            code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if code:
        log.error("the hits of archived articles were not found anew (code %s); it is tried again", code)


def _is_settled(conn: Connection, edition: Edition) -> bool:
    """Whether the archive's hits are those of the edition's rules, and what these are expected to hit is known."""
    now = datetime.now(UTC)
    if reindex.is_empty(conn):
        _note(conn, edition.number, now)
        brake.expect(conn, dict.fromkeys(edition.settings.topics, 0.0), now)
        return True
    measured = brake.measured(conn)
    if edition.settings.topics and (measured is None or now - measured > MEASURED_EVERY):
        return False
    return reindex.worked_by(conn, "hits") == (edition.number, NORMALISER_VERSION, True)


def _note(conn: Connection, number: int, now: datetime) -> None:
    """Nothing is to be found anew. By which normaliser the words are indexed is noted once: rasad reindex renews it."""
    reindex.note(conn, "hits", number, now)
    if reindex.worked_by(conn, "words") is None:
        reindex.note(conn, "words", number, now)


def _rules_of(text: str) -> Mapping[str, Any]:
    values = read(text).values or {}
    return {section: values.get(section, {}) for section in ("names", "topics")}


# --- in its own process ------------------------------------------------------------------------------------------


def work_through(archive: Archive, file: Path, now: datetime) -> None:
    """Tell the admins what the active rules change, measure them, and find the hits anew."""
    with archive.reading() as conn:
        number = editions.active(conn)
        assert number is not None, "a monitor runs"
        active = config.parse(editions.text_of(conn, number), file=str(file), folder=file.parent)
        done = reindex.worked_by(conn, "hits")
        former = _earlier(conn, done[0] if done else number, file)
    rules = compile_rules(active.names, active.topics)
    with archive.reading() as conn:
        evidence = list(_evidence(conn, former, active, now))
    with archive.writing() as conn:
        for notice in evidence:
            occasion = f"edition {number} {notice.values['topic']}"
            admins = active.telegram.admins
            outbox.enqueue_notice(conn, notice, admins=admins, occasion=occasion, now=now)
    measure(archive, active, now)
    with archive.writing() as conn:
        if done is None or (done[2] and former and _rules_of(former.text) == _rules_of(active.text)):
            _note(conn, number, now)
            return
        reindex.begin(conn, "hits", edition=number, since=now - reindex.BACK)
    looked = reindex.run(archive, "hits", rules, now=now, progress=lambda _share: None)
    log.info("the hits of %s archived articles are those of config no. %s", looked, number)


def _earlier(conn: Connection, number: int, file: Path) -> Settings | None:
    """The settings of that number; None where they are right no longer, as after an upgrade."""
    try:
        return config.parse(editions.text_of(conn, number), file=str(file), folder=file.parent)
    except (ConfigError, KeyError):
        return None


def _evidence(conn: Connection, former: Settings | None, active: Settings, now: datetime) -> Iterator[Notice]:
    """A notice for each topic whose rule finds something else now in what was recorded in the last days."""
    if former is None:
        return
    edited = {key for key in (*active.topics, *former.topics) if active.topics.get(key) != former.topics.get(key)}
    known = dict.fromkeys((*active.topics, *former.topics))
    concerned = [key for key in known if key in edited or former.names != active.names]
    for key, found in backtest.by_topic(conn, concerned, former, active, since=now - EVIDENCE, now=now):
        if key in edited or found.gained.count or found.lost.count:
            yield _told(key, found)


def _told(key: str, found: Change) -> Notice:
    values = {"topic": key, "before": found.before, "after": found.after, "new": found.gained.count}
    samples = [f"+ {each.article.title}" for each in found.gained.samples[:SAMPLES]]
    samples += [f"− {each.article.title}" for each in found.lost.samples[:SAMPLES]]
    return Notice(
        "rule_changed", {name: str(value) for name, value in values.items()} | {"samples": "\n".join(samples)}
    )


def measure(archive: Archive, settings: Settings, now: datetime) -> None:
    """Write how often each topic is to be expected: by which its brake is set."""
    rates = {}
    for key in settings.topics:
        rules = compile_rules(settings.names, settings.topics, only=key)
        with archive.reading() as conn:
            rates[key] = _hourly(conn, rules, now)
    with archive.writing() as conn:
        brake.expect(conn, rates, now)


def _hourly(conn: Connection, rules: RuleSet, now: datetime) -> float:
    """Articles, copies aside, that the rules find in an hour, over the last days or as long as there were any."""
    found = backtest.run(conn, rules, since=now - RATE_OF, now=now)
    days = len(found.tally.days) or 1
    return found.tally.count / (24 * min(days, RATE_OF.days))


def main() -> None:
    """Entry point of the process; it gives way to the monitor."""
    os.nice(10)
    logs.for_the_monitor()
    file = Path(sys.argv[1])
    archive = open_archive(config.archive_of(file))
    try:
        work_through(archive, file, datetime.now(UTC))
    finally:
        archive.close()


if __name__ == "__main__":
    main()
