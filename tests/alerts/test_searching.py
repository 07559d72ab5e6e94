"""/search in a chat: results, older ones by a button, faults told as everywhere else."""

from collections.abc import AsyncIterator

import pytest

from alerts.bot.app import Bot
from alerts.bot.searching import PER_PAGE
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.bot_api import BotApi


@pytest.fixture(autouse=True)
async def at_work(scene: Scene) -> AsyncIterator[Bot]:
    async with listening(scene) as made:
        yield made


WORDS = {
    "en": ("Search: bridge", "Older ›", "« Newest", "This search cannot be read: ", "Nothing found for"),
    "ar": ("بحث: bridge", "الأقدم ›", "« الأحدث", "تعذّرت قراءة هذا البحث: ", "لا نتائج عن"),
    "fa": ("جست‌وجو: bridge", "قدیمی‌تر ›", "« تازه‌ترین", "این جست‌وجو خوانده نشد: ", "برای"),
}

PLACE = {"en": "line 1, column 14: ", "ar": "السطر 1، الحرف 14: ", "fa": "سطر ۱، نویسهٔ ۱۴: "}


@pytest.mark.parametrize("language", WORDS)
async def test_results_come_in_pages(scene: Scene, telegram: BotApi, language: str) -> None:
    title, older, first, fault, nothing = WORDS[language]
    for number in range(PER_PAGE + 2):
        scene.publishes(f"Bridge number {number}")
    amal = telegram.user("Amal", language=language)
    amal.says("/start")
    await amal.hears()

    amal.says("/search bridge")
    found = await amal.hears()
    newest = found.words
    assert title in newest.replace("\u2068", "").replace("\u2069", "")
    assert f"number {PER_PAGE + 1}" in newest
    assert found.labels == [older]
    scene.publishes("Bridge, just now")
    amal.presses(older)
    await telegram.until(lambda: telegram.messages_to(amal.chat)[-1].labels == [first])
    rest = telegram.messages_to(amal.chat)[-1].words
    assert "number 1" in rest
    assert "number 0" in rest
    assert "just now" not in rest
    amal.presses(first)
    await telegram.until(lambda: "just now" in telegram.messages_to(amal.chat)[-1].words)

    amal.says("/search bridge NEAR/5")
    told = (await amal.hears()).words.replace("\u2068", "").replace("\u2069", "")
    assert fault + PLACE[language] in told
    amal.says("/search nowhere")
    assert nothing in (await amal.hears()).words
    amal.says("/search")
    assert "/search" in (await amal.hears()).words


async def test_a_button_of_a_search_that_is_forgotten_says_so(scene: Scene, telegram: BotApi, at_work: Bot) -> None:
    for number in range(PER_PAGE + 1):
        scene.publishes(f"Bridge number {number}")
    amal = telegram.user("Amal")
    amal.says("/start")
    await amal.hears()
    amal.says("/search bridge")
    await amal.hears()
    at_work._office.asked.clear()
    amal.presses("Older ›")
    await telegram.until(lambda: telegram.calls_of("answerCallbackQuery"))
    assert "too long ago" in telegram.calls_of("answerCallbackQuery")[-1].parameters["text"]
