"""The running monitor when what it stands on is taken away: its archive, the network."""

import shutil
from pathlib import Path

from demo.newsroom import BEAT, Newsroom
from tests.system import System


def test_deleting_the_archive_under_a_running_monitor_ends_it_with_one_sentence(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.outlet("wire")
        with System(tmp_path, newsroom.config(BEAT)) as system:
            system.start()
            system.wait_until(lambda: "first round over" in system.printed())
            shutil.rmtree(tmp_path / "data")
            assert system.ends() == 1
            last = system.printed().splitlines()[-1]
    assert last.startswith("rasad: The archive sqlite:///")
    assert last.endswith("was deleted or replaced while it was open: start again.")


def test_a_start_without_network_is_one_line_and_one_notice(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        for number in range(30):
            newsroom.outlet(f"outlet-{number}")
        config = newsroom.config(BEAT)
    with System(tmp_path, config) as system:  # the newsroom is closed: nothing listens any more
        ended = system.rasad("run", "--once")
        assert ended.returncode == 0
        told = [line for line in (ended.stderr + ended.stdout).splitlines() if "outlet-" in line]
        assert told == []
        assert ended.stderr.count("nothing can be reached from here") == 1
        table = system.rasad("sources")
        assert "failing" not in table.stdout
