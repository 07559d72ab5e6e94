"""Language, zone, privacy, and being forgotten, told like a chat."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from alerts.bot.app import Bot
from archive import outbox, quiet_hours, schema
from core.quiet import Quiet
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.alerts.test_reactions import delivered, marks
from tests.bot_api import BotApi


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    async with listening(scene) as made:
        yield made


async def test_the_language_changes_by_button_and_by_name(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.says("/language")
    assert (await amal.hears()).labels == ["✅ English", "العربية", "فارسی"]
    amal.presses("العربية")
    await telegram.until(lambda: telegram.messages_to(amal.chat)[-1].words == "أكتب لك باللغة العربية.")
    amal.says("/language فارسی")
    assert (await amal.hears()).words == "به زبان فارسی می‌نویسم."
    amal.presses_data("speak:xx", message=telegram.messages_to(amal.chat)[-1])
    await telegram.until(lambda: "این هشدار از آنِ این گفت‌وگو نیست." in telegram.answered.values())


@pytest.mark.parametrize(
    ("language", "wish", "zone"),
    [
        ("en", "London", "Europe/London"),
        ("en", "asia/tehran", "Asia/Tehran"),
        ("ar", "طهران", "Asia/Tehran"),
        ("fa", "بغداد", "Asia/Baghdad"),
        ("fa", "استانبول", "Europe/Istanbul"),
    ],
)
async def test_a_zone_by_its_city(
    scene: Scene, telegram: BotApi, bot: Bot, language: str, wish: str, zone: str
) -> None:
    amal = telegram.user("Amal", language=language)
    amal.says("/start")
    await amal.hears()
    for unknown in ("Atlantis", "x" * 3000):
        amal.says(f"/timezone {unknown}")
        assert "/timezone Asia/Baghdad" in (await amal.hears()).words
    amal.says(f"/timezone {wish}")
    assert f"({zone})" in (await amal.hears()).words
    amal.says("/timezone")
    assert f"({zone})" in (await amal.hears()).words


async def test_strangers_learn_what_is_kept_but_no_topic(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="ar")
    amal.says("/privacy")
    told = (await amal.hears()).words
    assert "لا اسم ولا رقم هاتف" in told
    assert "الجسر" not in told


@pytest.mark.parametrize(
    ("language", "button", "deleted", "left"),
    [
        ("en", "Forget everything", "6 messages deleted.", "1 message could not be deleted"),
        ("ar", "انسَ كل شيء", "حُذفت 6 رسائل.", "تعذّر حذف رسالة واحدة"),
        ("fa", "همه چیز را فراموش کن", "۶ پیام پاک شد.", "۱ پیام پاک نشد"),
    ],
)
async def test_being_forgotten(
    scene: Scene, telegram: BotApi, bot: Bot, language: str, button: str, deleted: str, left: str
) -> None:
    amal, basim = telegram.user("Amal", language=language), telegram.user("Basim")
    for person in (amal, basim):
        person.says("/start")
        await person.hears()
    scene.clock.advance(datetime.now(UTC) - timedelta(days=3) - scene.clock.now())
    scene.publishes()  # older than a bot may delete
    await delivered(scene)
    old = await amal.hears()
    scene.clock.advance(timedelta(days=3))
    scene.publishes("Another bridge falls")
    await delivered(scene)
    new = await amal.hears()
    amal.presses_data("relevant:2", message=new)
    await telegram.until(lambda: marks(scene) == {"bridge": (1, 0)})
    amal.says("/mute 1d")
    await amal.hears()
    amal.says("/forget")
    await amal.hears()
    amal.presses(button)
    await telegram.until(lambda: deleted in telegram.messages_to(amal.chat)[-1].words)
    assert left in telegram.messages_to(amal.chat)[-1].words
    standing = [message.id for message in telegram.messages_to(amal.chat)]
    assert old.id in standing
    assert new.id not in standing
    assert rows_about(scene) == {"subscriber": 1, "outbox": 2, "subscription": 0, "mark": 0, "mute": 0}, "Basim's stay"
    amal.says("/topics")
    await telegram.until(lambda: "/start" in telegram.messages_to(amal.chat)[-1].words)


def rows_about(scene: Scene) -> dict[str, int]:
    tables = (schema.subscriber, schema.outbox, schema.subscription, schema.mark, schema.mute)
    with scene.archive.reading() as conn:
        return {each.name: conn.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


@pytest.mark.parametrize(
    ("language", "told", "passes"),
    [
        ("en", "Quiet from 23:00 to 07:00.", "Let breaking alerts pass"),
        ("ar", "هدوء من 23:00 إلى 07:00.", "لتصل العاجلة فوراً"),
        ("fa", "سکوت از ۲۳:۰۰ تا ۰۷:۰۰.", "فوری‌ها همان دم بیاید"),
    ],
)
async def test_quiet_hours_are_chosen(
    scene: Scene, telegram: BotApi, bot: Bot, language: str, told: str, passes: str
) -> None:
    amal = telegram.user("Amal", language=language)
    amal.says("/start")
    await amal.hears()
    for wrong in ("/quiet", "/quiet at night", "/quiet 25:00-07:00", "/quiet 07:00-07:00"):
        amal.says(wrong)
        assert "/quiet 23:00-07:00" in (await amal.hears()).words
    amal.says("/quiet ۲۳:۰۰-۰۷:۰۰")
    assert (await amal.hears()).words.startswith(told)
    amal.presses(passes)
    await telegram.until(lambda: "quiet:0" in telegram.messages_to(amal.chat)[-1].buttons[0][0]["callback_data"])
    amal.presses_data("quiet:off", message=telegram.messages_to(amal.chat)[-1])
    await telegram.until(lambda: "/quiet 23:00-07:00" in telegram.messages_to(amal.chat)[-1].words)


@pytest.mark.parametrize("passes", [False, True])
async def test_what_comes_in_quiet_hours_is_one_batch_afterwards(
    scene: Scene, telegram: BotApi, *, passes: bool
) -> None:
    amal = scene.follows(5)
    now = scene.clock.now()
    begin = (now - timedelta(hours=1)).astimezone(ZoneInfo(amal.timezone)).time().replace(second=0, microsecond=0)
    end = (now + timedelta(hours=2)).astimezone(ZoneInfo(amal.timezone)).time().replace(second=0, microsecond=0)
    with scene.archive.writing() as conn:
        quiet_hours.set_quiet(conn, amal.id, Quiet(begin, end, passes), now)
    for title in ("The council meets", "The council parts", "A bridge is closed"):
        scene.publishes(title)
    with scene.archive.writing() as conn:
        claim = partial(outbox.claim, conn, channel="telegram", owner="d", lease=timedelta(minutes=2), limit=9)
        at_once = claim(now=scene.clock.now())
        assert [card.title for sending in at_once for card in sending.cards] == ["A bridge is closed"] * passes
        for sending in at_once:
            outbox.sent(conn, sending, 1, scene.clock.now())
        scene.clock.advance(timedelta(hours=2, minutes=1))
        [batch] = claim(now=scene.clock.now())
        assert len(batch.cards) == 3 - passes
