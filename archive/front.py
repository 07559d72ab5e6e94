"""What the front page shows: the stories of a stretch of time by topic, how much there is per day, what is unusual.

Reads only. Ids rise in time, so a stretch of time is a range of ids.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, bindparam, cast, func, select

from archive.rows import AnyRow
from archive.schema import article, hit, source, story
from archive.standing import HELD, PARTS_OF_ALL, STORY_OF, members_of
from core.model import LEVELS, Level
from core.stories.carriage import Carriage, carriage

LATELY = timedelta(hours=3)
STEPS = 8
BASELINE = timedelta(days=7)
UNUSUAL = 3.0  # times the usual …
AT_LEAST = 5  # … and so many articles in the last day
_OPENING = 140  # code points that stand for a headline where there is none
_MOST_HITS = 5_000  # newest that are looked at for one topic


@dataclass(frozen=True, slots=True)
class Headline:
    """The first article of a story in one language, by its title or, without one, how it begins."""

    article: int
    title: str
    source_name: str


@dataclass(frozen=True, slots=True)
class Told:
    """A story as the front page tells it."""

    story: int
    level: Level  # the highest in this topic
    headlines: Mapping[str, Headline]  # by language, "" where it is not known; earliest first
    first: datetime
    last: datetime
    articles: int
    lately: int  # of them, recorded within LATELY
    growth: tuple[int, ...]  # articles by LATELY, the last STEPS of them, the present one last
    carriage: Carriage


@dataclass(frozen=True, slots=True)
class Unusual:
    """More of a topic than usual: articles of the last day beside the daily mean of the week before."""

    topic: str
    today: int
    usual: float


def stories(
    conn: Connection, topics: Collection[str], *, since: datetime, now: datetime, limit: int = 20
) -> Mapping[str, Sequence[Told]]:
    """By topic the stories that hit it since then: breaking ones first, then those that many carry."""
    first = first_since(conn, since)
    chosen = {topic: _foremost(conn.execute(_HITS, {"topic": topic, "first": first}).all(), limit) for topic in topics}
    wholes = sorted({id_ for levels in chosen.values() for id_ in levels})
    carriages = {id_: carriage(members) for id_, members in members_of(conn, wholes).items()}
    rows: dict[int, list[AnyRow]] = {id_: [] for id_ in wholes}
    for row in conn.execute(_MEMBERS, {"wholes": wholes}):
        rows[row.whole].append(row)
    return {
        topic: [_told(id_, level, rows[id_], carriages[id_], now) for id_, level in levels.items()]
        for topic, levels in chosen.items()
    }


def _foremost(hits: Sequence[AnyRow], limit: int) -> dict[int, Level]:
    """The stories of these hits, newest first, in their order, each with its highest level."""
    levels: dict[int, Level] = {}
    counts: Counter[int] = Counter()
    for row in hits:
        levels[row.story] = max(levels.get(row.story, "low"), row.level, key=LEVELS.index)
        counts[row.story] += 1
    foremost = sorted(levels, key=lambda id_: (-LEVELS.index(levels[id_]), -counts[id_]))  # stable: newest first
    return {id_: levels[id_] for id_ in foremost[:limit]}


def _told(id_: int, level: Level, members: Sequence[AnyRow], carried: Carriage, now: datetime) -> Told:
    headlines: dict[str, Headline] = {}
    for row in members:
        title = row.title.strip() or row.opening
        if title.strip():
            headlines.setdefault(row.language or "", Headline(row.id, title, row.name))
    times = [row.published or row.recorded for row in members]
    ages = Counter(max(now - row.recorded, timedelta()) // LATELY for row in members)
    return Told(
        story=id_,
        level=level,
        headlines=headlines,
        first=min(times),
        last=max(times),
        articles=len(members),
        lately=ages[0],
        growth=tuple(ages[age] for age in reversed(range(STEPS))),
        carriage=carried,
    )


def volumes(
    conn: Connection, topics: Collection[str], *, days: int, now: datetime, timezone: str, kind: str = "topic"
) -> Mapping[str, Mapping[date, int]]:
    """Articles per topic (or `kind` name) and day of the reader's zone of the last `days`, zeros and copies too."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    asked = {"kind": kind, "topics": sorted(topics), "first": first_since(conn, now - timedelta(days=days))}
    for what, hour, later, count in conn.execute(_HALF_HOURS, asked):
        begins = datetime.fromisoformat(f"{hour}:{'30' if later else '00'}+00:00")
        counted[what][begins.astimezone(zone).date()] += count
    stretch = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return {topic: {day: counted[topic][day] for day in stretch} for topic in topics}


