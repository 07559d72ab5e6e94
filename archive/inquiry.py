"""One question to the archive, of which each part of an answer asks: what the index proposes, and what the rules say.

The index is asked once and no article is judged twice. Made anew for each answer; it remembers for no other.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from archive.asking import AHEAD, articles_with
from archive.fetching import sliced
from archive.rows import articles, whole_story
from archive.schema import article, source
from core.model import Span
from core.rules.match import RuleSet, candidates

MOST = 20_000  # newest proposals that are remembered, and counted


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a search is confined to: the date of publication, or, without one, of recording (`until` is excluded)."""

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None  # "": where it is not known
    source: str | None = None
    affiliation: str | None = None  # of the source


class Inquiry:
    """What `rules` (of compile_query) are true of, within `narrow`."""

    def __init__(self, conn: Connection, rules: RuleSet, narrow: Narrow = Narrow()) -> None:
        self.conn = conn
        self.rules = rules
        self.narrow = narrow
        self._newest: list[int] | None = None
        self._judged: dict[int, tuple[Span, ...] | None] = {}

    def newest(self) -> Sequence[int]:
        """The newest articles that the index proposes, MOST at most, last seen first."""
        if self._newest is None:
            with closing(self._asked(None)) as pages:
                self._newest = list(islice(chain.from_iterable(pages), MOST))
        return self._newest

    def proposed(self, before: int | None = None) -> Generator[Sequence[int]]:
        """All that the index proposes, ids below `before`, newest first, in growing pages."""
        if self._newest is None:
            yield from self._asked(before)
            return
        yield from sliced([id_ for id_ in self._newest if before is None or id_ < before])
        if len(self._newest) == MOST:
            yield from self._asked(min(self._newest[-1], before or self._newest[-1]))

    def matches(self, before: int | None = None) -> Generator[Mapping[int, tuple[Span, ...]]]:
        """All that match, ids below `before`, last seen first, by pages: their words. To be closed if not exhausted."""
        with closing(self.proposed(before)) as pages:
            for ids in pages:
                yield self.spans(ids)

    def spans(self, ids: Sequence[int]) -> Mapping[int, tuple[Span, ...]]:
        """The words that make the rules true, of those of the articles of which they are, last seen first."""
        for row in self._deciding(ids):
            hits = self.rules.match(row).topics
            self._judged[row.id] = hits[0].spans if hits else None
        found = ((id_, self._judged[id_]) for id_ in sorted(ids, reverse=True) if id_ in self._judged)
        return {id_: spans for id_, spans in found if spans is not None}

    def true_of(self, ids: Sequence[int]) -> int:
        """Of how many of these articles the rules are true; for whoever wants no more, in a third of the time."""
        known = [self._judged[id_] for id_ in ids if id_ in self._judged]
        return sum(spans is not None for spans in known) + sum(
            self.rules.level(row) is not None for row in self._deciding(ids)
        )

    def _asked(self, before: int | None) -> Generator[Sequence[int]]:
        since = self.narrow.since
        first = _first_recorded(self.conn, since - AHEAD) if since is not None else 0
        conditions = conditions_of(self.narrow)
        yield from articles_with(self.conn, candidates(self.rules), conditions=conditions, first=first, before=before)

    def _deciding(self, ids: Sequence[int]) -> Sequence[Any]:
        """Of those not judged yet, as much as the answer depends on: where titles decide, no summary and no text."""
        ids = [id_ for id_ in ids if id_ not in self._judged]
        if not ids:
            return ()
        if not self.rules.titles_decide:
            return readables(self.conn, self.rules, ids)
        return self.conn.execute(_TITLED.where(article.c.id.in_(ids))).all()


def readables(conn: Connection, rules: RuleSet, ids: Sequence[int]) -> Sequence[Any]:
    """What the rules look at of these articles, last seen first; in full where they ask what was found before."""
    if rules.asks_topics:
        return articles(conn, ids)
    return conn.execute(_READABLE.where(article.c.id.in_(ids)).order_by(article.c.id.desc())).all()


_READ = ("id", "title", "url", "source", "language", "published", "recorded", "authors", "duplicate_of")
_FACTS = (*(article.c[name] for name in _READ), whole_story().label("story"))
_READABLE = select(*_FACTS, article.c.summary, article.c.text)
_TITLED = select(*_FACTS, literal("").label("summary"), literal("").label("text"))


def conditions_of(narrow: Narrow) -> list[ColumnElement[bool]]:
    """What a search is confined to as conditions on the article's columns."""
    dated = func.coalesce(article.c.published, article.c.recorded)
    conditions: list[ColumnElement[bool]] = []
    if narrow.since is not None:
        conditions.append(dated >= narrow.since)
    if narrow.until is not None:
        conditions.append(dated < narrow.until)
    if narrow.language is not None:
        conditions.append(article.c.language == narrow.language if narrow.language else article.c.language.is_(None))
    if narrow.source is not None:
        conditions.append(article.c.source == narrow.source)
    if narrow.affiliation is not None:
        theirs = select(source.c.id).where(source.c.affiliation == narrow.affiliation)
        conditions.append(article.c.source.in_(theirs))
    return conditions


def _first_recorded(conn: Connection, since: datetime) -> int:
    """An id below which every article was recorded before `since`: ids rise in time."""
    recorded = select(article.c.id).where(article.c.recorded < since)
    last_before = recorded.order_by(article.c.recorded.desc()).limit(1)
    return conn.execute(last_before).scalar() or 0
