"""The full-text index: which words occur in which article. It answers with a superset; the evaluator re-checks.

Both databases index core.text's own tokens and add nothing of theirs: SQLite in a contentless FTS5 table, whose
rows can only be taken out by naming the words that were put in (they are kept, compressed, beside it);
PostgreSQL in a tsvector without positions, since order is the evaluator's business.

The tokenizer `ascii` takes every character beyond ASCII for a letter, so words stay as core.text wrote them;
`unicode61` knows the letters of Unicode 6.1 only, and would split the others.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from core.candidates import AllOf, AnyOf, Candidate, Everything, Stem, Word, all_of, any_of
from core.text import index_tokens

LONGEST = 100  # characters of a word that are indexed: PostgreSQL has a limit of 2,046 bytes


def index_words(*fields: str) -> list[str]:
    """The distinct words of an article's fields as they are indexed."""
    words = (word[:LONGEST] for field in fields for word in index_tokens(field).split())
    return list(dict.fromkeys(words))


def put_words(conn: Connection, article: int, words: list[str]) -> None:
    """Index an article that is not in the index under `words`."""
    if conn.dialect.name == "postgresql":
        conn.execute(_PUT_TSVECTOR, {"article": article, "words": words})
        return
    line = " ".join(words)
    conn.execute(_PUT_FTS, {"article": article, "words": line})
    conn.execute(_REMEMBER, {"article": article, "words": zlib.compress(line.encode(), 1)})


def take_words(conn: Connection, article: int) -> None:
    """Take an article out of the index; harmless when it is not in it."""
    if conn.dialect.name == "postgresql":
        conn.execute(_TAKE_TSVECTOR, {"article": article})
        return
    packed = conn.execute(_FORGET, {"article": article}).scalar()
    if packed is not None:
        conn.execute(_TAKE_FTS, {"article": article, "words": zlib.decompress(packed).decode()})


_PUT_TSVECTOR = text(
    """INSERT INTO article_words (article, words) VALUES (:article, array_to_tsvector(CAST(:words AS text[])))"""
)
_TAKE_TSVECTOR = text("DELETE FROM article_words WHERE article = :article")
_PUT_FTS = text("INSERT INTO article_words (rowid, words) VALUES (:article, :words)")
_TAKE_FTS = text("INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', :article, :words)")
_REMEMBER = text("INSERT INTO article_words_indexed (article, words) VALUES (:article, :words)")
_FORGET = text("DELETE FROM article_words_indexed WHERE article = :article RETURNING words")


# --- asking ------------------------------------------------------------------------------------------------

DEEPEST, WIDEST = 40, 8_000  # of a query; FTS5 refuses 256 levels, a tsquery 32,768 nodes


def articles_with(conn: Connection, wanted: Candidate, *, first: int = 0, page: int = 200) -> Iterator[Sequence[int]]:
    """The ids, from `first` on, of articles that hold what is wanted: a superset, newest first, in pages."""
    if wanted == AnyOf(()):
        return
    asked = _simplified(wanted, DEEPEST)
    if asked == Everything():
        statement, query = _ALL, ""
    elif conn.dialect.name == "postgresql":
        statement, query = _ASK_TSVECTOR, _query(asked, _TSQUERY)
    else:
        statement, query = _ASK_FTS, _query(asked, _FTS)
    values: dict[str, int | str] = {"first": first, **({"query": query} if query else {})}
    found = conn.execute(statement, values, execution_options={"yield_per": page})
    yield from found.scalars().partitions()


def _simplified(wanted: Candidate, depth: int) -> Candidate:
    """Ask for less where the database would refuse: still a superset."""
    match wanted:
        case Word(forms) if len(forms) > WIDEST:
            return Everything()
        case AllOf(parts) | AnyOf(parts) if depth == 0 or len(parts) > WIDEST:
            return Everything()
        case AllOf(parts):
            return all_of(_simplified(part, depth - 1) for part in parts)
        case AnyOf(parts):
            return any_of(_simplified(part, depth - 1) for part in parts)
        case _:
            return wanted


@dataclass(frozen=True, slots=True)
class _Language:
    """How a database writes its full-text queries."""

    quote: str  # round a word; doubled inside, though words hold letters and digits only
    prefix: str
    both: str
    either: str


_FTS = _Language('"', "*", " AND ", " OR ")
_TSQUERY = _Language("'", ":*", " & ", " | ")


def _query(wanted: Candidate, language: _Language) -> str:
    def word(form: str) -> str:
        quote = language.quote
        return f"{quote}{form[:LONGEST].replace(quote, quote * 2)}{quote}"

    match wanted:
        case Word(forms):
            return f"({language.either.join(map(word, forms))})"
        case Stem(start):
            return word(start) + language.prefix
        case AllOf(parts):
            return f"({language.both.join(_query(part, language) for part in parts)})"
        case AnyOf(parts):
            return f"({language.either.join(_query(part, language) for part in parts)})"
        case Everything():
            raise AssertionError("nothing to ask for")


_ALL = text("SELECT id FROM article WHERE id >= :first ORDER BY id DESC")
_ASK_FTS = text(
    "SELECT rowid FROM article_words WHERE article_words MATCH :query AND rowid >= :first ORDER BY rowid DESC"
)
# Materialised, since the planner would rather walk the articles by id and test each.
_ASK_TSVECTOR = text(
    """WITH found AS MATERIALIZED
           (SELECT article FROM article_words WHERE words @@ CAST(:query AS tsquery) AND article >= :first)
       SELECT article FROM found ORDER BY article DESC"""
)
