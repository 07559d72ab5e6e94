"""Latency: from a feed's response with a new item to the alert that the Bot API accepted. Nothing else runs.

python -m benchmarks.latency [--articles 200] [--gap 0.3]

Real system in its own process, feeds and pages on loopback, page followed and extracted, delivery limits as shipped.
200 articles, one every 300 ms, each for the next of 100 chats in turn. Aim: p95 ≤ 1 s.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import sources, subscribers
from archive.database import Archive
from demo.newsroom import Newsroom, Outlet
from tests.bot_api import TOKEN, BotApi
from tests.system import System

CHATS = 100
OUTLETS = 20
FIRST_CHAT = 700_000
BODY = (
    "The subject number{topic} was spoken of at length on Monday, officials said, before the meeting went on to other\n"
    "matters of the day. Nobody who was asked would say more, and a statement is expected in the coming hours.\n"
) * 6


@dataclass(frozen=True)
class Published:
    """An article of the run: whose, when, and the words by which its message is known."""

    outlet: Outlet
    at: datetime
    title: str
    chat: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=200)
    arguments.add_argument("--gap", type=float, default=0.3, help="seconds between two articles")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom, BotApi() as telegram:
        outlets = [newsroom.outlet(f"outlet-{number}") for number in range(OUTLETS)]
        for outlet in outlets:
            outlet.publish("Nothing of note", BODY.format(topic="none"), published=timedelta(hours=1))
        beat = topics() + f'[telegram]\napi_url = "{telegram.url}"\naccess = "open"\n'
        with System(Path(folder), newsroom.config(beat), token=TOKEN) as system:
            latencies = measured(system, newsroom, telegram, outlets, options.articles, options.gap)
    report(latencies, options.articles)


def topics() -> str:
    """A topic for each chat."""
    tables = [
        f'[topics.topic-{number}]\ntitle = {{ en = "Subject {number}" }}\nmatch = "number{number}"\n'
        for number in range(CHATS)
    ]
    return "\n".join(tables)


def measured(
    system: System, newsroom: Newsroom, telegram: BotApi, outlets: list[Outlet], articles: int, gap: float
) -> list[float]:
    """Seconds from response to acceptance, per article."""
    system.start()
    archive = Archive.open(f"sqlite:///{system.folder}/data/rasad.db")
    try:
        system.wait_until(lambda: _first_round_over(archive), 60)
        _subscribe(archive)
        published = [_publish(archive, outlets[number % OUTLETS], number, gap) for number in range(articles)]
        telegram.wait(lambda: len(telegram.calls_of("sendMessage")) >= articles, 60)
    finally:
        archive.close()
    assert system.stop() == 0
    return [_latency(newsroom, telegram, each) for each in published]


def _first_round_over(archive: Archive) -> bool:
    with archive.reading() as conn:
        return not sources.first_round_open(conn)


def _subscribe(archive: Archive) -> None:
    names = [f"topic-{number}" for number in range(CHATS)]
    now = datetime.now(UTC)
    with archive.writing() as conn:
        for number, name in enumerate(names):
            chat = FIRST_CHAT + number
            who = subscribers.join(conn, channel="telegram", chat=chat, language="en", timezone="UTC", now=now)
            subscribers.set_topic(conn, who.id, name, True, topics=[])


def _publish(archive: Archive, outlet: Outlet, number: int, gap: float) -> Published:
    topic = number % CHATS
    title = f"Report {number:04d} of the day"
    now = datetime.now(UTC)
    outlet.publish(title, f"Report {number}. " + BODY.format(topic=topic))
    with archive.writing() as conn:
        sources.make_due(conn, [outlet.id], now)
    time.sleep(gap)  # the beat of the run, not a wait for something
    return Published(outlet, now, title, FIRST_CHAT + topic)


def _latency(newsroom: Newsroom, telegram: BotApi, published: Published) -> float:
    answered = next(seen.at for seen in newsroom.polls(published.outlet) if seen.at >= published.at)
    accepted = [message for message in telegram.messages_to(published.chat) if published.title in message.words]
    assert len(accepted) == 1, f"{published.title}: {len(accepted)} messages"
    return (accepted[0].at - answered).total_seconds()


def report(latencies: list[float], articles: int) -> None:
    """The figures on one screen."""
    cuts = statistics.quantiles(latencies, n=100)
    print(f"{articles} articles, each alerted once")
    print(
        f"response → accepted: p50 {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, max {max(latencies):.3f} s (aim: p95 ≤ 1 s)"
    )


if __name__ == "__main__":
    main()
