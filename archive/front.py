"""What the front page shows: the stories of a stretch of time by topic, how much there is per day, what is unusual.

Reads only. Ids rise in time, so a stretch of time is a range of ids.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from archive.schema import article, hit, source, story
from archive.standing import HELD, PARTS_OF, STORY_OF, everybody
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


def stories(conn: Connection, topic: str, *, since: datetime, now: datetime, limit: int = 20) -> list[Told]:
    """The stories that hit the topic since then: breaking ones first, then those that many carry."""
    rows = conn.execute(_HITS, {"topic": topic, "since": since}).all()
    levels: dict[int, Level] = {}
    counts: Counter[int] = Counter()
    for row in rows:
        levels[row.story] = max(levels.get(row.story, "low"), row.level, key=LEVELS.index)
        counts[row.story] += 1
    newest = {row.story: place for place, row in reversed(list(enumerate(rows)))}
    chosen = sorted(levels, key=lambda id_: (-LEVELS.index(levels[id_]), -counts[id_], newest[id_]))[:limit]
    return [_told(conn, id_, levels[id_], now) for id_ in chosen]


def _told(conn: Connection, id_: int, level: Level, now: datetime) -> Told:
    members = conn.execute(_MEMBERS, {"whole": id_}).all()
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
        carriage=carriage(everybody(conn, id_).members),
    )


def volumes(
    conn: Connection, topics: Collection[str], *, days: int, now: datetime, timezone: str, kind: str = "topic"
) -> Mapping[str, Mapping[date, int]]:
    """Articles per topic (or `kind` name) and day of the reader's zone of the last `days`, zeros and copies too."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    since = now - timedelta(days=days)
    for what, at in conn.execute(_TIMES, {"kind": kind, "topics": sorted(topics), "since": since}):
        counted[what][at.astimezone(zone).date()] += 1
    stretch = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return {topic: {day: counted[topic][day] for day in stretch} for topic in topics}


def unusual(conn: Connection, topics: Collection[str], now: datetime) -> Sequence[Unusual]:
    """Topics of which the last day brought far more than the week before, the most unusual first."""
    today, before = Counter[str](), Counter[str]()
    day_ago = now - timedelta(days=1)
    for what, at in conn.execute(_TIMES, {"kind": "topic", "topics": sorted(topics), "since": day_ago - BASELINE}):
        (today if at > day_ago else before)[what] += 1
    found = [Unusual(topic, today[topic], before[topic] / BASELINE.days) for topic in topics]
    telling = [each for each in found if each.today >= max(AT_LEAST, UNUSUAL * each.usual)]
    return sorted(telling, key=lambda each: -each.today / (each.usual or 0.5))


_HITS = (
    select(STORY_OF.label("story"), hit.c.level, article.c.id)
    .join_from(hit, article, article.c.id == hit.c.article)
    .join(story, story.c.id == article.c.story)
    .where(
        hit.c.kind == "topic",
        hit.c.what == bindparam("topic"),
        article.c.recorded >= bindparam("since"),
        article.c.arrival != HELD,
    )
    .order_by(article.c.id.desc())
    .limit(_MOST_HITS)
)
_MEMBERS = (
    select(
        *(article.c[name] for name in ("id", "title", "language", "published", "recorded")),
        func.substr(article.c.text, 1, _OPENING).label("opening"),
        source.c.name,
    )
    .join(source, source.c.id == article.c.source)
    .where(article.c.story.in_(PARTS_OF))
    .order_by(article.c.id)
)
_TIMES = (
    select(hit.c.what, func.coalesce(article.c.published, article.c.recorded, type_=article.c.recorded.type))
    .join(article, article.c.id == hit.c.article)
    .where(
        hit.c.kind == bindparam("kind"),
        hit.c.what.in_(bindparam("topics", expanding=True)),
        article.c.recorded >= bindparam("since"),
    )
)
