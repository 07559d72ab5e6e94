"""The upkeep of the live stories. Judges nothing."""

from datetime import datetime

from sqlalchemy import Connection

from archive.boilerplate import forget_lines
from archive.copies import settle_fingerprints, young_fingerprints
from archive.database import Archive
from archive.locks import JUDGING, lock
from archive.placing import living

YOUNG = 200_000  # fingerprints that may wait to be moved: so many that most pages of the large table are met once


def merge(conn: Connection) -> int:
    """Unite small live legs that turned out to be one, after all alerts: it groups and silences nothing. How many."""
    lock(conn, JUDGING)
    return living(conn).merge(conn)


def forget(conn: Connection, now: datetime) -> int:
    """Let go of what is no longer live; how many articles."""
    lock(conn, JUDGING)
    return living(conn).forget(conn, now)


def tend(conn: Connection, now: datetime) -> None:
    """The upkeep of a running monitor, every minute or so: merge, forget, and keep what was counted."""
    merge(conn)
    forget(conn, now)
    living(conn).frequencies(conn).flush(conn)
    if living(conn).is_new_day(now):
        forget_lines(conn, now)


def settle(archive: Archive, *, least: int = YOUNG) -> None:
    """Move the youngest fingerprints once there are many, in short transactions of their own."""
    with archive.reading() as conn:
        if young_fingerprints(conn) <= least:
            return
    more = True
    while more:
        with archive.writing() as conn:
            more = settle_fingerprints(conn)
