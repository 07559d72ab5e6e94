"""What was done since a moment, in counts: for the line with which a monitor ends. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, distinct, func, select

from archive.schema import article, outbox


@dataclass(frozen=True, slots=True)
class Shift:
    """Articles recorded, and messages sent: to how many chats, and how many alerts of each topic they told."""

    articles: int
    messages: int
    chats: int
    topics: Mapping[str, int]


def shift(conn: Connection, since: datetime) -> Shift:
    """Count from `since` on, by the indexes of times."""
    articles = conn.execute(select(func.count()).where(article.c.recorded >= since)).scalar_one()
    sent = select(outbox).where(outbox.c.attempted >= since, outbox.c.state == "sent").subquery()
    message = select(sent.c.subscriber, sent.c.message_id).distinct().subquery()
    counting = select(func.count(), func.count(distinct(message.c.subscriber)))
    messages, chats = conn.execute(counting.select_from(message)).one()
    topics = select(sent.c.subject, func.count()).where(sent.c.subject.like("topic:%")).group_by(sent.c.subject)
    told = {subject.removeprefix("topic:"): count for subject, count in conn.execute(topics)}
    return Shift(articles, messages, chats, dict(sorted(told.items())))
