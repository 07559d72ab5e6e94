"""An alert grows with its story: edited in place, at most once a minute, and never louder for it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.delivery import Delivery
from archive import sources
from tests.alerts.scene import Scene
from tests.bot_api import BotApi
from tests.bot_api_answers import Answer, retry

AMAL = 501
MINUTE = timedelta(minutes=1)
NEWS = "The old bridge over the river was closed to lorries on Sunday after an inspector found cracks in two pillars."


@pytest.fixture
async def delivery(scene: Scene) -> AsyncIterator[Delivery]:
    """Amal was told of a story that only The Morning Paper had."""
    (morning,) = scene.edition().settings.sources
    others = [replace(morning, id=name, name=name.title(), owner=name) for name in ("evening", "herald")]
    with scene.archive.writing() as conn:
        sources.sync(conn, [morning, *others], scene.clock.now())
    scene.follows(AMAL)
    scene.publishes("The old bridge is closed", NEWS)
    made = scene.delivery(patience=0.3)
    await made.drain()
    yield made
    await made.stop()


async def grows(scene: Scene, delivery: Delivery, source: str) -> None:
    """Another outlet carries it; a minute passes."""
    scene.publishes("The old bridge is closed", NEWS, source=source)
    await delivery.drain()
    scene.clock.advance(MINUTE)
    await delivery.drain()


async def test_an_alert_is_edited_as_its_story_grows(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    [told] = telegram.messages_to(AMAL)
    assert "Evening" not in told.text
    await grows(scene, delivery, "evening")
    [now] = telegram.messages_to(AMAL)
    assert now.id == told.id
    assert "Evening" in now.text
    assert now.title == told.title
    await delivery.drain()
    assert len(telegram.calls_of("editMessageText")) == 1, "nothing more is known, nothing is edited"


async def test_a_message_is_edited_at_most_once_a_minute(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    await grows(scene, delivery, "evening")
    scene.publishes("The old bridge is closed", NEWS, source="herald")
    for _ in range(5):
        await delivery.drain()
        scene.clock.advance(timedelta(seconds=10))
    assert len(telegram.calls_of("editMessageText")) == 1
    scene.clock.advance(timedelta(seconds=10))
    await delivery.drain()
    assert len(telegram.calls_of("editMessageText")) == 2
    [message] = telegram.messages_to(AMAL)
    assert "Herald" in message.text


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, "Bad Request: message is not modified: specified new message content is the same"),
        Answer(502, "Bad Gateway"),
        Answer(400, "Bad Request: something new"),
    ],
    ids=lambda answer: answer.description,
)
async def test_an_edit_that_is_refused_harms_nothing(
    scene: Scene, telegram: BotApi, delivery: Delivery, answer: Answer
) -> None:
    telegram.refuses(once=answer, method="editMessageText")
    await grows(scene, delivery, "evening")
    assert scene.states() == ["sent"]
    await grows(scene, delivery, "herald")
    [message] = telegram.messages_to(AMAL)
    assert "Herald" in message.text


async def test_an_edit_that_comes_too_soon_waits(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    telegram.refuses(once=retry(30), method="editMessageText")
    await grows(scene, delivery, "evening")
    scene.clock.advance(MINUTE)
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert "Evening" in message.text


async def test_a_message_that_was_deleted_is_sent_anew(scene: Scene, telegram: BotApi, delivery: Delivery) -> None:
    gone = Answer(400, "Bad Request: message to edit not found")
    telegram.refuses(once=gone, method="editMessageText")
    await grows(scene, delivery, "evening")
    first, second = telegram.messages_to(AMAL)
    assert "Evening" in second.text
    assert scene.message_ids() == [second.id]
    await grows(scene, delivery, "herald")
    assert telegram.calls_of("editMessageText")[-1].parameters["message_id"] == second.id
    assert first.id != second.id


async def test_edits_that_never_left_come_when_telegram_is_there_again(
    scene: Scene, telegram: BotApi, delivery: Delivery
) -> None:
    portal = Answer(403, page=b"<html>Log in to this network</html>")
    telegram.refuses(always=portal, method="editMessageText")
    telegram.refuses(always=portal, method="getMe")
    await grows(scene, delivery, "evening")
    assert len(telegram.calls_of("editMessageText")) == 1, "then it is only asked whether anybody answers"
    telegram.recovers()
    scene.clock.advance(MINUTE)
    await delivery.drain()
    await delivery.drain()
    [message] = telegram.messages_to(AMAL)
    assert "Evening" in message.text
