"""Whether config.toml has considered every listed feed and channel, and what it ships. Reads ../shared/data/sources.

Run: python -m benchmarks.sources
"""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

from core.urls import canonical
from settings import load

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT.parent / "shared" / "data" / "sources"


def main() -> None:
    if not LISTED.exists():
        sys.exit(f"{LISTED} is missing: nothing to compare with")
    shipped = load(ROOT / "config.toml").sources
    addresses = {canonical(source.url): source for source in shipped}
    feeds = {row["url"]: row["confidence"] for row in _rows("feeds.csv")}
    channels = {f"https://t.me/s/{row['channel']}": "channel" for row in _rows("telegram_channels.csv")}
    states: Counter[tuple[str, str]] = Counter()
    left_out = []
    for url, group in (feeds | channels).items():
        if source := addresses.get(canonical(url)):
            states[group, "enabled" if source.enabled else "probe" if source.probe else "off"] += 1
        else:
            left_out.append(url)
    known = set(re.findall(r"[\w.-]+\.\w+", "".join((LISTED / "feeds.csv").read_text("utf-8")).lower()))
    named = {canonical(url) for url in feeds | channels}
    added = [source.id for source in shipped if canonical(source.url) not in named]
    for group in ("A", "B", "C", "X", "channel"):
        found = "  ".join(f"{state} {states[group, state]}" for state in ("enabled", "probe", "off"))
        print(f"listed {group:8} {found}")
    print(f"listed in all {len(feeds) + len(channels)}, left out {len(left_out)}: {', '.join(left_out) or 'none'}")
    print(f"{len(shipped)} sources are shipped; not a line of the lists: {', '.join(added)}")
    strange = [source.id for source in shipped if source.kind != "telegram" and _host(source.url) not in known]
    print(f"of a host that the lists do not name: {', '.join(strange) or 'none'}")
    for name in ("kind", "language", "affiliation"):
        counted = Counter(getattr(source, name) for source in shipped)
        print(f"{name}: {', '.join(f'{value} {count}' for value, count in counted.most_common())}")
    sys.exit(bool(left_out))


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _host(url: str) -> str:
    return url.split("/")[2].lower()


if __name__ == "__main__":
    main()
