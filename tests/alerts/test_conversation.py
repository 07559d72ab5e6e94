"""A new subscriber's conversation, through the real python-telegram-bot over HTTP, told like a chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from alerts.bot.app import Bot
from alerts.delivery import Delivery
from archive import subscribers
from tests.alerts.scene import Scene
from tests.bot_api import BotApi
from tests.bot_api_answers import QUERY_TOO_OLD, UNAUTHORIZED, retry


@asynccontextmanager
async def listening(scene: Scene) -> AsyncIterator[Bot]:
    gap = timedelta(milliseconds=20)
    bot = Bot(scene.archive, scene.edition, token=scene.telegram.token, file=scene.file, first_gap=gap)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()
        assert scene.telegram.unanswered == [], "every press is answered"


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    async with listening(scene) as made:
        yield made


@pytest.fixture
async def closed(tmp_path: Path, telegram: BotApi) -> AsyncIterator[Scene]:
    """A scene whose bot lets people in by invitation only; 77 is its admin."""
    scene = Scene(tmp_path, telegram, access="invite", admins=[77])
    async with listening(scene):
        yield scene
    scene.archive.close()


def invite(scene: Scene, uses: int = 1) -> str:
    with scene.archive.writing() as conn:
        now = scene.clock.now()
        # The bot lives by the real time, the scene by its own.
        return subscribers.invite(conn, uses=uses, expires=now + timedelta(days=3650), now=now)


CHATS = {
    "en": (
        "You follow all topics, and those that are added later. Alerts come here.",
        "✅ All topics, new ones too", "✅ The bridge", "▫️ The bridge",
        "You follow 1 topic. Tap to change:",
        "Nothing found yet.", "The council meets", "Latest: The council",
        "Sources answering: 0 of 1", "/topics · choose topics", "No more alerts.",
    ),
    "ar": (
        "تتابع الآن جميع المواضيع، وما يضاف منها لاحقاً.",
        "✅ جميع المواضيع، والجديدة أيضاً", "✅ الجسر", "▫️ الجسر",
        "تتابع موضوعاً واحداً. اضغط للتغيير:",
        "لم يوجد شيء بعد.", "اجتمع المجلس", "آخر الأخبار: المجلس",
        "المصادر التي تستجيب: 0 من 1", "/topics · اختيار المواضيع", "توقفت التنبيهات.",
    ),
    "fa": (
        "شما همهٔ موضوع‌ها و هر موضوعی را که بعداً افزوده شود دنبال می‌کنید.",
        "✅ همهٔ موضوع‌ها، تازه‌ها هم", "✅ پل", "▫️ پل",
        "شما یک موضوع را دنبال می‌کنید. برای تغییر بزنید:",
        "هنوز چیزی پیدا نشده است.", "شورا تشکیل شد", "تازه‌ترین‌ها: شورا",
        "منابعی که پاسخ می‌دهند: ۰ از ۱", "/topics · انتخاب موضوع‌ها", "هشدارها متوقف شد.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CHATS)
async def test_a_new_subscriber_from_start_to_stop(scene: Scene, telegram: BotApi, bot: Bot, language: str) -> None:
    hello, everything, followed, dropped, some, nothing, news, heading, sources, help_line, bye = CHATS[language]
    amal = telegram.user("Amal", language=f"{language}-IQ")

    amal.says("/start")
    assert (await amal.hears()).words.startswith(hello)

    amal.says("/latest")
    assert (await amal.hears()).words == nothing

    amal.says("/topics")
    menu = await amal.hears()
    assert menu.labels[:2] == [everything, followed]
    amal.presses(followed)
    await telegram.until(lambda: dropped in telegram.messages_to(amal.chat)[-1].labels)
    assert telegram.messages_to(amal.chat)[-1].words == some

    scene.publishes(news)
    delivery = scene.delivery()
    await delivery.drain()
    await delivery.stop()
    assert news in (await amal.hears()).words

    amal.says("/latest")
    latest = await amal.hears()
    assert latest.bold[1] == f"\u2068{news}\u2069"
    amal.says(f"/latest {heading.split(': ')[1]}")
    assert (await amal.hears()).words.startswith(heading)

    amal.says("/status")
    assert sources in (await amal.hears()).words

    amal.says("/help")
    assert help_line in (await amal.hears()).words

    amal.says("/stop")
    assert (await amal.hears()).words.startswith(bye)
    scene.publishes(news + "!")
    assert scene.states().count("new") == 0


async def test_all_topics_come_back_and_include_new_ones(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.says("/topics")
    await amal.hears()
    amal.presses("The bridge")
    await telegram.until(lambda: "▫️ The bridge" in telegram.messages_to(amal.chat)[-1].labels)
    amal.presses("The council")
    await telegram.until(lambda: "no topic" in telegram.messages_to(amal.chat)[-1].words)
    amal.presses("All topics")
    await telegram.until(lambda: "✅ The council" in telegram.messages_to(amal.chat)[-1].labels)
    with scene.archive.reading() as conn:
        who = subscribers.by_chat(conn, "telegram", amal.chat)
    assert who is not None
    assert who.follows_all


async def test_pressing_twice_and_replayed_updates_change_nothing(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.says("/topics")
    menu = await amal.hears()
    data = menu.buttons[1][0]["callback_data"]
    for _ in range(2):
        amal.presses_data(data, message=menu)
    telegram.replays(last=3)
    await telegram.until(lambda: len(telegram.answered) >= 2 and not telegram.unanswered)
    await telegram.until(lambda: "▫️ The bridge" in telegram.messages_to(amal.chat)[1].labels)
    assert len(menu.buttons) == 3


# --- access ---


async def test_a_stranger_is_refused_and_learns_no_topic(closed: Scene, telegram: BotApi) -> None:
    stranger = telegram.user("Stranger")
    for attempt in ("/start", "/start guessed-token", "/topics", "/latest bridge", "/search bridge", "/status"):
        stranger.says(attempt)
        answer = await stranger.hears()
        assert answer.words.startswith("Access is by invitation.")
        assert "bridge" not in answer.words.lower()
    stranger.says("/help")
    assert "bridge" not in (await stranger.hears()).words.lower()
    closed.publishes()
    assert closed.rows() == []


async def test_an_invite_lets_one_person_in(closed: Scene, telegram: BotApi) -> None:
    token = invite(closed)
    amal, basim = telegram.user("Amal", language="ar"), telegram.user("Basim")
    amal.says(f"/start {token}")
    assert (await amal.hears()).words.startswith("تتابع الآن جميع المواضيع")
    basim.says(f"/start {token}")
    assert (await basim.hears()).words.startswith("Access is by invitation.")
    amal.says("/stop")
    await amal.hears()
    amal.says("/start")
    assert (await amal.hears()).words.startswith("أهلاً بعودتك"), "who was in may come back"


async def test_guessing_invites_is_limited(closed: Scene, telegram: BotApi) -> None:
    token = invite(closed)
    guesser = telegram.user("Guesser")
    for number in range(5):
        guesser.says(f"/start guess-{number}")
        await guesser.hears()
    guesser.says(f"/start {token}")
    assert (await guesser.hears()).words.startswith("Access is by invitation."), "not even the right one now"


async def test_admins_are_always_in(closed: Scene, telegram: BotApi) -> None:
    admin = telegram.user("Admin", number=77)
    admin.says("/start")
    assert (await admin.hears()).words.startswith("You follow all topics")


# --- groups ---


async def test_only_admins_of_a_group_configure_it(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    boss, member = telegram.user("Boss"), telegram.user("Member")
    desk = telegram.group("Desk", admins=[boss], members=[member])
    member.says("/start", group=desk)
    assert (await member.hears(group=desk)).words == "Only admins of this group can do that."
    boss.says("/start@rasad_test_bot", group=desk)
    await telegram.until(lambda: len(telegram.messages_to(desk.chat)) == 2)
    boss.says("/topics", group=desk)
    await telegram.until(lambda: len(telegram.messages_to(desk.chat)) == 3)
    press = member.presses("The bridge", group=desk)
    await telegram.until(lambda: press in telegram.answered)
    assert telegram.answered[press] == "Only admins of this group can do that."
    assert "✅ The bridge" in telegram.messages_to(desk.chat)[-1].labels
    boss.presses("The bridge", group=desk)
    await telegram.until(lambda: "▫️ The bridge" in telegram.messages_to(desk.chat)[-1].labels)
    telegram.members[desk.chat, boss.chat] = "member"
    press = boss.presses("The council", group=desk)
    await telegram.until(lambda: press in telegram.answered)
    assert "✅ The council" in telegram.messages_to(desk.chat)[-1].labels, "rights are looked at on every press"
    member.says("good morning", group=desk)
    member.says("/weather", group=desk)
    member.says("/help", group=desk)
    await telegram.until(lambda: "/help · all commands" in telegram.messages_to(desk.chat)[-1].words)
    assert len(telegram.messages_to(desk.chat)) == 4, "what is not for the bot is not answered"


async def test_forged_button_data_change_nothing(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal, mallory = telegram.user("Amal"), telegram.user("Mallory")
    amal.says("/start")
    await amal.hears()
    amal.says("/topics")
    menu = await amal.hears()
    for data in ("", "all:0", "topic:zz:1", "topic:0123456789abcdef:1", "x" * 64):
        amal.presses_data(data, message=menu)
    mallory.presses_data("all:1", message=menu)
    await telegram.until(lambda: len(telegram.answered) == 6)
    with scene.archive.reading() as conn:
        [(who, _, _)] = subscribers.listing(conn)
    assert who.follows_all


# --- the rest ---


async def test_words_that_are_no_command_bring_the_help(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="fa")
    for words in ("سلام", "/nonsense"):
        amal.says(words)
        assert (await amal.hears()).words.startswith("این فرمان را نمی‌شناسم.")


async def test_a_command_may_end_in_a_comma(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="ar")
    amal.says("/start")
    await amal.hears()
    amal.says("/topics،")
    assert (await amal.hears()).labels[1] == "✅ الجسر"


async def test_an_answer_waits_when_telegram_asks_for_it(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    telegram.refuses(once=retry(1), chat=amal.chat)
    amal.says("/start")
    assert (await amal.hears()).words.startswith("You follow all topics")


async def test_an_old_button_still_does_what_it_says(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.says("/topics")
    menu = await amal.hears()
    telegram.refuses(once=QUERY_TOO_OLD, method="answerCallbackQuery")
    late = amal.presses_data(menu.buttons[1][0]["callback_data"], message=menu, old=True)
    assert "▫️ The bridge" in (await amal.hears()).labels, "below the menu, which cannot be edited any more"
    telegram.asked.remove(late)


async def test_what_is_typed_keeps_its_slash_in_front_where_lines_run_from_right_to_left(
    scene: Scene, telegram: BotApi, bot: Bot
) -> None:
    amal = telegram.user("Amal", language="fa")
    amal.says("/start")
    assert "\u2068/latest\u2069" in (await amal.hears()).text
    amal.says("/help")
    assert "\u2068/quiet\u2069 · " in (await amal.hears()).text


async def test_blocking_suspends_and_unblocking_resumes(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.blocks_the_bot()
    await telegram.until(lambda: scene.subscriber_state(amal.chat) == "suspended")
    amal.unblocks_the_bot()
    await telegram.until(lambda: scene.subscriber_state(amal.chat) == "active")


async def test_menus_are_up_in_three_languages(telegram: BotApi, bot: Bot) -> None:
    await telegram.until(lambda: set(telegram.menus) == {"", "ar", "fa"})
    assert telegram.menus["fa"][1] == {"command": "topics", "description": "انتخاب موضوع‌ها"}


async def test_many_updates_of_one_chat_are_not_all_answered(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal, basim = telegram.user("Amal"), telegram.user("Basim")
    for _ in range(200):
        amal.says("/help")
    basim.says("/help")
    await basim.hears()
    assert len(telegram.messages_to(amal.chat)) == 15


async def test_the_bot_waits_for_a_token_that_is_not_known_yet(scene: Scene, telegram: BotApi) -> None:
    telegram.answers(UNAUTHORIZED)
    async with listening(scene):
        await telegram.until(lambda: len(telegram.calls_of("getMe")) >= 2)
        telegram.recovers()
        amal = telegram.user("Amal")
        amal.says("/start")
        await amal.hears()


async def test_a_lost_alert_does_not_stop_the_conversation(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    telegram.stalls(chat=amal.chat)
    delivery = Delivery(scene.archive, scene.channel(patience=0.2), scene.edition, clock=scene.clock)
    scene.publishes()
    await delivery.drain()
    await delivery.stop()
    telegram.recovers()
    amal.says("/status")
    assert "waiting to be sent" in (await amal.hears()).words


# --- a webhook ---

_NO_UPDATES: tuple[object, ...] = ([], "x", {"message": 1}, 7)


async def test_updates_are_brought_to_the_webhook_and_forged_or_repeated_ones_are_refused(
    tmp_path: Path, telegram: BotApi
) -> None:
    scene = Scene(tmp_path, telegram, webhook="https://rasad.example/bot")
    async with listening(scene) as bot, ClientSession() as session:
        await telegram.until(lambda: bot.port)
        (told,) = telegram.calls_of("setWebhook")
        assert told.parameters["url"] == "https://rasad.example/bot"
        assert set(told.parameters["allowed_updates"]) == {"message", "callback_query", "my_chat_member"}
        amal = telegram.user("Amal", language="fa")
        amal.says("/start")
        update = telegram.takes_update()

        async def brings(content: object, secret: str) -> int:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            url = f"http://127.0.0.1:{bot.port}/bot"
            async with session.post(url, json=content, headers=headers) as answer:
                return answer.status

        secret = told.parameters["secret_token"]
        assert [await brings(update, each) for each in ("", "guessed", "é")] == [403] * 3
        assert [await brings(wrong, secret) for wrong in _NO_UPDATES] == [400] * 4
        assert [await brings(update, secret) for _ in range(2)] == [200, 200]
        assert (await amal.hears()).words.startswith("شما همهٔ موضوع‌ها")
        amal.says("/help")
        await brings(telegram.takes_update(), secret)
        assert "/help" in (await amal.hears()).words, "the repeated one was not answered again"
        assert telegram.calls_of("getUpdates") == []
    scene.archive.close()
