"""What the archive knows of the names and topics of the config: how often, spelled how, beside whom. Reads only."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from archive.front import first_since
from archive.rows import articles, spans_of
from archive.schema import annotation, article, hit
from core.model import Article

LOOKED_AT = 400  # newest articles with a name, whose spellings are counted
COMPANY_OF = 5_000  # newest articles with a name, whose other names are counted
SHOWN = 12  # stories


@dataclass(frozen=True, slots=True)
class Portrait:
    """A name as it occurs. Spellings are of the newest `looked_at` articles, company of the newest COMPANY_OF."""

    articles: int
    ambiguous: int  # articles in which nobody can say whether it is this one
    spellings: Mapping[str, int]  # as written, by occurrences
    looked_at: int
    company: Mapping[str, int]  # other names, by articles
    latest: tuple[Article, ...]  # one of each of the newest stories
    last: datetime | None  # when it was recorded last


def portrait(conn: Connection, name: str) -> Portrait:
    """The name with this id, whether the config still has it or not."""
    newest = conn.execute(_NEWEST, {"kind": "name", "what": name, "limit": COMPANY_OF}).scalars().all()
    shown = articles(conn, newest[:100])
    latest = list({each.story: each for each in reversed(shown)}.values())[::-1]
    latest.sort(key=lambda each: -each.id)
    return Portrait(
        articles=_count(conn, "name", name),
        ambiguous=_count(conn, "ambiguous", name),
        spellings=_spellings(conn, name, newest[:LOOKED_AT]),
        looked_at=len(newest[:LOOKED_AT]),
        company=_company(conn, name, newest),
        latest=tuple(latest[:SHOWN]),
        last=shown[0].recorded if shown else None,
    )


def last_seen(conn: Connection, kind: str, whats: Collection[str]) -> Mapping[str, datetime]:
    """When each name (or topic) was last recorded; those that never were are left out."""
    newest = select(hit.c.what, func.max(hit.c.article).label("article"))
    newest = newest.where(hit.c.kind == kind, hit.c.what.in_(whats)).group_by(hit.c.what)
    latest = newest.subquery()
    rows = conn.execute(select(latest.c.what, article.c.recorded).join(article, article.c.id == latest.c.article))
    return dict(map(tuple, rows))


def levels(conn: Connection, topic: str, since: datetime) -> Mapping[str, int]:
    """Articles of a topic recorded since then, by level."""
    chosen = (hit.c.kind == "topic") & (hit.c.what == topic) & (hit.c.article >= first_since(conn, since))
    rows = conn.execute(select(hit.c.level, func.count()).where(chosen).group_by(hit.c.level))
    return dict(map(tuple, rows))


@dataclass(frozen=True, slots=True)
class Precision:
    """What analysts said of the articles of a topic: meant by it, or not."""

    relevant: int
    noise: int

    @property
    def share(self) -> float | None:
        """How much of what was marked was meant; None where nothing was."""
        marked = self.relevant + self.noise
        return self.relevant / marked if marked else None


def precision(conn: Connection, topics: Sequence[str]) -> Mapping[str, Precision]:
    """By topic; an article counts once for each account that marked it."""
    rows = conn.execute(
        select(hit.c.what, annotation.c.kind, func.count())
        .join(hit, hit.c.article == annotation.c.article)
        .where(annotation.c.kind.in_(("relevant", "noise")), hit.c.kind == "topic", hit.c.what.in_(topics))
        .group_by(hit.c.what, annotation.c.kind)
    )
    counted: dict[str, Counter[str]] = {topic: Counter() for topic in topics}
    for topic, kind, count in rows:
        counted[topic][kind] = count
    return {topic: Precision(found["relevant"], found["noise"]) for topic, found in counted.items()}


def usual_gap(days: Mapping[date, int]) -> timedelta | None:
    """The mean time between two mentions in these days; None where there were fewer than two."""
    total = sum(days.values())
    return timedelta(days=len(days)) / total if total > 1 else None


def _count(conn: Connection, kind: str, what: str) -> int:
    return conn.execute(select(func.count()).where(hit.c.kind == kind, hit.c.what == what)).scalar_one()


def _spellings(conn: Connection, name: str, ids: Sequence[int]) -> Mapping[str, int]:
    """The words of the text that were taken for the name; those that differ in capitals alone are one."""
    counted, written = Counter[str](), dict[str, str]()
    for row in conn.execute(_SPANS, {"what": name, "ids": list(ids)}):
        for span in spans_of(row.spans):
            text = " ".join(getattr(row, span.field)[span.start : span.end].split())
            counted[text.casefold()] += 1
            written.setdefault(text.casefold(), text)
    return {written[folded]: count for folded, count in counted.most_common() if folded}


def _company(conn: Connection, name: str, ids: Sequence[int]) -> Mapping[str, int]:
    if not ids:
        return {}
    rows = conn.execute(_COMPANY, {"what": name, "first": ids[-1]})
    return dict(map(tuple, rows))


_NEWEST = (
    select(hit.c.article)
    .where(hit.c.kind == bindparam("kind"), hit.c.what == bindparam("what"))
    .order_by(hit.c.article.desc())
    .limit(bindparam("limit"))
)
_SPANS = (
    select(hit.c.spans, article.c.title, article.c.summary, article.c.text)
    .join(article, article.c.id == hit.c.article)
    .where(hit.c.kind == "name", hit.c.what == bindparam("what"), hit.c.article.in_(bindparam("ids", expanding=True)))
)
_mine, _theirs = hit.alias("mine"), hit.alias("theirs")
_COMPANY = (
    select(_theirs.c.what, func.count().label("articles"))
    .join_from(_mine, _theirs, (_theirs.c.article == _mine.c.article) & (_theirs.c.kind == "name"))
    .where(
        _mine.c.kind == "name",
        _mine.c.what == bindparam("what"),
        _mine.c.article >= bindparam("first"),
        _theirs.c.what != bindparam("what"),
    )
    .group_by(_theirs.c.what)
    .order_by(func.count().desc(), _theirs.c.what)
    .limit(20)
)
