"""What a bulletin tells: the stories that hit a topic in a stretch of time, each by one article. Reads only."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from archive.cards import Telling, cards_of
from archive.front import Headline, Told, stories
from core.messages import Card
from core.model import LEVELS, Level

MOST = 200  # stories of a topic


def cards(conn: Connection, topics: Collection[str], *, since: datetime, now: datetime, language: str) -> list[Card]:
    """Breaking ones first, then those that more unlinked outlets carry, then newer ones.

    A story is told by its first article in `language`, else by its first one.
    """
    told: dict[int, Told] = {}
    met: dict[int, dict[str, Level]] = {}
    for topic, those in stories(conn, topics, since=since, now=now, limit=MOST).items():
        for each in those:
            told.setdefault(each.story, each)
            met.setdefault(each.story, {})[topic] = each.level
    ranks = {id_: max(map(LEVELS.index, levels.values())) for id_, levels in met.items()}
    order = sorted(
        (each for each in told.values() if each.headlines),
        key=lambda each: (ranks[each.story], each.carriage.unlinked, each.last),
        reverse=True,
    )
    return cards_of(conn, [Telling(_first(each, language).article, tuple(met[each.story].items())) for each in order])


def _first(told: Told, language: str) -> Headline:
    return told.headlines.get(language) or next(iter(told.headlines.values()))
