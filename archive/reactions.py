"""What a reader does with the alerts it got: marks them, mutes what they are about. Sends nothing.

Everything is asked of the outbox first: nobody reacts to an alert that did not come to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from archive.conflict import put
from archive.schema import article, mark, mute, outbox, source, story, subscriber
from archive.standing import whole
from archive.subjects import WATCH, subject_of, topic_of

Kind = Literal["topic", "story", "source", "affiliation", "language", "all"]
_UNSENT = ("cancelled", "dead")


@dataclass(frozen=True, slots=True)
class Received:
    """An alert as a reader got it: of which story, by which article of which outlet, for which topics."""

    article: int
    story: int
    source: str
    source_name: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mute:
    """What is muted; `until` None is for good. `what` is an id, "" of everything."""

    kind: Kind
    what: str
    until: datetime | None


def received(conn: Connection, subscriber_id: int, article_id: int) -> Received | None:
    """The alert by which the subscriber was told of this article; None where it was not."""
    parts = select(outbox.c.story).where(outbox.c.subscriber == subscriber_id, outbox.c.article == article_id, _IS_TOLD)
    subjects = (
        conn.execute(
            select(outbox.c.subject)
            .where(outbox.c.subscriber == subscriber_id, outbox.c.story.in_(parts), _IS_TOLD)
            .order_by(outbox.c.id)
        )
        .scalars()
        .all()
    )
    if not subjects:
        return None
    row = conn.execute(
        select(article.c.story, article.c.source, source.c.name)
        .join(source, source.c.id == article.c.source)
        .where(article.c.id == article_id)
    ).one()
    topics = tuple(dict.fromkeys(topic_of(each) for each in subjects))
    return Received(article_id, whole(conn, row.story), row.source, row.name, topics)


_IS_NEWS = or_(outbox.c.subject.startswith("topic:"), outbox.c.subject.startswith(WATCH))
_IS_TOLD = outbox.c.state.not_in(_UNSENT) & _IS_NEWS


# --- marks -------------------------------------------------------------------------------------------------


def judge_alert(conn: Connection, subscriber_id: int, alert: Received, *, relevant: bool, now: datetime) -> None:
    """Mark the alert, for each topic that it came for; a later mark takes the place of an earlier one."""
    own = {"subscriber": subscriber_id, "article": alert.article, "relevant": relevant, "made": now}
    put(conn, mark, [own | {"subject": subject_of(topic)} for topic in alert.topics], update=("relevant", "made"))


def marks_by_topic(conn: Connection) -> Mapping[str, tuple[int, int]]:
    """How many marks each topic has of its readers: relevant, noise."""
    relevant = func.sum(case((mark.c.relevant, 1), else_=0))
    counted = select(mark.c.subject, relevant, func.count()).group_by(mark.c.subject).order_by(mark.c.subject)
    return {subject.removeprefix("topic:"): (good, total - good) for subject, good, total in conn.execute(counted)}


# --- mutes -------------------------------------------------------------------------------------------------


def silence(conn: Connection, subscriber_id: int, what: Mute, now: datetime) -> None:
    """Mute it from now on; what waits of it for this subscriber is not sent any more. Mutes that are over go."""
    conn.execute(delete(mute).where(mute.c.subscriber == subscriber_id, mute.c.until <= now))
    row = {"subscriber": subscriber_id, "kind": what.kind, "what": what.what, "until": what.until}
    put(conn, mute, [row], update=("until",))
    waiting = (outbox.c.subscriber == subscriber_id) & _IS_NEWS
    waiting &= outbox.c.state.in_(("new", "deferred", "held"))
    ended = {"state": "cancelled", "settled": now, "changed": now, "reason": "muted"}
    conn.execute(update(outbox).where(outbox.c.settled.is_(None), waiting, _about(what)).values(ended))


def silence_everybody(conn: Connection, topic: str, until: datetime, now: datetime) -> int:
    """Mute a topic for every active subscriber; whose own mute stands keeps it. How many were muted by it."""
    active = conn.execute(select(subscriber.c.id).where(subscriber.c.state == "active")).scalars().all()
    before = select(mute.c.subscriber).where(mute.c.kind == "topic", mute.c.what == topic)
    own = set(conn.execute(before.where(or_(mute.c.until.is_(None), mute.c.until > now))).scalars())
    resting = [who for who in active if who not in own]
    for who in resting:
        silence(conn, who, Mute("topic", topic, until), now)
    return len(resting)


def _about(what: Mute) -> ColumnElement[bool]:
    if what.kind == "topic":
        return outbox.c.subject == subject_of(what.what)
    if what.kind == "story":
        of = int(what.what)
        return outbox.c.story.in_(select(story.c.id).where((story.c.id == of) | (story.c.merged_into == of)))
    if what.kind == "source":
        return outbox.c.article.in_(select(article.c.id).where(article.c.source == what.what))
    if what.kind == "affiliation":
        theirs = select(source.c.id).where(source.c.affiliation == what.what)
        return outbox.c.article.in_(select(article.c.id).where(article.c.source.in_(theirs)))
    if what.kind == "language":
        return outbox.c.article.in_(select(article.c.id).where(article.c.language == what.what))
    return literal(True)


def unmute(conn: Connection, subscriber_id: int, kind: Kind, what: str) -> bool:
    """Hear of it again. False where it was not muted."""
    chosen = (mute.c.subscriber == subscriber_id) & (mute.c.kind == kind) & (mute.c.what == what)
    return conn.execute(delete(mute).where(chosen)).rowcount > 0


def mutes(conn: Connection, subscriber_id: int, now: datetime) -> list[Mute]:
    """What the subscriber has muted at present."""
    chosen = (mute.c.subscriber == subscriber_id) & or_(mute.c.until.is_(None), mute.c.until > now)
    rows = conn.execute(select(mute).where(chosen).order_by(mute.c.kind, mute.c.what))
    return [Mute(row.kind, row.what, row.until) for row in rows]


def name_of(conn: Connection, what: Mute) -> str:
    """The headline of a muted story, the name of a muted outlet; "" of anything else."""
    if what.kind == "story":
        headline = select(article.c.title).where(article.c.story == int(what.what)).order_by(article.c.id).limit(1)
        return conn.execute(headline).scalar() or ""
    if what.kind == "source":
        return conn.execute(select(source.c.name).where(source.c.id == what.what)).scalar() or what.what
    return ""


def is_muted() -> ColumnElement[bool]:
    """Whether the row of `subscriber` has muted :topic, :the_story, the source of :the_article, or everything."""
    given = {name: bindparam(f"the_{name}", type_=outbox.c[name].type) for name in ("story", "article", "born")}
    merged = func.coalesce(story.c.merged_into, story.c.id)
    of = select(merged).where(story.c.id == given["story"]).scalar_subquery()
    stories = select(cast(story.c.id, Text)).where((story.c.id == of) | (story.c.merged_into == of))
    about = select(article.c.language, source.c.affiliation).join(source, source.c.id == article.c.source)
    said = about.where(article.c.id == given["article"])
    outlet = select(article.c.source).where(article.c.id == given["article"]).scalar_subquery()
    return exists().where(
        mute.c.subscriber == subscriber.c.id,
        or_(mute.c.until.is_(None), mute.c.until > given["born"]),
        or_(
            mute.c.kind == "all",
            (mute.c.kind == "topic") & (mute.c.what == bindparam("topic")),
            (mute.c.kind == "source") & (mute.c.what == outlet),
            (mute.c.kind == "language") & (mute.c.what == said.with_only_columns(article.c.language).scalar_subquery()),
            (mute.c.kind == "affiliation")
            & (mute.c.what == said.with_only_columns(source.c.affiliation).scalar_subquery()),
            (mute.c.kind == "story") & mute.c.what.in_(stories),
        ),
    )
