"""kill -9 while messages are on their way: nothing is lost, nothing comes a third time, and the order is kept.

python -m benchmarks.killpoints [--kills 1000] [--folder DIR]

The real `rasad run --only deliver` in a process of its own, against the HTTP double of the Bot API, while another
process (this one) records articles into the same archive. It is killed at random moments and at named checkpoints,
which are seen from outside: in the double's calls (a probe asked; a message received, accepted, answered) and in the
archive (a row claimed, a row sent). The product has no hook for it. Two attempts are the most that a message gets:
two kills before it arrived end it, told to the admins and not resent. So at the checkpoints inside a send nothing is
shot at while a message is in doubt; elsewhere it is, and what ends so by chance is counted as "told as uncertain".

With --folder the run can be broken off and taken up again. Ends with 1 when a promise is broken, or when fewer than
half of the kills struck with a message in flight: then the run proves nothing.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import brake, editions, sources, subscribers
from archive.database import Archive
from archive.engine import sqlite_library
from archive.intake import admit
from core.model import Arrival, Draft
from core.rules.match import RuleSet, compile_rules
from settings import parse
from tests.bot_api import TOKEN, BotApi, Call
from tests.system import ROOT, System

CHATS, TOPICS, FIRST_CHAT, ADMIN = 40, 8, 700_000, 699_999
BACKLOG = 60  # rows that wait at least when the process starts
RESTART_SECONDS = 3.0  # beyond imports
CHECKPOINTS = {  # and how often each
    "random": 10,
    "starting": 1,
    "probing": 1,
    "claimed": 2,
    "received": 3,
    "accepted": 3,
    "answered": 2,
    "settled": 2,
}
CONFIG = """
[archive]
url = "sqlite:///data/rasad.db"
[telegram]
api_url = "{api}"
access = "open"
admins = [{admin}]
{topics}
[[sources]]
id = "wire"
name = "The Wire"
kind = "feed"
url = "https://wire.example/feed"
language = "en"
"""
TOPIC = """
[topics.t{number}]
title = {{ en = "Subject {number}", ar = "موضوع {number}", fa = "موضوع {number}" }}
match = "subject{number}"
level = {{ breaking = "urgent", low = "trifle" }}
"""
REPORT = re.compile(r"Report (\d{6}) ")
STEMS = ("ferry", "lorry", "timber", "harvest", "orchard", "lantern", "meadow", "granite", "saffron", "velvet")


@dataclass
class Tally:
    """What a run has come to; kept in the folder between two runs."""

    kills: int = 0
    in_flight: int = 0
    reports: int = 0
    at: dict[str, int] = field(default_factory=dict)  # kills per checkpoint
    restarts: list[float] = field(default_factory=list)  # seconds until the first call
    unflagged: list[str] = field(default_factory=list)  # copies whose row was not ambiguous before


class Run:
    """One archive, the double before it, and the process that is killed."""

    def __init__(self, folder: Path, telegram: BotApi, seed: int, *, merging: bool) -> None:
        self.folder = folder
        self.merging = merging
        self.telegram = telegram
        self.random = random.Random(seed)
        topics = "".join(TOPIC.format(number=number) for number in range(TOPICS))
        config = CONFIG.format(api=telegram.url, admin=ADMIN, topics=topics)
        self.system = System(folder, config, token=TOKEN)
        self.database = folder / "data" / "rasad.db"
        self.tally = self._kept_tally()
        self.accepted: list[tuple[int, int]] = []  # (chat, report), in order, of all runs
        self._log = (folder / "accepted.jsonl").open("a+", encoding="utf-8")
        self._log.seek(0)
        for line in self._log:
            self.accepted.append(tuple(json.loads(line)))
        self._aim: tuple[str, int] | None = None
        self._hit = threading.Event()
        settings = parse(config, file="config.toml", folder=folder)
        self.rules: RuleSet = compile_rules(settings.names, settings.topics)
        self.archive = Archive.open(f"sqlite:///{self.database}")
        with self.archive.writing() as conn:
            sources.sync(conn, settings.sources, datetime.now(UTC))
            editions.publish(conn, settings.text, datetime.now(UTC))
        self._subscribe()
        telegram.watch = self._watched
        telegram.slowness = lambda: (self.random.uniform(0, 0.001), self.random.uniform(0.05, 0.25))

    def _kept_tally(self) -> Tally:
        kept = self.folder / "tally.json"
        return Tally(**json.loads(kept.read_text("utf-8"))) if kept.exists() else Tally()

    def _subscribe(self) -> None:
        now = datetime.now(UTC)
        with self.archive.writing() as conn:
            brake.expect(conn, {f"t{number}": 1e6 for number in range(TOPICS)}, now)  # nothing here is too much
            for number in range(-1, CHATS):
                chat = FIRST_CHAT + number if number >= 0 else ADMIN
                who = subscribers.join(conn, channel="telegram", chat=chat, language="en", timezone="UTC", now=now)
                subscribers.set_follow_all(conn, who.id, False)
                if number >= 0:
                    subscribers.set_topic(conn, who.id, f"t{number % TOPICS}", True, topics=[])

    # --- what is told ---

    def publish(self) -> None:
        """Record articles until enough waits. Each is an event of its own, with `merging` every third not breaking."""
        with closing(self._looking()) as look:
            waiting = look.execute("SELECT count(*) FROM outbox WHERE settled IS NULL").fetchone()[0]
        while waiting < BACKLOG:
            self.tally.reports += 1
            waiting += self._record(self.tally.reports)

    def _record(self, number: int) -> int:
        words = " ".join(f"{stem}{number}" for stem in STEMS)
        urgent = "plain" if self.merging and number % 3 == 0 else "urgent"
        now = datetime.now(UTC)
        draft = Draft(
            source="wire",
            url=f"https://wire.example/{number}",
            title=f"Report {number:06d} {urgent} subject{number % TOPICS}",
            text=f"{words}.",
            language="en",
            published=now,
            fetched=now,
        )
        with self.archive.writing() as conn:
            admit(conn, draft, rules=self.rules, arrival=Arrival("live"), now=now, edition=1)
        return CHATS // TOPICS

    def _looking(self) -> Any:
        # The archive's own library: a second copy of SQLite in one process takes away the first one's locks when it
        # closes the file, and the file is damaged sooner or later (sqlite.org/howtocorrupt.html, 2.2).
        return sqlite_library().connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)

    # --- what is seen ---

    def _watched(self, moment: str, call: Call) -> None:
        """In the double's thread, at a moment of a call: note it, and shoot if this is what is aimed at."""
        told = told_by(call) if call.method == "sendMessage" else []
        if moment == "received":
            self._check_flags(told)
        if moment == "accepted":
            for each in told:
                self.accepted.append(each)
                self._log.write(json.dumps(each) + "\n")
            self._log.flush()  # this process may be killed too
        if self._aim is None:
            return
        checkpoint, left = self._aim
        asked = checkpoint == "probing" and call.method == "getMe" and moment == "received"
        if asked or (moment == checkpoint and told and not self._in_doubt()):
            self._aim = (checkpoint, left - 1)
            if left <= 1:
                self._shoot()

    def _in_doubt(self) -> bool:
        """Whether a message that has lost an attempt still waits for its end."""
        with closing(self._looking()) as look:
            return look.execute("SELECT 1 FROM outbox WHERE settled IS NULL AND attempts > 0").fetchone() is not None

    def _shoot(self) -> None:
        if self.system.running and not self._hit.is_set():
            self.system.kill()
            self._hit.set()

    def _check_flags(self, told: list[tuple[int, int]]) -> None:
        """A message that comes again must have been written down as ambiguous before."""
        again = [each for each in told if each in set(self.accepted)] if told else []
        if not again:
            return
        with closing(self._looking()) as look:
            for chat, report in again:
                doubts = look.execute(
                    "SELECT max(o.attempts) FROM outbox o JOIN subscriber s ON s.id = o.subscriber"
                    " JOIN article a ON a.id = o.article WHERE s.chat = ? AND a.url = ?",
                    (chat, f"https://wire.example/{report}"),
                ).fetchone()[0]
                if not doubts:
                    self.tally.unflagged.append(f"report {report} to {chat}")

    # --- killing ---

    def once(self, checkpoint: str) -> None:
        """Start it, kill it at `checkpoint`, note what was in flight."""
        self.publish()
        self._hit.clear()
        calls = len(self.telegram.calls)
        self._aim = (checkpoint, self.random.randint(1, 12))
        if checkpoint == "probing":
            self._aim = (checkpoint, 1)
        began, since = time.monotonic(), datetime.now(UTC)
        self.system.start("--only", "deliver")
        if checkpoint == "starting":
            time.sleep(self.random.uniform(0.0, 0.8))  # a random moment is what this is about
        else:
            self.telegram.wait(lambda: len(self.telegram.calls) > calls or self._hit.is_set(), 30)
            self.tally.restarts.append(time.monotonic() - began)
        self._until(checkpoint)
        self._aim = None
        if not self._hit.is_set():
            self.system.kill()
        self.system.kill()
        with closing(self._looking()) as look:
            own = "SELECT count(*) FROM outbox WHERE state = 'claimed' AND attempted > ?"
            flying = look.execute(own, (f"{since:%Y-%m-%d %H:%M:%S.%f}",)).fetchone()[0]
        self.tally.kills += 1
        self.tally.in_flight += flying > 0
        self.tally.at[checkpoint] = self.tally.at.get(checkpoint, 0) + 1
        self.keep()

    def _until(self, checkpoint: str) -> None:
        if checkpoint == "random":
            time.sleep(self.random.uniform(0.0, 0.6))  # as above
        elif checkpoint in {"claimed", "settled"}:
            self._watch_the_archive(checkpoint)
        elif checkpoint != "starting":
            self._hit.wait(10)

    def _watch_the_archive(self, checkpoint: str) -> None:
        """Kill as soon as the archive shows it."""
        condition = {
            "claimed": "SELECT count(*) FROM outbox WHERE state = 'claimed'",
            "settled": "SELECT count(*) FROM outbox WHERE state = 'sent'",
        }[checkpoint]
        deadline = time.monotonic() + 10
        with closing(self._looking()) as look:
            start = look.execute(condition).fetchone()[0] if checkpoint == "settled" else 0
            start += self.random.randint(0, 8) if checkpoint == "settled" else 0
            while time.monotonic() < deadline:
                if look.execute(condition).fetchone()[0] > start and not self._in_doubt():
                    self._shoot()
                    return

    def keep(self) -> None:
        half = self.folder / "tally.new"
        half.write_text(json.dumps(asdict(self.tally)), encoding="utf-8")
        half.replace(self.folder / "tally.json")

    def settle(self) -> None:
        """Let everything go out that waits."""
        self.system.start("--only", "deliver")

        def done() -> bool:
            with closing(self._looking()) as look:
                return not look.execute("SELECT 1 FROM outbox WHERE settled IS NULL LIMIT 1").fetchone()

        self.system.wait_until(done, 240)
        assert self.system.stop() == 0
        self.keep()

    def close(self) -> None:
        self.system.kill()
        self.archive.close()
        self._log.close()


