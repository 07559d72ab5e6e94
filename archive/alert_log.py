"""The alerts that were born and what became of their messages: counts per state, never a chat. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select, tuple_

from archive.rows import AnyRow
from archive.schema import alert, article, outbox
from archive.search import cursor_of
from core.model import Level

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Logged:
    """An alert. `delays`: seconds from its birth to the first and to the last message that was sent."""

    story: int
    article: int
    title: str
    language: str | None
    topic: str
    occasion: str  # first | level:N | turn:N | revision:ARTICLE.NUMBER
    level: Level
    turn: str | None
    unconfirmed: str | None
    born: datetime
    states: Mapping[str, int]  # of the outbox, by messages
    delays: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some alerts, newest first; `next` is where the following page begins."""

    alerts: tuple[Logged, ...]
    next: str | None


def page(conn: Connection, *, topic: str | None = None, limit: int = 50, cursor: str | None = None) -> LogPage:
    """One page of the log, more than `limit` where one birth has more. What is born meanwhile moves no later page.

    Raises InputError for a cursor that is none of ours.
    """
    chosen = select(alert, article.c.title, article.c.language, func.substr(article.c.text, 1, 140).label("opening"))
    chosen = chosen.join(article, article.c.id == alert.c.article)
    if topic is None:
        chosen = chosen.where(alert.c.subject.startswith("topic:"))  # what readers watch is their own
    else:
        chosen = chosen.where(alert.c.subject == f"topic:{topic}")
    micros, story = cursor_of(cursor)
    if micros is not None:
        chosen = chosen.where(_birth < tuple_(_EPOCH + micros * _MICROSECOND, story))
    order = (alert.c.born.desc(), alert.c.story.desc(), alert.c.subject, alert.c.occasion)
    rows: Sequence[AnyRow] = conn.execute(chosen.order_by(*order).limit(limit + 1)).all()
    more = len(rows) > limit
    if more:  # alerts of one story and birth stay on one page
        whole = [row for row in rows if _place(row) != _place(rows[-1])]
        rows = whole or conn.execute(chosen.where(_birth == tuple_(*_place(rows[-1]))).order_by(*order)).all()
    fates = _fates(conn, {row.story for row in rows})
    told = tuple(_logged(row, fates.get((row.story, row.subject, row.occasion), [])) for row in rows)
    last = rows[-1] if more else None
    return LogPage(told, f"{(last.born - _EPOCH) // _MICROSECOND}.{last.story}" if last is not None else None)


_birth = tuple_(alert.c.born, alert.c.story)


def _place(row: AnyRow) -> tuple[datetime, int]:
    return row.born, row.story


def _fates(conn: Connection, stories: set[int]) -> Mapping[tuple[int, str, str], list[AnyRow]]:
    """By alert its messages: how many in which state, and when the first and the last of them got there."""
    alert_of = (outbox.c.story, outbox.c.subject, outbox.c.occasion)
    rows = conn.execute(
        select(
            *alert_of,
            outbox.c.state,
            func.count().label("messages"),
            func.min(outbox.c.settled).label("first"),
            func.max(outbox.c.settled).label("last"),
        )
        .where(outbox.c.story.in_(stories))
        .group_by(*alert_of, outbox.c.state)
    )
    found: dict[tuple[int, str, str], list[AnyRow]] = {}
    for row in rows:
        found.setdefault((row.story, row.subject, row.occasion), []).append(row)
    return found


def _logged(row: AnyRow, fates: list[AnyRow]) -> Logged:
    sent = next((each for each in fates if each.state == "sent" and each.first), None)
    return Logged(
        story=row.story,
        article=row.article,
        title=row.title.strip() or row.opening,
        language=row.language,
        topic=row.subject.removeprefix("topic:"),
        occasion=row.occasion,
        level=row.level,
        turn=row.turn,
        unconfirmed=row.unconfirmed,
        born=row.born,
        states={each.state: each.messages for each in fates},
        delays=sent and ((sent.first - row.born).total_seconds(), (sent.last - row.born).total_seconds()),
    )
