"""One story with everything that tells of it, in the order in which it came: what the story page shows. Reads only."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from archive.identity import KIND
from archive.lexicon import outlets_of
from archive.pieces import pieces_of
from archive.relations import related_to
from archive.rows import AnyRow
from archive.schema import article, hit, source
from archive.standing import PARTS_OF, PROOF, match_of, members_of, whole
from core.stories.carriage import Carriage, carriage, first
from core.stories.shared_terms import shared_terms
from core.stories.standing import Match, Member


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the story."""

    article: int
    title: str
    summary: str
    url: str
    source: str
    source_name: str
    affiliation: str
    language: str | None
    published: datetime | None
    printed: str  # as the publisher wrote it
    recorded: datetime
    duplicate_of: int | None
    match: Match | None  # whose text it shares, with the figures
    withdrawn: datetime | None
    quarantined: bool


@dataclass(frozen=True, slots=True)
class Related:
    """A story that is shown with another without being one with it: how it begins, and how much there is of it."""

    story: int
    title: str
    language: str | None
    articles: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A story as it stands now. `story` is the whole one: it may be another than was asked for."""

    story: int
    entries: tuple[Entry, ...]
    carriage: Carriage
    first: tuple[Member, ...]  # among whom the first is
    names: Mapping[str, int]  # of the config, by how many of the articles name them
    topics: Mapping[str, int]
    terms: Mapping[int, tuple[str, ...]]  # of live articles: what each shares with those before it, see shared_terms
    related: tuple[Related, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """In order of arrival; articles of unknown language left out."""
        return tuple(dict.fromkeys(entry.language for entry in self.entries if entry.language))

    @property
    def heads(self) -> tuple[Entry, ...]:
        """The entries that are copies of no other of them."""
        inside = {entry.article for entry in self.entries}
        return tuple(entry for entry in self.entries if entry.duplicate_of not in inside)

    def copies_of(self, entry: Entry) -> tuple[Entry, ...]:
        """The copies of an entry, in order of arrival."""
        return tuple(each for each in self.entries if each.duplicate_of == entry.article)


def chronicle(conn: Connection, story: int) -> Chronicle | None:
    """The story that `story` is part of now; None where it has no article."""
    id_ = whole(conn, story)
    rows = conn.execute(_ENTRIES, {"whole": id_}).all()
    if not rows:
        return None
    members = members_of(conn, [id_])[id_]
    quarantined = {member.article for member in members if member.quarantined}
    found = conn.execute(_HITS, {"whole": id_}).all()
    names, topics = (
        Counter({row.what: row.articles for row in found if row.kind == kind}) for kind in ("name", "topic")
    )
    return Chronicle(
        story=id_,
        entries=tuple(_entry(row, quarantined=row.id in quarantined) for row in rows),
        carriage=carriage(members, outlets_of(()).title),
        first=first(members),
        names=dict(names.most_common()),
        topics=dict(topics.most_common()),
        terms=_terms(conn, [row.id for row in rows]),
        related=tuple(_related(conn, id_)),
    )


def _terms(conn: Connection, articles: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By article what it shares with the ones before it, most telling first; articles long past have none."""
    live = [piece for piece, _ in pieces_of(conn, articles[:_MOST_LIVE])]
    shared = {piece.article: shared_terms(piece, live[:place]) for place, piece in enumerate(live)}
    return {article_: terms for article_, terms in shared.items() if terms}


def _related(conn: Connection, id_: int) -> Iterator[Related]:
    for other in related_to(conn, [id_])[id_]:
        members = conn.execute(_TITLES, {"whole": other}).all()
        if members:
            titled = next((row for row in members if row.title.strip()), members[0])
            title = titled.title or titled.opening
            yield Related(other, title, titled.language, len(members), max(row.recorded for row in members))


def _entry(row: AnyRow, *, quarantined: bool) -> Entry:
    return Entry(
        article=row.id,
        title=row.title,
        summary=row.summary or row.opening,
        url=row.url,
        source=row.source,
        source_name=row.name,
        affiliation=row.affiliation,
        language=row.language,
        published=row.published,
        printed=row.published_raw,
        recorded=row.recorded,
        duplicate_of=row.duplicate_of,
        match=match_of(row),
        withdrawn=row.withdrawn,
        quarantined=quarantined,
    )


_OPENING = 300  # code points
_MOST_LIVE = 60  # articles of a story whose terms are compared: pairs grow with the square
_OWN = ("id", "title", "summary", "url", "source", "language", "published", "published_raw", "recorded", "withdrawn")
_ENTRIES = (
    select(
        *(article.c[name] for name in (*_OWN, "duplicate_of")),
        func.substr(article.c.text, 1, _OPENING).label("opening"),
        source.c.name,
        source.c.affiliation,
        *PROOF,
    )
    .join_from(article, source, source.c.id == article.c.source)
    .where(article.c.story.in_(PARTS_OF))
    .order_by(article.c.id)
)
_TITLES = (
    select(
        article.c.title, article.c.language, article.c.recorded, func.substr(article.c.text, 1, 140).label("opening")
    )
    .where(article.c.story.in_(PARTS_OF))
    .order_by(article.c.id)
)
_HITS = (
    select(hit.c.kind, hit.c.what, func.count().label("articles"))
    .join_from(hit, article, article.c.id == hit.c.article)
    .where(article.c.story.in_(PARTS_OF), KIND.in_(("name", "topic")))
    .group_by(hit.c.kind, hit.c.what)
)
