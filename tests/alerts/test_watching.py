"""Rules of a chat's own, told like a chat: /watch with its preview, /watches, the builder; and what becomes of them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from alerts.bot.app import Bot
from archive import subscribers, watches
from core.model import Draft
from monitor.reload import Reload
from tests.alerts.scene import Scene
from tests.alerts.test_conversation import listening
from tests.alerts.test_reactions import delivered
from tests.bot_api import BotApi
from tests.bot_api_people import Person


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    scene.lives_now()
    async with listening(scene) as made:
        yield made


async def joins(person: Person) -> None:
    person.says("/start")
    await person.hears()


async def taps(telegram: BotApi, person: Person, *labels: str) -> None:
    """Press one button after another under the last message, each as soon as it is there."""
    for label in labels:
        await telegram.until(partial(offered, telegram, person, label))
        person.presses(label)


def offered(telegram: BotApi, person: Person, label: str) -> bool:
    return any(label in each for each in telegram.messages_to(person.chat)[-1].labels)


CHATS = {
    "en": ("Watch: ferry1b", "In the last", "1 story.", "alerts a day", "Start watching", "It alerts here.",
           "your watch ferry2c", "1 watch.", "Pause", "It is paused.", "Delete", "There are no watches yet."),
    "ar": ("رصد خاص: ferry1b", "خلال آخر", "خبر واحد.", "المتوقع من التنبيهات", "ابدأ الرصد", "تصل إلى هنا",
           "رصدك الخاص ferry2c", "قاعدة خاصة واحدة.", "إيقاف مؤقت", "موقوفة مؤقتاً.", "حذف", "لا قواعد خاصة بعد."),
    "fa": ("رصد: ferry1b", "گذشته", "۱ خبر.", "روزانه حدود", "آغاز رصد", "همین‌جا می‌آید",
           "رصد شما ferry2c", "۱ رصد.", "توقف موقت", "موقتاً متوقف است.", "پاک کردن", "هنوز رصدی ندارید."),
}  # fmt: skip


@pytest.mark.parametrize("language", CHATS)
async def test_a_rule_is_previewed_confirmed_alerts_and_is_deleted(
    scene: Scene, telegram: BotApi, bot: Bot, language: str
) -> None:
    heading, last, one, a_day, start, alerts, named, listed, pause, paused, delete, none = CHATS[language]
    amal = telegram.user("Amal", language=language)
    await joins(amal)
    scene.publishes("Ferries stand still", at=scene.clock.now() - timedelta(days=2))

    amal.says("/watch ferry1b")
    preview = await amal.hears()
    assert preview.words.startswith(heading)
    assert all(each in preview.words for each in (last, one, a_day, "Ferries stand still"))
    scene.takes_over_watches()
    scene.publishes("Nothing of it before it is confirmed", "ferry1b")
    assert scene.states() == []

    amal.presses(start)
    await telegram.until(lambda: alerts in telegram.messages_to(amal.chat)[-1].words)
    amal.says("/watch ferry2c")
    await amal.hears()
    await taps(telegram, amal, start)
    await telegram.until(lambda: len(watched(scene, amal)) == 2)
    scene.takes_over_watches()
    scene.publishes("Ferries go again", "They go from ferry2c and from there.")
    await delivered(scene)
    told = await amal.hears()
    assert named in told.words
    assert "ferry2c" in told.bold

    amal.says("/watches")
    assert "ferry1b" in (await amal.hears()).labels[0]
    await taps(telegram, amal, "ferry1b", delete, "ferry2c", pause)
    await telegram.until(lambda: paused in telegram.messages_to(amal.chat)[-1].words)
    scene.takes_over_watches()
    scene.publishes("Ferries stop", "ferry2c is closed")
    assert scene.states() == ["sent"], "a paused watch alerts nobody"
    amal.says("/watches")
    assert listed in (await amal.hears()).words
    await taps(telegram, amal, "ferry2c", delete)
    await telegram.until(lambda: none in telegram.messages_to(amal.chat)[-1].words)


def watched(scene: Scene, person: Person) -> list[str]:
    who = scene.archive_says(lambda conn: subscribers.by_chat(conn, "telegram", person.chat))
    assert who is not None
    return [each.query for each in scene.archive_says(lambda conn: watches.of(conn, who.id)) if each.state == "active"]


async def test_the_builder_asks_whom_and_what_and_then_shows_the_preview(
    scene: Scene, telegram: BotApi, bot: Bot
) -> None:
    amal = telegram.user("Amal", language="ar")
    await joins(amal)
    amal.says("/watch")
    assert (await amal.hears()).labels == ["إسماعيل قاآني"]
    await taps(telegram, amal, "إسماعيل قاآني", "مقتل أو اعتقال", "ابدأ الرصد")
    await telegram.until(lambda: watched(scene, amal) == ["@qaani NEAR/10 @grave"])
    assert "رصد خاص: إسماعيل قاآني · مقتل أو اعتقال أو إصابة …" in telegram.messages_to(amal.chat)[-1].words


async def test_a_wrong_rule_is_told_in_the_readers_language_and_place(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal = telegram.user("Amal", language="fa")
    await joins(amal)
    for wrong in ("(ferry OR", "@nobody", "a" * 1_001):
        amal.says(f"/watch {wrong}")
        answer = await amal.hears()
        assert answer.buttons == []
        assert answer.words.startswith(("این قاعده خوانده نشد:", "قاعده حداکثر ۱۰۰۰ نویسه دارد."))


async def test_a_chat_has_at_most_so_many_watches_and_no_other_chats(scene: Scene, telegram: BotApi, bot: Bot) -> None:
    amal, mallory = telegram.user("Amal"), telegram.user("Mallory")
    await joins(amal)
    await joins(mallory)
    who = scene.archive_says(lambda conn: subscribers.by_chat(conn, "telegram", amal.chat))
    assert who is not None
    now = scene.clock.now()
    with scene.archive.writing() as conn:
        for number in range(watches.MOST):
            made = watches.propose(conn, who.id, f"word{number}", "t", now)
            watches.turn(conn, who.id, made.id, "active", now)
    amal.says("/watch one more")
    assert "at most 20" in (await amal.hears()).words
    amal.says("/watches")
    menu = await amal.hears()
    for data in ("watch:pause:1", "watch:delete:1", "watch:show:1", "watch:start:999", "watch:build:x:any", "watch:"):
        press = mallory.presses_data(data, message=menu)
        await telegram.until(lambda press=press: press in telegram.answered)  # type: ignore[misc]  # bound at once
        assert telegram.answered[press] == "This watch is not there any more."
    assert len(watched(scene, amal)) == watches.MOST


def test_a_watch_is_seen_by_its_reader_only(scene: Scene) -> None:
    from archive import alert_log, articles

    reader = scene.follows(5)
    watches_now(scene, reader.id, "lantern9j")
    scene.takes_over_watches()
    scene.follows(6)
    scene.publishes("Something of interest", "lantern9j")
    assert scene.states() == ["new"], "nobody else is told"
    article = scene.archive_says(lambda conn: articles.get(conn, 1))
    assert article is not None
    assert article.matches.topics == ()
    assert scene.archive_says(alert_log.page).alerts == ()


def test_forgetting_a_chat_forgets_what_it_watched_and_numbers_are_not_used_again(scene: Scene) -> None:
    reader = scene.follows(5)
    watches_now(scene, reader.id, "lantern9j")
    with scene.archive.writing() as conn:
        subscribers.forget(conn, "telegram", 5)
    assert scene.archive_says(watches.active) == {}
    assert watches_now(scene, scene.follows(5).id, "lantern9j") == 2


async def test_a_running_monitor_takes_over_what_is_watched_and_survives_a_lost_name(scene: Scene) -> None:
    reload = Reload(scene.archive, scene.edition(), lambda _archive, _settings: scene.edition())
    reader = scene.follows(5)
    await reload.look_at_watches()
    assert not hears_of(reload, "saffron5f")
    watches_now(scene, reader.id, "saffron5f")
    watches_now(scene, reader.id, "@gone AND saffron5f")
    await reload.look_at_watches()
    assert hears_of(reload, "saffron5f")
    with scene.archive.writing() as conn:
        watches.turn(conn, reader.id, 1, "paused", scene.clock.now())
    await reload.look_at_watches()
    assert not hears_of(reload, "saffron5f")


def hears_of(reload: Reload, word: str) -> bool:
    draft = Draft(source="morning", url="https://morning.example/x", title=word)
    return any(hit.topic.startswith("watch:") for hit in reload.edition().rules.match(draft).topics)


def watches_now(scene: Scene, subscriber: int, query: str) -> int:
    now = scene.clock.now()
    with scene.archive.writing() as conn:
        made = watches.propose(conn, subscriber, query, query, now)
        watches.turn(conn, subscriber, made.id, "active", now)
        return made.id
