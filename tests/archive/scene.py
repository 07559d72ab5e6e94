"""The archive tests' scene: four outlets, four topics, a clock that stands until it is moved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from archive import outbox, schema, sources, subscribers
from archive.database import Archive
from archive.intake import admit
from core.messages import Sending, Subscriber
from core.model import Arrival, ArrivalKind, Article, Draft, Form, NameSet, Outcome, Page, Source, Topic, Verdict
from core.rules.match import RuleSet, compile_rules

T = TypeVar("T")

START = datetime(2026, 5, 14, 6, 30, tzinfo=UTC)

OUTLETS = (
    Source("tigris", "Tigris Wire", "feed", "https://tigris.example/feed", "ar", "private", "tigris"),
    Source("karun", "Karun Daily", "feed", "https://karun.example/rss", "fa", "state", "karun"),
    Source("courier", "The Courier", "feed", "https://courier.example/atom", "en", "exile", "courier"),
    Source("gazette", "Gazette", "feed", "https://gazette.example/rss", "en", "unknown", "gazette"),
)

NAMES = {
    "qaani": NameSet("qaani", {"en": "Qaani"}, tuple(map(Form, ("Qaani", "قاآني", "قاآنی")))),
    "badr": NameSet("badr", {"en": "Badr"}, tuple(map(Form, ("Badr Organization", "منظمة بدر", "سازمان بدر")))),
}

TOPICS = {
    "qaani": Topic("qaani", {"en": "Qaani"}, "@qaani", "normal", {"breaking": "title:Qaani OR title:قاآني"}),
    "badr": Topic("badr", {"en": "Badr"}, "@badr", "low"),
    "cabinet": Topic("cabinet", {"en": "Cabinet"}, "cabinet OR الحكومة OR کابینه"),
}

RUMOUR_FA = "منابع محلی از ورود سردار قاآنی به بغداد برای گفت‌وگو دربارهٔ کابینه تازهٔ عراق خبر دادند."
DENIAL_AR = "نفى مصدر مسؤول وصول قاآني إلى بغداد مؤكداً أن الحكومة لم تتلقَّ أي طلب بهذا الشأن حتى مساء اليوم."
REPORT_EN = (
    "Late on Sunday Qaani met party leaders in Baghdad to discuss the next cabinet of Iraq, two officials told us."
)
WEATHER_EN = "Dust storms will cover the south until Thursday, the weather service said in its morning bulletin."


class Scene:
    """What the tests say: publishes, joins, claims. Everything goes through the archive's public functions."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.rules: RuleSet = compile_rules(NAMES, TOPICS)
        self.now = START
        self._numbers = count(1)
        self.write(sources.sync, OUTLETS, self.now)

    def later(self, **by: float) -> datetime:
        """Move the clock."""
        self.now += timedelta(**by)
        return self.now

    def write(self, work: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.archive.writing() as conn:
            return work(conn, *args, **named)

    def ask(self, work: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.archive.reading() as conn:
            return work(conn, *args, **named)

    def draft(self, outlet: str = "courier", title: str = "", text: str = REPORT_EN, **known: Any) -> Draft:
        """What a reader found; each one has an address of its own unless `url` says otherwise."""
        number = next(self._numbers)
        plain = Draft(
            source=outlet,
            url=f"https://{outlet}.example/{number}",
            title=title or f"Story {number}",
            text=text,
            guid=f"{outlet}-{number}",
            published=self.now - timedelta(minutes=5),
            fetched=self.now,
            listing=f"listing {number}",
        )
        return replace(plain, **known)

    def admit(
        self,
        draft: Draft,
        *,
        how: ArrivalKind = "live",
        page: Page | None = None,
        alerted: dict[str, int] | None = None,
    ) -> Verdict:
        arrival = Arrival(how, alerted=alerted or {})
        return self.write(admit, draft, rules=self.rules, arrival=arrival, now=self.now, edition=1, evidence=page)

    def publishes(self, outlet: str = "courier", title: str = "", text: str = REPORT_EN, **known: Any) -> Article:
        """An article that is new at this address: admitted, and read back."""
        draft = self.draft(outlet, title, text, **known)
        self.admit(draft)
        return self.article(draft.url)

    def article(self, url: str) -> Article:
        from archive import articles

        found = self.ask(articles.by_url, url)
        assert found is not None, f"no article at {url}"
        return found

    def joins(self, chat: int = 1, *, topics: Sequence[str] | None = None, channel: str = "telegram") -> Subscriber:
        """A subscriber of all topics, or of `topics` only."""
        who = self.write(
            subscribers.join, channel=channel, chat=chat, language="ar", timezone="Asia/Baghdad", now=self.now
        )
        if topics is None:
            return who
        for topic in TOPICS:
            who = self.write(subscribers.set_topic, who.id, topic, topic in topics, topics=TOPICS)
        return who

    def claims(
        self,
        limit: int = 100,
        *,
        owner: str = "me",
        answered_at: datetime | None = None,
        skip: Sequence[int] = (),
        channel: str = "telegram",
    ) -> list[Sending]:
        return self.write(
            outbox.claim,
            channel=channel,
            owner=owner,
            now=self.now,
            lease=timedelta(seconds=60),
            limit=limit,
            answered_at=answered_at,
            skip_chats=skip,
        )

    def visited(self, outlet: str, status: Any = "fresh", **known: Any) -> None:
        """A visit ends; the next check is in ten minutes."""
        outcome = replace(Outcome(outlet, status, self.now), **known)
        pace = self.ask(sources.pace, outlet)
        self.write(
            sources.settle,
            outcome,
            next_check=self.now + timedelta(minutes=10),
            pace=replace(pace, last_visit=self.now),
        )

    def states(self) -> list[str]:
        """The states of all outbox rows, oldest row first."""
        column = select(schema.outbox.c.state).order_by(schema.outbox.c.id)
        return list(self.ask(lambda conn: conn.execute(column).scalars().all()))

    def count(self, table: str) -> int:
        question = select(func.count()).select_from(schema.metadata.tables[table])
        return int(self.ask(lambda conn: conn.execute(question).scalar_one()))

    def census(self) -> dict[str, int]:
        """The number of rows of every table."""
        return {name: self.count(name) for name in schema.metadata.tables}


def page(body: bytes = b"<html>...</html>", url: str = "https://courier.example/1") -> Page:
    """A fetched document."""
    return Page(url, url, 200, {"content-type": "text/html"}, body, START)


def rows(conn: Connection, sql: str) -> list[Any]:
    """Any rows, for looking behind the public functions."""
    return [tuple(row) for row in conn.exec_driver_sql(sql)]


def drafts_of_the_day() -> list[Draft]:
    """The same thirty drafts, whoever asks: by address, by GUID, by text, and copies of another source."""
    drafts = []
    for n in range(10):
        text, day = f"{REPORT_EN} Sitting number {n + 50}.", START - timedelta(days=3 * n)
        drafts += [
            Draft("courier", f"https://courier.example/day/{n}", f"Day {n}", text, guid=f"day-{n}", published=day),
            Draft("courier", f"https://courier.example/again/{n}", f"Day {n}", text, published=day),
            Draft("gazette", f"https://gazette.example/day/{n}", f"Day {n}", text, published=day),
        ]
    return drafts
