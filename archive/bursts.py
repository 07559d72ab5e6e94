"""The digest of a burst: what a source brought far beyond its usual, and is not breaking, as one message for each chat.

Its alerts are born as any other's and wait, `held`, in the outbox; here they join a digest. Decides no burst.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from archive.cards import Telling
from archive.outbox import enqueue_digest
from archive.rows import AnyRow
from archive.schema import article, outbox
from core.model import LEVELS

DIGEST_STORIES = 10


def tell(conn: Connection, source_id: str, name: str, now: datetime) -> None:
    """Make a digest for each subscriber of what waits of the burst of `source_id`, whose name is `name`."""
    came = (article.c.source == source_id) & (article.c.arrival == "burst")
    of_burst = (outbox.c.state == "held") & outbox.c.article.in_(select(article.c.id).where(came))
    gather(conn, of_burst, occasion=f"burst {source_id} {now.isoformat()}", of=name, now=now)


def gather(conn: Connection, which: ColumnElement[bool], *, occasion: str, of: str, now: datetime) -> None:
    """Make a digest for each subscriber of those of its waiting alerts; `of` names what brought them: Sending.burst."""
    held = select(outbox.c.id, outbox.c.subscriber, outbox.c.article, outbox.c.story, outbox.c.subject, outbox.c.level)
    waiting: dict[int, list[AnyRow]] = {}
    for row in conn.execute(held.where(which, outbox.c.settled.is_(None)).order_by(outbox.c.subscriber, outbox.c.id)):
        waiting.setdefault(row.subscriber, []).append(row)
    for subscriber, rows in waiting.items():
        tellings = _tellings(rows)
        enqueue_digest(
            conn,
            subscriber,
            tellings[:DIGEST_STORIES],
            total=len(tellings),
            occasion=occasion,
            now=now,
            burst=of,
            joined=[row.id for row in rows],
        )


def _tellings(rows: Sequence[AnyRow]) -> list[Telling]:
    """One per story, by its first article; what is higher first, then what is newer."""
    stories: dict[int, list[AnyRow]] = {}
    for row in rows:
        stories.setdefault(row.story, []).append(row)
    tellings = [
        Telling(told[0].article, tuple((row.subject.removeprefix("topic:"), row.level) for row in told))
        for told in stories.values()
    ]
    return sorted(tellings, key=lambda each: (max(LEVELS.index(level) for _, level in each.topics), each.article))[::-1]
