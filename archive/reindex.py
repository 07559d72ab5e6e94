"""Finds anew what the rules hit in archived articles, and which words they are indexed by. Alerts nobody.

After an edit of the rules (`hits`), or with a new normaliser (`words`). In short transactions that remember how far
they came, beside a running monitor. What is found only now counts for nobody as told: the story alerts when an article
of it that comes later hits the topic.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from archive.conflict import put
from archive.database import Archive
from archive.fulltext import index_words, put_words, take_words
from archive.inquiry import readables
from archive.locks import JUDGING, lock
from archive.recording import hits_of
from archive.schema import article, chore, hit
from core.rules.match import RuleSet
from core.text import NORMALISER_VERSION

Chore = Literal["hits", "words"]

BACK = timedelta(days=30)  # so far after an edit by itself
BATCH = 100  # articles of a transaction


def begin(conn: Connection, name: Chore, *, edition: int, since: datetime | None) -> None:
    """Have the work done for every article recorded from `since` on. The same work that was interrupted goes on."""
    on = chore.c.finished.is_(None) & (chore.c.name == name)
    before = conn.execute(select(chore).where(on)).one_or_none()
    if before is not None and (before.edition, before.normaliser) == (edition, NORMALISER_VERSION):
        return
    first = select(func.min(article.c.id))
    first = first.where(article.c.recorded >= since) if since is not None else first
    reached = (conn.execute(first).scalar() or _newest(conn) + 1) - 1
    row = _row(name, edition, min(reached, before.reached) if before is not None else reached, None)
    put(conn, chore, [row], update=_CHANGES)


def note(conn: Connection, name: Chore, edition: int, now: datetime) -> None:
    """Write that everything is as it should be, by the rules of that edition."""
    put(conn, chore, [_row(name, edition, _newest(conn), now)], update=_CHANGES)


def worked_by(conn: Connection, name: Chore) -> tuple[int, int, bool] | None:
    """By which edition and normaliser the work was done, and whether all of it is; None: nobody has noted it."""
    row = conn.execute(select(chore).where(chore.c.name == name)).one_or_none()
    return None if row is None else (row.edition, row.normaliser, row.finished is not None)


def run(archive: Archive, name: Chore, rules: RuleSet, *, now: datetime, progress: Callable[[float], None]) -> int:
    """Do the work that has begun, to its end; how many articles were looked at."""
    done = 0
    while True:
        with archive.writing() as conn:
            lock(conn, JUDGING)  # no article is edited meanwhile
            state = conn.execute(select(chore).where(chore.c.name == name)).one()
            ids = _next(conn, state.reached)
            if not ids:
                conn.execute(update(chore).where(chore.c.name == name).values(finished=now))
                return done
            _find_anew(conn, ids, rules, words=name == "words")
            conn.execute(update(chore).where(chore.c.name == name).values(reached=ids[-1]))
            newest = _newest(conn)
        done += len(ids)
        progress(done / max(1, done + newest - ids[-1]))


def is_empty(conn: Connection) -> bool:
    """Whether nothing is archived yet."""
    return not conn.execute(select(exists().select_from(article))).scalar_one()


def _next(conn: Connection, reached: int) -> Sequence[int]:
    return (
        conn.execute(select(article.c.id).where(article.c.id > reached).order_by(article.c.id).limit(BATCH))
        .scalars()
        .all()
    )


def _find_anew(conn: Connection, ids: Sequence[int], rules: RuleSet, *, words: bool) -> None:
    heard = {
        (row.article, row.what): row.level if row.heard is None else row.heard
        for row in conn.execute(select(hit).where(hit.c.article.in_(ids), hit.c.kind == "topic"))
    }
    rows: list[dict[str, Any]] = []
    for each in readables(conn, rules, ids):
        found = hits_of(each.id, rules.match(each))
        rows += (row | {"heard": _heard(row, heard.get((each.id, row["what"]), ""))} for row in found)
        if words:
            take_words(conn, each.id)
            put_words(conn, each.id, index_words(each.title, each.summary, each.text))
    conn.execute(delete(hit).where(hit.c.article.in_(ids), hit.c.kind != "watch"))  # those are their readers' own
    if rows:
        conn.execute(insert(hit), rows)


def _heard(row: dict[str, Any], before: str) -> str | None:
    """What counts as told of a hit that counted as `before`; None: its level, as ever."""
    return None if row["kind"] != "topic" or row["level"] == before else before


def _newest(conn: Connection) -> int:
    return conn.execute(select(func.max(article.c.id))).scalar() or 0


def _row(name: Chore, edition: int, reached: int, finished: datetime | None) -> dict[str, Any]:
    return {
        "name": name,
        "edition": edition,
        "normaliser": NORMALISER_VERSION,
        "reached": reached,
        "finished": finished,
    }


_CHANGES = ("edition", "normaliser", "reached", "finished")
