"""Every end a message can come to, through real HTTP: what is stored, what stands in the chat, who is delayed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.delivery import Delivery
from alerts.limits import UNLIMITED, Rates
from archive import subscribers
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
    UNAUTHORIZED,
    Answer,
    migrated,
    retry,
)

AMAL, BASIM, GROUP = 501, 502, -601
SECONDS = timedelta(seconds=1)


@pytest.fixture
async def delivery(scene: Scene) -> AsyncIterator[Delivery]:
    made = scene.delivery(patience=0.3)
    yield made
    await made.stop()


async def test_an_alert_reaches_its_subscriber_once(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    scene.publishes("A bridge is closed")
    await delivery.drain()
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert "A bridge is closed" in message.text
    assert message.formatted
    assert scene.states() == ["sent"]


async def test_two_topics_of_one_story_are_one_message(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    scene.publishes("The council closes a bridge")
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert message.text.startswith("Breaking · ")
    assert "The bridge" in message.text
    assert "The council" in message.text
    assert scene.states() == ["sent", "sent"]


async def test_breaking_goes_before_the_rest(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    scene.publishes("The council meets")
    scene.publishes("A bridge is closed")
    await delivery.drain()
    assert ["bridge" in message.text for message in telegram.messages_to(AMAL)] == [True, False]


async def test_a_digest_tells_its_stories_in_one_message(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    for number in range(10):
        scene.publishes(f"Bridge {number} is closed")
    scene.digests(scene.follows(AMAL, language="ar"), 10)
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert message.words.startswith("انتهت الجولة الأولى. في المصادر 57 خبراً")
    assert all(f"Bridge {number} is closed" in message.text for number in range(10))


async def test_a_digest_is_never_sent_twice(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.publishes()
    scene.digests(scene.follows(AMAL), 1)
    telegram.stalls_after_accepting()
    for _ in range(3):
        await delivery.drain()
        scene.clock.advance(31 * SECONDS)
    assert len(telegram.messages_to(AMAL)) == 1
    [(state, _, reason)] = scene.rows()
    assert (state, reason.split(":")[0]) == ("dead", "uncertain")


# --- refused ---


async def test_a_flood_wait_parks_one_chat_only(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    scene.follows(BASIM)
    telegram.refuses(once=retry(60), chat=AMAL)
    scene.publishes()
    await delivery.drain()
    assert (len(telegram.messages_to(AMAL)), len(telegram.messages_to(BASIM))) == (0, 1)
    scene.publishes()
    await delivery.drain()
    assert len(telegram.messages_to(BASIM)) == 2
    assert len(telegram.calls_of("sendMessage")) == 3, "nothing more was tried on the parked chat"
    scene.clock.advance(60 * SECONDS)
    await delivery.drain()
    assert len(telegram.messages_to(AMAL)) == 2


@pytest.mark.parametrize("refusal", [BLOCKED, KICKED, DEACTIVATED], ids=lambda refusal: refusal.description)
async def test_who_blocks_the_bot_is_suspended_and_keeps_the_topics(
    scene: Scene, telegram: BotApi, delivery: Delivery, refusal: Answer
) -> None:
    scene.follows(AMAL)
    scene.follows(BASIM)
    telegram.refuses(always=refusal, chat=AMAL)
    scene.publishes()
    await delivery.drain()
    scene.publishes()
    await delivery.drain()
    assert scene.subscriber_state(AMAL) == "suspended"
    assert scene.states().count("sent") == 2
    assert len(telegram.messages_to(BASIM)) == 2
    telegram.recovers()
    scene.follows(AMAL)
    scene.publishes()
    await delivery.drain()
    assert len(telegram.messages_to(AMAL)) == 1


async def test_a_group_that_moved_gets_its_message_at_its_new_id(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(GROUP)
    telegram.refuses(always=migrated(-100999), chat=GROUP)
    scene.publishes()
    await delivery.drain()
    scene.publishes()
    scene.clock.advance(timedelta(minutes=1))
    await delivery.drain()
    assert len(telegram.messages_to(-100999)) == 2
    with scene.archive.reading() as conn:
        assert subscribers.by_chat(conn, "telegram", -100999)


async def test_refused_formatting_goes_as_plain_text(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    telegram.refuses(once=BAD_ENTITIES)
    scene.publishes("A <b>bridge</b> & more")
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert not message.formatted
    assert "A <b>bridge</b> & more" in message.text
    assert "https://morning.example/1" in message.text
    assert scene.states() == ["sent"]


async def test_a_message_refused_for_good_is_dead_and_blocks_nobody(tmp_path: Path, telegram: BotApi) -> None:
    admin = telegram.user("Admin")
    scene = Scene(tmp_path, telegram, admins=[admin.chat])
    scene.administers(admin.chat)
    delivery = scene.delivery()
    scene.follows(AMAL)
    scene.follows(BASIM)
    telegram.refuses(once=EMPTY_TEXT, chat=AMAL)
    scene.publishes()
    scene.publishes()
    await delivery.drain()
    assert sorted(scene.states()) == ["dead", "sent", "sent", "sent", "sent"]
    [told] = telegram.messages_to(admin.chat)
    assert "message text is empty" in told.text
    assert "A bridge is closed" in told.text
    await delivery.stop()
    scene.archive.close()


async def test_what_cannot_be_rendered_is_dead_and_blocks_nobody(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL, timezone="Mars/Olympus_Mons")
    scene.follows(BASIM)
    scene.publishes()
    scene.publishes()
    await delivery.drain()
    assert sorted(scene.states()) == ["dead", "dead", "sent", "sent"]
    assert len(telegram.messages_to(BASIM)) == 2


@pytest.mark.parametrize("refusal", [CHAT_NOT_FOUND, NO_RIGHTS], ids=lambda refusal: refusal.description)
async def test_a_chat_that_cannot_be_written_to_rests(
    scene: Scene, telegram: BotApi, delivery: Delivery, refusal: Answer
) -> None:
    scene.follows(AMAL)
    telegram.refuses(once=refusal)
    scene.publishes()
    scene.publishes()
    await delivery.drain()
    assert len(telegram.calls_of("sendMessage")) == 1
    scene.clock.advance(timedelta(minutes=10))
    await delivery.drain()
    assert len(telegram.messages_to(AMAL)) == 2


async def test_a_revoked_token_stops_everything_keeps_the_queue_and_shouts_once(
    scene: Scene, telegram: BotApi, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    scene.follows(AMAL)
    scene.publishes()
    telegram.answers(UNAUTHORIZED)
    for _ in range(30):
        await delivery.drain()
        scene.clock.advance(timedelta(minutes=1))
    assert scene.states() == ["new"]
    assert [record.levelno for record in caplog.records if "nothing is sent" in record.message] == [logging.CRITICAL]
    assert len(telegram.calls) <= 4, "one look in ten minutes"
    telegram.recovers()
    scene.clock.advance(timedelta(minutes=10))
    await delivery.drain()
    assert len(telegram.messages_to(AMAL)) == 1


# --- not answered ---


async def test_a_lost_answer_is_asked_after_and_the_message_sent_once_more(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    await delivery.drain()
    telegram.stalls_after_accepting()
    scene.publishes()
    await delivery.drain()
    assert scene.rows()[0][:2] == ("ambiguous", 1)
    scene.clock.advance(31 * SECONDS)
    await delivery.drain()
    assert scene.states() == ["sent"]
    assert len(telegram.messages_to(AMAL)) == 2, "the one extra copy that the promise allows"


async def test_two_unanswered_sends_end_as_uncertain_and_admins_get_the_text(tmp_path: Path, telegram: BotApi) -> None:
    admin = telegram.user("Admin")
    scene = Scene(tmp_path, telegram, admins=[admin.chat])
    scene.administers(admin.chat)
    delivery = scene.delivery(patience=0.2)
    scene.follows(AMAL)
    telegram.stalls(times=2, chat=AMAL)
    scene.publishes()
    for _ in range(5):
        await delivery.drain()
        scene.clock.advance(31 * SECONDS)
    (state, _, reason), (notice, _, _) = scene.rows()
    assert (state, notice) == ("dead", "sent")
    assert reason.startswith("uncertain")
    assert telegram.messages_to(AMAL) == []
    [told] = telegram.messages_to(admin.chat)
    assert "A bridge is closed" in told.text
    await delivery.stop()
    scene.archive.close()


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_a_torn_connection_is_of_unknown_fate(
    scene: Scene, telegram: BotApi, delivery: Delivery, fault: str
) -> None:
    scene.follows(AMAL)
    telegram.resets(after_accepting=fault == "after")
    scene.publishes()
    await delivery.drain()
    assert scene.states() == ["ambiguous"]
    scene.clock.advance(31 * SECONDS)
    await delivery.drain()
    assert scene.states() == ["sent"]


@pytest.mark.parametrize("outage", [Answer(502, "Bad Gateway"), GATEWAY_PAGE, Answer(500, "Internal")], ids=str)
async def test_ten_minutes_of_5xx_lose_nothing_and_spend_no_attempt(
    scene: Scene, telegram: BotApi, delivery: Delivery, outage: Answer
) -> None:
    for chat in range(700, 710):
        scene.follows(chat)
    telegram.answers(outage)
    for minute in range(10):
        scene.publishes(f"Bridge {minute} is closed")
        await delivery.drain()
        scene.clock.advance(timedelta(minutes=1))
    assert set(scene.states()) == {"new"}, "nothing was tried while nothing answered"
    telegram.recovers()
    scene.clock.advance(timedelta(minutes=10))
    await delivery.drain()
    assert set(scene.states()) == {"sent"}
    for chat in range(700, 710):
        titles = [message.title for message in telegram.messages_to(chat)]
        assert titles == [f"Bridge {minute} is closed" for minute in range(10)]


async def test_an_outage_that_begins_between_two_sends_costs_one_message_its_certainty(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    scene.publishes()
    await delivery.drain()
    scene.clock.advance(timedelta(minutes=5))
    telegram.answers(502)
    for _ in range(3):
        scene.publishes()
    await delivery.drain()
    assert scene.rows()[1][:2] == ("ambiguous", 0), "an attempt into an outage is not spent"
    assert scene.states() == ["sent", "ambiguous", "new", "new"]
    scene.clock.advance(timedelta(minutes=2))
    telegram.recovers()
    await delivery.drain()
    assert set(scene.states()) == {"sent"}
    assert len(telegram.messages_to(AMAL)) == 4


async def test_an_outage_that_tears_many_sends_at_once_is_over_as_soon_as_it_ends(
    scene: Scene, telegram: BotApi
) -> None:
    delivery = scene.delivery(rates=UNLIMITED)
    for chat in range(700, 720):
        scene.follows(chat)
    await delivery.drain()
    telegram.answers(502)
    scene.publishes()
    await delivery.drain()
    assert scene.states().count("ambiguous") == 20
    telegram.recovers()
    scene.clock.advance(31 * SECONDS)
    await delivery.drain()
    assert scene.states().count("sent") == 20
    await delivery.stop()


async def test_without_a_connection_nothing_is_spent(tmp_path: Path) -> None:
    with BotApi() as gone:
        pass
    scene = Scene(tmp_path, gone)
    delivery = scene.delivery()
    scene.follows(AMAL)
    scene.publishes()
    await delivery.drain()
    assert scene.rows()[0][:2] == ("new", 0)
    await delivery.stop()
    scene.archive.close()


async def test_a_new_alert_wakes_the_delivery(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    await delivery.start()
    await telegram.until(lambda: telegram.calls_of("getMe"))
    scene.publishes()
    delivery.wake()
    await telegram.until(lambda: telegram.messages_to(AMAL))
    await telegram.until(lambda: scene.states() == ["sent"])


async def test_a_stalled_chat_delays_no_other(scene: Scene, telegram: BotApi) -> None:
    delivery = scene.delivery(patience=30)
    scene.follows(AMAL)
    scene.follows(BASIM)
    telegram.stalls(chat=AMAL)
    await delivery.start()
    scene.publishes()
    delivery.wake()
    await telegram.until(lambda: telegram.messages_to(BASIM))
    telegram.recovers()
    await delivery.stop()


# --- dying ---


async def test_a_row_claimed_by_a_dead_process_is_sent_once_more(scene: Scene, telegram: BotApi) -> None:
    scene.follows(AMAL)
    scene.publishes()
    scene.claims_and_dies()
    delivery = scene.delivery()
    await delivery.recover()
    assert scene.rows()[0][:2] == ("ambiguous", 1)
    await delivery.drain()
    assert scene.states() == ["sent"]
    assert len(telegram.messages_to(AMAL)) == 1
    await delivery.stop()


async def test_a_message_on_which_two_processes_died_is_not_sent_a_third_time(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    scene.follows(AMAL)
    scene.publishes()
    for _ in range(2):
        scene.claims_and_dies()
        await delivery.recover()
        scene.clock.advance(SECONDS)
    await delivery.drain()
    [(state, _, reason)] = scene.rows()
    assert (state, reason.split(":")[0]) == ("dead", "uncertain")
    assert telegram.calls_of("sendMessage") == []


# --- limits ---


async def test_one_chat_gets_one_message_a_second_in_order(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    scene.follows(AMAL)
    for number in range(5):
        scene.publishes(f"Bridge {number} is closed")
    began = scene.clock.now()
    await delivery.drain()
    assert [message.title for message in telegram.messages_to(AMAL)] == [
        f"Bridge {number} is closed" for number in range(5)
    ]
    assert scene.clock.now() - began >= 4 * SECONDS


async def test_everyone_gets_the_first_before_anyone_gets_the_second(scene: Scene, telegram: BotApi) -> None:
    delivery = scene.delivery(rates=Rates())
    for chat in range(700, 760):
        scene.follows(chat)
    scene.publishes("Bridge 1 is closed")
    scene.publishes("Bridge 2 is closed")
    began = scene.clock.now()
    await delivery.drain()
    taken = scene.clock.now() - began
    assert 3 * SECONDS <= taken <= 7 * SECONDS, "120 messages at 25 a second"
    assert all(len(telegram.messages_to(chat)) == 2 for chat in range(700, 760))
    await delivery.stop()


async def test_without_limits_nobody_waits(scene: Scene, telegram: BotApi) -> None:
    delivery = scene.delivery(rates=UNLIMITED)
    for chat in range(700, 800):
        scene.follows(chat)
    scene.publishes()
    began = scene.clock.now()
    await delivery.drain()
    assert scene.states().count("sent") == 100
    assert scene.clock.now() - began < SECONDS
    await delivery.stop()


async def test_a_run_that_ends_takes_along_what_waited_behind_a_message_that_landed_meanwhile(
    scene: Scene, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = scene.delivery(rates=UNLIMITED)
    look = delivery._next_chance

    async def slowly(now: datetime) -> datetime | None:
        """The answer is as old as a message takes."""
        seen = await look(now)
        if delivery._flights:
            await asyncio.wait(delivery._flights)
        return seen

    monkeypatch.setattr(delivery, "_next_chance", slowly)
    scene.follows(AMAL)
    scene.publishes("A bridge is closed")
    scene.publishes("Another bridge is open")
    await delivery.drain()
    await delivery.stop()
    assert scene.states() == ["sent", "sent"]
