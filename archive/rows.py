"""Rows → the model's values: subscribers and articles, read in bulk."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, func, select

from archive.posts import posts_of
from archive.relations import related_to
from archive.schema import article, evidence, hit, source, story, subscriber, subscription
from core.messages import Subscriber
from core.model import Article, KeptPost, Matches, NameHit, Span, TopicHit

AnyRow = Row[*tuple[Any, ...]]
"""A row of whatever columns."""


def subscribers_of(conn: Connection, ids: Collection[int]) -> dict[int, Subscriber]:
    """The subscribers with these ids, in whatever state, by id."""
    chosen: dict[int, set[str]] = {who: set() for who in ids}
    for choice in conn.execute(select(subscription).where(subscription.c.subscriber.in_(ids))):
        chosen[choice.subscriber].add(choice.topic)
    return {
        row.id: Subscriber(
            id=row.id,
            channel=row.channel,
            chat=row.chat,
            language=row.language,
            timezone=row.timezone,
            follows_all=row.follows_all,
            topics=frozenset(chosen[row.id]),
            sound=row.sound,
            thread=row.thread,
        )
        for row in conn.execute(select(subscriber).where(subscriber.c.id.in_(ids)))
    }


def selected_articles() -> Select[*tuple[Any, ...]]:
    """A SELECT of everything that an Article needs of its own rows; give it a WHERE and an order."""
    columns = [article.c[name] for name in _ARTICLE]
    return (
        select(*columns, whole_story().label("story"), source.c.name.label("source_name"), evidence.c.sha256)
        .join(source, source.c.id == article.c.source)
        .outerjoin(evidence, (evidence.c.article == article.c.id) & (evidence.c.revision == article.c.revision))
    )


def whole_story() -> ScalarSelect[int]:
    """The story that an article's row of `story` is part of, after merges."""
    return select(func.coalesce(story.c.merged_into, story.c.id)).where(story.c.id == article.c.story).scalar_subquery()


_OTHERS = (
    "story",
    "source_name",
    "sha256",
    "matches",
    "post",
    "related",
)  # of an Article's fields, those from elsewhere
_ARTICLE = tuple(name for name in Article.__dataclass_fields__ if name not in _OTHERS)


def articles(conn: Connection, ids: Sequence[int]) -> list[Article]:
    """The articles with these ids, last seen first."""
    rows = conn.execute(selected_articles().where(article.c.id.in_(ids)).order_by(article.c.id.desc())).all()
    return articles_of(conn, rows)


def articles_of(conn: Connection, rows: Sequence[AnyRow]) -> list[Article]:
    """The articles of these rows of `selected_articles()`, in the same order, with what the rules found."""
    found: dict[int, list[AnyRow]] = {row.id: [] for row in rows}
    for row in conn.execute(select(hit).where(hit.c.article.in_(found), hit.c.kind != "watch").order_by(hit.c.what)):
        found[row.article].append(row)
    posts = posts_of(conn, found)
    related = related_to(conn, {row.story for row in rows})
    return [_article(row, found[row.id], posts.get(row.id), related[row.story]) for row in rows]


def _article(row: AnyRow, hits: Iterable[AnyRow], post: KeptPost | None, related: tuple[int, ...]) -> Article:
    fields = row._asdict()
    fields["authors"] = tuple(row.authors)
    return Article(**fields, matches=_matches(hits), post=post, related=related)


def _matches(hits: Iterable[AnyRow]) -> Matches:
    kinds: dict[str, list[AnyRow]] = {"name": [], "topic": [], "ambiguous": []}
    for row in hits:
        kinds[row.kind].append(row)
    return Matches(
        names=tuple(NameHit(row.what, spans_of(row.spans)) for row in kinds["name"]),
        topics=tuple(TopicHit(row.what, row.level, spans_of(row.spans)) for row in kinds["topic"]),
        ambiguous=tuple(NameHit(row.what, spans_of(row.spans)) for row in kinds["ambiguous"]),
    )


def spans_of(stored: Iterable[Sequence[Any]]) -> tuple[Span, ...]:
    """[[field, start, end], …] as spans."""
    return tuple(Span(field, start, end) for field, start, end in stored)
