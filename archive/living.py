"""The live stories of this process, and the rows that they are restored from. Decides nothing about an article.

One object per open archive. Every change of pieces, legs and links gives the row `live` another stamp; whoever finds a
stamp that is not his own compares his picture with the rows before he goes on: after a rollback, after a restart, and
when another process has written. All of it happens under the lock JUDGING.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from secrets import randbits
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, case, delete, func, insert, or_, select, text, update

from archive.conflict import put
from archive.copies import Samples
from archive.frequencies import Counted
from archive.lexicon import concepts_of
from archive.pieces import packed, pieces_of
from archive.press import Press
from archive.schema import article, link, live, piece, story
from core.model import NameSet
from core.stories.concepts import Concepts
from core.stories.pieces import Piece
from core.stories.story import Link, Place, Stories

_Scope = tuple[object, object]
"""A transaction and its innermost savepoint: what is undone, is undone with all that happened in one."""

Weigh = Callable[[Connection, Sequence[int]], Iterable[Piece]]
"""The pieces of live articles, made of their texts."""


class Living:
    """Stories that are in step with the rows whenever a method of it is called."""

    def __init__(self) -> None:
        self.stories = Stories()
        self.samples = Samples()
        self.press = Press()
        self.counted: Counted | None = None
        self.weigh: Weigh | None = None  # how a live article is weighed, once one was
        self._weighed: dict[str, int] = {}  # language → digits of its articles when pieces were weighed last
        self._concepts: tuple[Mapping[str, NameSet], Concepts] | None = None
        self._day: date | None = None
        self._stamp: int | None = None
        self._seen_in: _Scope | None = None  # where the rows were seen to have this stamp
        self._written: tuple[_Scope | None, int] = None, 0  # the stamp that was written last, and where
        self._newest: tuple[_Scope | None, int] = None, 0  # the id that was given away last, and where
        self._links: dict[tuple[int, int], Link] = {}  # as the rows have them, of live legs
        self._pairs: dict[int, set[tuple[int, int]]] = {}  # leg → those pairs that it is one of
        self._told: dict[int, int] = {}  # leg → its story, as the rows have it

    def concepts(self, names: Mapping[str, NameSet]) -> Concepts:
        """What texts speak of by the lexicon and these names, which are those of the last time as a rule."""
        if self._concepts is None or self._concepts[0] is not names:
            self._concepts = names, concepts_of(names)
        return self._concepts[1]

    def frequencies(self, conn: Connection) -> Counted:
        """How rare words are."""
        if self.counted is None:
            self.counted = Counted()
            self.counted.read(conn)
            self._weighed = {each: count.bit_length() for each, count in self.counted.known.articles.items()}
        return self.counted

    def start_afresh(self, conn: Connection) -> None:
        """The rows were changed from outside: know nothing but them."""
        self.stories, self.counted = Stories(), None
        self._changed(conn)
        self._stamp = None

    def is_new_day(self, now: datetime) -> bool:
        """Whether it was not asked on the same day before."""
        was, self._day = self._day, now.date()
        return was != self._day

    def legs_of(self, story_id: int) -> list[int]:
        """The live legs of a whole story, lowest first."""
        return sorted(leg for leg in self.stories.legs if self.stories.story_of(leg) == story_id)

    # --- in step with the rows ------------------------------------------------------------------------------------

    def catch_up(self, conn: Connection) -> None:
        """See what others have written, and forget what was rolled back."""
        scope = _scope(conn)
        if self._stamp is not None and scope == self._seen_in:
            return  # under the lock nobody else writes, and a rollback ends its scope
        state = conn.execute(_STATE).one()
        if state.stamp != self._stamp:
            self._stamp = None
            self._compare(conn, state.merged)
            self._stamp = state.stamp
        self._seen_in = scope

    def _compare(self, conn: Connection, merged: int) -> None:
        rows: dict[int, int] = {row.article: row.leg for row in conn.execute(_LEGS)}
        held = dict(self.stories.leg_of)
        doubtful = self._rewritten(conn, held, rows)
        for each, leg in held.items():
            if rows.get(each) != leg or each in doubtful:
                self.stories.take_out(each)
        missing = sorted(each for each in rows if each not in self.stories.leg_of)
        for one, leg in pieces_of(conn, missing):
            self.stories.restore(one, leg, settled=one.article <= merged)
        self._read_links(conn)

    def _rewritten(self, conn: Connection, held: Mapping[int, int], rows: Mapping[int, int]) -> set[int]:
        """Articles that a rolled-back transaction had under the ids of others: looked for among the youngest."""
        youngest = sorted(held.keys() & rows.keys())[-_SUSPECT:]
        return {each.article for each, _ in pieces_of(conn, youngest) if each != self.stories.piece_of(each.article)}

    def _read_links(self, conn: Connection) -> None:
        legs = set(self.stories.legs)
        rows = [row for row in conn.execute(_LINKS) if row.one in legs and row.other in legs]
        self._links, self._pairs = {}, {}
        self._note_links({(row.one, row.other): Link(row.score, row.strict) for row in rows if not row.ruled})
        self.stories.tie(self._links, {row.leg: row.oldest for row in conn.execute(_OLDEST)})
        self.stories.rule({(row.one, row.other): row.strict for row in rows if row.ruled})
        self.stories.take_changes()
        self._told = {row.id: row.merged_into or row.id for row in conn.execute(_STORIES_OF_LEGS)}

    def _changed(self, conn: Connection, **values: Any) -> None:
        """The rows are another picture now, and this is it. One stamp for a scope tells as much as many."""
        scope = _scope(conn)
        if self._written[0] != scope or values:
            self._written = scope, randbits(62)
            conn.execute(update(live).values(stamp=self._written[1], **values))
        self._stamp, self._seen_in = self._written[1], scope

    def next_id(self, conn: Connection) -> int:
        """An id that no article and no story has, higher than all of theirs."""
        scope, newest = self._newest
        if scope != _scope(conn) or conn.dialect.name == "postgresql":
            newest = conn.execute(_NEXT[conn.dialect.name]).scalar_one() - 1
        self._newest = _scope(conn), newest + 1
        return newest + 1

    # --- what happens ---------------------------------------------------------------------------------------------

    def place(self, conn: Connection, one: Piece, leg: int | None) -> Place:
        """Where an article stands that arrives now; it is entered. After `catch_up`; `keep` must follow at once."""
        self._stamp = None  # until the rows say the same
        return self.stories.add(one, leg)

    def keep(self, conn: Connection, one: Piece, leg: int) -> None:
        """Write the piece that was placed, and what its arrival did to others. The story rows must be there."""
        row = {"article": one.article, "leg": leg, "language": one.language, "at": one.at, "terms": packed(one)}
        conn.execute(insert(piece), row)
        self._write_changes(conn)
        self._changed(conn)

    def rewrite(self, conn: Connection, one: Piece) -> None:
        """A live article has another text now; it stays where it stands."""
        self.catch_up(conn)
        leg = self.stories.leg_of.get(one.article)
        if leg is None:
            return
        self._stamp = None
        self.stories.take_out(one.article)
        self.stories.restore(one, leg)
        conn.execute(update(piece).where(piece.c.article == one.article).values(terms=packed(one)))
        self._write_changes(conn)
        self._changed(conn)

    def merge(self, conn: Connection) -> int:
        """Unite small legs that turned out to be one; how many ended."""
        self.catch_up(conn)
        newest = max(self.stories.leg_of, default=0)
        self._stamp = None
        self._weigh_anew(conn)
        united = self.stories.merge()
        for gone, kept in united:
            conn.execute(update(piece).where(piece.c.leg == gone).values(leg=kept))
        self._write_changes(conn, {gone for gone, _ in united})
        self._changed(conn, merged=newest)
        return len(united)

    def _weigh_anew(self, conn: Connection) -> None:
        """In a young archive words seem rare that are not: now and then they are weighed again."""
        known = self.frequencies(conn).known.articles
        now = {language: count.bit_length() for language, count in known.items()}
        was, self._weighed = self._weighed, now
        grown = {each for each, size in now.items() if size > was.get(each, 0) and YOUNG <= known[each] <= GROWN}
        if not grown or self.weigh is None:
            return
        pieces = list(self.weigh(conn, sorted(self.stories.leg_of)))
        self.stories.weigh_anew(pieces)
        conn.execute(_REWEIGH, [{"of": each.article, "now": packed(each)} for each in pieces])

    def forget(self, conn: Connection, now: datetime) -> int:
        """Drop what is no longer live; the number of articles."""
        self.catch_up(conn)
        before = set(self.stories.leg_of)
        self._stamp = None
        self.stories.forget(now)
        gone = sorted(before - set(self.stories.leg_of))
        for start in range(0, len(gone), 500):
            conn.execute(delete(piece).where(piece.c.article.in_(gone[start : start + 500])))
        self._write_changes(conn)
        self._changed(conn)
        return len(gone)

    def move(self, conn: Connection, places: Mapping[int, int]) -> None:
        """Live articles stand in these legs now, because an analyst says so."""
        self.catch_up(conn)
        self._stamp = None
        for each, leg in places.items():
            one = self.stories.piece_of(each)
            self.stories.take_out(each)
            self.stories.restore(one, leg)
            conn.execute(update(piece).where(piece.c.article == each).values(leg=leg))
        self._write_changes(conn)
        self._changed(conn)

    def read_again(self, conn: Connection) -> None:
        """Links or pointers were changed from outside: take them over, and write what follows from them."""
        self._stamp = None
        self._read_links(conn)
        self._write_stories(conn, set(self.stories.legs))
        self._changed(conn)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _write_changes(self, conn: Connection, united: Collection[int] = ()) -> None:
        """Links and stories of the legs that changed. Links of legs that are no longer live stay as they were."""
        changes = self.stories.take_changes()
        for ended, heir in changes.ended:
            conn.execute(_INHERIT, {"ended": ended, "heir": heir})
            self._told.pop(ended, None)
            self._told[heir] = 0  # it speaks for one row more
        self._write_links(conn, changes.touched, united)
        rulings = [
            {"one": one, "other": other, "score": 1.0, "strict": together, "ruled": True}
            for (one, other), together in changes.ruled.items()
        ]
        put(conn, link, rulings, update=("strict", "ruled"))
        self._write_stories(conn, changes.touched)

    def _write_links(self, conn: Connection, touched: Collection[int], united: Collection[int]) -> None:
        pairs = {pair for leg in touched for pair in self._pairs.get(leg, ())}
        was = {pair: self._links[pair] for pair in pairs if pair in self._links}
        now = {
            (min(leg, other), max(leg, other)): held
            for leg in touched
            for other, held in self.stories.links.get(leg, {}).items()
        }
        alive = {*self.stories.legs, *united}
        for pair in was.keys() - now.keys():
            if alive.issuperset(pair):
                conn.execute(_UNLINK, {"the_one": pair[0], "the_other": pair[1]})
            del self._links[pair]
            for leg in pair:
                self._pairs[leg].discard(pair)
        fresh = {pair: held for pair, held in now.items() if was.get(pair) != held}
        rows = [
            {"one": one, "other": other, "score": held.score, "strict": held.strict, "ruled": False}
            for (one, other), held in fresh.items()
        ]
        put(conn, link, rows, update=("score", "strict"))
        self._note_links(fresh)

    def _note_links(self, found: Mapping[tuple[int, int], Link]) -> None:
        self._links |= found
        for pair in found:
            for leg in pair:
                self._pairs.setdefault(leg, set()).add(pair)

    def _write_stories(self, conn: Connection, touched: Iterable[int]) -> None:
        """Which story each leg is part of, where that is another one now."""
        legs = {each for leg in touched if leg in self.stories.legs for each in self.stories.tied(leg)}
        for leg in sorted(legs):
            now = self.stories.story_of(leg)
            if self._told.get(leg, leg) != now:
                conn.execute(_MERGE, {"the_leg": leg, "into": now})
                self._told[leg] = now


def _scope(conn: Connection) -> _Scope:
    return conn.get_transaction(), conn.get_nested_transaction()


YOUNG, GROWN = 30, 300  # articles of a language: pieces are weighed anew each time that they have doubled
_SUSPECT = 250  # more than any transaction admits

_NEXT: Mapping[str, Executable] = {
    "sqlite": select(
        func.max(
            func.coalesce(select(func.max(article.c.id)).scalar_subquery(), 0),
            func.coalesce(select(func.max(story.c.id)).scalar_subquery(), 0),
        )
        + 1
    ),
    "postgresql": text("SELECT nextval(pg_get_serial_sequence('article', 'id'))"),
}
_STATE = select(live.c.stamp, live.c.merged)
_LEGS = select(piece.c.article, piece.c.leg)
_LINKS = select(link)
_live_legs = select(piece.c.leg).distinct()
_OLDEST = select(story.c.leg, func.min(story.c.id).label("oldest")).where(story.c.leg.in_(_live_legs))
_OLDEST = _OLDEST.group_by(story.c.leg)
_STORIES_OF_LEGS = select(story.c.id, story.c.merged_into).where(story.c.id.in_(_live_legs))

_INHERIT = (
    update(story)
    .where(or_(story.c.id == bindparam("ended"), story.c.leg == bindparam("ended")))
    .values(leg=bindparam("heir"))
)
_MERGE = (
    update(story)
    .where(or_(story.c.id == bindparam("the_leg"), story.c.leg == bindparam("the_leg")))
    .values(merged_into=case((story.c.id == bindparam("into"), None), else_=bindparam("into")))
)
_REWEIGH = update(piece).where(piece.c.article == bindparam("of")).values(terms=bindparam("now"))
_UNLINK = delete(link).where(
    link.c.one == bindparam("the_one"), link.c.other == bindparam("the_other"), link.c.ruled.is_(False)
)
