"""Five minutes of `rasad run` over 200 sources of which one in ten fails, each kind in another way.

python -m benchmarks.faults [--seconds 300] [--sources 200]

Prints its figures and ends with 1 unless: no crash, one Outcome per visit, every item of a source that can be read is
recorded exactly once, and the monitor ends on SIGTERM with 0 within 10 s.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from archive import articles, sources
from benchmarks._prose import Writer
from core.urls import canonical
from demo.newsroom import Item, Newsroom, Outlet
from demo.press import FeedFormat
from tests.system import System

EVERY = 20  # seconds: the longest gap between two visits to a healthy source
PUBLISH_GAP = 0.25  # seconds between two publications
START_SECONDS = 30.0
STOP_SECONDS = 10.0
FORMATS: tuple[FeedFormat, ...] = ("rss", "atom", "rdf", "json")
LANGUAGES = ("en", "ar", "fa")
OUTCOME = re.compile(r"^[0-9:]{8} (?:INFO|WARNING) +(?P<source>s[0-9]{4}): (?P<what>.*)$", re.MULTILINE)


FAULTS: dict[str, Callable[[Outlet], None]] = {
    "500": lambda outlet: outlet.answers(500),
    "404": lambda outlet: outlet.answers(404),
    "timeout": lambda outlet: outlet.stalls(3600),
    "garbage": lambda outlet: outlet.sends_garbage(),
    "wrong charset": lambda outlet: outlet.declares("iso-8859-1"),
    "redirect loop": lambda outlet: outlet.loops(),
    "10 MB body": lambda outlet: outlet.swells(11 << 20),
    "reset": lambda outlet: outlet.resets(),
    "broken off": lambda outlet: outlet.truncates(0.5),
    "no HTTP": lambda outlet: outlet.sends_raw(b"\x00\x01 garbage \r\n\r\n"),
}
READABLE = frozenset({"wrong charset"})  # what a monitor should read nevertheless


@dataclass(slots=True)
class Run:
    """One run's scene and what was seen of it."""

    newsroom: Newsroom
    system: System
    faults: dict[str, str]  # outlet → its fault
    items: list[Item] = field(default_factory=list)  # published at outlets that can be read
    peak: int = 0  # KiB, all processes together
    exit_code: int | None = None
    stopped_in: float = 0.0

    def readable(self) -> list[Outlet]:
        return [o for o in self.newsroom.outlets.values() if self.faults.get(o.id, "wrong charset") in READABLE]


def main() -> int:
    """Set the scene, run, check, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--sources", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rasad-faults-") as folder, Newsroom() as newsroom:
        run = set_scene(newsroom, Path(folder), arguments.sources)
        with run.system:
            perform(run, arguments.seconds)
            return report(run, arguments.seconds)


def set_scene(newsroom: Newsroom, folder: Path, sources: int) -> Run:
    """The outlets, every tenth with a fault, each with two articles already out."""
    kinds, writer, faults = cycle(FAULTS), Writer(seed=2), {}
    for number in range(sources):
        outlet = newsroom.outlet(
            f"s{number:04}",
            language=LANGUAGES[number % len(LANGUAGES)],
            format=FORMATS[number % len(FORMATS)],
            theme="agency" if number % 2 else "portal",
            every=f"{EVERY}s",
        )
        if number % 10 == 9:
            faults[outlet.id] = next(kinds)
            FAULTS[faults[outlet.id]](outlet)
    run = Run(newsroom, System(folder, newsroom.config()), faults)
    for outlet in 2 * list(newsroom.outlets.values()):
        publish(run, outlet, writer)
    return run


def publish(run: Run, outlet: Outlet, writer: Writer) -> None:
    prose = writer.article(outlet.site.language)
    item = outlet.publish(prose.title, prose.body)
    if run.faults.get(outlet.id, "wrong charset") in READABLE:
        run.items.append(item)


def perform(run: Run, seconds: float) -> None:
    """The monitor runs; outlets publish; the last visits find everything; SIGTERM."""
    system, choice, writer = run.system, random.Random(3), Writer(seed=4)
    quiet = min(2.5 * EVERY, seconds / 2)
    system.start()
    system.wait_until(lambda: run.newsroom.requests, START_SECONDS)
    began = time.monotonic()
    while system.running and (now := time.monotonic() - began) < seconds:
        if now < seconds - quiet:
            publish(run, choice.choice(run.readable()), writer)
        run.peak = max(run.peak, memory(system.pid))
        time.sleep(PUBLISH_GAP)  # the pace of the outlets
    stopping = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        run.exit_code = system.stop(seconds=3 * STOP_SECONDS)
    run.stopped_in = time.monotonic() - stopping


def memory(root: int) -> int:
    """KiB that a process and its descendants hold now (resident); 0 where /proc is missing."""
    pids, total = [root], 0
    while pids:
        process = Path(f"/proc/{pids.pop()}")
        try:
            status = (process / "status").read_text()
            for children in process.glob("task/*/children"):
                pids += map(int, children.read_text().split())
        except OSError:
            continue
        if found := re.search(r"VmRSS:\s+(\d+)", status):
            total += int(found[1])
    return total


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to. Visits are requests for a feed's own address; Outcomes are what the archive counted."""

    visits: Counter[str]
    outcomes: Counter[str]
    kinds: Counter[str]  # what the log told: something new, a new failure, a recovery
    recorded: Counter[str]  # articles by address
    titles: dict[str, str]
    tracebacks: int


