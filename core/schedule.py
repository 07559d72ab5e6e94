"""When a reader's digest is due: daily or weekly at an hour of its own zone. Pure; must not know what it tells."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["daily", "weekly"]
MORNING = time(8)
_WEEKDAY = 6  # Sunday: the week begins on it where most readers live
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_WISH = re.compile(r"(?P<every>daily|weekly|يومي|يومياً|روزانه|أسبوعي|أسبوعياً|هفتگی)(?: +(?P<at>\d{1,2}:\d{2}))?", re.I)
_DAILY = frozenset({"daily", "يومي", "يومياً", "روزانه"})


@dataclass(frozen=True, slots=True)
class Schedule:
    """Each day, or each Sunday, at `at` by the reader's clocks."""

    every: Every
    at: time = MORNING

    @property
    def period(self) -> timedelta:
        """What one digest tells of."""
        return timedelta(days=1 if self.every == "daily" else 7)

    def latest(self, now: datetime, timezone: str) -> datetime:
        """The last moment at or before `now` at which a digest is due."""
        zone = ZoneInfo(timezone)
        day = now.astimezone(zone).date() + timedelta(days=1)
        while True:
            day -= timedelta(days=1)
            due = datetime.combine(day, self.at, zone).astimezone(UTC)
            if due <= now and (self.every == "daily" or day.weekday() == _WEEKDAY):
                return due


def parse_schedule(text: str) -> Schedule | None:
    """ "daily 08:00", "weekly", in any digits; None for anything else."""
    found = _WISH.fullmatch(text.strip().translate(_DIGITS).lower())
    if found is None:
        return None
    every: Every = "daily" if found["every"] in _DAILY else "weekly"
    hour, minute = map(int, (found["at"] or "08:00").split(":"))
    return Schedule(every, time(hour, minute)) if hour < 24 and minute < 60 else None
