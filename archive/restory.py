"""Works out copies and stories anew, from the articles as they are archived. Nothing is alerted, nothing told is moved.

After a change of the normaliser, of the names or of the figures by which stories are told. In short transactions that
remember how far they came, beside a running monitor: what arrives meanwhile is placed as ever. Decisions of analysts
are applied again at the end. What the rules had found is not touched.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from archive import placing, rulings, stories
from archive.database import Archive
from archive.identity import earlier_twin
from archive.lexicon import concepts_of
from archive.locks import JUDGING, lock
from archive.pieces import packed
from archive.recording import seat_again
from archive.schema import article, fingerprint, fingerprint_delta, frequency, line, link, live, piece, story
from core.judge import fingerprint_of, judge
from core.model import Arrival, Draft, Neighbours
from core.rules.match import RuleSet
from core.stories.story import LIVE

BATCH = 100  # articles of a transaction, and of a merge
IN_ORDER = 5_000  # articles: what is old to the oldest of so many is let go


def restory(
    archive: Archive, since: datetime, *, rules: RuleSet, now: datetime, progress: Callable[[int, int], None]
) -> int:
    """Place every article that was recorded from `since` on anew; how many. One that was interrupted goes on instead.

    `progress` is told how many of how many are done.
    """
    with archive.writing() as conn:
        lock(conn, JUDGING)
        state = _state(conn) or _begin(conn, since, rules)
    clocks: deque[datetime] = deque(maxlen=IN_ORDER)
    while state["done"] < state["until"]:
        with archive.writing() as conn:
            lock(conn, JUDGING)
            _batch(conn, state, rules, clocks)
        stories.settle(archive)
        progress(state["placed"], state["total"])
    with archive.writing() as conn:
        rulings.again(conn, now)
        stories.merge(conn)
        conn.execute(update(live).values(restory=None))
    return int(state["placed"])


def _state(conn: Connection) -> dict[str, Any] | None:
    return conn.execute(select(live.c.restory)).scalar()


def _begin(conn: Connection, since: datetime, rules: RuleSet) -> dict[str, Any]:
    """Forget what was worked out of these articles, and put those before them in place as they are."""
    first = conn.execute(select(func.min(article.c.id)).where(article.c.recorded >= since)).scalar()
    until = conn.execute(select(func.max(article.c.id))).scalar() or 0
    if first is None:
        return {"done": until, "until": until, "placed": 0, "total": 0, "all": False}
    everything = conn.execute(select(article.c.id).where(article.c.id < first).limit(1)).first() is None
    for table in (fingerprint, fingerprint_delta):
        conn.execute(delete(table).where(table.c.article >= first))
    conn.execute(delete(piece))
    conn.execute(delete(link).where(or_(link.c.one >= first, link.c.other >= first)))
    conn.execute(update(story).where(story.c.leg >= first).values(leg=None))
    conn.execute(update(story).where(story.c.id >= first).values(leg=None, merged_into=None))
    for counted in (frequency, line) if everything else ():
        conn.execute(delete(counted))
    placing.living(conn).start_afresh(conn)
    _keep_before(conn, first, since, rules)
    total = conn.execute(select(func.count()).where(article.c.id >= first)).scalar_one()
    state = {"done": first - 1, "until": until, "placed": 0, "total": total, "all": everything}
    conn.execute(update(live).values(restory=state))
    return state


def _keep_before(conn: Connection, first: int, since: datetime, rules: RuleSet) -> None:
    """The articles that were live when the first one came stand where they stood."""
    rows = {row.id: row for row in conn.execute(_BEFORE, {"first": first, "since": since - LIVE})}
    spoken: dict[int, str] = {}  # leg → its language: a row may speak for one of another
    for one in placing.weigh(conn, {each: row.at for each, row in rows.items()}, concepts_of(rules.names)):
        row = rows[one.article]
        leg = row.leg if spoken.setdefault(row.leg, one.language) == one.language else row.story
        values = {"article": one.article, "leg": leg, "language": one.language, "at": one.at, "terms": packed(one)}
        conn.execute(insert(piece), values)
    placing.living(conn).start_afresh(conn)


def _batch(conn: Connection, state: dict[str, Any], rules: RuleSet, clocks: deque[datetime]) -> None:
    rows = conn.execute(_NEXT, {"done": state["done"], "until": state["until"], "most": BATCH}).all()
    for row in rows:
        clocks.append(_place(conn, row, rules, counted=not state["all"]))
    stories.merge(conn)
    if clocks:
        stories.forget(conn, min(clocks))
    state["done"] = rows[-1].id if rows else state["until"]
    state["placed"] += len(rows)
    conn.execute(update(live).values(restory=state))


def _place(conn: Connection, row: Any, rules: RuleSet, *, counted: bool) -> datetime:
    """Place an article as if it arrived; the time by which that is judged."""
    draft = Draft(**{name: getattr(row, name) for name in _DRAFT}, authors=tuple(row.authors))
    clock: datetime = (row.published if row.arrival == "import" else None) or row.recorded
    mark = fingerprint_of(draft)
    near = Neighbours(twin=earlier_twin(conn, row.source, mark.body, row.id))
    near = placing.living(conn).press.introduce(conn, near, row.source)
    sight, near = placing.look(conn, draft, near, rules, clock, row.id)
    verdict = judge(draft, mark, near, rules, Arrival("import"), clock)
    seat_again(conn, placing.seat_of(conn, sight, verdict), verdict, row.recorded)
    placing.keep(conn, sight, verdict, clock, counted=counted)
    return clock


_DRAFT = ("source", "url", "title", "text", "summary", "guid", "published", "published_raw", "language", "complete")
_NEXT = (
    select(article)
    .where(article.c.id > bindparam("done"), article.c.id <= bindparam("until"))
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_BEFORE = (
    select(
        article.c.id,
        article.c.story,
        func.coalesce(article.c.published, article.c.recorded).label("at"),
        func.coalesce(story.c.leg, story.c.id).label("leg"),
    )
    .join(story, story.c.id == article.c.story)
    .where(
        article.c.id < bindparam("first"),
        article.c.recorded >= bindparam("since"),
        article.c.duplicate_of.is_(None),
    )
    .order_by(article.c.id)
)
