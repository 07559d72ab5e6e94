"""An admin decides on a topic that is braked, by the buttons under the notice: told like a chat."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import audit, brake, editions, subscribers
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.alerts.test_reactions import delivered
from tests.alerts.test_watching import taps
from tests.bot_api import BotApi
from tests.bot_api_people import Person

ADMIN, READER = 77, 88
HELD = 2


@pytest.fixture
async def scene(tmp_path: Path, telegram: BotApi) -> AsyncIterator[Scene]:
    """The topic of the council is about to be braked; the last edit of the config made its rule wider."""
    made = Scene(tmp_path, telegram, access="invite", admins=[ADMIN])
    made.lives_now()
    made.follows(READER)
    wide = made.file.read_text("utf-8")
    with made.archive.writing() as conn:
        brake.expect(conn, {}, made.clock.now())
        for text in (wide.replace("council OR ", ""), wide):
            editions.publish(conn, text, made.clock.now())
    async with listening(made):
        yield made
    made.archive.close()


async def told(scene: Scene, telegram: BotApi, language: str) -> Person:
    """The admin, who got the notice of the brake and nothing else."""
    who = scene.follows(ADMIN, language=language)
    with scene.archive.writing() as conn:
        subscribers.set_follow_all(conn, who.id, False)
    for number in range(brake.LEAST + HELD):
        words = " ".join(f"{word}{number}" for word in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta"))
        scene.publishes(f"Council {number}", f"The council {words}")
    with scene.archive.writing() as conn:
        brake.look(conn, (ADMIN,), scene.clock.now())
    scene.clock.advance(timedelta(minutes=1))
    await delivered(scene)
    return telegram.user("Boss", number=ADMIN, language=language)


def deeds(scene: Scene) -> list[tuple[str, str]]:
    return [(each.action, each.detail) for each in scene.archive_says(audit.latest)][::-1]


async def rewritten(telegram: BotApi, person: Person, words: str) -> list[str]:
    """Once the notice says so, the buttons that it still has."""
    await telegram.until(lambda: words in telegram.messages_to(person.chat)[-1].words)
    return telegram.messages_to(person.chat)[-1].labels


async def test_what_is_held_is_discarded_once_and_by_admins_only(scene: Scene, telegram: BotApi) -> None:
    boss, mallory = await told(scene, telegram, "en"), telegram.user("Mallory")
    notice = await boss.hears()
    assert notice.words.startswith("Topic council hit more than 20 stories in an hour.")
    assert notice.labels == ["Release", "Discard", "Undo rule"]
    data = [button["callback_data"] for button in notice.buttons[0]]
    assert all(len(each.encode()) <= 64 for each in data)
    vain = {mallory.presses_data(each, message=notice) for each in data}
    await telegram.until(lambda: vain <= set(telegram.answered))
    assert deeds(scene) == [("refused", "a button")] * 3
    assert scene.states().count("held") == HELD

    await taps(telegram, boss, "Discard")
    assert await rewritten(telegram, boss, "council: discarded; the articles stay archived.") == []
    assert scene.states().count("cancelled") == HELD
    late = [boss.presses_data(each, message=notice) for each in (data[0], "brake:release:0:0:0", "brake:")]
    await telegram.until(lambda: set(late) <= set(telegram.answered))
    assert deeds(scene)[3:] == [("brake discard", "council, 2 messages")]


async def test_what_is_held_is_released_as_one_digest(scene: Scene, telegram: BotApi) -> None:
    boss = await told(scene, telegram, "ar")
    await taps(telegram, boss, "أرسل")
    assert await rewritten(telegram, boss, "أُرسل المحجوز في ملخص واحد لكل محادثة. عدد الرسائل المحجوزة: 2") == []
    before = len(telegram.messages_to(READER))
    await delivered(scene)
    (digest,) = telegram.messages_to(READER)[before:]
    assert all(f"Council {number}" in digest.words for number in (20, 21))
    assert deeds(scene) == [("brake release", "council, 2 messages")]


async def test_a_wrong_rule_is_undone_once_and_what_it_held_waits(scene: Scene, telegram: BotApi) -> None:
    boss = await told(scene, telegram, "fa")
    wide = scene.file.read_text("utf-8")
    await taps(telegram, boss, "بازگرداندن قاعده")
    assert await rewritten(telegram, boss, "تنظیمات دوباره همان شمارهٔ") == ["بفرست", "کنار بگذار"]
    narrow = scene.file.read_text("utf-8")
    assert narrow == wide.replace("council OR ", "")
    assert scene.file.with_name("config.toml.before-undo").read_text("utf-8") == wide
    assert scene.states().count("held") == HELD

    notice = telegram.messages_to(boss.chat)[-1]
    again = boss.presses_data(notice.buttons[0][0]["callback_data"].replace("release", "undo"), message=notice)
    await telegram.until(lambda: again in telegram.answered)
    assert scene.file.read_text("utf-8") == narrow, "a second press is not the way forth"
    await taps(telegram, boss, "کنار بگذار")
    await rewritten(telegram, boss, "کنار گذاشته شد")
    assert [action for action, _ in deeds(scene)] == ["brake undo", "brake discard"]


async def test_an_edit_of_something_else_is_not_undone(scene: Scene, telegram: BotApi) -> None:
    later = scene.file.read_text("utf-8").replace("The Morning Paper", "The Evening Paper")
    scene.file.write_text(later, "utf-8")
    with scene.archive.writing() as conn:
        editions.publish(conn, later, scene.clock.now())
    boss = await told(scene, telegram, "en")
    press = boss.presses("Undo rule")
    await telegram.until(lambda: press in telegram.answered)
    assert telegram.answered[press].startswith("Nothing was undone: the last edit did not change this rule")
    assert scene.file.read_text("utf-8") == later
    scene.file.unlink()
    press = boss.presses("Undo rule")
    await telegram.until(lambda: press in telegram.answered)
    assert telegram.answered[press].startswith("The config could not be written.")
    assert deeds(scene) == []
