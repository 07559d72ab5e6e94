"""What a reader does with an alert: its buttons, told like a chat; and what becomes of marks and mutes."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from alerts.bot.app import Bot
from alerts.message import LIMIT
from alerts.typesetting import units
from archive import reactions
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.bot_api import BotApi
from tests.bot_api_people import Delivered, Person


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    async with listening(scene) as made:
        yield made


async def alerted(scene: Scene, person: Person, title: str = "A bridge is closed", text: str = "") -> Delivered:
    """The person subscribes and gets an alert."""
    person.says("/start")
    await person.hears()
    scene.publishes(title, text)
    await delivered(scene)
    return await person.hears()


async def delivered(scene: Scene) -> None:
    delivery = scene.delivery()
    await delivery.drain()
    await delivery.stop()


async def presses_in_turn(telegram: BotApi, person: Person, *labels: str) -> None:
    """Press one button after another, each as soon as it is there."""
    for label in labels:
        await telegram.until(partial(offers, telegram, person, label))
        person.presses(label)


def offers(telegram: BotApi, person: Person, label: str) -> bool:
    return any(label in each for message in telegram.messages_to(person.chat) for each in message.labels)


def marks(scene: Scene) -> dict[str, tuple[int, int]]:
    with scene.archive.reading() as conn:
        return dict(reactions.marks_by_topic(conn))


LABELS = {
    "en": ("Story", "Text", "Relevant", "Noise", "Mute", "This story", "2 hours", "Muted until", "Undo", "1 article:"),
    "ar": (
        "القصة", "النص", "ذو صلة", "غير ذي صلة", "كتم",
        "هذه القصة", "ساعتان", "لا تنبيهات حتى", "تراجع", "مقال واحد:",
    ),
    "fa": ("ماجرا", "متن", "مرتبط", "نامرتبط", "بی‌صدا", "این ماجرا", "۲ ساعت", "هشداری نمی‌آید", "برگرداندن", "۱ مطلب:"),
}  # fmt: skip


@pytest.mark.parametrize("language", LABELS)
async def test_every_button_of_an_alert(scene: Scene, telegram: BotApi, bot: Bot, language: str) -> None:
    story, text, relevant, noise, mute, this_story, two_hours, until, undo, one = LABELS[language]
    amal = telegram.user("Amal", language=language)
    alert = await alerted(scene, amal, text="The bridge is closed.\nA ferry goes.")
    assert alert.labels[1:] == [story, text, relevant, noise, mute]

    amal.presses(story)
    told = await amal.hears()
    assert told.title == "A bridge is closed"
    assert one in told.words
    assert "https://morning.example/1" in told.words

    amal.presses(text)
    assert "A ferry goes." in (await amal.hears()).words

    amal.presses(relevant)
    await telegram.until(lambda: marks(scene) == {"bridge": (1, 0)})
    amal.presses(noise)
    await telegram.until(lambda: marks(scene) == {"bridge": (0, 1)})

    amal.presses(mute)
    await amal.hears()
    amal.presses(this_story)
    await telegram.until(lambda: two_hours in telegram.messages_to(amal.chat)[-1].labels)
    amal.presses(two_hours)
    await telegram.until(lambda: until in telegram.messages_to(amal.chat)[-1].words)
    amal.presses(undo)
    await telegram.until(lambda: "/mute 2h" in telegram.messages_to(amal.chat)[-1].words)


async def test_a_muted_topic_is_silent_until_it_is_taken_back(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal, basim = telegram.user("Amal"), telegram.user("Basim")
    basim.says("/start")
    await basim.hears()
    await alerted(scene, amal)
    await presses_in_turn(telegram, amal, "Mute", "Topic: \u2068The bridge", "For good")
    await telegram.until(lambda: "Muted for good" in telegram.messages_to(amal.chat)[-1].words)
    scene.publishes("Another bridge falls")
    scene.publishes("The council meets")
    await delivered(scene)
    assert telegram.messages_to(amal.chat)[-1].title == "The council meets"
    assert [message.title for message in telegram.messages_to(basim.chat)[-2:]] == [
        "Another bridge falls",
        "The council meets",
    ]
    amal.says("/mute")
    await telegram.until(lambda: "Topic: The bridge" in telegram.messages_to(amal.chat)[-1].words)
    amal.presses("Topic: ")
    await telegram.until(lambda: "Nothing is muted." in telegram.messages_to(amal.chat)[-1].words)
    scene.publishes("A third bridge falls")
    await delivered(scene)
    assert telegram.messages_to(amal.chat)[-1].title == "A third bridge falls"


async def test_what_waits_of_a_muted_outlet_is_not_sent(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal")
    await alerted(scene, amal)
    scene.publishes("Another bridge falls")
    await presses_in_turn(telegram, amal, "Mute", "Outlet: ", "1 day")
    await telegram.until(lambda: scene.states()[-1] == "cancelled")
    assert scene.states() == ["sent", "cancelled"]


async def test_nothing_comes_while_all_is_muted(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="fa")
    amal.says("/start")
    await amal.hears()
    for wrong in ("/mute tomorrow", "/mute 0h", "/mute 9999w"):
        amal.says(wrong)
        assert "/mute 2h" in (await amal.hears()).words
    amal.says("/mute ۲h")
    assert (await amal.hears()).words.startswith("همهٔ هشدارها")
    scene.publishes()
    assert scene.rows() == []
    amal.says("/mute off")
    assert "هشدارها دوباره می‌آید" in (await amal.hears()).words
    scene.publishes("Another bridge falls")
    assert scene.states() == ["new"]


async def test_forged_and_foreign_presses_show_and_change_nothing(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal, mallory = telegram.user("Amal"), telegram.user("Mallory")
    alert = await alerted(scene, amal)
    mallory.says("/start")
    greeting = await mallory.hears()
    before = len(telegram.messages_to(amal.chat))
    forged = ["story:1", "text:1", "relevant:1", "mute:1", "muting:1:s:0"]
    presses = [mallory.presses_data(data, message=greeting) for data in forged]  # an alert that another chat got
    presses += [mallory.presses_data(data, message=alert) for data in forged[:4]]  # under another's alert
    odd = ("story:2", "story:-1", "text:999999999999999999", "muting:1:t0123456789abcdef:0", "muting:1:s:-", "unmute:x")
    presses += [amal.presses_data(data, message=alert) for data in odd]
    await telegram.until(lambda: set(presses) <= set(telegram.answered))
    assert {telegram.answered[press] for press in presses} <= {
        "This is not an alert of this chat.",
        "Only admins of this group can do that.",
        "This topic is no longer offered.",
    }
    assert len(telegram.messages_to(amal.chat)) == before
    assert len(telegram.messages_to(mallory.chat)) == 1
    assert marks(scene) == {}
    with scene.archive.reading() as conn:
        assert reactions.mutes(conn, 1, scene.clock.now()) == []


async def test_in_a_group_all_may_look_and_admins_may_judge(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    boss, member = telegram.user("Boss"), telegram.user("Member")
    desk = telegram.group("Desk", admins=[boss], members=[member])
    boss.says("/start", group=desk)
    await boss.hears(group=desk)
    scene.publishes()
    await delivered(scene)
    member.presses("Story", group=desk)
    await telegram.until(lambda: len(telegram.messages_to(desk.chat)) == 3)
    refused = [member.presses(label, group=desk) for label in ("Noise", "Mute")]
    await telegram.until(lambda: set(refused) <= set(telegram.answered))
    assert {telegram.answered[press] for press in refused} == {"Only admins of this group can do that."}
    boss.presses("Noise", group=desk)
    await telegram.until(lambda: marks(scene) == {"bridge": (0, 1)})
    telegram.members[desk.chat, boss.chat] = "member"
    refused = [boss.presses("Relevant", group=desk)]
    await telegram.until(lambda: set(refused) <= set(telegram.answered))
    assert marks(scene) == {"bridge": (0, 1)}, "rights are looked at on every press"


async def test_a_long_text_comes_whole_in_several_messages(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="ar")
    text = "\n".join(f"الفقرة {number}: أُغلق الجسر القديم أمام الشاحنات." for number in range(200))
    await alerted(scene, amal, text=text)
    before = len(telegram.messages_to(amal.chat))
    amal.presses("النص")
    await telegram.until(lambda: "الفقرة 199:" in telegram.messages_to(amal.chat)[-1].words)
    parts = telegram.messages_to(amal.chat)[before:]
    assert len(parts) > 1
    assert all(units(part.text) <= LIMIT for part in parts)
    together = "\n".join(part.words for part in parts)
    assert all(f"الفقرة {number}:" in together for number in range(200))
