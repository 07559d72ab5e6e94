"""Hours in which a reader is left alone. Pure; must not know what waits."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?[-–—] ?([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begin` to `end`, over midnight where that is earlier; `breaking_passes`: what is breaking comes anyway."""

    begin: time
    end: time
    breaking_passes: bool = False

    def until(self, now: datetime, timezone: str) -> datetime | None:
        """When the quiet that is on at `now` ends, by the clocks at `timezone`; None where none is on."""
        zone = ZoneInfo(timezone)
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begin = datetime.combine(day, self.begin, zone)
            end = datetime.combine(day + timedelta(days=self.end <= self.begin), self.end, zone)
            if begin.astimezone(UTC) <= now < end.astimezone(UTC):  # of one zone only the clocks would be compared
                return end.astimezone(UTC)
        return None


def parse_quiet(text: str) -> tuple[time, time] | None:
    """ "23:00-07:00", in any digits; None for anything else, and where both ends are one."""
    found = _HOURS.fullmatch(text.strip().translate(_DIGITS))
    if found is None:
        return None
    begin, end = (time(int(found[place]), int(found[place + 1])) for place in (1, 3))
    return None if begin == end else (begin, end)
