"""How many hand-labelled dates parse_date gets right. Reads ../shared/data/gold/dates.jsonl.

Run: python benchmarks/dates.py
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "data" / "gold" / "dates.jsonl"
sys.path.insert(0, str(ROOT))

from core.dates import parse_date  # noqa: E402  # the root of the tree comes first


def right(row: dict[str, Any], found: datetime | None) -> bool:
    """Whether an answer is right to the precision of the label."""
    if row["expected"] is None or found is None:
        return found is None and row["expected"] is None
    zone = ZoneInfo("UTC" if row["tz"] == "unknown" else row["tz"])
    expected = datetime.fromisoformat(row["expected"])
    expected = expected if expected.tzinfo else expected.replace(tzinfo=zone)
    away = abs(found - expected)
    days = abs((found.astimezone(zone).date() - expected.astimezone(zone).date()).days)
    match row["precision"]:
        case "minute":
            return away < timedelta(minutes=1)
        case "hour":
            return away <= timedelta(hours=1)
        case "day":
            return days <= (1 if row["cat"] == "hijri" and "no tolerance" not in row["note"] else 0)
    return found.astimezone(zone).strftime("%Y-%m") == expected.strftime("%Y-%m")


def main() -> None:
    if not GOLD.exists():
        sys.exit(f"{GOLD} is missing: nothing to measure")
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    good = invented = 0
    seconds = 0.0
    for row in rows:
        now = datetime.fromisoformat(row["now"])
        start = perf_counter()
        found = parse_date(row["text"], language=row["lang"], timezone=row["tz"], now=now)
        seconds += perf_counter() - start
        good += right(row, found)
        invented += row["expected"] is None and found is not None
        if not right(row, found):
            print(f"{row['id']} {row['cat']} {row['text']!r}: {found}, not {row['expected']} ({row['note']})")
    each = seconds / len(rows) * 1e6
    print(f"{good} of {len(rows)} right ({good / len(rows):.1%}), {invented} invented, {each:.0f} µs each")


if __name__ == "__main__":
    main()
