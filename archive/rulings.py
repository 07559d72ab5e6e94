"""What analysts decide against the machine: a story is split, or several are one. Rows that outlive recomputation.

Rows of `story` are never united and alerts never move: a ruling changes to which story articles and rows point, and for
live legs it is a link that no score undoes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from archive.conflict import put
from archive.locks import JUDGING, lock
from archive.placing import living
from archive.schema import article, link, ruling, story
from archive.standing import whole
from core.errors import InputError


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision. `groups`: the articles that are held apart (split), or one list for each story of a merge."""

    id: int
    kind: str
    groups: tuple[tuple[int, ...], ...]
    by: str
    at: datetime
    undone: datetime | None


def split(conn: Connection, story_id: int, articles: Collection[int], by: str, now: datetime) -> int:
    """Take `articles`, with their copies, out of a story: they are one of their own from now on. Its id.

    Raises InputError where the story does not hold them, or would be left empty.
    """
    _begin(conn)
    of = whole(conn, story_id)
    held = {row.id: row for row in conn.execute(_MEMBERS, {"whole": of})}
    chosen = _with_copies(set(articles), held.values())
    if not chosen or not chosen <= held.keys() or chosen == held.keys():
        raise InputError(f"story {of} has the articles {', '.join(map(str, sorted(held)))}: name some of them, not all")
    new, legs = _separate(conn, sorted(chosen), now)
    rest = sorted(held.keys() - chosen)
    _hold_apart(conn, legs, rest)
    before = {"rows": [[each, held[each].story] for each in sorted(chosen)], "story": of, "new": new}
    _write(conn, "split", [sorted(chosen), rest], before, by, now)
    return new


def merge(conn: Connection, stories: Collection[int], by: str, now: datetime) -> int:
    """Make several stories one; its id, the lowest of theirs. Raises InputError for fewer than two, or unknown ones."""
    _begin(conn)
    wholes = sorted({whole(conn, each) for each in stories})
    groups = [sorted(row.id for row in conn.execute(_MEMBERS, {"whole": each})) for each in wholes]
    if len(wholes) < 2 or not all(groups):
        raise InputError("name two stories or more that are not one yet")
    rows = [list(row) for each in wholes for row in conn.execute(_ROWS, {"whole": each})]
    ties = [tie for each in wholes[1:] if (tie := _unite(conn, wholes[0], each)) is not None]
    _write(conn, "merge", groups, {"rows": rows, "ties": ties}, by, now)
    return wholes[0]


def undo(conn: Connection, ruling_id: int, now: datetime) -> None:
    """Take a decision back. What came to the stories since stays where it came to. Raises InputError if it is none."""
    _begin(conn)
    row = conn.execute(select(ruling).where(ruling.c.id == ruling_id, ruling.c.undone.is_(None))).one_or_none()
    if row is None:
        raise InputError(f"there is no decision {ruling_id} that could be taken back")
    conn.execute(update(ruling).where(ruling.c.id == ruling_id).values(undone=now))
    if row.kind == "split":
        _join_again(conn, row.before)
    else:
        _part_again(conn, row.before)


def rulings(conn: Connection, story_id: int) -> list[Ruling]:
    """The decisions that bear on a story's articles, undone ones included, oldest first."""
    held = {row.id for row in conn.execute(_MEMBERS, {"whole": whole(conn, story_id)})}
    rows = conn.execute(select(ruling).order_by(ruling.c.id)).all()
    return [_ruling(row) for row in rows if held.intersection(each for group in row.groups for each in group)]


def again(conn: Connection, now: datetime) -> None:
    """Apply all decisions that stand to stories that were worked out anew."""
    for row in conn.execute(select(ruling).where(ruling.c.undone.is_(None)).order_by(ruling.c.id)).all():
        _begin(conn)
        if row.kind == "split":
            _split_again(conn, row.groups, row.before["new"], now)
        else:
            wholes = sorted({of for group in row.groups if (of := _story_of(conn, group[0])) is not None})
            for each in wholes[1:]:
                _unite(conn, wholes[0], each)


# --- inside -------------------------------------------------------------------------------------------------------


def _begin(conn: Connection) -> None:
    lock(conn, JUDGING)
    living(conn).catch_up(conn)


def _with_copies(chosen: set[int], members: Iterable[Any]) -> set[int]:
    return chosen | {row.id for row in members if row.duplicate_of in chosen}


