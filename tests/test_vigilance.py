"""The monitor looks at itself: each change is told once, each fault has its remedy, and signs of life are sent."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

import settings as config
from archive import conditions, examination, senders, sources
from archive.database import Archive
from archive.intake import admit
from core.model import Arrival
from monitor import doctor, logs, signs, vigilance
from tests.archive.conftest import template
from tests.archive.scene import Scene, page

__all__ = ["template"]


@pytest.fixture
def scene(tmp_path: Path, template: Path) -> Any:
    (tmp_path / "rasad.db").write_bytes(template.read_bytes())
    archive = Archive.open(f"sqlite:///{tmp_path}/rasad.db", evidence=tmp_path / "evidence")
    yield Scene(archive)
    archive.close()


def visits(scene: Scene, *, off: timedelta) -> None:
    """Three servers say what time it is; our clock is ahead by so much."""
    for outlet in ("courier", "gazette", "tigris"):
        draft = scene.draft(outlet)
        fetched = replace(page(outlet.encode(), draft.url), fetched=scene.now)
        fetched = replace(fetched, headers={"date": format_datetime(scene.now - off, usegmt=True)})
        scene.write(admit, draft, rules=scene.rules, arrival=Arrival(), now=scene.now, edition=1, evidence=fetched)


def test_a_change_is_told_once_and_its_end_too(scene: Scene) -> None:
    scene.joins(7)
    low = vigilance.Finding("disk_low", wrong=True, detail="only 3 MiB are free", values={"free": "3"})
    told = [scene.write(vigilance.change, finding=low, admins=(7,), now=scene.later(minutes=1)) for _ in range(3)]
    assert told == [True, False, False]
    assert scene.count("outbox") == 1
    over = replace(low, wrong=False)
    told = [scene.write(vigilance.change, finding=over, admins=(7,), now=scene.later(minutes=1)) for _ in range(2)]
    assert told == [True, False]
    assert scene.count("outbox") == 2
    assert scene.ask(conditions.present) == []


@pytest.mark.parametrize("minutes", [-90, 0, 4, 60])
def test_the_clock_is_compared_with_what_servers_say(scene: Scene, minutes: int) -> None:
    assert scene.ask(examination.clock_error) is None, "nobody has said anything yet"
    visits(scene, off=timedelta(minutes=minutes))
    assert scene.ask(examination.clock_error) == timedelta(minutes=minutes)
    findings = doctor.of_archive(scene.archive, scene.now)
    (clock,) = (each for each in findings if each.about == "clock")
    assert (clock.state == "wrong") == (abs(minutes) > 5)


def test_the_doctor_names_what_is_missing_and_its_remedy(scene: Scene, tmp_path: Path) -> None:
    visits(scene, off=timedelta(0))
    (first, *_) = sorted((tmp_path / "evidence").glob("*/*.zst"))
    first.unlink()
    scene.write(conditions.begin, "backup_failed", "no backup was made: no room", scene.now)
    found = {each.about: each for each in doctor.of_archive(scene.archive, scene.now)}
    assert found["integrity"].state == found["index"].state == "well"
    assert found["evidence"].said.startswith("1 documents have no file")
    assert found["backup_failed"].fix == "see why: rasad backup --automatic"
    assert all(each.fix for each in found.values() if each.state == "wrong")


def test_the_doctor_looks_at_the_machine(tmp_path: Path) -> None:
    settings = config.parse('[archive]\nurl = "sqlite:///a.db"\n', file="c", folder=tmp_path)
    found = {each.about: each for each in doctor.of_machine(replace(settings, telegram=local(settings)))}
    assert {"versions", "sqlite", "room", "dns"} <= set(found)
    assert found["dns"].state == "well"


def local(settings: config.Settings) -> Any:
    return settings.telegram.model_copy(update={"api_url": "http://127.0.0.1:1"})


# --- signs of life ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, list[str]]]:
    """Who waits for pings: its address, and what it was asked for."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().split()[1])
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/check", asked


async def test_only_progress_is_pinged_and_a_fault_is(scene: Scene, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    ping = signs.Ping(scene.archive, address)
    await ping.look()
    await ping.look()
    assert asked == []
    scene.visited("courier")
    assert scene.ask(sources.visits) == 1
    await ping.look()
    await ping.look()
    assert asked == ["/check"]
    with pytest.raises(RuntimeError):
        async with ping.watched():
            raise RuntimeError("the loop fell over")
    assert asked[1:] == ["/check/start", "/check/fail"]


async def test_a_blocked_sender_is_a_fault(scene: Scene, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    fence = scene.write(senders.take, key="k", channel="telegram", owner="me", now=scene.now, alive=bool)
    assert fence is not None
    scene.write(senders.note_trouble, "k", fence, "401 Unauthorized")
    await signs.Ping(scene.archive, address).look()
    assert asked == ["/check/fail"]


async def test_nobody_there_is_no_fault_of_ours_and_the_address_is_not_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with signs.Ping(scene.archive, "http://127.0.0.1:1/SECRET").watched():
        pass
    assert "the ping was not heard" in caplog.text
    assert "SECRET" not in caplog.text


def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        signs.notify("READY=1")
        assert systemd.recv(100) == b"READY=1"
    signs.notify("nobody listens any more")
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    assert signs.watchdog_every() == 30.0


# --- logs ------------------------------------------------------------------------------------------------------------


def test_an_event_is_one_json_line_without_secrets() -> None:
    token = "424242:AAtheTokenOfTheTestsIsACanary_0123456789"
    try:
        raise ValueError(f"https://api.telegram.org/bot{token}/getMe\nsecond line")
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord("alerts", logging.ERROR, "f", 1, "title\n\u2028%s", (token,), fault)
    line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    assert token not in line
    event = json.loads(line)
    assert (event["level"], event["from"]) == ("error", "alerts")
    assert "second line" in event["error"]
