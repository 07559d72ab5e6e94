"""A day of 1,000 made-up sources under the real pace, beside polling each every ten minutes: delay, requests, hosts.

The clock is simulated. The day runs on core/pace.py alone (the archive would take minutes); its busiest hour runs once
more on a temporary SQLite archive, through claim_due and settle, to count the visits that a host has at once.
"""

import argparse
import heapq
import random
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median, quantiles

from archive import sources
from archive.database import Archive
from core.model import Outcome, OutcomeStatus, Pace, Source
from core.pace import next_check, observed, share

START = datetime(2026, 11, 24, tzinfo=UTC)
EVERY = timedelta(minutes=10)
DAY = 86_400.0
WARM_UP = 3  # days in which the pace learns the rhythms; the day after is measured
PER_HOST = 1

# (share of the sources, new items a day, how deep its night is)
CLASSES = {
    "agency": (0.10, 150.0, 0.35),
    "daily": (0.25, 40.0, 0.12),
    "weekly": (0.35, 8.0, 0.08),
    "rare": (0.20, 1.0, 0.05),
    "dead": (0.04, 0.0, 1.0),
    "blocked": (0.03, 0.0, 1.0),
    "slow": (0.03, 30.0, 0.12),
}
FEWEST_AT_NIGHT = (22, 23, 0, 1, 2, 3)  # hours in UTC: one to seven in Baghdad
EVENTS = 6  # a day: for forty minutes everybody who is awake writes three times as much

Next = Callable[["Outlet", Outcome, list[datetime]], float]


@dataclass(eq=False)
class Outlet:
    """A made-up source: when it publishes, and how the simulation visits it. Times are seconds since START."""

    source: Source
    kind: str
    host: str
    published: list[float]
    pace: Pace = field(default_factory=Pace)
    seen_until: float = 0.0
    visits: list[float] = field(default_factory=list)
    fetched: list[float] = field(default_factory=list)  # when each of `published` was


def world(count: int, days: int, chance: random.Random) -> list[Outlet]:
    """The sources: most have a host of their own, one in three shares it with up to five, one in ten is on one host."""
    events = sorted(chance.uniform(0, days * DAY) for _ in range(EVENTS * days))
    kinds = [kind for kind, (part, _, _) in CLASSES.items() for _ in range(round(part * count))]
    chance.shuffle(kinds)
    outlets = []
    for number, kind in enumerate(kinds):
        place = chance.random()
        host = "channels" if place < 0.1 else f"house-{number // 6}" if place < 0.4 else f"site-{number}"
        source = Source(f"{kind}-{number}", kind, "feed", f"https://{host}.example/{number}")
        outlets.append(Outlet(source, kind, host, _publications(kind, days, events, chance)))
    return outlets


