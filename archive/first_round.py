"""The first round of an empty archive: every source once without alerts, then one digest for each subscriber."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, select

from archive.cards import Telling
from archive.conflict import add_missing
from archive.outbox import enqueue_digest
from archive.rows import subscribers_of, whole_story
from archive.schema import article, hit, milestone, source, subscriber
from core.messages import Subscriber
from core.model import LEVELS, Level

FIRST_ROUND = "first_round"
DIGEST_STORIES = 10


def first_round_open(conn: Connection) -> bool:
    """Whether the archive is still in its first round."""
    return not conn.execute(select(exists().where(milestone.c.name == FIRST_ROUND))).scalar_one()


def end_first_round(conn: Connection, now: datetime) -> bool:
    """End the first round once every enabled source (probes aside) had an outcome; True when that is now.

    Each active subscriber gets one digest of at most 10 stories of its topics; none where there is no story.
    """
    waiting = exists().where(source.c.state == "enabled", source.c.last_visit.is_(None))
    if not first_round_open(conn) or conn.execute(select(waiting)).scalar_one():
        return False
    add_missing(conn, milestone, [{"name": FIRST_ROUND, "reached": now}])
    stories = _stories(conn)
    active = conn.execute(select(subscriber.c.id).where(subscriber.c.state == "active")).scalars().all()
    for who in subscribers_of(conn, active).values():
        _tell(conn, who, stories, now)
    return True


def _tell(conn: Connection, who: Subscriber, stories: Mapping[int, Mapping[str, Level]], now: datetime) -> None:
    followed = {
        article_id: tuple((topic, level) for topic, level in topics.items() if _follows(who, topic))
        for article_id, topics in stories.items()
    }
    tellings = _foremost(Telling(article_id, topics) for article_id, topics in followed.items() if topics)
    if tellings:
        chosen = tellings[:DIGEST_STORIES]
        enqueue_digest(conn, who.id, chosen, total=len(tellings), occasion=FIRST_ROUND, now=now)


def _follows(who: Subscriber, topic: str) -> bool:
    return who.follows_all or topic in who.topics


def _foremost(tellings: Iterable[Telling]) -> list[Telling]:
    """Breaking first, then normal, then low; within a level the order stays."""
    return sorted(tellings, key=lambda telling: -max(LEVELS.index(level) for _, level in telling.topics))


def _stories(conn: Connection) -> dict[int, dict[str, Level]]:
    """The newest article of each story of the round, newest first, and the story's topics with their levels."""
    rows = conn.execute(
        select(article.c.id, whole_story().label("story"), hit.c.what, hit.c.level)
        .join(hit, hit.c.article == article.c.id)
        .where(
            article.c.arrival == FIRST_ROUND,
            article.c.duplicate_of.is_(None),
            hit.c.kind == "topic",
        )
        .order_by(article.c.published.desc().nulls_last(), article.c.id.desc(), hit.c.what)
    )
    foremost: dict[int, int] = {}
    stories: dict[int, dict[str, Level]] = {}
    for row in rows:
        topics = stories.setdefault(foremost.setdefault(row.story, row.id), {})
        topics[row.what] = max(row.level, topics.get(row.what, row.level), key=LEVELS.index)
    return stories
