"""What a message tells of an article, gathered from the archive. Decides nothing and renders nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from archive.rows import AnyRow, spans_of
from archive.schema import article, hit, source
from core.messages import Card
from core.model import Level, Span


@dataclass(frozen=True, slots=True)
class Telling:
    """An article to be told, and the topics for which its reader gets it."""

    article: int
    topics: tuple[tuple[str, Level], ...]


def cards_of(conn: Connection, tellings: Sequence[Telling]) -> list[Card]:
    """A card for each telling, in their order; each article is read once."""
    ids = {telling.article for telling in tellings}
    rows = {row.id: row for row in _articles(conn, ids)}
    spans = _spans(conn, ids)
    outlets = _outlets(conn, {row.story for row in rows.values()})
    return [
        _card(rows[telling.article], telling, spans, outlets.get(rows[telling.article].story, {}))
        for telling in tellings
    ]


def _card(
    row: AnyRow, telling: Telling, spans: dict[tuple[int, str], tuple[Span, ...]], outlets: dict[str, str]
) -> Card:
    marked = {span for topic, _ in telling.topics for span in spans.get((row.id, topic), ())}
    fields = row._asdict()
    return Card(
        article=fields.pop("id"),
        **fields,
        topics=telling.topics,
        spans=tuple(sorted(marked)),
        also=tuple(name for source_id, name in outlets.items() if source_id != row.source),
    )


_COLUMNS = ("id", "story", "title", "summary", "text", "url", "language", "source", "published", "fetched", "recorded")


def _articles(conn: Connection, ids: Collection[int]) -> Iterable[AnyRow]:
    columns = [article.c[name] for name in _COLUMNS]
    named = select(*columns, source.c.name.label("source_name"), source.c.affiliation)
    return conn.execute(named.join(source, source.c.id == article.c.source).where(article.c.id.in_(ids)))


def _spans(conn: Connection, ids: Collection[int]) -> dict[tuple[int, str], tuple[Span, ...]]:
    """The marked words by article and topic."""
    found = select(hit.c.article, hit.c.what, hit.c.spans).where(hit.c.article.in_(ids), hit.c.kind == "topic")
    return {(row.article, row.what): spans_of(row.spans) for row in conn.execute(found)}


def _outlets(conn: Connection, stories: Collection[int]) -> dict[int, dict[str, str]]:
    """Per story the sources that carry it, id → name, in the order in which they did."""
    carried = (
        select(article.c.story, source.c.id, source.c.name)
        .join(source, source.c.id == article.c.source)
        .where(article.c.story.in_(stories))
        .group_by(article.c.story, source.c.id, source.c.name)
        .order_by(func.min(article.c.id))
    )
    outlets: dict[int, dict[str, str]] = {}
    for row in conn.execute(carried):
        outlets.setdefault(row.story, {})[row.id] = row.name
    return outlets