def unusual(conn: Connection, topics: Collection[str], now: datetime) -> Sequence[Unusual]:
    """Topics of which the last day brought far more than the week before, the most unusual first."""
    today, before = Counter[str](), Counter[str]()
    day_ago = now - timedelta(days=1)
    asked = {"kind": "topic", "topics": sorted(topics), "first": first_since(conn, day_ago - BASELINE)}
    for what, new, count in conn.execute(_SINCE, asked | {"border": day_ago}):
        (today if new else before)[what] += count
    found = [Unusual(topic, today[topic], before[topic] / BASELINE.days) for topic in topics]
    telling = [each for each in found if each.today >= max(AT_LEAST, UNUSUAL * each.usual)]
    return sorted(telling, key=lambda each: -each.today / (each.usual or 0.5))


def first_since(conn: Connection, since: datetime) -> int:
    """An id below which everything was recorded before `since`, and nothing from there on: ids rise in time."""
    return conn.execute(_FIRST_SINCE, {"since": since}).scalar() or 1


_FIRST_SINCE = (
    select(article.c.id + 1)
    .where(article.c.recorded < bindparam("since"))
    .order_by(article.c.recorded.desc(), article.c.id.desc())
    .limit(1)
)
_HITS = (
    select(STORY_OF.label("story"), hit.c.level)
    .join_from(hit, article, article.c.id == hit.c.article)
    .join(story, story.c.id == article.c.story)
    .where(
        hit.c.kind == "topic",
        hit.c.what == bindparam("topic"),
        hit.c.article >= bindparam("first"),
        article.c.arrival != HELD,
    )
    .order_by(hit.c.article.desc())
    .limit(_MOST_HITS)
)
_MEMBERS = (
    select(
        *(article.c[name] for name in ("id", "title", "language", "published", "recorded")),
        func.substr(article.c.text, 1, _OPENING).label("opening"),
        source.c.name,
        STORY_OF.label("whole"),
    )
    .join(source, source.c.id == article.c.source)
    .join(story, story.c.id == article.c.story)
    .where(article.c.story.in_(PARTS_OF_ALL))
    .order_by(article.c.id)
)
_DATED = func.coalesce(article.c.published, article.c.recorded, type_=article.c.recorded.type)
_COUNTED = (
    select(hit.c.what)
    .join(article, article.c.id == hit.c.article)
    .with_hint(article, "INDEXED BY article_facets", "sqlite")
    .where(
        hit.c.kind == bindparam("kind"),
        hit.c.what.in_(bindparam("topics", expanding=True)),
        hit.c.article >= bindparam("first"),
    )
)
# Counted by half hours, of which every day begins with one: zones are whole or half hours off UTC, but for Nepal and
# two islands, whose midnight is taken a quarter of an hour early.
_WRITTEN = cast(_DATED, String)
_HALF_HOURS = _COUNTED.add_columns(
    func.substr(_WRITTEN, 1, 13).label("hour"),
    (func.substr(_WRITTEN, 15, 1) >= "3").label("later"),
    func.count(),
).group_by(hit.c.what, "hour", "later")
_border = bindparam("border", type_=article.c.recorded.type)
_SINCE = _COUNTED.add_columns((_border < _DATED).label("new"), func.count()).group_by(hit.c.what, "new")
