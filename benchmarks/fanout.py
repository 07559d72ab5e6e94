"""One breaking alert to 10,000 subscribers in the middle of a digest: how long it takes, and in which order it goes.

python -m benchmarks.fanout [--subscribers 10000] [--postgresql]

1. Enqueued: the transaction that makes the rows. Aim: ≤ 0.5 s.
2. Paced, with the limits as shipped: the real delivery on a simulated clock, with a channel that answers at once. A
   digest is under way, two breaking alerts come. Aim: the first one is with everybody within 420 s, no second before
   anybody's first, no digest after the alert was there and before it was with everybody.
3. Unpaced: the real delivery, channel and archive over HTTP against the double of the Bot API, which runs in a process
   of its own; beside it a plain client that does nothing but post the same calls. Aim: ≥ 1,000 sends a second, with
   ≤ 300 MB of memory. Ends with 1 when an aim is missed.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import aiohttp
from sqlalchemy import insert

from alerts.delivery import Delivery
from alerts.limits import UNLIMITED, Rates
from alerts.message import Message
from alerts.telegram import TelegramChannel
from archive import outbox, sources
from archive.cards import Telling
from archive.database import Archive
from archive.intake import admit
from archive.schema import mute, subscriber
from core.model import Alert, Arrival, Draft
from core.rules.match import compile_rules
from settings import Edition, parse
from tests.archive.postgresql import started
from tests.bot_api import TOKEN, BotApi
from tests.fakes import MONDAY, Clock

CONFIG = """
[topics.bridge]
title = { en = "The bridge", ar = "الجسر", fa = "پل" }
match = "bridge"
level = "breaking"
[[sources]]
id = "morning"
name = "The Morning Paper"
kind = "feed"
url = "https://morning.example/feed"
"""
TEXT = "The old bridge was closed to lorries on Sunday, the council said, and a ferry runs every half hour. " * 6
ENQUEUE_SECONDS, PACED_SECONDS, SENDS_A_SECOND, MEGABYTES = 0.5, 420.0, 1000.0, 300.0
CONNECTIONS = 64


class Scene:
    """An archive with `many` subscribers and one article, told to nobody yet."""

    def __init__(self, url: str, folder: Path, many: int) -> None:
        settings = parse(CONFIG, file="config.toml", folder=folder)
        self.edition = Edition(1, settings, compile_rules(settings.names, settings.topics))
        self.archive = Archive.open(url)
        self.alerts = 0
        row = {"channel": "telegram", "timezone": "Asia/Baghdad", "state": "active", "follows_all": True}
        languages = ("ar", "fa", "en")
        with self.archive.writing() as conn:
            sources.sync(conn, settings.sources, MONDAY)
            draft = Draft(
                "morning", "https://morning.example/1", "A bridge is closed", TEXT, language="en", fetched=MONDAY
            )
            admit(conn, draft, rules=self.edition.rules, arrival=Arrival("live"), now=MONDAY, edition=1)
            people = [
                row | {"chat": number, "language": languages[number % 3], "joined": MONDAY, "reason": ""}
                for number in range(1, many + 1)
            ]
            conn.execute(insert(subscriber), people)
            muted = [{"subscriber": who, "kind": "topic", "what": f"other{who % 9}"} for who in range(1, many + 1)]
            conn.execute(insert(mute), muted)  # of something else: everybody's mutes are looked at
            conn.exec_driver_sql("ANALYZE")  # as PostgreSQL does by itself within a minute

    def alert(self, now: datetime) -> float:
        """A breaking alert for everybody. Seconds of its transaction."""
        self.alerts += 1
        alerts = [Alert("bridge", "breaking", "first")]
        began = time.perf_counter()
        with self.archive.writing() as conn:
            outbox.enqueue(conn, story=1000 + self.alerts, article=1, alerts=alerts, now=now)
        return time.perf_counter() - began

    def digest(self, many: int, now: datetime) -> None:
        """A digest for everybody."""
        with self.archive.writing() as conn:
            for who in range(1, many + 1):
                telling = Telling(1, (("bridge", "normal"),))
                outbox.enqueue_digest(conn, who, [telling], total=1, occasion="daily", now=now)


class Instant:
    """A channel that answers at once and keeps what it was given, with the simulated time."""

    name = key = "telegram"
    rates = Rates()
    edits = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.sent: list[tuple[float, int, str]] = []  # seconds, chat, the first words

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> int:
        """Take it."""
        self.sent.append(((self._clock.now() - MONDAY).total_seconds(), chat, message.plain[:40]))
        return len(self.sent)

    async def edit(self, chat: int, number: int, message: Message) -> None:
        """Never asked."""

    async def probe(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to let go of."""


def enqueued(scene: Scene, many: int) -> Iterator[tuple[str, object, bool]]:
    """The transaction that makes the rows, each reader with a mute of something else."""
    took = [scene.alert(MONDAY) for _ in range(5)]
    rows = f"enqueue of {many} rows, seconds, best and worst of 5"
    yield rows, (round(min(took), 3), round(max(took), 3)), max(took) <= ENQUEUE_SECONDS


