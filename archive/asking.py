"""From what an article must hold (core.rules.candidates) to the SQL that finds such articles, newest first.

The index may propose too many, never too few. What the archive knows beside the text (source, date …) is asked in
columns where it stands alone or in an AND; anywhere else the evaluator looks at it.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from math import prod

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from archive.fetching import Range, by_fts, by_tsquery
from archive.fulltext import LONGEST, known_words, quoted
from archive.schema import article, hit, story
from archive.schema import source as source_table
from core.rules.candidates import Adjacent as InOrder
from core.rules.candidates import AllOf, AnyOf, Candidate, Everything, Fact, Lacks, Stem, Word, all_of, any_of
from core.text import fold

DEEPEST, WIDEST = 40, 8_000  # of a query; FTS5 refuses 256 levels, a tsquery 32,768 nodes
MOST_WRITINGS = 400  # of a phrase: FTS5 wants each of them written out
MOST_PROBED = 4_000  # words whose existence is asked for
FEW = 200  # articles that fulfil conditions: fewer are all looked at where they lie FAR apart
FAR = 20_000
AHEAD = timedelta(hours=24)  # so far before its date may an article have been recorded (core.dates accepts no more)

NOTHING = AnyOf(())


def articles_with(
    conn: Connection,
    wanted: Candidate,
    *,
    conditions: Sequence[ColumnElement[bool]] = (),
    first: int = 0,
    before: int | None = None,
) -> Generator[Sequence[int]]:
    """The ids in [first, before) of articles that hold what is wanted: a superset, newest first, in growing pages."""
    words, facts = _parted(wanted)
    asked = _existing(conn, _simplified(words, DEEPEST))
    if asked == NOTHING:
        return
    narrow = Range(first, before, (*conditions, *(_condition(conn, fact) for fact in facts)))
    if narrow.conditions:
        newest = narrow.newest(conn, FEW)
        few = len(newest) < FEW
        if few and (not newest or newest[0] - newest[-1] > FAR):
            yield from filter(None, (newest,))
            return
        narrow = replace(narrow, first=newest[-1] if few else first, before=newest[0] + 1)
    if not _asks_for_a_word(asked):
        yield from narrow.by_id(conn)
    elif conn.dialect.name == "postgresql":
        yield from by_tsquery(conn, _query(asked, _TSQUERY), narrow)
    else:
        yield from by_fts(conn, _query(asked, _FTS), narrow)


# --- facts -------------------------------------------------------------------------------------------------------


def _parted(wanted: Candidate) -> tuple[Candidate, list[Candidate]]:
    """What words are asked for, and the facts (or ORs of facts) that hold beside them."""
    parts = wanted.parts if isinstance(wanted, AllOf) else (wanted,)
    facts = [part for part in parts if _is_fact(part)]
    words = tuple(part for part in parts if not _is_fact(part))
    return (words[0] if len(words) == 1 else AllOf(words)) if words else Everything(), facts


def _is_fact(part: Candidate) -> bool:
    alternatives = isinstance(part, AnyOf) and bool(part.parts) and all(map(_is_fact, part.parts))
    return isinstance(part, Fact) or alternatives


def _condition(conn: Connection, fact: Candidate) -> ColumnElement[bool]:
    match fact:
        case AnyOf(parts):
            return or_(*(_condition(conn, part) for part in parts))
        case Fact("source", str(folded)):
            ids = conn.execute(select(source_table.c.id)).scalars()
            return article.c.source.in_([id_ for id_ in ids if fold(id_) == folded])
        case Fact("lang", str(folded)):
            return func.lower(func.replace(article.c.language, "-", "")) == folded
        case Fact("date", (since, until)):
            return article.c.published.between(since, until)
        case Fact("story", int(number)):
            whole = select(story.c.id).where(or_(story.c.id == number, story.c.merged_into == number))
            return article.c.story.in_(whole)
        case Fact("topic", topic):
            return exists().where(hit.c.article == article.c.id, hit.c.kind == "topic", hit.c.what == topic)
        case _:
            raise AssertionError(f"{fact} is no fact")


# --- words -------------------------------------------------------------------------------------------------------


def _simplified(wanted: Candidate, depth: int) -> Candidate:  # noqa: PLR0911  # one answer for each kind
    """Ask for less where the database would refuse: still a superset."""
    match wanted:
        case Fact():
            return Everything()
        case Lacks(forms) if len(forms) > WIDEST:
            return Everything()
        case Word(forms) if len(forms) > WIDEST:
            return Everything()
        case InOrder(words) if prod(map(len, words)) > WIDEST:
            return all_of(map(Word, words))
        case AllOf(parts) | AnyOf(parts) if depth == 0 or len(parts) > WIDEST:
            return Everything()
        case AllOf(parts):
            return all_of(_simplified(part, depth - 1) for part in parts)
        case AnyOf(parts):
            return any_of(_positive(_simplified(part, depth - 1)) for part in parts)
        case _:
            return wanted


def _positive(wanted: Candidate) -> Candidate:
    """Beside an OR, what is only said to lack something says nothing that an index could begin with."""
    return wanted if _asks_for_a_word(wanted) else Everything()


def _asks_for_a_word(wanted: Candidate) -> bool:
    match wanted:
        case AllOf(parts):
            return any(map(_asks_for_a_word, parts))
        case Lacks() | Everything():
            return False
        case _:
            return True


def _existing(conn: Connection, wanted: Candidate) -> Candidate:
    """Without the words that no article holds, which on SQLite leaves a short query; PostgreSQL needs no help."""
    words = dict.fromkeys(form[:LONGEST] for form in _forms(wanted))
    if conn.dialect.name == "postgresql":
        return _written_out(wanted, None, in_order=False)
    return _written_out(wanted, known_words(conn, words) if len(words) <= MOST_PROBED else None, in_order=True)


def _forms(wanted: Candidate) -> Iterator[str]:
    match wanted:
        case Word(forms) | Lacks(forms):
            yield from forms
        case InOrder(words):
            yield from (form for forms in words for form in forms)
        case AllOf(parts) | AnyOf(parts):
            yield from (form for part in parts for form in _forms(part))
        case _:
            pass


def _written_out(wanted: Candidate, known: frozenset[str] | None, in_order: bool) -> Candidate:  # noqa: PLR0911  # one answer for each kind
    def kept(forms: Sequence[str]) -> tuple[str, ...]:
        return tuple(form for form in forms if known is None or form[:LONGEST] in known)

    match wanted:
        case Word(forms):
            return Word(kept(forms)) if kept(forms) else NOTHING
        case Lacks(forms):
            return Lacks(kept(forms)) if kept(forms) else Everything()
        case InOrder(words):
            left = tuple(map(kept, words))
            if not all(left):
                return NOTHING
            return InOrder(left) if in_order and prod(map(len, left)) <= MOST_WRITINGS else all_of(map(Word, left))
        case AllOf(parts):
            found = [_written_out(part, known, in_order) for part in parts]
            return NOTHING if NOTHING in found else all_of(found)
        case AnyOf(parts):
            return any_of(_written_out(part, known, in_order) for part in parts)
        case _:
            return wanted


@dataclass(frozen=True, slots=True)
class _Language:
    """How a database writes its full-text queries."""

    prefix: str
    both: str
    either: str
    without: str


_FTS = _Language("*", " AND ", " OR ", " NOT ")
_TSQUERY = _Language(":*", " & ", " | ", " & !")


def _query(wanted: Candidate, language: _Language) -> str:
    match wanted:
        case Word(forms):
            return f"({language.either.join(_word(form, language) for form in forms)})"
        case Stem(start):
            return _word(start, language) + language.prefix
        case InOrder(words):
            return _in_order(words)
        case AllOf(parts):
            return _all(parts, language)
        case AnyOf(parts):
            return f"({language.either.join(_query(part, language) for part in parts)})"
        case _:
            raise AssertionError("nothing to ask for")


def _all(parts: tuple[Candidate, ...], language: _Language) -> str:
    wanted = language.both.join(_query(part, language) for part in parts if not isinstance(part, Lacks))
    unwanted = (_query(Word(part.forms), language) for part in parts if isinstance(part, Lacks))
    return f"({language.without.join((f'({wanted})', *unwanted))})"


def _word(form: str, language: _Language) -> str:
    if language is _TSQUERY:
        return quoted(form[:LONGEST])
    escaped = form[:LONGEST].replace('"', '""')
    return f'"{escaped}"'


def _in_order(words: tuple[tuple[str, ...], ...]) -> str:
    """FTS5 knows phrases of words only, so every choice of forms is written out."""
    writings = (" ".join(form[:LONGEST] for form in choice) for choice in product(*words))
    return f"({' OR '.join(_word_line(writing) for writing in writings)})"


def _word_line(writing: str) -> str:
    return '"' + writing.replace('"', '""') + '"'
