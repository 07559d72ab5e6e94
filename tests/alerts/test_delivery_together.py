"""Messages that go together: merged alerts, digests in parts, what came in a gap. Through real HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from alerts.delivery import Delivery
from archive import catch_up, outbox
from archive.cards import Telling
from core.messages import Notice
from core.model import Alert
from tests.alerts.scene import Scene
from tests.bot_api import BotApi
from tests.bot_api_answers import retry

AMAL, BASIM = 501, 502
SECONDS, MINUTES = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
async def delivery(scene: Scene) -> AsyncIterator[Delivery]:
    made = scene.delivery(patience=0.3)
    yield made
    await made.stop()


async def test_the_first_three_go_alone_and_then_one_message_tells_the_others(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    for number in range(3):
        scene.publishes(f"Council meeting {number} is called off")
        await delivery.drain()
        scene.clock.advance(SECONDS)
    for number in range(3, 8):
        scene.publishes(f"Council meeting {number} is called off")
    scene.publishes("A bridge falls")
    await delivery.drain()
    titles = [message.titles for message in telegram.messages_to(AMAL)]
    assert titles[3:] == [["A bridge falls"]], "breaking news waits for nobody"
    await delivery.drain(patience=MINUTES)
    [merged] = telegram.messages_to(AMAL)[4:]
    assert merged.words.startswith("5 new stories:")
    assert merged.titles == [f"Council meeting {number} is called off" for number in range(3, 8)]
    assert all(f"https://morning.example/{number + 1}" in merged.text for number in range(3, 8))
    assert scene.message_ids()[-6:-1] == [merged.id] * 5
    assert set(scene.states()) == {"sent"}


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_more_than_one_message_holds_is_split_and_every_story_told(
    scene: Scene, telegram: BotApi, delivery: Delivery, language: str
) -> None:
    scene.follows(AMAL, language=language)
    titles = [f"Council meeting {number} {'of many words ' * 14}" for number in range(23)]
    for title in titles[:3]:
        scene.publishes(title)
        await delivery.drain()
        scene.clock.advance(SECONDS)
    for title in titles[3:]:
        scene.publishes(title)
    await delivery.drain(patience=2 * MINUTES)
    merged = telegram.messages_to(AMAL)[3:]
    assert len(merged) > 1
    assert [title[:18].strip() for message in merged for title in message.titles] == [
        title[:18].strip() for title in titles[3:]
    ]
    assert set(scene.states()) == {"sent"}


async def test_a_digest_in_parts_keeps_the_limits_and_goes_on_after_a_refusal(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    stories = 36
    for number in range(stories):
        scene.publishes(f"Bridge {number} is closed {'for many reasons ' * 11}")
    scene.digests(scene.follows(AMAL), stories)
    await delivery.drain(patience=timedelta(0))
    assert scene.states() == ["deferred"], "the first part went out"
    telegram.refuses(once=retry(60), chat=AMAL)
    scene.clock.advance(SECONDS)
    await delivery.drain(patience=timedelta(0))
    scene.publishes("A bridge falls")
    scene.clock.advance(61 * SECONDS)
    await delivery.drain()
    parts = telegram.messages_to(AMAL)
    assert parts[1].titles == ["A bridge falls"], "breaking news goes between two parts"
    told = [title for part in (parts[0], *parts[2:]) for title in part.titles]
    assert len(told) == stories
    assert len(set(told)) == stories
    assert set(scene.states()) == {"sent"}


async def test_after_a_gap_one_digest_says_from_when_to_when_and_how_many(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    amal = scene.follows(AMAL)
    scene.publishes("Council meeting 1 is called off")
    scene.publishes("Council meeting 2 is called off")
    tellings = [Telling(number, (("council", "normal"),)) for number in (1, 2)]
    span = (scene.clock.now() - timedelta(hours=9), scene.clock.now())
    with scene.archive.writing() as conn:
        digest = partial(outbox.enqueue_digest, conn, amal.id, tellings, total=2, now=scene.clock.now())
        digest(occasion="gap", span=span, joined=[1, 2])
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert message.words.startswith(
        "No source was watched from 23 Nov 2026 03:00 +03 to 23 Nov 2026 12:00 +03. 2 stories on your topics since:"
    )
    assert message.titles == ["Council meeting 1 is called off", "Council meeting 2 is called off"]
    assert scene.states() == ["sent"] * 3
    assert scene.message_ids() == [message.id] * 3
    assert not scene.archive_says(catch_up.is_open)


async def test_notices_do_not_wait_for_a_fan_out(tmp_path: Path, telegram: BotApi) -> None:
    scene = Scene(tmp_path, telegram, admins=[600])
    for chat in range(700, 800):
        scene.follows(chat)
    scene.publishes()
    scene.administers(600)
    notice = Notice("probe_answers", {"source": "The Agency", "id": "agency"})
    with scene.archive.writing() as conn:
        now = scene.clock.now()
        outbox.enqueue_notice(conn, notice, admins=[600], occasion="x", now=now, rest=timedelta(0))
    delivery = scene.delivery()
    await delivery.drain(patience=timedelta(0))
    assert len(telegram.messages_to(600)) == 1
    assert len(telegram.calls_of("sendMessage")) == 6, "five of the fan-out, and the notice on top"
    await delivery.stop()
    scene.archive.close()


async def test_a_turn_is_a_reply_to_the_first_message_about_its_story(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    scene.publishes("A bridge is closed")
    await delivery.drain()
    [first] = telegram.messages_to(AMAL)
    scene.follows(BASIM)
    with scene.archive.writing() as conn:
        turn = [Alert("bridge", "breaking", "turn:1")]
        outbox.enqueue(conn, story=1, article=1, alerts=turn, now=scene.clock.now())
    await delivery.drain()
    assert [message.reply_to for message in telegram.messages_to(AMAL)] == [None, first.id]
    assert telegram.messages_to(BASIM) == [], "who was not told before is not told of the turn"
