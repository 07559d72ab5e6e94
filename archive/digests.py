"""Regular digests: what alerted on a reader's topics in a day or a week, with what was covered. Sends nothing."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import Connection, func, select, update

from archive.cards import Telling
from archive.outbox import enqueue_digest
from archive.reactions import Mute, mutes
from archive.rows import AnyRow, subscribers_of, whole_story
from archive.schema import alert, article, source, subscriber, watch
from archive.subjects import WATCH, is_watch, topic_of
from core.messages import Coverage, Subscriber
from core.model import LEVELS
from core.schedule import Every, Schedule

STORIES = 20  # of one digest


def schedule_of(conn: Connection, subscriber_id: int) -> Schedule | None:
    """When the subscriber gets a digest; None where it gets none."""
    row = conn.execute(select(subscriber).where(subscriber.c.id == subscriber_id)).one()
    return _schedule(row.digest_every, row.digest_at)


def set_schedule(conn: Connection, subscriber_id: int, schedule: Schedule | None, now: datetime) -> None:
    """Have digests from now on, the first at the next time; or none."""
    values = {
        "digest_every": schedule.every if schedule else None,
        "digest_at": f"{schedule.at:%H:%M}" if schedule else None,
        "digest_told": now if schedule else None,
    }
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(values))


def tell_due(conn: Connection, now: datetime) -> int:
    """Make the digests that are due; how many. Late ones are made once, whatever was missed."""
    wants = (subscriber.c.state == "active") & subscriber.c.digest_every.is_not(None)
    made = 0
    for row in conn.execute(select(subscriber).where(wants)).all():
        schedule = _schedule(row.digest_every, row.digest_at)
        due = schedule.latest(now, row.timezone) if schedule else None
        if schedule and due and (row.digest_told is None or row.digest_told < due):
            _tell(conn, row.id, schedule, due, now)
            made += 1
    return made


def _tell(conn: Connection, who: int, schedule: Schedule, due: datetime, now: datetime) -> None:
    since = due - schedule.period
    tellings = _tellings(conn, subscribers_of(conn, [who])[who], since, due)
    coverage = _coverage(conn, schedule.every, since, due)
    occasion = f"{schedule.every} {due.isoformat()}"
    told = tellings[:STORIES]
    enqueue_digest(conn, who, told, total=len(tellings), occasion=occasion, now=now, coverage=coverage)
    conn.execute(update(subscriber).where(subscriber.c.id == who).values(digest_told=due))


def _tellings(conn: Connection, who: Subscriber, since: datetime, until: datetime) -> list[Telling]:
    """The stories that alerted, by their first article; what is higher first, then what is newer."""
    born = (alert.c.born >= since) & (alert.c.born < until) & (alert.c.occasion == "first")
    asked = select(alert.c.article, alert.c.subject, alert.c.level, article.c.source, whole_story().label("story"))
    rows = conn.execute(asked.join(article, article.c.id == alert.c.article).where(born).order_by(alert.c.article))
    own = {f"{WATCH}{number}" for number in _watches(conn, who.id)}
    muted = mutes(conn, who.id, until)
    stories: dict[int, list[AnyRow]] = {}
    for row in rows:
        topic = topic_of(row.subject)
        follows = topic in own if is_watch(topic) else who.follows_all or topic in who.topics
        if follows and not _is_muted(row, topic, muted):
            stories.setdefault(row.story, []).append(row)
    tellings = [
        Telling(told[0].article, tuple({topic_of(row.subject): row.level for row in told}.items()))
        for told in stories.values()
    ]
    return sorted(tellings, key=lambda each: (max(LEVELS.index(level) for _, level in each.topics), each.article))[::-1]


def _watches(conn: Connection, who: int) -> Sequence[int]:
    return conn.execute(select(watch.c.id).where(watch.c.subscriber == who, watch.c.state == "active")).scalars().all()


def _is_muted(row: AnyRow, topic: str, muted: Sequence[Mute]) -> bool:
    of = {"topic": topic, "source": row.source, "story": str(row.story)}
    return any(of.get(each.kind) == each.what for each in muted)


def _coverage(conn: Connection, every: Every, since: datetime, until: datetime) -> Coverage:
    watched, recorded = source.c.state == "enabled", (article.c.recorded >= since) & (article.c.recorded < until)
    well = watched & (source.c.reason == "") & source.c.last_visit.is_not(None)

    def count(condition: object) -> int:
        return int(conn.execute(select(func.count()).where(condition)).scalar_one())  # type: ignore[arg-type]  # any

    return Coverage(
        every=every,
        since=since,
        until=until,
        up=count(well),
        sources=count(watched),
        items=count(recorded),
        copies=count(recorded & article.c.duplicate_of.is_not(None)),
    )


def _schedule(every: Every | None, at: str | None) -> Schedule | None:
    return Schedule(every, time.fromisoformat(at)) if every and at else None
