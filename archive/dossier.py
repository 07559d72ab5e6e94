"""Everything that the archive holds of one article: its texts from the first on, their evidence, who else has it.

Reads only. The bytes of the evidence are looked at in evidence.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from archive import evidence, posts
from archive.evidence import Kept
from archive.rows import articles_of, selected_articles
from archive.schema import address, article, outbox, revision, source, story
from core.model import Article


@dataclass(frozen=True, slots=True)
class TextOf:
    """A text that an article has, or had until `replaced`."""

    number: int
    recorded: datetime
    replaced: datetime | None  # None: the present one
    title: str
    summary: str
    text: str
    evidence: Kept | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Another article of the same story."""

    id: int
    source: str
    source_name: str
    title: str
    url: str
    recorded: datetime
    copy: bool  # of this story's first text


@dataclass(frozen=True, slots=True)
class Dossier:
    """An article and what is known around it."""

    article: Article
    affiliation: str
    texts: tuple[TextOf, ...]  # oldest first, the present one last
    aliases: tuple[str, ...]  # its other addresses
    story: int  # the whole one, after merges
    carriers: tuple[Carrier, ...]  # who else has it, in the order in which they did
    origin: Article | None  # what it is a forward of, where that is archived
    sent: int  # messages that told it


def dossier(conn: Connection, article_id: int) -> Dossier | None:
    """What is known of the article with this id."""
    found = _articles(conn, [article_id])
    if not found:
        return None
    (it,) = found
    origin = posts.origins(conn, [article_id]).get(article_id)
    others = select(address.c.url).where(address.c.article == article_id, address.c.url != it.url)
    told = select(func.count()).where(outbox.c.article == article_id, outbox.c.state == "sent")
    whole = select(func.coalesce(story.c.merged_into, story.c.id)).where(story.c.id == it.story)
    story_id = conn.execute(whole).scalar_one()
    return Dossier(
        article=it,
        affiliation=conn.execute(select(source.c.affiliation).where(source.c.id == it.source)).scalar_one(),
        texts=texts(conn, it),
        aliases=tuple(conn.execute(others.order_by(address.c.url)).scalars()),
        story=story_id,
        carriers=tuple(_carriers(conn, it, story_id)),
        origin=_articles(conn, [origin])[0] if origin is not None else None,
        sent=conn.execute(told).scalar_one(),
    )


def texts(conn: Connection, it: Article) -> tuple[TextOf, ...]:
    """The texts of an article, oldest first, each with the evidence that is kept of it."""
    kept = {each.revision: each for each in evidence.kept(conn, [it.id])}
    earlier = conn.execute(select(revision).where(revision.c.article == it.id).order_by(revision.c.number)).all()
    revised = it.revised or it.recorded
    ends = [*(row.recorded for row in earlier[1:]), revised]
    return (
        *(
            TextOf(row.number, row.recorded, end, row.title, row.summary, row.text, kept.get(row.number))
            for row, end in zip(earlier, ends, strict=False)
        ),
        TextOf(it.revision, revised, None, it.title, it.summary, it.text, kept.get(it.revision)),
    )


def _articles(conn: Connection, ids: Sequence[int]) -> list[Article]:
    return articles_of(conn, conn.execute(selected_articles().where(article.c.id.in_(ids))).all())


def _carriers(conn: Connection, it: Article, whole: int) -> list[Carrier]:
    """The other articles of the whole story, what was merged into it included."""
    parts = select(story.c.id).where(or_(story.c.id == whole, story.c.merged_into == whole))
    columns = (article.c.id, article.c.source, source.c.name, article.c.title, article.c.url, article.c.recorded)
    rows = conn.execute(
        select(*columns, article.c.duplicate_of.is_not(None))
        .join(source, source.c.id == article.c.source)
        .where(article.c.story.in_(parts), article.c.id != it.id)
        .order_by(article.c.id)
    )
    return [Carrier(*row) for row in rows]
