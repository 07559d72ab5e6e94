"""The archive page beside the monitor."""

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.newsroom import Newsroom, Outlet
from tests.flow.looking import visit_all
from tests.system import System


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@pytest.fixture
def system(tmp_path: Path, newsroom: Newsroom, wire: Outlet, port: int) -> Iterator[System]:
    with System(tmp_path, newsroom.config(listen=f"127.0.0.1:{port}")) as system:
        yield system


def get(port: int, path: str) -> str | None:
    """The page at `path`, once something answers there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:  # nothing listens yet, or no more
        return None


def test_the_page_shows_what_the_monitor_finds_and_ends_with_it(system: System, wire: Outlet, port: int) -> None:
    wire.publish("Qaani arrives in Baghdad", "Qaani arrives: a visitor came to the capital on Monday evening.")
    system.start("--only", "collect,web")
    system.wait_until(lambda: get(port, "/"))
    visit_all(system)
    system.wait_until(lambda: "<mark>Qaani</mark> arrives" in (get(port, "/search?q=%40qaani") or ""))
    system.kill()
    system.wait_until(lambda: get(port, "/") is None)


def test_a_port_that_is_taken_does_not_keep_the_monitor_from_its_work(system: System, wire: Outlet, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        system.start("--only", "collect,web")
        system.wait_until(lambda: f"is 127.0.0.1:{port} taken?" in system.printed())
        system.wait_until(lambda: "first round over" in system.printed())
        assert system.stop() == 0
