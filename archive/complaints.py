"""What went wrong last, in plain words, each with what to do about it. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive.conditions import Condition
from archive.schema import outbox, source
from archive.senders import Sender

MOST = 5  # of sources, and of messages

REMEDIES = {
    "config_refused": "mend the file, or go back: rasad config undo",
    "backup_failed": "see why: rasad backup --automatic",
    "disk_low": "free some room; rasad prune lets old articles go",
    "clock_wrong": "set it: timedatectl set-ntp true",
    "reindex_needed": "rasad reindex",
}
"""What to do about a condition, by its name."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is wrong since, or went wrong at, a time."""

    at: datetime
    what: str
    remedy: str


def complaints(
    conn: Connection, conditions: tuple[Condition, ...], senders: tuple[Sender, ...], since: datetime
) -> tuple[Complaint, ...]:
    """All of them, the newest first; messages that could not be delivered from `since` on."""
    found = [Complaint(each.since, each.detail, REMEDIES.get(each.name, "rasad doctor")) for each in conditions]
    found += [
        Complaint(each.since, f"{each.channel}: {each.trouble}", "check the token: TELEGRAM_BOT_TOKEN, rasad doctor")
        for each in senders
        if each.trouble
    ]
    found += [
        Complaint(row.at, f"{row.name}: {row.reason}", f"rasad sources test {row.id}") for row in conn.execute(_FAILING)
    ]
    dead = select(outbox.c.settled, outbox.c.id, outbox.c.reason).where(outbox.c.state == "dead")
    dead = dead.where(outbox.c.settled >= since).order_by(outbox.c.settled.desc()).limit(MOST)
    found += [
        Complaint(row.settled, f"message {row.id} was not delivered: {row.reason}", "rasad subscribers")
        for row in conn.execute(dead)
    ]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


_FAILING = (
    select(source.c.id, source.c.name, source.c.reason, source.c.last_visit.label("at"))
    .where(source.c.state == "enabled", source.c.reason != "", source.c.last_visit.is_not(None))
    .order_by(source.c.last_visit.desc())
    .limit(MOST)
)
