"""Looking at the whole: status."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import typer

import scheduler
import settings as config
from archive import status as archive_status
from archive.monitors import SILENT
from cli.screen import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    ago,
    as_json,
    jsonable,
    out,
)

_STAGES = {
    "published_fetched": "published → fetched",
    "fetched_recorded": "fetched → recorded",
    "recorded_sent": "recorded → sent",
}


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(status)


def status(json_: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """The whole on one screen. Example: rasad status --json"""
    settings = config.archive_of(file)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        seen = archive_status.status(conn, now)
    if json_:
        as_json({"rasad": version("rasad")} | jsonable(asdict(seen)))
        return
    for label, value in _status_lines(seen, now):
        out.print(f"{label:<12} {value}".replace("\n", f"\n{'':<13}"))


def _status_lines(seen: archive_status.Status, now: datetime) -> list[tuple[str, str]]:
    wrong = [("wrong", f"since {ago(each.at, now)}: {each.what} → {each.remedy}") for each in seen.errors]
    wrong += [
        ("held", f"topic {each.topic}, {each.held} messages since {ago(each.since, now)} → rasad brake --help")
        for each in seen.brakes
    ]
    waiting = sum(seen.queue.get(state, 0) for state in ("new", "held", "joined", "claimed", "ambiguous", "deferred"))
    oldest = f", the oldest since {ago(seen.oldest_unsent, now)}" if seen.oldest_unsent else ""
    return [
        *wrong,
        ("rasad", f"{version('rasad')}, config no. {seen.edition or 'none yet'}"),
        ("monitor", _at_work(seen, now)),
        ("archive", f"{seen.articles} articles, {seen.stories} stories, {seen.size / 2**20:.1f} MiB, {seen.database}"),
        ("evidence", f"{seen.documents} documents, {seen.evidence / 2**20:.1f} MiB"),
        ("newest", f"{ago(seen.last_article, now)} ago" if seen.last_article else "nothing yet"),
        (
            "sources",
            f"{_counts(seen.sources)}; {seen.sources_failing} failing, {seen.sources_unvisited} not visited yet",
        ),
        *(
            ("delay", f"{_STAGES[each.stage]}: half within {each.p50:g} s, 95 % within {each.p95:g} s")
            for each in seen.latency
        ),
        ("subscribers", _counts(seen.subscribers)),
        *_sending(seen, now),
        ("alerts", f"{waiting} waiting{oldest}; of all, counted per topic and chat: {_counts(seen.queue)}"),
    ]


def _sending(seen: archive_status.Status, now: datetime) -> list[tuple[str, str]]:
    """Who sends over which channel, and what holds it back."""
    lines = []
    for each in seen.senders:
        rests = [f"{each.parked} chats rest"] if each.parked else []
        if each.paused_until:
            rests.append(f"everything rests until {each.paused_until:%H:%M:%S} UTC: too many requests")
        if each.trouble:
            rests.append(f"NOTHING IS SENT, the queue is kept: {each.trouble}")
        if each.lease_until <= now:
            rests.append("its lease has run out")
        lines.append(("sending", "; ".join([f"{each.channel}, by {each.owner} since {ago(each.since, now)}", *rests])))
    return lines


def _at_work(seen: archive_status.Status, now: datetime) -> str:
    """Whether a monitor runs, which roles since when; else when one was last heard of."""
    alive = [each for each in seen.monitors if now - each.seen < SILENT and scheduler.is_alive(each.owner)]
    if not alive:
        last = f"; the last one ended without a word {ago(seen.monitors[0].seen, now)} ago" if seen.monitors else ""
        return f"not running{last}"
    running = "; ".join(f"{each.owner} runs {each.roles} since {ago(each.started, now)}" for each in alive)
    return running + (" · first round: no alerts until every source was visited" if seen.first_round_open else "")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none"
