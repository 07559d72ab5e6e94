"""Writes the alerts that are born of an article, and the messages that wait because of them. Decides nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from archive import brake, outbox
from archive.conflict import add_missing
from archive.schema import alert
from archive.subjects import subject_of
from core.model import Alert


def announce(
    conn: Connection, *, story: int, article: int, alerts: Sequence[Alert], now: datetime, hold: bool = False
) -> int:
    """Write `alerts` of an article, in the caller's transaction. The number of messages that wait because of them.

    `hold`: what is not breaking waits for a digest. A topic that is braked waits in any case, turns aside.
    """
    if not alerts:
        return 0
    add_missing(conn, alert, [_row(story, article, born, now) for born in alerts])
    held = [
        born
        for born in alerts
        if born.turn is None and brake.holds(conn, born.topic, now, breaking=born.level == "breaking")
    ]
    waiting = outbox.enqueue(
        conn, story=story, article=article, alerts=[born for born in alerts if born not in held], now=now, hold=hold
    )
    return waiting + outbox.hold(conn, story=story, article=article, alerts=held, now=now, reason=brake.HELD)


def _row(story: int, article: int, born: Alert, now: datetime) -> dict[str, object]:
    return {
        "story": story,
        "subject": subject_of(born.topic),
        "occasion": born.occasion,
        "article": article,
        "level": born.level,
        "born": now,
        "turn": born.turn,
        "unconfirmed": born.unconfirmed or None,
        "edit": asdict(born.edit) if born.edit is not None else None,
    }
