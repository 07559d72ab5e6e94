"""Everything a chat can choose in one message, and what it changes: told like a chat, in three languages."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from alerts.bot.app import Bot
from archive import digests, subscribers
from core.schedule import Schedule, parse_schedule
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.alerts.test_reactions import delivered
from tests.alerts.test_watching import joins, taps, watches_now
from tests.bot_api import BotApi


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    async with listening(scene) as made:
        yield made


CHATS = {
    "en": ("What you have chosen.", "Sound", "Breaking only", "Only breaking alerts ring.", "Digest", "Daily",
           "each day at", "Outlets", "private", "Language", "Quiet hours", "There are no quiet hours.", "Back"),
    "ar": ("ما اخترته.", "الصوت", "العاجلة فقط", "العاجلة وحدها بصوت.", "الملخص", "يومي", "ملخص كل يوم",
           "وسائل الإعلام", "ملكية خاصة", "اللغة", "ساعات الهدوء", "لا توجد ساعات هدوء.", "رجوع"),
    "fa": ("آنچه برگزیده‌اید.", "صدا", "فقط فوری‌ها", "تنها هشدارهای فوری صدا دارد.", "خلاصه", "روزانه",
           "هر روز ساعت ۰۸:۰۰", "رسانه‌ها", "خصوصی", "زبان", "ساعت سکوت", "ساعت سکوتی تعیین نشده", "بازگشت"),
}  # fmt: skip


@pytest.mark.parametrize("language", CHATS)
async def test_one_message_holds_every_setting(scene: Scene, telegram: BotApi, bot: Bot, language: str) -> None:
    home, sound, breaking, rings, digest, daily, each_day, outlets, private, _, quiet, none, back = CHATS[language]
    amal = telegram.user("Amal", language=language)
    await joins(amal)
    amal.says("/settings")
    menu = await amal.hears()
    assert menu.words.startswith(home)

    def shows(words: str) -> bool:
        return words in telegram.messages_to(amal.chat)[-1].words

    await taps(telegram, amal, sound, breaking)
    await telegram.until(lambda: shows(rings))
    await taps(telegram, amal, digest, daily)
    await telegram.until(lambda: shows(each_day))
    await taps(telegram, amal, back, quiet)
    await telegram.until(lambda: shows(none))
    await taps(telegram, amal, back, outlets, f"✅ {private}", f"▫️ {private}", f"✅ {private}")
    await telegram.until(lambda: f"▫️ {private}" in telegram.messages_to(amal.chat)[-1].labels)
    assert len(telegram.messages_to(amal.chat)) == 2, "all in one message"
    scene.publishes()
    assert scene.states() == [], "the only outlet is a private one"


async def test_alerts_ring_as_wished(scene: Scene, telegram: BotApi) -> None:
    for chat, sound in ((1, "all"), (2, "breaking"), (3, "none")):
        who = scene.follows(chat)
        with scene.archive.writing() as conn:
            subscribers.set_sound(conn, who.id, sound)
    scene.publishes("A bridge is closed")
    scene.publishes("The council rests")
    await delivered(scene)
    silent = {
        (call.parameters["chat_id"], "council" in call.parameters["text"])
        for call in telegram.calls_of("sendMessage")
        if call.parameters.get("disable_notification")
    }
    assert silent == {(2, True), (3, True), (3, False)}


async def test_outlets_and_languages_are_switched_off_by_name(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    await joins(amal)
    amal.says("/sources evening")
    assert (await amal.hears()).words == "No watched outlet is called “evening”."
    amal.says("/sources morning")
    await amal.hears()
    await taps(telegram, amal, "✅ The Morning Paper", "▫️ The Morning Paper", "✅ The Morning Paper")
    await telegram.until(lambda: "▫️" in telegram.messages_to(amal.chat)[-1].labels[0])
    amal.says("/languages")
    assert (await amal.hears()).labels[0] == "✅ English"
    await taps(telegram, amal, "✅ English")
    await telegram.until(lambda: "▫️ English" in telegram.messages_to(amal.chat)[-1].labels)
    amal.says("/mute")
    assert (await amal.hears()).labels == ["Articles in: \u2068English\u2069", "Outlet: \u2068The Morning Paper\u2069"]


COVERAGE = {
    "en": ["The day from", "2 stories alerted on your topics.", "Sources answering: 0 of 1", "3 items seen"],
    "ar": ["اليوم من", "وردت تنبيهات بخبرين عن مواضيعك.", "المصادر التي تستجيب: 0 من 1", "لا نسخ مكررة بينها"],
    "fa": ["روز، از", "۲ خبر هشدار داده شد.", "منابعی که پاسخ می‌دهند: ۰ از ۱", "۳ مطلب دیده شد", "۰ تا از آن‌ها تکراری"],
}  # fmt: skip


@pytest.mark.parametrize("language", COVERAGE)
async def test_a_digest_comes_at_its_hour_with_what_was_covered(scene: Scene, telegram: BotApi, language: str) -> None:
    reader = scene.follows(5, language=language)
    now = scene.clock.now()  # Monday noon in Baghdad
    watches_now(scene, reader.id, "lantern3d")
    scene.takes_over_watches()
    with scene.archive.writing() as conn:
        digests.set_schedule(conn, reader.id, Schedule("daily", time(8)), now)
    for title in ("A bridge is closed", "Nothing that anybody follows", "Rain in the north"):
        scene.publishes(title)
    await delivered(scene)
    before = len(telegram.messages_to(5))
    for hours, due in ((19, 0), (1, 1), (0, 0)):
        scene.clock.advance(timedelta(hours=hours))
        with scene.archive.writing() as conn:
            assert digests.tell_due(conn, scene.clock.now()) == due, hours
    await delivered(scene)
    (digest,) = telegram.messages_to(5)[before:]
    assert all(line in digest.words for line in COVERAGE[language])
    assert digest.titles == ["A bridge is closed", "Rain in the north"]


def test_what_a_digest_hour_may_look_like() -> None:
    assert parse_schedule("daily 08:30") == parse_schedule("روزانه ۰۸:۳۰") == Schedule("daily", time(8, 30))
    assert parse_schedule("weekly") == parse_schedule("أسبوعي ٠٨:٠٠") == Schedule("weekly", time(8))
    assert [parse_schedule(each) for each in ("", "hourly", "daily 25:00", "daily 08", "weekly 08:60")] == [None] * 5
    wednesday = datetime(2026, 11, 25, 4, 59, tzinfo=UTC)
    assert Schedule("daily").latest(wednesday, "Asia/Baghdad") == datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert Schedule("weekly").latest(wednesday, "Asia/Baghdad") == datetime(2026, 11, 22, 5, tzinfo=UTC)
