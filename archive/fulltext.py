"""The full-text index: which words occur in which article. It answers with a superset; the evaluator re-checks.

Both databases index core.text's own tokens and add nothing of theirs: SQLite in their order in a contentless FTS5
table, whose rows can only be taken out by naming the words that were put in (they are kept, compressed, beside it);
PostgreSQL in a tsvector without positions, since a phrase there makes it fetch and re-check every row that it finds,
and with the number of the article's block, so that the newest articles can be asked for alone.

The tokenizer `ascii` takes every character beyond ASCII for a letter, so words stay as core.text wrote them;
`unicode61` knows the letters of Unicode 6.1 only, and would split the others.
"""

import zlib
from collections.abc import Iterable

from sqlalchemy import Connection, select, text

from archive.schema import article
from core.text import index_tokens

BLOCK = 1024  # articles, by their ids
LONGEST = 100  # characters of a word that are indexed: PostgreSQL has a limit of 2,046 bytes


def index_words(*fields: str) -> list[str]:
    """The words of an article's fields as they are indexed."""
    return [word[:LONGEST] for field in fields for word in index_tokens(field).split()]


def put_words(conn: Connection, article_id: int, words: list[str]) -> None:
    """Index an article that is not in the index under `words`."""
    if conn.dialect.name == "postgresql":
        held = list(dict.fromkeys((*words, block_word(article_id))))
        conn.execute(_PUT_TSVECTOR, {"article": article_id, "words": held})
        return
    line = " ".join(words)
    conn.execute(_PUT_FTS, {"article": article_id, "words": line})
    conn.execute(_REMEMBER, {"article": article_id, "words": zlib.compress(line.encode(), 1)})


def block_word(article_id: int) -> str:
    """What stands for an article's block among its words on PostgreSQL; no word of a text has such a sign."""
    return f"#{article_id // BLOCK}"


def take_words(conn: Connection, article_id: int) -> None:
    """Take an article out of the index; harmless when it is not in it."""
    if conn.dialect.name == "postgresql":
        conn.execute(_TAKE_TSVECTOR, {"article": article_id})
        return
    packed = conn.execute(_FORGET, {"article": article_id}).scalar()
    if packed is not None:
        conn.execute(_TAKE_FTS, {"article": article_id, "words": zlib.decompress(packed).decode()})


def reindex(conn: Connection) -> None:
    """Index every article, in an index that is empty."""
    rows = select(article.c.id, article.c.title, article.c.summary, article.c.text).order_by(article.c.id)
    last = 0
    while page := conn.execute(rows.where(article.c.id > last).limit(500)).all():
        for row in page:
            put_words(conn, row.id, index_words(row.title, row.summary, row.text))
        last = page[-1].id


def known_words(conn: Connection, words: Iterable[str]) -> frozenset[str]:
    """Those of the words that any article holds; SQLite only, where a query is made of plain words.

    Asked of the index itself: its table of words counts every article of a common word before it answers.
    """
    return frozenset(conn.execute(_KNOWN, {"words": _json(words)}).scalars())


def _json(words: Iterable[str]) -> str:
    return "[" + ",".join(f'"{word}"' for word in words if word.isalnum()) + "]"


def quoted(word: str) -> str:
    """A word in a tsvector or tsquery; it holds letters and digits only, but nothing hangs on that."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


_PUT_TSVECTOR = text(
    "INSERT INTO article_words (article, words) VALUES (:article, array_to_tsvector(CAST(:words AS text[])))"
)
_TAKE_TSVECTOR = text("DELETE FROM article_words WHERE article = :article")
_PUT_FTS = text("INSERT INTO article_words (rowid, words) VALUES (:article, :words)")
_TAKE_FTS = text("INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', :article, :words)")
_REMEMBER = text("INSERT INTO article_words_indexed (article, words) VALUES (:article, :words)")
_FORGET = text("DELETE FROM article_words_indexed WHERE article = :article RETURNING words")
_KNOWN = text(
    """SELECT value FROM json_each(:words)
       WHERE EXISTS (SELECT 1 FROM article_words WHERE article_words MATCH '"' || json_each.value || '"')"""
)
