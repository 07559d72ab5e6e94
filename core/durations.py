"""Lengths of time as people write them in the config and on the command line: 90s, 10m, 24h, 7d."""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"(\d{1,6}) ?([smhdw])")
_WHOLE = re.compile(rf"(?:{_PART.pattern} ?)+")


def parse_duration(text: str) -> timedelta:
    """ "10m", "24h", "1h 30m". Raises ValueError with a sentence that says how it is written."""
    if not text.isascii() or not _WHOLE.fullmatch(text.strip()):
        raise ValueError('a length of time is written "90s", "10m", "24h" or "7d"')
    parts = {_UNITS[unit]: 0 for unit in _UNITS}
    for number, unit in _PART.findall(text):
        parts[_UNITS[unit]] += int(number)
    try:
        return timedelta(**parts)
    except OverflowError:
        raise ValueError("the length of time is too long") from None


def render_duration(duration: timedelta) -> str:
    """The shortest exact way to write it; parse_duration reads it back for whole seconds."""
    seconds = int(duration.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
