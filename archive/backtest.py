"""What a rule would have found in the archive: the engine of live alerts over what was recorded. Sends nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from archive.asking import articles_with
from archive.inquiry import readables
from archive.rows import articles
from archive.schema import article
from archive.search import Found
from core.model import Article, Level, Readable, Span
from core.rules.candidates import any_of
from core.rules.match import RuleSet, candidates, compile_rules
from core.rules.near_misses import Miss, NearMisses
from settings import Settings

SAMPLES = 10
PAGE = 100  # articles read at a time
TRIED = 2_000  # newest articles that are asked for near misses


@dataclass(frozen=True, slots=True)
class Tally:
    """What was found: copies are counted apart, since a copy alerts nobody."""

    count: int
    copies: int
    stories: int
    days: Mapping[str, int]  # of publication, or, without one, of recording, in UTC; copies left out, like below
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    levels: Mapping[Level, int]
    samples: tuple[Found, ...]  # spread evenly over what was found, newest first


@dataclass(frozen=True, slots=True)
class Backtest:
    """The tally of a rule, and beside another rule what only one of the two finds. `looked`: articles tried."""

    tally: Tally
    looked: int
    articles: int  # recorded in the time
    gained: Tally | None = None
    lost: Tally | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What another version of a topic's rule finds instead; `days` as in Tally, (before, after) each."""

    before: int
    after: int
    days: Mapping[str, tuple[int, int]]
    gained: Tally
    lost: Tally


class _Counter:
    """Gathers a tally. Samples are kept by halving: every 2^n-th find, so that memory stays small."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self.count = self.copies = 0
        self._days: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._levels: Counter[Level] = Counter()
        self._stories: set[int] = set()
        self._samples: list[int] = []
        self._step = 1

    def add(self, each: Any, level: Level) -> None:
        if each.duplicate_of is not None:
            self.copies += 1
            return
        if self.count % self._step == 0:
            self._samples.append(each.id)
            if len(self._samples) == 2 * SAMPLES:
                self._samples, self._step = self._samples[::2], self._step * 2
        self.count += 1
        self._stories.add(each.story)
        self._days[(each.published or each.recorded).date().isoformat()] += 1
        self._sources[each.source] += 1
        self._languages[each.language or ""] += 1
        self._levels[level] += 1

    def tally(self, conn: Connection) -> Tally:
        chosen = articles(conn, self._samples[:SAMPLES])
        return Tally(
            self.count,
            self.copies,
            len(self._stories),
            dict(sorted(self._days.items())),
            dict(self._sources.most_common()),
            dict(self._languages.most_common()),
            dict(self._levels.most_common()),
            tuple(Found(each, _spans(self._rules, each)) for each in chosen),
        )


def _spans(rules: RuleSet, each: Readable) -> tuple[Span, ...]:
    """The words that made any of the rules true."""
    return tuple(sorted({span for hit in rules.match(each).topics for span in hit.spans}))


def run(
    conn: Connection,
    rules: RuleSet,
    *,
    since: datetime,
    now: datetime,
    against: RuleSet | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Backtest:
    """Try `rules` on every article recorded since then; `against` is the other version of them.

    Several topics count as one: an article is found when any of them is. `progress` is told a share from 0 to 1.
    """
    first, last, total = _recorded(conn, since, now)
    mine, gained, lost = _Counter(rules), _Counter(rules), _Counter(against or rules)
    wanted = candidates(rules) if against is None else any_of((candidates(rules), candidates(against)))
    looked = 0
    with closing(articles_with(conn, wanted, first=first, before=last + 1)) as pages:
        for ids in pages:
            for each in readables(conn, rules, ids):
                found = rules.level(each)
                other = against.level(each) if against else found
                if found:
                    mine.add(each, found)
                if found and not other:
                    gained.add(each, found)
                if other and not found:
                    lost.add(each, other)
            looked += len(ids)
            progress((last - ids[-1]) / (last - first + 1))
    progress(1.0)
    sides = (gained.tally(conn), lost.tally(conn)) if against else (None, None)
    return Backtest(mine.tally(conn), looked, total, *sides)


def by_topic(
    conn: Connection,
    topics: Sequence[str],
    before: Settings,
    after: Settings,
    *,
    since: datetime,
    now: datetime,
    progress: Callable[[float], None] = lambda _share: None,
) -> Iterator[tuple[str, Change]]:
    """Topic by topic what the rules of `after` find, held against those of `before`; one side may lack the topic."""
    for place, topic in enumerate(topics):
        mine, other = (compile_rules(each.names, each.topics, only=topic) for each in (after, before))

        def tell(share: float, place: int = place) -> None:
            progress((place + share) / len(topics))

        yield topic, _change(run(conn, mine, since=since, now=now, against=other, progress=tell))


def _change(found: Backtest) -> Change:
    assert found.gained is not None
    assert found.lost is not None
    after, gained, lost = Counter(found.tally.days), Counter(found.gained.days), Counter(found.lost.days)
    before = after - gained + lost
    days = {day: (before[day], after[day]) for day in sorted(before | after)}
    return Change(before.total(), after.total(), days, found.gained, found.lost)


def just_missed(
    conn: Connection, rule: NearMisses, *, since: datetime, now: datetime, limit: int = SAMPLES
) -> list[tuple[Article, Miss]]:
    """Of the last TRIED articles recorded since then those of which one condition keeps the rule from being true."""
    chosen = select(article.c.id).where(article.c.recorded >= since, article.c.recorded <= now)
    ids = conn.execute(chosen.order_by(article.c.id.desc()).limit(TRIED)).scalars().all()
    pages = (articles(conn, ids[start : start + PAGE]) for start in range(0, len(ids), PAGE))
    found = ((each, miss) for page in pages for each in page if (miss := rule.of(each)) is not None)
    return list(islice(found, limit))


def _recorded(conn: Connection, since: datetime, now: datetime) -> tuple[int, int, int]:
    """First and last id of what was recorded in the time, and how many."""
    chosen = (article.c.recorded >= since) & (article.c.recorded <= now)
    row = conn.execute(select(func.min(article.c.id), func.max(article.c.id), func.count()).where(chosen)).one()
    return (row[0], row[1], row[2]) if row[2] else (1, 0, 0)
