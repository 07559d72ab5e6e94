"""The short form of benchmarks/killpoints.py: kill -9 while messages are on their way."""

from pathlib import Path

from benchmarks.killpoints import perform


def test_kill_9_loses_nothing_and_sends_nothing_a_third_time(tmp_path: Path) -> None:
    told: list[str] = []
    assert perform(tmp_path, 15, seed=15, merging=False, tell=told.append) == 0, "\n".join(told)