def told_by(call: Call) -> list[tuple[int, int]]:
    """The reports that a message tells, by chat; none in notices, which quote one."""
    chat = call.parameters["chat_id"]
    return [(chat, int(number)) for number in REPORT.findall(call.parameters["text"])] if chat != ADMIN else []


def broken_promises(run: Run) -> dict[str, list[object]]:
    """Each promise with the cases that break it."""
    copies = Counter(run.accepted)
    with closing(run._looking()) as look:
        rows = look.execute(
            "SELECT s.chat, a.url, o.state, o.reason, o.priority FROM outbox o JOIN subscriber s ON s.id = o.subscriber"
            " JOIN article a ON a.id = o.article ORDER BY o.id"
        ).fetchall()
        integrity = [row[0] for row in look.execute("PRAGMA integrity_check") if row[0] != "ok"]
        notices = look.execute("SELECT count(*) FROM outbox WHERE subject = 'notice:uncertain'").fetchone()[0]
    due = {(chat, int(url.rsplit("/", 1)[1])): (state, reason) for chat, url, state, reason, _ in rows}
    missing = [each for each in due if not copies[each]]
    uncertain = [each for each, (state, reason) in due.items() if state == "dead" and reason.startswith("uncertain")]
    print(f"alerts, messages accepted          {len(due)}, {len(run.accepted)}")
    print(
        f"sent twice, most copies of one     {sum(n > 1 for n in copies.values())}, {max(copies.values(), default=0)}"
    )
    never = sum(each in uncertain for each in missing)
    print(f"told as uncertain, of these never arrived {len(uncertain)}, {never}")
    median = sorted(run.tally.restarts)[len(run.tally.restarts) // 2] if run.tally.restarts else 0.0
    importing = imports()
    beyond = [seconds - importing for seconds in (median, max(run.tally.restarts, default=0.0))]
    print(f"restart beyond imports             median {beyond[0]:.2f} s, slowest {beyond[1]:.2f} s")
    return {
        "an alert was lost": [each for each in missing if each not in uncertain],
        "an uncertain end was not told": [(len(uncertain), notices)] if len(uncertain) != notices else [],
        "an alert came more than twice": [each for each, count in copies.items() if count > 2],
        "a copy was not ambiguous before": list(run.tally.unflagged),
        "the order of a chat was not kept": disorder(run.accepted, rows),
        "the archive is damaged": list(integrity),
        "a restart took too long": [seconds for seconds in beyond[:1] if seconds > RESTART_SECONDS],
        "fewer than half of the kills struck in flight": (
            [(run.tally.in_flight, run.tally.kills)] if 2 * run.tally.in_flight < run.tally.kills else []
        ),
    }


def disorder(accepted: list[tuple[int, int]], rows: list[tuple[int, str, str, str, int]]) -> list[object]:
    """First copies that came after a later alert of the same class to the same chat."""
    classes = {(chat, int(url.rsplit("/", 1)[1])): priority for chat, url, _, _, priority in rows}
    last: dict[tuple[int, int], int] = defaultdict(int)
    wrong: list[object] = []
    for chat, report in dict.fromkeys(accepted):
        lane = (chat, classes[chat, report])
        if report < last[lane]:
            wrong.append((chat, report, last[lane]))
        last[lane] = max(last[lane], report)
    return wrong


def imports() -> float:
    """Seconds that the imports of the process take on this machine now: the best of three."""
    command = [sys.executable, "-c", "import cli, scheduler, alerts.delivery, alerts.telegram"]
    best = 60.0
    for _ in range(3):
        began = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True)
        best = min(best, time.monotonic() - began)
    return best


