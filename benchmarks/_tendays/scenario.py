"""What happens in the newsroom, minute by minute, and what readers should get of it. It performs; it watches nobody."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from benchmarks._prose import Writer
from benchmarks._tendays.texts import ACCORDING, ACTORS, DENIAL, GRAVE, LANGUAGES, LEADS, PLACES, Facts
from demo.newsroom import Item, Newsroom, Outlet

Why = Literal["routine", "copied", "grave", "at night", "in the outage", "flood", "hacked"]

HOURS = (
    0.2,
    0.1,
    0.1,
    0.1,
    0.2,
    0.4,
    0.8,
    1.2,
    1.6,
    1.8,
    1.8,
    1.7,
    1.5,
    1.4,
    1.5,
    1.5,
    1.4,
    1.3,
    1.3,
    1.2,
    1.0,
    0.8,
    0.6,
    0.4,
)
EVENTS_A_DAY = 4
ARTICLES_A_DAY = 3  # of one source, that concern nobody
BLACKOUT_OF = "fa"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens; `wanted` is how often each reader should be told: once, and again where it turns."""

    facts: Facts
    at: datetime
    why: Why
    wanted: int = 1


@dataclass(order=True, slots=True)
class Deed:
    """Something that is done at a time; `name` is printed, when it has one."""

    at: datetime
    number: int
    do: Callable[[], None] = field(compare=False)
    name: str = field(default="", compare=False)


