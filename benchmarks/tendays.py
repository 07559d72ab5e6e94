"""Ten days of a newsroom in some minutes: the real system on a simulated clock, and what readers got of it.

python -m benchmarks.tendays [--days 10] [--sources 500] [--chats 20]

Sources publish by day and by night; there are an outage of two hours, a country that goes dark for a day, a source
that dies, one that floods and one that is hacked, a lid closed overnight, an edit of the config every day, a rule that
is far too wide for two hours, a rumour with 200 posts in ten minutes and its denial, and an event with forty copies in
three languages. What readers should get is declared with the events (_tendays/scenario.py); a message is known to tell
of an event by its town. Ends with 1 when an alert was lost or repeated.
"""

import argparse
import asyncio
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from archive.status import status
from benchmarks._tendays.scenario import Scenario, due
from benchmarks._tendays.stage import MINUTE, Clock, Stage
from benchmarks._tendays.tally import Heard, tallied
from demo.newsroom import Newsroom
from tests.bot_api import TOKEN, BotApi, Call

BEGAN = datetime(2026, 6, 6, 0, 0, tzinfo=UTC)
CHATS, ADMIN = 700_000, 699_999
LANGUAGES = ("ar", "fa", "en")
WIDE = '\n[topics.too_wide]\ntitle = { en = "Too wide" }\nmatch = "report OR التقرير OR گزارش"\n'
WIDE_FROM, WIDE_UNTIL = timedelta(days=6, hours=10), timedelta(days=6, hours=12)
SHIPPED = Path(__file__).parent.parent / "config.toml"


@dataclass(frozen=True, slots=True)
class Played:
    """What came out of a run. Memory in MiB at the end of each day; `size` of archive and evidence, in bytes."""

    heard: list[Heard]
    edits: int
    memory: list[int]
    articles: int
    size: int
    seconds: dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="where archive and log stay; a temporary one otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rasad-tendays-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=folder / "rasad.log", level=logging.INFO, format="%(asctime)s %(message)s")
        return asyncio.run(perform(folder, options.days, options.sources, options.chats))


async def perform(folder: Path, days: int, sources: int, chats: int) -> int:
    """The whole play; the exit code."""
    began = time.perf_counter()
    with time_machine.travel(BEGAN, tick=False) as traveller, Newsroom() as newsroom, BotApi() as telegram:
        scenario = Scenario(newsroom, BEGAN, days, sources).written()
        file = folder / "config.toml"
        file.write_text(beat(newsroom, telegram), encoding="utf-8")
        async with Stage.opened(Clock(traveller), file, telegram.url, TOKEN) as stage:
            for number in range(chats):
                stage.joins(CHATS + number, LANGUAGES[number % 3])
            stage.joins(ADMIN, "en")
            prepare(scenario, stage, telegram)
            memory = await played(stage, scenario, newsroom)
            with stage.archive.reading() as conn:
                articles = status(conn, stage.clock.now()).articles
        outcome = Played(
            heard=[message_of(call) for call in telegram.calls_of("sendMessage")],
            edits=len(telegram.calls_of("editMessageText")),
            memory=memory,
            articles=articles,
            size=sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()),
            seconds={**stage.seconds, "all": time.perf_counter() - began},
        )
    return report(scenario, outcome, range(CHATS, CHATS + chats))


def prepare(scenario: Scenario, stage: Stage, telegram: BotApi) -> None:
    """What the scenario does beyond the newsroom."""
    scenario.bot_api_falls = lambda: telegram.resets(times=None)
    scenario.bot_api_rises = telegram.recovers
    scenario.quarantines = lambda: stage.quarantines(scenario.hacked.id)


def beat(newsroom: Newsroom, telegram: BotApi) -> str:
    """The shipped names and topics over the newsroom's sources."""
    shipped = SHIPPED.read_text(encoding="utf-8")
    rules = shipped[shipped.index("[names.qaani]") : shipped.index("[[sources]]")]
    bot = f'[telegram]\napi_url = "{telegram.url}"\naccess = "open"\nadmins = [{ADMIN}]\n[backup]\nto = ""\n'
    return newsroom.config(bot + rules, collect={"every": "10m"})


