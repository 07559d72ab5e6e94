"""Every fault that the double can play, each with its promised end; nobody else waits for it.

Refusals and lost answers that need no second chat are in test_delivery.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.delivery import Delivery
from alerts.limits import Rates
from core.errors import LeaseLost
from tests.alerts.scene import Scene
from tests.bot_api import BotApi
from tests.bot_api_answers import (
    BAD_ENTITIES,
    BLOCKED,
    CHAT_NOT_FOUND,
    DEACTIVATED,
    EMPTY_TEXT,
    GATEWAY_PAGE,
    KICKED,
    NO_RIGHTS,
    NOT_FOUND,
    TOPIC_CLOSED,
    Answer,
    migrated,
    retry,
)

AMAL, BASIM = 501, 502
SECONDS = timedelta(seconds=1)
CONFLICT = Answer(409, "Conflict: terminated by other getUpdates request")
Fault = Callable[[BotApi], None]


@pytest.fixture
async def delivery(scene: Scene) -> AsyncIterator[Delivery]:
    made = scene.delivery(patience=0.3)
    yield made
    await made.stop()


def refused(answer: Answer) -> Fault:
    return lambda telegram: telegram.refuses(once=answer, chat=AMAL)


ENDS: dict[str, tuple[Fault, str, int, str]] = {
    # fault: what it is, Amal's row after it, copies in her chat at last, her row at last
    "429": (refused(retry(7)), "deferred", 1, "sent"),
    "429 of a fraction": (refused(Answer(429, "Too Many Requests", {"retry_after": 0.5})), "deferred", 1, "sent"),
    "429 without a time": (refused(Answer(429, "Too Many Requests")), "deferred", 1, "sent"),
    "429 of a gateway": (refused(Answer(429, page=b"slow down")), "deferred", 1, "sent"),
    "429 for a day": (refused(retry(86_400)), "deferred", 0, "deferred"),
    "403 blocked": (refused(BLOCKED), "dead", 0, "dead"),
    "403 kicked": (refused(KICKED), "dead", 0, "dead"),
    "403 deactivated": (refused(DEACTIVATED), "dead", 0, "dead"),
    "400 chat not found": (refused(CHAT_NOT_FOUND), "deferred", 1, "sent"),
    "400 no rights": (refused(NO_RIGHTS), "deferred", 1, "sent"),
    "400 topic closed": (refused(TOPIC_CLOSED), "deferred", 1, "sent"),
    "400 formatting": (refused(BAD_ENTITIES), "sent", 1, "sent"),
    "400 empty": (refused(EMPTY_TEXT), "dead", 0, "dead"),
    "400 migrated": (refused(migrated(-1009)), "sent", 0, "sent"),  # it stands in the new chat
    "409": (refused(CONFLICT), "deferred", 1, "sent"),
    "403 of a portal": (refused(Answer(403, page=b"<html>log in</html>")), "deferred", 1, "sent"),
    "302 of a portal": (refused(Answer(302, page=b"moved")), "deferred", 1, "sent"),
    "502 before": (refused(Answer(502, "Bad Gateway")), "ambiguous", 1, "sent"),
    "502 page": (refused(GATEWAY_PAGE), "ambiguous", 1, "sent"),
    "500 before": (refused(Answer(500, "Internal Server Error")), "ambiguous", 1, "sent"),
    "stall before": (lambda telegram: telegram.stalls(chat=AMAL), "ambiguous", 1, "sent"),
    "stall after": (lambda telegram: telegram.stalls_after_accepting(chat=AMAL), "ambiguous", 2, "sent"),
    "reset before": (lambda telegram: telegram.resets(chat=AMAL), "ambiguous", 1, "sent"),
    "reset after": (lambda telegram: telegram.resets(after_accepting=True, chat=AMAL), "ambiguous", 2, "sent"),
    "garbage": (refused(Answer(200, page=b"<html>hello</html>")), "ambiguous", 1, "sent"),
}


@pytest.mark.parametrize("fault", ENDS)
async def test_each_fault_has_its_end_and_delays_nobody_else(
    scene: Scene, telegram: BotApi, delivery: Delivery, fault: str
) -> None:
    strike, after, copies, at_last = ENDS[fault]
    await delivery.drain()
    scene.follows(AMAL)
    scene.follows(BASIM)
    strike(telegram)
    scene.publishes()
    began = scene.clock.now()
    await delivery.drain(patience=timedelta(0))
    amal, basim = scene.states()
    assert (amal, basim) == (after, "sent")
    assert len(telegram.messages_to(BASIM)) == 1
    assert scene.clock.now() - began < SECONDS
    scene.clock.advance(timedelta(minutes=11))
    await delivery.drain()
    assert len(telegram.messages_to(AMAL)) == copies
    assert scene.states()[0] == at_last


async def test_404_for_the_token_stops_everything_and_keeps_the_queue(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    scene.publishes()
    telegram.answers(NOT_FOUND)
    for _ in range(5):
        await delivery.drain()
        scene.clock.advance(timedelta(minutes=2))
    assert scene.states() == ["new"]
    assert telegram.calls_of("sendMessage") == []
    assert "does not know this token" in scene.sender().trouble
    telegram.recovers()
    scene.clock.advance(timedelta(minutes=10))
    await delivery.drain()
    assert scene.states() == ["sent"]
    assert scene.sender().trouble == ""


async def test_slow_answers_lose_no_order_and_no_message(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    for chat in range(700, 710):
        scene.follows(chat)
    telegram.answers_after(0.15)
    for number in range(3):
        scene.publishes(f"Bridge {number} is closed")
    await delivery.drain()
    for chat in range(700, 710):
        assert [message.title for message in telegram.messages_to(chat)] == [
            f"Bridge {number} is closed" for number in range(3)
        ]


async def test_an_hour_of_every_kind_of_outage_loses_nothing(scene: Scene, telegram: BotApi) -> None:
    delivery = scene.delivery(patience=0.05)
    chats = range(700, 705)
    for chat in chats:
        scene.follows(chat)
    outages: list[Fault] = [
        lambda telegram: telegram.answers(502),
        lambda telegram: telegram.hangs(),
        lambda telegram: telegram.answers(502, after_accepting=True),
        lambda telegram: telegram.resets(times=None),
        lambda telegram: telegram.stalls_after_accepting(times=None),
        lambda telegram: telegram.answers(503),
    ]
    published: list[str] = []
    for quarter in range(12):  # of five minutes: half of each is an outage, of one kind after the other
        outages[quarter % len(outages)](telegram)
        for minute in range(5):
            if minute % 2:
                published.append(f"Bridge {len(published)} is closed")
                assert scene.publishes(published[-1]) == len(published) * len(chats)
            await delivery.drain(patience=timedelta(0))
            scene.clock.advance(timedelta(seconds=30))
        telegram.recovers()
        for _ in range(5):
            scene.clock.advance(timedelta(seconds=30))
            await delivery.drain()
    scene.clock.advance(timedelta(minutes=10))
    await delivery.drain()
    assert set(scene.states()) == {"sent"}
    for chat in chats:
        titles = [title for message in telegram.messages_to(chat) for title in message.titles]
        assert set(titles) == set(published)
        assert max(titles.count(title) for title in titles) <= 2
        assert list(dict.fromkeys(titles)) == published
    await delivery.stop()


async def test_a_chat_that_cannot_be_written_to_is_told_of_once(tmp_path: Path, telegram: BotApi) -> None:
    scene = Scene(tmp_path, telegram, admins=[600])
    scene.administers(600)
    scene.follows(AMAL)
    delivery = scene.delivery()
    telegram.refuses(always=CHAT_NOT_FOUND, chat=AMAL)
    scene.publishes()
    for _ in range(6):
        await delivery.drain()
        scene.clock.advance(timedelta(minutes=10))
    assert len([call for call in telegram.calls_of("sendMessage") if call.parameters["chat_id"] == AMAL]) == 6
    [told] = telegram.messages_to(600)
    assert "chat not found" in told.text
    await delivery.stop()
    scene.archive.close()


# --- floods, and what outlives a process ---


async def test_three_flooded_chats_pause_everything_even_for_the_next_process(scene: Scene, telegram: BotApi) -> None:
    first = scene.delivery()
    for chat in (501, 502, 503, 504):
        scene.follows(chat)
    for chat in (501, 502, 503):
        telegram.refuses(once=retry(40), chat=chat)
    scene.publishes()
    await first.drain(patience=timedelta(0))
    scene.follows(505)
    scene.publishes()
    await first.drain(patience=timedelta(0))
    await first.stop()
    calls = len(telegram.calls_of("sendMessage"))
    second = scene.delivery()
    await second.drain(patience=timedelta(0))
    assert len(telegram.calls_of("sendMessage")) == calls
    assert scene.sender().paused_until is not None
    scene.clock.advance(41 * SECONDS)
    await second.drain()
    assert set(scene.states()) == {"sent"}
    await second.stop()


async def test_a_restart_is_no_new_burst(scene: Scene, telegram: BotApi) -> None:
    for chat in range(700, 710):
        scene.follows(chat)
    scene.publishes()
    first = scene.delivery(rates=Rates())
    await first.drain(patience=timedelta(0))
    assert len(telegram.calls_of("sendMessage")) == 5
    await first.stop()
    second = scene.delivery(rates=Rates())
    await second.drain(patience=timedelta(0))
    assert len(telegram.calls_of("sendMessage")) == 5, "the five of the last moment count for it too"
    await second.drain()
    assert set(scene.states()) == {"sent"}
    await second.stop()


async def test_a_parked_chat_rests_through_a_restart(scene: Scene, telegram: BotApi) -> None:
    scene.follows(AMAL)
    telegram.refuses(once=retry(60), chat=AMAL)
    scene.publishes()
    first = scene.delivery()
    await first.drain()
    await first.stop()
    scene.publishes()
    second = scene.delivery()
    await second.drain()
    assert len(telegram.calls_of("sendMessage")) == 1
    scene.clock.advance(60 * SECONDS)
    await second.drain()
    assert len(telegram.messages_to(AMAL)) == 2
    await second.stop()


# --- two instances ---


async def test_of_two_instances_one_sends_and_the_other_takes_over(scene: Scene, telegram: BotApi) -> None:
    scene.follows(AMAL)
    one, two = scene.delivery(owner="one"), scene.delivery(owner="two")
    await one.drain()
    scene.publishes()
    await two.drain()
    assert telegram.messages_to(AMAL) == [], "the second waits"
    await one.drain()
    assert len(telegram.messages_to(AMAL)) == 1
    scene.publishes()
    scene.clock.advance(31 * SECONDS)  # the first is suspended: its lease runs out
    await two.drain()
    assert len(telegram.messages_to(AMAL)) == 2
    scene.publishes()
    with pytest.raises(LeaseLost):
        await one.drain()
    await two.drain()
    assert len(telegram.messages_to(AMAL)) == 3
    await one.stop()
    await two.stop()


async def test_a_sender_that_was_replaced_waits_and_comes_back(scene: Scene, telegram: BotApi) -> None:
    scene.follows(AMAL)
    one, two = scene.delivery(owner="one"), scene.delivery(owner="two")
    await one.start()
    await telegram.until(lambda: telegram.calls_of("getMe"))
    scene.takes_over("two")
    scene.publishes()
    one.wake()
    await telegram.until(lambda: telegram.messages_to(AMAL))  # the clock races: the usurper's lease runs out
    assert scene.sender().owner == "one"
    await one.stop()
    await two.stop()


async def test_what_waits_behind_an_unanswered_call_keeps_nobody_busy(scene: Scene, telegram: BotApi) -> None:
    scene.follows(AMAL)
    overdue: list[datetime] = []
    wait = scene.clock.wait

    async def watched(wake: asyncio.Event, until: datetime) -> None:
        if until <= scene.clock.now():
            overdue.append(until)
        await wait(wake, until)

    scene.clock.wait = watched  # type: ignore[method-assign]  # the one clock of the scene, looked at
    delivery = scene.delivery(patience=0.3)
    telegram.stalls_after_accepting(chat=AMAL)
    scene.publishes("A bridge is closed")
    scene.publishes("Another bridge is open")
    loop = asyncio.create_task(delivery.run())
    await telegram.until(lambda: len(telegram.messages_to(AMAL)) >= 2)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    await delivery.stop()
    assert len(overdue) < 5, "it looked again and again, with a write each time"
