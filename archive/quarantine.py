"""Sources that an operator found to be hacked or lying: archived, nobody is told, not counted. Retracts nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from archive.schema import alert, article, outbox, source


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert that a source's article gave rise to. `chats`: those that got it, or will."""

    born: datetime
    topic: str
    level: str
    article: int
    title: str
    url: str
    chats: int


def quarantine(conn: Connection, source_id: str, since: datetime) -> None:
    """From `since` on nothing of the source counts; nobody is told from now on."""
    conn.execute(update(source).where(source.c.id == source_id).values(quarantined=since))


def release(conn: Connection, source_id: str) -> datetime | None:
    """The source is as any other again. Since when it was quarantined; None where it was not."""
    since = conn.execute(select(source.c.quarantined).where(source.c.id == source_id)).scalar()
    conn.execute(update(source).where(source.c.id == source_id).values(quarantined=None))
    return since


def alerts_since(conn: Connection, source_id: str, since: datetime) -> list[Alerted]:
    """What was told on the word of the source since then, oldest first: to be retracted where it was wrong."""
    told = (outbox.c.story == alert.c.story) & (outbox.c.subject == alert.c.subject)
    told &= (outbox.c.occasion == alert.c.occasion) & outbox.c.state.not_in(("dead", "cancelled"))
    rows = conn.execute(
        select(
            alert.c.born,
            alert.c.subject,
            alert.c.level,
            article.c.id,
            article.c.title,
            article.c.url,
            func.count(outbox.c.subscriber.distinct()),
        )
        .join(article, article.c.id == alert.c.article)
        .outerjoin(outbox, told)
        .where(article.c.source == source_id, alert.c.born >= since)
        .group_by(alert.c.born, alert.c.subject, alert.c.level, article.c.id, article.c.title, article.c.url)
        .order_by(alert.c.born, article.c.id, alert.c.subject)
    )
    return [Alerted(row[0], row[1].removeprefix("topic:"), *row[2:]) for row in rows]
