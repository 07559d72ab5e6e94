"""Which lines recur: counted as articles come in, so that a channel's footer makes nobody's text a copy.

A line is known by a hash: long ones of all sources together, short ones of each source apart.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from hashlib import blake2b

from sqlalchemy import Connection, delete, text

from archive.conflict import Insert, insert
from archive.schema import line
from core.stories.fingerprints import BOILERPLATE_ARTICLES, BOILERPLATE_WORDS, Boilerplate, line_key

REMEMBERED_DAYS = 30  # so long a line may take to recur often enough
ENOUGH = 4 * BOILERPLATE_ARTICLES  # counted no further: the row would be written with each article


def keys_of(source: str, lines: Iterable[Sequence[str]]) -> frozenset[int]:
    """The keys of a text's lines."""
    return frozenset(_key(source, line_key(each)) for each in lines)


def boilerplate_of(source: str, known: Collection[int]) -> Boilerplate | None:
    """Which lines are boilerplate in a text of this source, by those of its keys that are known to recur."""
    return (lambda written: _key(source, written) in known) if known else None


def recurring(conn: Connection, keys: Collection[int]) -> frozenset[int]:
    """Those lines that are held by so many articles that they are nobody's own."""
    if not keys:
        return frozenset()
    bound = list(keys) if conn.dialect.name == "postgresql" else f"[{','.join(map(str, keys))}]"
    return frozenset(
        conn.execute(_RECURRING[conn.dialect.name], {"keys": bound, "enough": BOILERPLATE_ARTICLES}).scalars()
    )


def count_lines(conn: Connection, keys: Iterable[int], now: datetime) -> None:
    """Count the lines of one more article."""
    day = int(now.timestamp()) // 86_400
    rows = [{"key": key, "articles": 1, "day": day} for key in sorted(keys)]
    if rows:
        conn.execute(_counting(conn.dialect.name), rows)


def forget_lines(conn: Connection, now: datetime) -> None:
    """Drop the lines that did not recur."""
    day = int(now.timestamp()) // 86_400
    conn.execute(delete(line).where(line.c.articles < BOILERPLATE_ARTICLES, line.c.day < day - REMEMBERED_DAYS))


def _key(source: str, written: str) -> int:
    owned = written if written.count(" ") + 1 >= BOILERPLATE_WORDS else f"{source}\n{written}"
    return int.from_bytes(blake2b(owned.encode(), digest_size=8).digest(), signed=True)


@cache
def _counting(dialect: str) -> Insert:
    statement = insert(dialect, line)
    return statement.on_conflict_do_update(
        index_elements=["key"], set_={"articles": line.c.articles + 1}, where=line.c.articles < ENOUGH
    )


_RECURRING = {
    "sqlite": text(
        "SELECT line.key FROM json_each(:keys) AS asked JOIN line ON line.key = asked.value WHERE articles >= :enough"
    ),
    "postgresql": text("SELECT key FROM line WHERE key = ANY(:keys) AND articles >= :enough"),
}
