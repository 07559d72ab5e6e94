"""The channels: what Telegram's answers mean for a message, what the terminal shows, and that no token leaks."""

import asyncio
import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.style import Style

from alerts.bot.app import Bot
from alerts.message import words
from alerts.rendering import render
from alerts.secrecy import keep_secret
from alerts.telegram import TelegramChannel
from alerts.terminal import HOW_TO_CONNECT, TerminalChannel, styled
from core import errors
from core.proxies import Users, read_proxy
from tests.alerts.scene import Scene
from tests.alerts.stories import TOPICS, card, sending
from tests.bot_api import TOKEN, BotApi
from tests.bot_api_answers import (
    BAD_ENTITIES,
    BLOCKED,
    CHAT_NOT_FOUND,
    DEACTIVATED,
    EMPTY_TEXT,
    GATEWAY_PAGE,
    KICKED,
    NO_RIGHTS,
    NOT_FOUND,
    TOPIC_CLOSED,
    UNAUTHORIZED,
    Answer,
    migrated,
    retry,
)
from tests.spiders.loopback_proxy import LoopbackProxy

MESSAGE = words("hello", "en")


async def outcome(channel: TelegramChannel) -> errors.DeliveryError:
    with pytest.raises(errors.DeliveryError) as raised:
        await channel.send(5, MESSAGE)
    await channel.close()
    return raised.value


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (retry(7), errors.Throttled),
        (Answer(429, "Too Many Requests"), errors.Throttled),
        (Answer(429, page=b"slow down"), errors.Throttled),
        (BLOCKED, errors.ChatGone),
        (KICKED, errors.ChatGone),
        (DEACTIVATED, errors.ChatGone),
        (migrated(-100123), errors.ChatMigrated),
        (BAD_ENTITIES, errors.BadMarkup),
        (Answer(400, "Bad Request: BUTTON_URL_INVALID"), errors.BadMarkup),
        (EMPTY_TEXT, errors.MessageRefused),
        (Answer(400, "Bad Request: something new"), errors.MessageRefused),
        (CHAT_NOT_FOUND, errors.NotSent),
        (NO_RIGHTS, errors.NotSent),
        (TOPIC_CLOSED, errors.NotSent),
        (UNAUTHORIZED, errors.TokenRevoked),
        (NOT_FOUND, errors.TokenRevoked),
        (Answer(409, "Conflict: terminated by other getUpdates request"), errors.NotSent),
        (Answer(403, page=b"<html>portal</html>"), errors.NotSent),
        (Answer(404, page=b"<html>nginx</html>"), errors.NotSent),
        (Answer(302, page=b"moved"), errors.NotSent),
        (Answer(500, "Internal Server Error"), errors.Ambiguous),
        (Answer(502, "Bad Gateway"), errors.Ambiguous),
        (GATEWAY_PAGE, errors.Ambiguous),
        (Answer(200, page=b"<html>hello</html>"), errors.Ambiguous),
        (Answer(200, page=b'{"ok":true}'), errors.Ambiguous),
    ],
    ids=str,
)
async def test_an_answer_means(telegram: BotApi, answer: Answer, kind: type[errors.DeliveryError]) -> None:
    telegram.refuses(once=answer)
    assert type(await outcome(TelegramChannel(TOKEN, telegram.url))) is kind


async def test_what_answers_carry(telegram: BotApi) -> None:
    telegram.refuses(once=retry(7))
    assert (await outcome(TelegramChannel(TOKEN, telegram.url))).retry_after == timedelta(seconds=7)
    telegram.refuses(once=migrated(-100123))
    moved = await outcome(TelegramChannel(TOKEN, telegram.url))
    assert isinstance(moved, errors.ChatMigrated)
    assert moved.chat == -100123
    telegram.refuses(once=CHAT_NOT_FOUND)
    assert (await outcome(TelegramChannel(TOKEN, telegram.url))).retry_after


@pytest.mark.parametrize("accepting", [True, False])
async def test_no_answer_means_unknown(telegram: BotApi, accepting: bool) -> None:
    stall = telegram.stalls_after_accepting if accepting else telegram.stalls
    stall()
    impatient = TelegramChannel(TOKEN, telegram.url, read_timeout=timedelta(seconds=0.1))
    assert isinstance(await outcome(impatient), errors.Ambiguous)
    telegram.resets(after_accepting=accepting)
    assert isinstance(await outcome(TelegramChannel(TOKEN, telegram.url)), errors.Ambiguous)


async def test_no_connection_means_not_sent() -> None:
    with BotApi() as gone:
        pass
    assert isinstance(await outcome(TelegramChannel(TOKEN, gone.url)), errors.NotSent)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(7, 7), (0.5, 0.5), ("35", 35), (0, 30), (-3, 30), (None, 30), ("soon", 30), ([], 30), (10**9, 86_400)],
    ids=repr,
)
async def test_every_kind_of_retry_after_is_a_rest(telegram: BotApi, retry_after: object, seconds: float) -> None:
    telegram.refuses(once=Answer(429, "Too Many Requests", {"retry_after": retry_after}))
    throttled = await outcome(TelegramChannel(TOKEN, telegram.url))
    assert isinstance(throttled, errors.Throttled)
    assert throttled.retry_after == timedelta(seconds=seconds)


