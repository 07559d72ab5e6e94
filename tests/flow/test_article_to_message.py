"""One article from publication to the message in a chat, through the real system in a process of its own.

Real Scrapy over HTTP on loopback, the real bot library against a double of the Bot API, the real archive.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from demo.newsroom import Newsroom, Outlet
from tests.bot_api import TOKEN, BotApi
from tests.bot_api_people import Person
from tests.flow.looking import alerts, body, states, visit_all
from tests.system import System


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_an_article_becomes_one_message_and_the_rest_stays_silent(
    system: System, telegram: BotApi, wire: Outlet, reader: Person
) -> None:
    silent = len(telegram.messages_to(reader.chat))
    item = wire.publish("Qaani arrives in Baghdad", body("Qaani arrives in Baghdad"))
    wire.publish("Snow in the mountains", body("Snow in the mountains"))
    visit_all(system)
    telegram.wait(lambda: alerts(telegram, reader, "Qaani arrives in Baghdad"), 30)

    # The next visit sees all of them again.
    wire.publish("Snow melts", body("Snow melts"))
    visit_all(system)
    system.wait_until(lambda: "Snow melts" in system.rasad("search", "snow melts", "--json").stdout)

    messages = telegram.messages_to(reader.chat)
    assert len(messages) == silent + 1
    assert item.url in messages[-1].text
    assert "Qaani" in messages[-1].bold
    assert states(system) == {"sent": 1}
    assert system.stop() == 0
    assert "Traceback" not in system.printed()


def test_the_token_stands_nowhere(system: System, telegram: BotApi, wire: Outlet, reader: Person) -> None:
    telegram.answers(502)
    wire.publish("Qaani arrives in Baghdad", body("Qaani arrives in Baghdad"))
    visit_all(system)
    system.wait_until(lambda: states(system).get("ambiguous"))
    assert system.stop() == 0
    secret = TOKEN.partition(":")[2].encode()
    kept = [path for path in system.folder.rglob("*") if path.is_file()]
    assert system.log in kept
    assert [path for path in kept if secret in path.read_bytes()] == []


def test_kill_9_between_record_and_send_loses_nothing(
    system: System, telegram: BotApi, wire: Outlet, reader: Person
) -> None:
    assert system.stop() == 0
    system.start("--only", "collect")
    wire.publish("Qaani arrives in Baghdad", body("Qaani arrives in Baghdad"))
    visit_all(system)
    system.wait_until(lambda: states(system) == {"new": 1})
    system.kill()

    system.start()
    telegram.wait(lambda: alerts(telegram, reader, "Qaani arrives"), 30)
    system.wait_until(lambda: states(system) == {"sent": 1})
    assert len(alerts(telegram, reader, "Qaani arrives")) == 1


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_kill_9_between_send_and_settle_costs_one_extra_copy_at_most(
    system: System, telegram: BotApi, wire: Outlet, reader: Person
) -> None:
    telegram.stalls_after_accepting(chat=reader.chat)
    wire.publish("Qaani arrives in Baghdad", body("Qaani arrives in Baghdad"))
    visit_all(system)
    telegram.wait(lambda: alerts(telegram, reader, "Qaani arrives"), 30)
    assert states(system) == {"claimed": 1}
    system.kill()
    telegram.recovers()

    system.start()
    system.wait_until(lambda: states(system) == {"sent": 1}, 60)
    assert len(alerts(telegram, reader, "Qaani arrives")) == 2


def test_without_a_token_a_first_round_ends_in_one_digest_and_then_only_news_alert(
    tmp_path: Path, newsroom: Newsroom, wire: Outlet
) -> None:
    wire.publish("Quds Force denies a report", body("Quds Force denies a report"), published=timedelta(hours=2))
    with System(tmp_path, newsroom.config()) as system:
        first = system.rasad("run", "--once")
        assert first.returncode == 0, first.stderr
        assert first.stdout.count("Quds Force denies a report") == 1
        assert "Rain in the north" not in first.stdout
        assert "TELEGRAM_BOT_TOKEN" in first.stdout + first.stderr

        wire.publish("قاآني يصل إلى بغداد", body("قاآني يصل إلى بغداد"))
        wire.publish("Snow in the mountains", body("Snow in the mountains"))
        visit_all(system)
        second = system.rasad("run", "--once")
        assert "قاآني يصل إلى بغداد" in second.stdout
        assert "Snow in the mountains" not in second.stdout
        assert "Quds Force denies" not in second.stdout
        last = second.stderr.splitlines()[-1]
        assert re.search(r"ended after 0:0\d:\d\d h: 2 articles recorded, 1 message sent to 1 chat \(qaani 1\)$", last)

        visit_all(system)
        assert "قاآني" not in system.rasad("run", "--once").stdout


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_with_exit_0(tmp_path: Path, newsroom: Newsroom, wire: Outlet, signal_name: str) -> None:
    import signal

    wire.stalls(60)
    with System(tmp_path, newsroom.config()) as system:
        system.start()
        assert newsroom.wait_until(lambda: bool(newsroom.polls(wire)), 30)
        assert system.stop(signal.Signals[signal_name], seconds=10) == 0
        assert "Traceback" not in system.printed()
