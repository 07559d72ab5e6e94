"""An admin's conversation, told like a chat: invitations, health, pause, and taking alerts back; and who may not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from archive import audit, quarantine, subscribers
from core.pseudonym import pseudonym
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.alerts.test_reactions import delivered
from tests.alerts.test_watching import joins, taps
from tests.bot_api import BotApi
from tests.bot_api_people import Person

ADMIN = 77


@pytest.fixture
async def scene(tmp_path: Path, telegram: BotApi) -> AsyncIterator[Scene]:
    made = Scene(tmp_path, telegram, access="invite", admins=[ADMIN])
    made.lives_now()
    async with listening(made):
        yield made
    made.archive.close()


async def admin_of(telegram: BotApi, language: str = "en") -> Person:
    boss = telegram.user("Boss", number=ADMIN, language=language)
    await joins(boss)
    return boss


def deeds(scene: Scene) -> list[tuple[str, str]]:
    return [(each.action, each.detail) for each in scene.archive_says(audit.latest)][::-1]


async def test_an_admin_invites_somebody_and_takes_a_false_alert_back(scene: Scene, telegram: BotApi) -> None:
    boss = await admin_of(telegram)
    boss.says("/invite 2")
    invitation = await boss.hears()
    assert invitation.words.startswith("An invitation for 2 people, until")
    token = invitation.words.rpartition("start=")[2]
    amal = telegram.user("Amal", language="ar")
    amal.says(f"/start {token}")
    await amal.hears()

    scene.publishes("A bridge is closed")
    await delivered(scene)
    assert "A bridge is closed" in (await amal.hears()).words
    await boss.hears()
    scene.publishes("The council rests")

    boss.says("/retract morning 2h")
    dry = await boss.hears()
    assert dry.words.startswith("Nothing is done yet. Taking back the alerts of The Morning Paper since")
    assert "2 waiting alerts cancelled." in dry.words
    assert "2 messages deleted." in dry.words
    assert len(telegram.messages_to(amal.chat)) == 2, "a dry run does nothing"

    await taps(telegram, boss, "Take back")
    await telegram.until(lambda: "taken back" in telegram.messages_to(boss.chat)[-1].words)
    assert ["bridge" in each.words for each in telegram.messages_to(amal.chat)] == [False]
    assert set(scene.states()) == {"cancelled"}
    assert [action for action, _ in deeds(scene)] == ["invite", "retract"]
    boss.says("/audit")
    await telegram.until(lambda: "source morning since" in telegram.messages_to(boss.chat)[-1].words)


@pytest.mark.parametrize(
    ("language", "nothing_yet", "button", "done"),
    [
        ("en", "Nothing is done yet.", "Quarantine and take back", "is in quarantine"),
        ("ar", "لم يُنفَّذ شيء بعد.", "اعزل واسحب", "المصدر معزول الآن"),
        ("fa", "هنوز کاری انجام نشده است.", "قرنطینه کن و پس بگیر", "در قرنطینه است"),
    ],
)
async def test_a_source_is_quarantined_after_a_dry_run(
    scene: Scene, telegram: BotApi, language: str, nothing_yet: str, button: str, done: str
) -> None:
    boss = await admin_of(telegram, language)
    boss.says("/quarantine morning 2h")
    assert (await boss.hears()).words.startswith(nothing_yet)
    await taps(telegram, boss, button)
    await telegram.until(lambda: done in telegram.messages_to(boss.chat)[-1].words)
    with scene.archive.writing() as conn:
        assert quarantine.release(conn, "morning") is not None


async def test_a_topic_rests_for_everybody_until_each_ends_it(scene: Scene, telegram: BotApi) -> None:
    boss = await admin_of(telegram, "fa")
    boss.says("/pause پل 2h")
    assert "برای ۱ خواننده تا" in (await boss.hears()).words
    scene.publishes("A bridge is closed")
    assert scene.states() == []
    boss.says("/mute")
    assert "موضوع" in (await boss.hears()).labels[0]
    for wrong in ("/pause", "/pause bridge", "/pause bridge 90d", "/pause nothing 2h"):
        boss.says(wrong)
        assert "۳۰ روز" in (await boss.hears()).words
    boss.says("/health")
    assert "منابعی که پاسخ می‌دهند: ۰ از ۱" in (await boss.hears()).words


async def test_to_others_these_commands_do_not_exist_and_trying_is_noted(scene: Scene, telegram: BotApi) -> None:
    boss, mallory = await admin_of(telegram), telegram.user("Mallory")
    boss.says("/retract morning 2h")
    dry = await boss.hears()
    for command in ("/invite", "/audit", "/retract morning 2h"):
        mallory.says(command)
        assert (await mallory.hears()).words.startswith("I do not know this command.")
    press = mallory.presses_data(dry.buttons[0][0]["callback_data"], message=dry)
    await telegram.until(lambda: press in telegram.answered)
    group = telegram.group("Desk", admins=[boss], members=[])
    boss.says("/audit", group=group)
    await telegram.until(lambda: len(deeds(scene)) == 5)
    assert deeds(scene)[:2] == [("refused", "/invite"), ("refused", "/audit")]
    assert telegram.messages_to(group.chat) == []
    who = {each.who for each in scene.archive_says(audit.latest)}
    assert who == {pseudonym(mallory.chat, telegram.token), pseudonym(ADMIN, telegram.token)}
    assert str(mallory.chat) not in str(scene.archive_says(audit.latest))


async def test_forgetting_deletes_the_answers_and_the_commands_too(scene: Scene, telegram: BotApi) -> None:
    boss = await admin_of(telegram)
    boss.says("/search bridge")
    await boss.hears()
    boss.says("/forget")
    await boss.hears()
    boss.presses("Forget everything")
    await telegram.until(lambda: "is forgotten" in telegram.messages_to(boss.chat)[-1].words)
    assert len(telegram.messages_to(boss.chat)) == 1
    assert "5 messages deleted." in telegram.messages_to(boss.chat)[0].words, "three commands and two answers"
    assert scene.archive_says(subscribers.listing) == []


async def test_a_forum_gets_its_alerts_where_they_were_asked_for(scene: Scene, telegram: BotApi) -> None:
    boss = telegram.user("Boss", number=ADMIN)
    desk = telegram.group("Desk", admins=[boss], members=[])
    boss.says("/start", group=desk, thread=7)
    await boss.hears(group=desk)
    boss.says("/watch ferry3d", group=desk, thread=9)
    await boss.hears(group=desk)
    boss.presses("Start watching", group=desk)
    await telegram.until(lambda: "It alerts here." in telegram.messages_to(desk.chat)[-1].words)
    scene.takes_over_watches()
    scene.publishes("A bridge is closed")
    scene.publishes("Something about ships", "ferry3d")
    await delivered(scene)
    threads = [call.parameters.get("message_thread_id") for call in telegram.calls_of("sendMessage")]
    assert threads == [7, 9, 7, 9]