async def test_an_address_that_leads_nowhere_means_not_sent() -> None:
    assert isinstance(await outcome(TelegramChannel(TOKEN, "http://nowhere.invalid")), errors.NotSent)


async def test_a_full_pool_means_not_sent(telegram: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.api._CONNECT_SECONDS", 0.1)
    channel = TelegramChannel(TOKEN, telegram.url, connections=1)
    telegram.stalls()
    first = asyncio.create_task(channel.send(5, MESSAGE))
    await telegram.until(lambda: telegram.calls_of("sendMessage"))
    with pytest.raises(errors.NotSent):
        await channel.send(6, MESSAGE)
    telegram.recovers()
    with pytest.raises(errors.Ambiguous):
        await first
    await channel.close()


# --- the token ---


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any library logs, at the lowest level, as a plain handler prints it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


async def test_no_log_line_carries_the_token(scene: Scene, telegram: BotApi, logged: io.StringIO) -> None:
    token = "canary-without-the-usual-form"  # a local server may use any
    telegram.token = token
    delivery = scene.delivery(token=token)
    bot = Bot(scene.archive, scene.edition, token=token, first_gap=timedelta(milliseconds=10))
    scene.follows(5)
    scene.publishes()
    await bot.start()
    await telegram.until(lambda: telegram.calls_of("getUpdates"))
    await delivery.drain()
    telegram.token = "another"
    scene.publishes()
    await delivery.drain()
    await bot.stop()
    refused = Bot(scene.archive, scene.edition, token=token, first_gap=timedelta(milliseconds=10))
    calls = len(telegram.calls_of("getMe"))
    await refused.start()
    await telegram.until(lambda: len(telegram.calls_of("getMe")) > calls + 1)
    await refused.stop()
    await delivery.stop()
    assert "/bot" in logged.getvalue(), "httpx did log its addresses"
    assert token not in logged.getvalue()


def test_tracebacks_are_cleaned_too(logged: io.StringIO) -> None:
    keep_secret("s3cret-t0ken-value")
    try:
        raise ValueError("the token `s3cret-t0ken-value` was rejected")
    except ValueError:
        logging.getLogger("deep.inside").exception("failed with %s", "s3cret-t0ken-value")
    assert "s3cret-t0ken-value" not in logged.getvalue()
    assert "ValueError: the token `[secret]` was rejected" in logged.getvalue()


# --- the terminal ---


async def test_the_terminal_shows_an_alert_and_how_to_connect() -> None:
    out = io.StringIO()
    terminal = TerminalChannel(out)
    await terminal.probe()
    [message] = render(sending(card("ar"), language="ar"), topics=TOPICS)
    assert await terminal.send(0, message) == 1
    await terminal.probe()
    assert out.getvalue().count(HOW_TO_CONNECT) == 1
    assert "إغلاق الجسر القديم مع ارتفاع النهر" in out.getvalue()
    assert "https://example.org/news/1?a=1&b=2" in out.getvalue()
    assert "\x1b" not in out.getvalue(), "no colours where there is no terminal"


async def test_an_address_is_shown_with_its_letters_and_leads_where_it_leads() -> None:
    url = "https://a.example/%D8%AE%D8%A8%D8%B1/1"
    [message] = render(sending(card("ar", url=url), language="ar"), topics=TOPICS)
    assert "\u2068https://a.example/خبر/1\u2069" in styled(message).plain
    assert any(isinstance(span.style, Style) and span.style.link == url for span in styled(message).spans)


async def test_an_article_cannot_steer_the_terminal() -> None:
    out = io.StringIO()
    [message] = render(sending(card(title="\x1b[2Jgone [red]x[/red]", text="\x07\x9b1mbell bridge")), topics=TOPICS)
    await TerminalChannel(out).send(0, message)
    assert "[2Jgone [red]x[/red]" in out.getvalue()
    assert not {"\x1b", "\x07", "\x9b"} & set(out.getvalue())


# --- by way of a proxy ---


async def test_alerts_go_by_way_of_the_proxy_with_our_user_there(telegram: BotApi) -> None:
    async with LoopbackProxy(user="me:p w/1") as proxy:
        known = Users(proxy.url("http").replace("//", "//me:p%20w%2F1@")).at(proxy.url("http"))
        channel = TelegramChannel(TOKEN, telegram.url, proxy=known)
        assert await channel.send(5, words("A bridge is closed", "en")) > 0
        await channel.close()
        assert len(proxy.asked) == 1
    assert len(telegram.messages_to(5)) == 1


async def test_a_proxy_that_refuses_or_is_away_means_not_sent(telegram: BotApi) -> None:
    async with LoopbackProxy(user="me:pw") as proxy:
        stranger = read_proxy(proxy.url("http"))
        assert stranger is not None
        assert isinstance(await outcome(TelegramChannel(TOKEN, telegram.url, proxy=stranger)), errors.NotSent)
    refused = await outcome(TelegramChannel(TOKEN, telegram.url, proxy=replace(stranger, user="me", password="canary")))
    assert isinstance(refused, errors.NotSent), "it is away"
    assert "canary" not in str(refused)
    assert telegram.messages_to(5) == []