def figures(run: Run) -> Figures:
    """Count what the newsroom was asked, what the monitor logged and what its archive holds."""
    log = run.system.printed()
    feeds = {outlet.id: urlsplit(outlet.feed_url).path for outlet in run.newsroom.outlets.values()}
    lines = list(OUTCOME.finditer(log))
    with run.system.reading() as conn:
        recorded = [(article.url, article.title) for article in articles.export(conn)]
        settled = Counter({row.id: row.visits for row in sources.table(conn)})
    return Figures(
        visits=Counter(seen.outlet for seen in run.newsroom.requests if seen.target == feeds[seen.outlet]),
        outcomes=settled,
        kinds=Counter(line["what"].partition(",")[0] for line in lines),
        recorded=Counter(url for url, _ in recorded),
        titles=dict(recorded),
        tracebacks=log.count("Traceback (most recent call last)"),
    )


def report(run: Run, seconds: float) -> int:
    """Print the figures; 0 when every promise held."""
    found = figures(run)
    print(f"seconds                     {seconds:.0f}")
    print(f"sources, of which faulty    {len(run.newsroom.outlets)}, {len(run.faults)}")
    print(f"visits, outcomes            {found.visits.total()}, {found.outcomes.total()}")
    for kind, count in sorted(found.kinds.items()):
        print(f"  {kind:<40}{count:>6}")
    print(f"items published, readable   {len(run.items)}")
    print(f"articles recorded           {found.recorded.total()}")
    print(f"tracebacks in the log       {found.tracebacks}")
    print(f"peak memory, all processes  {run.peak / 1024:.0f} MB")
    print(f"exit code, after seconds    {run.exit_code}, {run.stopped_in:.1f}")
    broken = [f"BROKEN: {promise}: {cases[:5]}" for promise, cases in broken_promises(run, found).items() if cases]
    print("\n".join(broken) or "every promise held")
    if broken:
        print("--- the end of the log ---", *run.system.printed().splitlines()[-20:], sep="\n")
    return 1 if broken else 0


def broken_promises(run: Run, found: Figures) -> dict[str, list[object]]:
    """Each promise with the cases that break it. A visit in flight at the end has no Outcome: one a source at most."""
    published = {canonical(item.url): item.piece.title for item in run.items}
    unsettled = {source: found.visits[source] - found.outcomes[source] for source in found.visits}
    return {
        "an item is missing": [url for url in published if found.recorded[url] == 0],
        "an item was recorded more than once": [url for url in published if found.recorded[url] > 1],
        "a title is not as published": [
            url for url in published if found.recorded[url] and found.titles[url] != published[url]
        ],
        "an article was published by nobody": [url for url in found.recorded if url not in published],
        "outcomes differ from visits": [item for item in unsettled.items() if item[1] not in (0, 1)],
        "the log has a traceback": [found.tracebacks] if found.tracebacks else [],
        "SIGTERM did not end it with 0 within 10 s": (
            [] if run.exit_code == 0 and run.stopped_in <= STOP_SECONDS else [(run.exit_code, run.stopped_in)]
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
