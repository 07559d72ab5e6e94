"""Live articles as rows: how a piece is packed, and read back the same. Knows no story."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from sys import byteorder

from sqlalchemy import Connection, bindparam, select

from archive.rows import AnyRow
from archive.schema import piece
from core.stories.pieces import CONCEPT_STEP, WORD_STEP, Piece, in_steps, weighed

_CHUNK = 500


def packed(one: Piece) -> bytes:
    """Words and concepts with their weights: two lines of terms, then a number of two bytes for each."""
    words, concepts = in_steps(one.words, WORD_STEP), in_steps(one.concepts, CONCEPT_STEP)
    terms = f"{' '.join(words)}\n{' '.join(concepts)}\n".encode()
    return terms + _little(array("H", [*words.values(), *concepts.values()])).tobytes()


def unpacked(row: AnyRow) -> Piece:
    """The piece of a row."""
    words, concepts, numbers = bytes(row.terms).split(b"\n", 2)
    steps = array("H")
    steps.frombytes(numbers)
    steps = _little(steps)
    named = words.decode().split()
    return weighed(
        row.article,
        row.language,
        row.at,
        _weights(named, steps),
        _weights(concepts.decode().split(), steps[len(named) :]),
    )


def pieces_of(conn: Connection, articles: Sequence[int]) -> Iterator[tuple[Piece, int]]:
    """The pieces of these articles, in their order, each with its leg."""
    for start in range(0, len(articles), _CHUNK):
        chunk = articles[start : start + _CHUNK]
        rows = {row.article: row for row in conn.execute(_PIECES, {"ids": chunk})}
        yield from ((unpacked(rows[each]), rows[each].leg) for each in chunk if each in rows)


def _weights(terms: Sequence[str], steps: Sequence[int]) -> Mapping[str, int]:
    return dict(zip(terms, steps, strict=False))


def _little(numbers: "array[int]") -> "array[int]":
    if byteorder == "big":
        numbers.byteswap()
    return numbers


_PIECES = select(piece).where(piece.c.article.in_(bindparam("ids", expanding=True)))