def _publications(kind: str, days: int, events: list[float], chance: random.Random) -> list[float]:
    """A day's rhythm, everybody's events, and follow-ups: one item in six draws one to four more within ten minutes."""
    _, rate, night = CLASSES[kind]
    rate *= chance.lognormvariate(0, 0.5) / 1.13
    if not rate:
        return []
    mean = (len(FEWEST_AT_NIGHT) * night + 24 - len(FEWEST_AT_NIGHT)) / 24
    found, peak, moment = [], 3.0 * rate / mean / DAY, 0.0
    while (moment := moment + chance.expovariate(peak)) < days * DAY:
        quiet = night if int(moment // 3600) % 24 in FEWEST_AT_NIGHT else 1.0
        last = bisect_right(events, moment)
        stirred = bool(last) and moment - events[last - 1] < 2400
        if chance.random() < quiet * (1.0 if stirred else 1 / 3) * 0.7:
            found.append(moment)
            if chance.random() < 1 / 6:
                found += [moment + chance.uniform(20, 600) for _ in range(chance.randint(1, 4))]
    return sorted(item for item in found if item < days * DAY)


def answer(outlet: Outlet, now: float, chance: random.Random) -> tuple[Outcome, float]:
    """What a visit at `now` finds, and how long it takes."""
    at = START + timedelta(seconds=now)
    failed = partial(Outcome, outlet.source.id, "failed")
    if outlet.kind == "dead":
        return failed(at, reason="name not found"), 1.0
    if outlet.kind == "blocked":
        return failed(at, reason="answered 403", http_status=403), 1.0
    if chance.random() < (0.1 if outlet.kind == "slow" else 0.01):
        return failed(at, reason="took longer than 30 s"), 30.0
    new = bisect_right(outlet.published, now) - bisect_right(outlet.published, outlet.seen_until)
    status: OutcomeStatus = "fresh" if new else "unchanged"
    takes = chance.uniform(8, 25) if outlet.kind == "slow" else chance.uniform(0.3, 2.0)
    return Outcome(outlet.source.id, status, at, items=30, new=new, http_status=200), takes


def visit(outlet: Outlet, now: float, chance: random.Random) -> tuple[Outcome, float, list[datetime]]:
    """One visit: its Outcome, the end of it, and the dates that the listing showed."""
    outcome, takes = answer(outlet, now, chance)
    outlet.visits.append(now)
    if outcome.status == "failed":
        return outcome, now + takes, []
    upto = bisect_right(outlet.published, now)
    outlet.fetched += [now + takes] * (upto - len(outlet.fetched))
    outlet.seen_until = now
    shown = outlet.published[max(0, upto - 30) : upto]
    return outcome, now + takes, [START + timedelta(seconds=item) for item in shown]


def adaptive(outlet: Outlet, outcome: Outcome, dates: list[datetime]) -> float:
    """When the product would look again."""
    outlet.pace = observed(outlet.pace, outcome, dates)
    return (next_check(outlet.pace, outcome, every=EVERY) - START).total_seconds()


def fixed(outlet: Outlet, outcome: Outcome, _dates: list[datetime]) -> float:
    """Every ten minutes, whatever is found."""
    return (outcome.at - START + EVERY * (1 + 0.1 * share(outlet.source.id))).total_seconds()


def run(outlets: list[Outlet], days: float, then: Next, chance: random.Random) -> None:
    """Let `days` pass. A host has one visit at a time; what is due meanwhile waits."""
    due = [(chance.uniform(0, EVERY.total_seconds()), number) for number in range(len(outlets))]
    heapq.heapify(due)
    free: dict[str, float] = {}
    while due and due[0][0] < days * DAY:
        now, number = heapq.heappop(due)
        outlet = outlets[number]
        if free.get(outlet.host, 0.0) > now:
            heapq.heappush(due, (free[outlet.host] + 0.001, number))
            continue
        outcome, end, dates = visit(outlet, now, chance)
        free[outlet.host] = end
        heapq.heappush(due, (max(end, then(outlet, outcome, dates)), number))


def measured(outlets: list[Outlet], kinds: tuple[str, ...] = ()) -> Iterator[float]:
    """The delays in minutes of all items that were published on the measured day."""
    begin, end = WARM_UP * DAY, (WARM_UP + 1) * DAY
    for outlet in outlets:
        if not kinds or outlet.kind in kinds:
            first, last = bisect_left(outlet.published, begin), bisect_left(outlet.published, end)
            assert len(outlet.fetched) >= last, f"{outlet.source.id} was not fetched within a day"
            for item in range(first, last):
                yield (outlet.fetched[item] - outlet.published[item]) / 60


def requests(outlets: list[Outlet], kinds: tuple[str, ...] = ()) -> int:
    """Visits on the measured day."""
    begin, end = WARM_UP * DAY, (WARM_UP + 1) * DAY
    return sum(begin <= moment < end for o in outlets if not kinds or o.kind in kinds for moment in o.visits)


def told(outlets: list[Outlet], kinds: tuple[str, ...] = ()) -> str:
    delays = list(measured(outlets, kinds))
    asked = requests(outlets, kinds)
    if not delays:
        return f"{asked:7,} requests, no item"
    p95 = quantiles(delays, n=20)[-1]
    return (
        f"{asked:7,} requests, {len(delays):6,} items, {asked / len(delays):6.2f} requests per new item, "
        f"delay median {median(delays):5.2f}, p95 {p95:5.2f} min"
    )


def hour_in_archive(count: int, minutes: float, chance: random.Random) -> str:
    """The hour from nine in the morning on the archive itself: the visits that each host had at once."""
    outlets = {outlet.source.id: outlet for outlet in world(count, 1, chance)}
    hosts = {name: outlet.host for name, outlet in outlets.items()}
    begin, most, ends = DAY * 9 / 24, Counter[str](), list[tuple[float, str, Outcome, list[datetime]]]()
    done = waited = 0
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(f"sqlite:///{folder}/rasad.db")
        with archive.writing() as conn:
            sources.sync(conn, [outlet.source for outlet in outlets.values()], START + timedelta(seconds=begin))
        now = begin
        while now < begin + minutes * 60:
            moment = START + timedelta(seconds=now)
            with archive.writing() as conn:
                while ends and ends[0][0] <= now:
                    _, name, outcome, dates = heapq.heappop(ends)
                    pace = observed(sources.pace(conn, name), outcome, dates)
                    when = next_check(pace, outcome, every=EVERY)
                    sources.settle(conn, outcome, next_check=when, pace=pace)
                    done += 1
                running = Counter(hosts[name] for _, name, *_ in ends)
                for due in sources.claim_due(conn, owner="here", now=moment, limit=64 - len(ends), per_host=PER_HOST):
                    outcome, end, dates = visit(outlets[due.source.id], now, chance)
                    heapq.heappush(ends, (end, due.source.id, outcome, dates))
                    running[hosts[due.source.id]] += 1
                waited += len(ends) >= 64
            most |= running
            now += 1.0
        archive.close()
    return (
        f"{done:,} visits in {minutes:g} minutes on a SQLite archive; most at once of one host: "
        f"{max(most.values())} (limit {PER_HOST}); all places taken in {waited} of {minutes * 60:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive-minutes", type=float, default=20)
    options = parser.parse_args()
    for name, then in (("every 10 min", fixed), ("core/pace.py", adaptive)):
        outlets = world(options.sources, WARM_UP + 2, random.Random(options.seed))
        run(outlets, WARM_UP + 2, then, random.Random(options.seed))
        print(f"{name}: {told(outlets)}")
        for kind in CLASSES:
            print(f"    {kind:8} {told(outlets, (kind,))}")
    print(hour_in_archive(options.sources, options.archive_minutes, random.Random(options.seed)))


if __name__ == "__main__":
    main()