async def played(stage: Stage, scenario: Scenario, newsroom: Newsroom) -> list[int]:
    """Minute by minute; memory at the end of each day, in MiB."""
    deeds, memory = scenario.deeds[::-1], []
    text = saved = stage.file.read_text(encoding="utf-8")
    closed, opened = scenario.closed()
    while (now := stage.clock.now()) < scenario.ends:
        for deed in due(deeds, now):
            if deed.name:
                print(f"{now:%d %b %H:%M}  {deed.name}", flush=True)
            deed.do()
        if closed <= now < opened:
            stage.clock.to(now + MINUTE)  # nothing of the monitor runs
            continue
        wanted = edited(text, scenario, now)
        if wanted != saved:
            await stage.edits(wanted)
            saved = wanted
        await stage.minute()
        newsroom.forget_requests()
        if now.hour == 23 and now.minute == 59:
            memory.append(stage.memory())
    return memory


def edited(text: str, scenario: Scenario, now: datetime) -> str:
    """The config as its operator has it then: every day a line of comment, and for two hours a rule too wide."""
    day = (now - scenario.began).days
    wide = scenario.began + WIDE_FROM <= now < scenario.began + WIDE_UNTIL
    return f"{text}# day {day}\n" + (WIDE if wide else "")


def message_of(call: Call) -> Heard:
    words = re.sub(r"<[^>]+>|[\u200e\u200f\u2066-\u2069]", "", call.parameters["text"])
    return Heard(call.parameters["chat_id"], words, call.at)


def report(scenario: Scenario, outcome: Played, chats: range) -> int:
    """The figures on one screen; 1 when something was lost or repeated."""
    wide = [message for message in outcome.heard if "Too wide" in message.words]
    to_admin = [message for message in outcome.heard if message.chat == ADMIN]
    readers = [message for message in outcome.heard if message.chat in chats and message not in wide]
    tally = tallied(scenario.events, readers, chats)
    print(f"\n{scenario.days} days, {len(scenario.outlets)} sources, {len(chats)} chats; {outcome.articles} articles")
    print(f"alerts due {tally.due}: lost {len(tally.lost)}, repeated {len(tally.repeated)}")
    print(f"told once more, by a report in another language: {len(tally.translated)}")
    print(f"told though nobody should hear of it: {len(tally.unwanted)}, not expected at all: {len(tally.strangers)}")
    print(f"recall {tally.recall:.4f}, precision {tally.precision:.4f}")
    print(f"messages to readers {len(readers)}, edits {outcome.edits}, notices to the admin {len(to_admin)}")
    print(f"of the rule that was too wide for two hours: {len(wide)} messages to {len(chats)} chats")
    for why, found in tally.delays.items():
        median, p95 = (percentile(found, share) / 60 for share in (50, 95))
        print(f"published to sent, {why:14} median {median:6.1f} min, p95 {p95:6.1f} min")
    kib = outcome.size / 1024 / max(1, outcome.articles)
    print(f"memory at the end of each day, newsroom included: {outcome.memory} MiB; {kib:.1f} KiB on disk an article")
    print("seconds: " + ", ".join(f"{name} {value:.0f}" for name, value in outcome.seconds.items()))
    miscounts = {
        "LOST": tally.lost,
        "REPEATED": tally.repeated,
        "UNWANTED": tally.unwanted,
        "ANOTHER LANGUAGE": tally.translated,
    }
    for kind, cases in miscounts.items():
        for line, count in Counter(map(str, cases)).items():
            print(f"{kind} in {count} chats: {line}")
    for words, count in Counter(message.words[:100].replace("\n", " ") for message in tally.strangers).most_common(10):
        print(f"NOT EXPECTED in {count} chats: {words}")
    return 1 if tally.lost or tally.repeated else 0


def percentile(values: list[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]


if __name__ == "__main__":
    sys.exit(main())