class Scenario:
    """Ten days, or fewer: the specials keep their day as far as there are so many."""

    def __init__(self, newsroom: Newsroom, began: datetime, days: int, sources: int) -> None:
        self.newsroom, self.began, self.days = newsroom, began, days
        self.events: list[Event] = []
        self.deeds: list[Deed] = []
        self._random = random.Random(11)
        self._places = iter(self._random.sample(range(len(PLACES)), len(PLACES)))
        self._writer = Writer(seed=5, watched_every=10**9)
        self.outlets = [self._founded(number) for number in range(sources)]
        self.hacked = self.outlets[5]
        self.ends = began + timedelta(days=days)

    def _founded(self, number: int) -> Outlet:
        language = LANGUAGES[number % 3]
        return self.newsroom.outlet(
            f"s{number:03}",
            name=f"{('Courier', 'بريد', 'پیک')[number % 3]} {number}",
            language=language,
            feed_text="summary" if number % 4 == 0 else "full",
            affiliation=("private", "state", "party")[number // 3 % 3],
        )

    # --- the days ---

    def written(self) -> "Scenario":
        """All deeds of all days, in the order of their times."""
        for day in range(self.days):
            self._everyday(day)
        specials = (self._outage, self._blackout, self._night, self._flood, self._hacked, self._rumour, self._forty)
        for day, special in zip((1, 2, 3, 4, 5, 7, 8), specials, strict=True):
            if day < self.days:
                special(self.began + timedelta(days=day))
        self.deeds.sort()
        return self

    def _everyday(self, day: int) -> None:
        start = self.began + timedelta(days=day)
        for outlet in self.outlets:
            for _ in range(ARTICLES_A_DAY):
                self._at(self._hour(start), lambda outlet=outlet: self._routine(outlet))  # type: ignore[misc]
        for number in range(EVENTS_A_DAY):
            facts = self._facts(list(ACTORS)[(day + number) % len(ACTORS)], LEADS[(day * 3 + number) % len(LEADS)])
            self._reported(facts, start + timedelta(hours=8 + 3 * number, minutes=7), "routine", carriers=4)

    def _outage(self, start: datetime) -> None:
        """Our own line is down for two hours, the Bot API with it; in the middle something happens."""
        self._at(start + timedelta(hours=15), self._line_falls, "our line is down")
        facts = self._facts("asaib", LEADS[4])
        self._reported(facts, start + timedelta(hours=15, minutes=40), "in the outage", carriers=2)
        self._at(start + timedelta(hours=17), self._line_rises, "our line is back")

    def _blackout(self, start: datetime) -> None:
        """For a day nothing of one country answers."""
        dark = [outlet for outlet in self.outlets if outlet.site.language == BLACKOUT_OF][:60]
        self._at(start + timedelta(hours=9), lambda: _all_reset(dark), "60 sources go dark")
        self._at(start + timedelta(hours=33), lambda: _all_recover(dark), "they are back")
        self._at(start + timedelta(hours=2), lambda: self.outlets[-1].answers(404, on="all"), "a source dies for good")

    def _night(self, start: datetime) -> None:
        """The lid is closed from 23:00 to 07:00 (see `closed`); in the night something happens."""
        for hour, actor in ((1, "badr"), (4, "nujaba")):
            facts = self._facts(actor, LEADS[hour % len(LEADS)])
            self._reported(facts, start + timedelta(hours=24 + hour), "at night", carriers=2)

    def closed(self) -> tuple[datetime, datetime]:
        """When the lid is closed, and when it is opened again."""
        start = self.began + timedelta(days=3)
        return start + timedelta(hours=23), start + timedelta(hours=31)

    def _flood(self, start: datetime) -> None:
        """One source brings fifty items at once, all on a watched name and all of the same day."""
        outlet, place = self.outlets[7], next(self._places)
        facts = [Facts("kataib", place, LEADS[number % len(LEADS)], 9000 + number) for number in range(50)]
        self.events.append(Event(facts[0], start + timedelta(hours=14), "flood"))  # one digest tells of it
        self._at(start + timedelta(hours=14), lambda: [self._prints(outlet, each) for each in facts], "a source floods")

    def _hacked(self, start: datetime) -> None:
        """A false grave claim in a source that is somebody else's now; the operator quarantines it."""
        outlet, facts = self.hacked, self._facts("qaani", GRAVE)
        self.events.append(Event(facts, start + timedelta(hours=10), "hacked"))
        self._at(start + timedelta(hours=10), lambda: self._prints(outlet, facts), "a hacked source lies")
        self._at(start + timedelta(hours=10, minutes=30), self._quarantined, "it is quarantined")
        more = self._facts("nujaba", GRAVE)
        self.events.append(Event(more, start + timedelta(hours=11), "hacked", wanted=0))
        self._at(start + timedelta(hours=11), lambda: self._prints(outlet, more), "it lies again")

    def _rumour(self, start: datetime) -> None:
        """A grave rumour: 200 posts in ten minutes, all of one origin; then its denial."""
        facts, at = self._facts("qaani", GRAVE), start + timedelta(hours=12)
        self.events.append(Event(facts, at, "grave", wanted=2))
        origin = self.outlets[2]
        first: list[Item] = []
        self._at(at, lambda: first.append(self._prints(origin, facts)), "a rumour, and 200 posts in ten minutes")
        others = [outlet for outlet in self.outlets[10:] if outlet is not origin][:200]
        for number, outlet in enumerate(others):
            moment = at + timedelta(seconds=30 + 3 * number)
            self._at(moment, lambda outlet=outlet: self._passes_on(outlet, first[0], facts))  # type: ignore[misc]
        denial = Facts(facts.actor, facts.place, DENIAL, facts.seed)
        for number in (1, 4, 7):
            moment = at + timedelta(hours=1, minutes=number)
            self._at(moment, lambda number=number: self._prints(self.outlets[number], denial), "denied")  # type: ignore[misc]

    def _forty(self, start: datetime) -> None:
        """One event and forty copies in three languages within two hours."""
        facts = self._facts("qaani", LEADS[3])
        self._reported(facts, start + timedelta(hours=11), "copied", carriers=40, within=timedelta(hours=2))

    # --- its words ---

    def _facts(self, actor: str, lead: dict[str, str]) -> Facts:
        return Facts(actor, next(self._places), lead, self._random.randrange(10**6))

    def _reported(
        self, facts: Facts, at: datetime, why: Why, *, carriers: int, within: timedelta = timedelta(hours=3)
    ) -> None:
        """An outlet reports it, and others: each language has a report of its own, and copies of that."""
        self.events.append(Event(facts, at, why))
        chosen = self._random.sample(self.outlets[10:-1], carriers + 1)
        self._at(at, lambda: self._prints(chosen[0], facts), f"{why}: {facts.headline('en')}")
        for outlet in chosen[1:]:
            moment = at + timedelta(minutes=5) + within * self._random.random()
            self._at(moment, lambda outlet=outlet: self._prints(outlet, facts))  # type: ignore[misc]

    def _prints(self, outlet: Outlet, facts: Facts) -> Item:
        language = outlet.site.language
        return outlet.publish(facts.headline(language), facts.report(language))

    def _passes_on(self, outlet: Outlet, item: Item, facts: Facts) -> None:
        """The rumour as others have it: word for word, or in another language with its origin named."""
        language = outlet.site.language
        if language == item.outlet.site.language:
            outlet.copies(item)
            return
        title = facts.headline(language)
        said = ACCORDING[language].format(title=title, origin=item.outlet.site.name)
        outlet.publish(said, f"{said}.\n{facts.report(language, sentences=3)}")

    def _routine(self, outlet: Outlet) -> None:
        prose = self._writer.article(outlet.site.language, paragraphs=3)
        outlet.publish(prose.title, prose.body)

    def _hour(self, start: datetime) -> datetime:
        """A time of that day: by day there is more than by night."""
        hour = self._random.choices(range(24), HOURS)[0]
        return start + timedelta(hours=hour, minutes=self._random.randrange(60), seconds=self._random.randrange(60))

    def _at(self, moment: datetime, do: Callable[[], object], name: str = "") -> None:
        self.deeds.append(Deed(moment, len(self.deeds), lambda: (do(), None)[1], name))

    # --- what the stage is asked for ---

    def _line_falls(self) -> None:
        _all_reset(self.outlets)
        self.bot_api_falls()

    def _line_rises(self) -> None:
        _all_recover(self.outlets)
        self.bot_api_rises()

    def _quarantined(self) -> None:
        self.quarantines()  # asked when it happens: the stage sets it after all is written

    bot_api_falls: Callable[[], None] = staticmethod(lambda: None)
    bot_api_rises: Callable[[], None] = staticmethod(lambda: None)
    quarantines: Callable[[], None] = staticmethod(lambda: None)


def due(deeds: list[Deed], now: datetime) -> Iterator[Deed]:
    """The deeds up to `now`, taken out of the list, whose last one is the next."""
    while deeds and deeds[-1].at <= now:
        yield deeds.pop()


def _all_reset(outlets: list[Outlet]) -> None:
    for outlet in outlets:
        outlet.resets(on="all")


def _all_recover(outlets: list[Outlet]) -> None:
    for outlet in outlets:
        outlet.recovers()