def paced(scene: Scene, many: int) -> Iterator[tuple[str, object, bool]]:
    """What the simulated fan-out came to: figure, value, whether it is as promised."""
    clock = Clock()
    channel = Instant(clock)
    delivery = Delivery(scene.archive, channel, lambda: scene.edition, clock=clock)
    scene.digest(many, clock.now())
    enqueue = 0.0

    async def run() -> None:
        nonlocal enqueue
        loop = asyncio.create_task(delivery.run())
        await _until(lambda: len(channel.sent) >= 100)
        enqueue = scene.alert(clock.now())
        scene.alert(clock.now())
        delivery.wake()
        started = len(channel.sent)
        await _until(lambda: len(channel.sent) >= started + 2 * many)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await delivery.stop()

    began = time.process_time()
    asyncio.run(run())
    alerts = [(at, chat) for at, chat, words in channel.sent if "·" in words.split("\n", 1)[0]]
    digests = [at for at, _, words in channel.sent if "·" not in words.split("\n", 1)[0]]
    first_at, last_at = alerts[0][0], alerts[many - 1][0]
    yield "enqueue of one alert, seconds", round(enqueue, 3), enqueue <= ENQUEUE_SECONDS
    yield (
        "paced: everybody's first after, simulated seconds",
        round(last_at - first_at),
        (last_at - first_at <= PACED_SECONDS),
    )
    early = len(alerts[:many]) - len({chat for _, chat in alerts[:many]})
    yield "paced: seconds before a first", early, early == 0
    between = sum(first_at < at <= alerts[-1][0] for at in digests)
    yield "paced: digests between the alerts", between, between == 0
    yield "paced: CPU milliseconds a message", round(1000 * (time.process_time() - began) / len(channel.sent), 2), True


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # the channel of this benchmark wakes nobody
        await asyncio.sleep(0.001)


def _serve(pipe: Pipe) -> None:
    """The double, in its own process: tells its address, ends when told to; then how many messages stand in chats."""
    with BotApi() as telegram:
        pipe.send(telegram.url)
        pipe.recv()
        chats = [call.parameters["chat_id"] for call in telegram.calls_of("sendMessage")]
        pipe.send((len(chats), len(set(chats)), telegram.broken_rules[:3]))


@contextmanager
def double() -> Iterator[tuple[str, Callable[[], tuple[int, int, list[str]]]]]:
    """Its address, and what asks it at the end for: messages, chats, broken rules."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()

    def count() -> tuple[int, int, list[str]]:
        ours.send("end")
        told: tuple[int, int, list[str]] = ours.recv()
        return told

    try:
        yield ours.recv(), count
    finally:
        process.join(10)
        process.kill()


def unpaced(scene: Scene, many: int) -> Iterator[tuple[str, object, bool]]:
    """The same over HTTP as fast as it goes."""
    with double() as (address, count):
        rate, of_cpu = asyncio.run(_deliver(scene, address, many))
        messages, chats, broken = count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "unpaced: sends a second", round(rate), rate >= SENDS_A_SECOND
    yield "unpaced: sends a second of the process's CPU", round(of_cpu), True
    yield (
        "unpaced: messages, chats, broken rules",
        (messages, chats, broken),
        (messages, chats, broken)
        == (
            many,
            many,
            [],
        ),
    )
    yield "memory at most, MB", round(peak), peak <= MEGABYTES
    with double() as (address, count):
        plain, plain_of_cpu = asyncio.run(_post(address, many))
        count()
    yield "a plain client against the same double: a second", round(plain), True
    yield "a plain client: a second of its CPU", round(plain_of_cpu), True


async def _deliver(scene: Scene, address: str, many: int) -> tuple[float, float]:
    channel = TelegramChannel(TOKEN, address, rates=UNLIMITED, connections=CONNECTIONS)
    delivery = Delivery(scene.archive, channel, lambda: scene.edition)
    await delivery.drain()  # connected, recovered, whatever was left is out
    scene.alert(datetime.now(UTC))
    rate = await _rate(delivery.drain, many)
    await delivery.stop()
    return rate


async def _post(address: str, many: int) -> tuple[float, float]:
    message = {"text": f"<b>A bridge is closed</b>\n{TEXT}", "parse_mode": "HTML"}
    numbers = iter(range(1, many + 1))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:

        async def client() -> None:
            for chat in numbers:
                async with session.post(f"{address}/bot{TOKEN}/sendMessage", json={"chat_id": chat, **message}) as got:
                    assert json.loads(await got.read())["ok"]

        async def everybody() -> None:
            await asyncio.gather(*(client() for _ in range(CONNECTIONS)))

        return await _rate(everybody, many)


async def _rate(work: Callable[[], Awaitable[None]], many: int) -> tuple[float, float]:
    """How many a second, and how many a second of CPU."""
    began, used = time.perf_counter(), time.process_time()
    await work()
    return many / (time.perf_counter() - began), many / (time.process_time() - used)


def main() -> int:
    """Print the figures; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--postgresql", action="store_true", help="the archive lies there, on a server of its own")
    parser.add_argument("--only", choices=("enqueued", "paced", "unpaced"))
    options = parser.parse_args()
    missed = 0
    for name, part in (("enqueued", enqueued), ("unpaced", unpaced), ("paced", paced)):
        if options.only in {None, name}:
            with tempfile.TemporaryDirectory() as folder, _database(folder, postgresql=options.postgresql) as url:
                scene = Scene(url, Path(folder), options.subscribers)
                for figure, value, holds in part(scene, options.subscribers):
                    missed += not holds
                    print(f"{figure:<56} {value}{'' if holds else '  MISSED'}", flush=True)
                scene.archive.close()
    return 1 if missed else 0


@contextmanager
def _database(folder: str, *, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        yield f"sqlite:///{folder}/rasad.db"
        return
    with started() as server, server.database("template1") as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