def perform(folder: Path, kills: int, seed: int, *, merging: bool = True, tell: Callable[[str], None] = print) -> int:
    """Kill until there were `kills`, let the rest go out, judge. The exit code.

    `merging`: some alerts wait for each other, up to a minute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with BotApi() as telegram:
        run = Run(folder, telegram, seed, merging=merging)
        try:
            while run.tally.kills < kills:
                run.once(run.random.choices(list(CHECKPOINTS), list(CHECKPOINTS.values()))[0])
                if run.tally.kills % 50 == 0:
                    tell(f"{run.tally.kills} kills, {run.tally.in_flight} in flight, {len(run.accepted)} accepted")
            run.settle()
            tell(f"kills, of which in flight          {run.tally.kills}, {run.tally.in_flight} {run.tally.at}")
            broken = {promise: cases for promise, cases in broken_promises(run).items() if cases}
        finally:
            run.close()
    for promise, cases in broken.items():
        tell(f"BROKEN: {promise}: {len(cases)}, {cases[:5]}")
    tell("every promise held" if not broken else run.system.printed()[-3000:])
    return 1 if broken else 0


def main() -> int:
    """Set the scene, kill, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="kept between two runs, so that a run can be taken up again")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    if arguments.folder:
        return perform(arguments.folder.resolve(), arguments.kills, arguments.seed)
    with tempfile.TemporaryDirectory(prefix="rasad-kills-") as folder:
        return perform(Path(folder), arguments.kills, arguments.seed)


if __name__ == "__main__":
    sys.exit(main())