def _separate(conn: Connection, chosen: Sequence[int], now: datetime, row: int | None = None) -> tuple[int, list[int]]:
    """Give articles a story of their own, and those that are live legs of their own; its id and the legs'."""
    live = living(conn)
    moving: dict[str, list[int]] = {}
    for each in chosen:
        if each in live.stories.leg_of:
            moving.setdefault(live.stories.piece_of(each).language, []).append(each)
    legs = [row or live.next_id(conn)]
    put(conn, story, [{"id": legs[0], "born": now, "leg": None, "merged_into": None}], update=("leg", "merged_into"))
    for _ in list(moving)[1:]:
        legs.append(live.next_id(conn))
        conn.execute(insert(story), {"id": legs[-1], "born": now, "merged_into": legs[0]})
        _tie(conn, legs[0], legs[-1], together=True)
    conn.execute(update(article).where(article.c.id.in_(chosen)).values(story=legs[0]))
    places = {each: leg for leg, group in zip(legs, moving.values(), strict=False) for each in group}
    live.move(conn, places)
    return legs[0], legs


def _hold_apart(conn: Connection, legs: Sequence[int], rest: Collection[int]) -> None:
    """Rule that new legs are no part of the legs that other articles stand in."""
    live = living(conn)
    others = {live.stories.leg_of[each] for each in rest if each in live.stories.leg_of}
    for leg in legs:
        for other in sorted(others):
            _tie(conn, leg, other, together=False)
    live.read_again(conn)


def _unite(conn: Connection, kept: int, other: int) -> list[int] | None:
    """Make a story part of another; the two live legs that are tied for it, if both are live."""
    live = living(conn)
    mine, theirs = live.legs_of(kept), live.legs_of(other)
    if mine and theirs:
        _tie(conn, mine[0], theirs[0], together=True)
    elif theirs:
        conn.execute(_SPEAK, {"whole": kept, "heir": theirs[0]})
    else:
        conn.execute(_SPEAK, {"whole": other, "heir": mine[0] if mine else None})
        conn.execute(_POINT, {"whole": other, "into": kept})
    live.read_again(conn)
    return [mine[0], theirs[0]] if mine and theirs else None


def _tie(conn: Connection, one: int, other: int, *, together: bool) -> None:
    row = {"one": min(one, other), "other": max(one, other), "score": 1.0, "strict": together, "ruled": True}
    put(conn, link, [row], update=("strict", "ruled"))


def _join_again(conn: Connection, before: dict[str, Any]) -> None:
    """The articles go back to their rows; what else came to the split story becomes part of the old one."""
    live = living(conn)
    for article_id, row in before["rows"]:
        conn.execute(update(article).where(article.c.id == article_id).values(story=row))
    of, new = whole(conn, before["story"]), whole(conn, before["new"])
    legs = live.legs_of(new)
    theirs = or_(link.c.one.in_(legs), link.c.other.in_(legs))
    conn.execute(delete(link).where(link.c.ruled, link.c.strict.is_(False), theirs))
    live.read_again(conn)
    if of != new:
        _unite(conn, *sorted((of, new)))


def _part_again(conn: Connection, before: dict[str, Any]) -> None:
    live = living(conn)
    for one, other in before["ties"]:
        pair = (link.c.one == min(one, other)) & (link.c.other == max(one, other))
        conn.execute(delete(link).where(link.c.ruled, pair))
    for id_, leg, into in before["rows"]:
        conn.execute(update(story).where(story.c.id == id_).values(leg=leg, merged_into=into))
    live.read_again(conn)


def _split_again(conn: Connection, groups: Sequence[Sequence[int]], row: int, now: datetime) -> None:
    """Part what stands together again against a decision."""
    chosen, rest = groups
    stories = {each: of for each in (*chosen, *rest) if (of := _story_of(conn, each)) is not None}
    held = {stories[each] for each in rest if each in stories}
    together = [each for each in chosen if stories.get(each) in held]
    if together:
        _, legs = _separate(conn, together, now, row)
        _hold_apart(conn, legs, rest)


def _story_of(conn: Connection, article_id: int) -> int | None:
    row = conn.execute(select(article.c.story).where(article.c.id == article_id)).scalar_one_or_none()
    return None if row is None else whole(conn, row)


def _write(conn: Connection, kind: str, groups: Any, before: Any, by: str, now: datetime) -> None:
    conn.execute(insert(ruling), {"kind": kind, "groups": groups, "before": before, "by": by, "at": now})


def _ruling(row: Any) -> Ruling:
    return Ruling(row.id, row.kind, tuple(map(tuple, row.groups)), row.by, row.at, row.undone)


_is_part = (story.c.id == bindparam("whole")) | (story.c.merged_into == bindparam("whole"))
_PARTS = select(story.c.id).where(_is_part)
_MEMBERS = select(article.c.id, article.c.story, article.c.duplicate_of).where(article.c.story.in_(_PARTS))
_ROWS = select(story.c.id, story.c.leg, story.c.merged_into).where(_is_part)
_SPEAK = update(story).where(_is_part).values(leg=bindparam("heir"))
_POINT = update(story).where(_is_part).values(merged_into=bindparam("into"))
