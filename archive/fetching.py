"""Ids out of the full-text index of either database, newest first, a page at a time. Knows SQL, not what was asked.

SQLite's FTS5 walks its rows backwards by itself. PostgreSQL's GIN gives all rows of a word at once, so a common word
would cost the whole archive: there each row has the number of its block of articles for a word (see fulltext), and
blocks are asked from the newest on, more at a time where they give little.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    ScalarResult,
    Select,
    and_,
    false,
    func,
    select,
    table,
    text,
    true,
)
from sqlalchemy import column as named

from archive.fulltext import BLOCK, block_word, quoted
from archive.schema import article

FIRST_PAGE, LARGEST_PAGE = 52, 1_000  # ids fetched at a time: few for who wants the newest ones
FIRST_BLOCKS, MOST_BLOCKS, GROWTH = 2, 64, 4
RARE, SOON_RARE = 30, 300  # articles for each that holds the words: from there on the rest is asked for at once,
SOON = 4 * BLOCK  # and only where there are still fewer of them, as long as no more were looked at than this

_fts: Any = table("article_words", named("rowid"))
_tsvectors: Any = table("article_words", named("article"), named("words"))


@dataclass(frozen=True, slots=True)
class Range:
    """Articles whose ids are in [first, before) and that fulfil conditions on their columns."""

    first: int = 0
    before: int | None = None
    conditions: tuple[ColumnElement[bool], ...] = ()

    def by_id(self, conn: Connection) -> Generator[Sequence[int]]:
        """All of them."""
        yield from _pages(conn, self._within(select(article.c.id), article.c.id, self.conditions))

    def newest(self, conn: Connection, count: int) -> list[int]:
        """The last `count` of them."""
        found: ScalarResult[Any] = conn.execute(
            self._within(select(article.c.id), article.c.id, self.conditions).limit(count)
        ).scalars()
        return list(found)

    def among(self, statement: Select[tuple[int]], key: ColumnElement[int]) -> Select[tuple[int]]:
        """Those among the ids that a statement finds as `key`; a left join, or SQLite begins with the conditions."""
        if self.conditions:
            statement = statement.outerjoin(article, article.c.id == key)
        return self._within(statement, key, [func.coalesce(each, false()) for each in self.conditions])

    def _within(
        self, statement: Select[tuple[int]], key: ColumnElement[int], conditions: Sequence[ColumnElement[bool]]
    ) -> Select[tuple[int]]:
        if self.first > 0:
            statement = statement.where(key >= self.first)
        if self.before is not None:
            statement = statement.where(key < self.before)
        return statement.where(*conditions).order_by(key.desc())


def by_fts(conn: Connection, query: str, narrow: Range) -> Generator[Sequence[int]]:
    """What FTS5 finds."""
    found = select(_fts.c.rowid).where(text("article_words MATCH :query").bindparams(query=query))
    yield from _pages(conn, narrow.among(found.select_from(_fts), _fts.c.rowid))


def by_tsquery(conn: Connection, query: str, narrow: Range) -> Generator[Sequence[int]]:
    """What GIN finds, block by block; where the words turn out to be rare, the rest at once."""
    last = conn.execute(select(func.max(article.c.id))).scalar() or 0
    top = (last if narrow.before is None else min(last, narrow.before - 1)) // BLOCK
    width, seen, held = FIRST_BLOCKS, 0, 0
    while top >= narrow.first // BLOCK:
        rare = held * (RARE if seen > SOON else SOON_RARE) < seen
        bottom = narrow.first // BLOCK if rare else max(narrow.first // BLOCK, top - width + 1)
        blocks = range(bottom, top + 1)
        rows = _of_blocks(conn, query if rare else f"({query}) & ({_any_of(blocks)})", blocks, narrow)
        yield from sliced([row.id for row in rows if row.fulfils])
        seen, held = seen + len(blocks) * BLOCK, held + len(rows)
        top, width = bottom - 1, min(width * GROWTH, MOST_BLOCKS)


def _any_of(blocks: range) -> str:
    return " | ".join(quoted(block_word(block * BLOCK)) for block in blocks)


def _of_blocks(conn: Connection, query: str, blocks: range, narrow: Range) -> Sequence[Any]:
    """The articles of blocks that hold the words, each with whether it fulfils the conditions.

    Materialised and without sequential scans: the planner takes reading all rows of words for cheap, not knowing that
    each of them has to be unpacked.
    """
    match = text("article_words.words @@ CAST(:query AS tsquery)").bindparams(query=query)
    found = select(_tsvectors.c.article.label("id")).where(match).cte("found").prefix_with("MATERIALIZED")
    key = found.c.id
    fulfils = and_(true(), *(func.coalesce(each, false()) for each in narrow.conditions))
    statement = select(key, fulfils.label("fulfils")).order_by(key.desc())
    if narrow.conditions:
        statement = statement.select_from(found.outerjoin(article, article.c.id == key))
    since, until = max(narrow.first, blocks[0] * BLOCK), (blocks[-1] + 1) * BLOCK
    until = until if narrow.before is None else min(until, narrow.before)
    conn.execute(_WITHOUT_SCANS)
    rows = conn.execute(statement.where(key >= since, key < until)).all()
    conn.execute(_WITH_SCANS)
    return rows


_WITHOUT_SCANS, _WITH_SCANS = text("SET LOCAL enable_seqscan = off"), text("SET LOCAL enable_seqscan = on")


def sliced(ids: list[int]) -> Generator[Sequence[int]]:
    start, page = 0, FIRST_PAGE
    while start < len(ids):
        yield ids[start : start + page]
        start, page = start + page, min(page * 2, LARGEST_PAGE)


def _pages(conn: Connection, statement: Select[tuple[int]]) -> Generator[Sequence[int]]:
    """What a statement finds, in growing pages; no more is fetched than is asked for."""
    page = FIRST_PAGE
    with conn.execute(statement, execution_options={"yield_per": LARGEST_PAGE}) as found:
        scalars: ScalarResult[Any] = found.scalars()
        while ids := scalars.fetchmany(page):
            yield ids
            page = min(page * 2, LARGEST_PAGE)


def listed(conn: Connection, ids: Sequence[int]) -> Select[Any]:
    """A statement that gives these ids as `value`, however many."""
    line = ",".join(map(str, ids))
    if conn.dialect.name == "postgresql":
        every = text("unnest(CAST(:ids AS bigint[])) AS listed(value)").bindparams(ids=f"{{{line}}}")
    else:
        every = text("json_each(:ids)").bindparams(ids=f"[{line}]")
    return select(named("value", BigInteger)).select_from(every)
