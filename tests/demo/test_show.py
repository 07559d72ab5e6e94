"""The show is honest: the shipped rules make of the invented articles what the scene says they do."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import settings as config
from core.model import Draft
from core.rules.match import RuleSet, compile_rules
from demo import texts
from demo.newsroom import Newsroom
from demo.scene import OUTLETS, TIMELINE, Publish, Stage, Step
from demo.show import SHIPPED_CONFIG, compose, tables_of
from demo.texts import Text
from tests.system import TOKEN

OPENING_TOPICS = {
    texts.HARVEST_EN: set(),
    texts.QUDS_FORCE_BACKGROUND: {"quds_force"},
    texts.WEATHER_FA: set(),
    texts.GOVERNMENT_DELAY: {"government_formation"},
    texts.JERUSALEM_AR: set(),
}


@pytest.fixture(scope="module")
def shipped() -> config.Settings:
    return config.load(SHIPPED_CONFIG)


@pytest.fixture(scope="module")
def rules(shipped: config.Settings) -> RuleSet:
    return compile_rules(shipped.names, shipped.topics)


def topics_of(rules: RuleSet, text: Text) -> set[str]:
    draft = Draft("outlet", "http://127.0.0.1/1", text.title, text=text.body)
    return {hit.topic for hit in rules.match(draft).topics}


@pytest.mark.parametrize(("text", "topics"), OPENING_TOPICS.items(), ids=lambda value: getattr(value, "title", ""))
def test_what_is_out_before_the_curtain(rules: RuleSet, text: Text, topics: set[str]) -> None:
    assert topics_of(rules, text) == topics


@pytest.mark.parametrize("step", [step for step in TIMELINE if isinstance(step.deed, Publish)], ids=lambda s: s.note)
def test_what_alerts_concerns_a_topic_and_the_rest_none(rules: RuleSet, step: Step) -> None:
    assert isinstance(step.deed, Publish)
    assert bool(topics_of(rules, step.deed.text)) == (step.expected in ("alert", "joined", "turn"))


def test_all_shipped_topics_are_shown(shipped: config.Settings, rules: RuleSet) -> None:
    shown = [topics_of(rules, step.deed.text) for step in TIMELINE if isinstance(step.deed, Publish)]
    assert set().union(*shown) == set(shipped.topics)


def test_the_shows_config_is_the_shipped_rules_on_the_newsrooms_outlets(
    newsroom: Newsroom, shipped: config.Settings, tmp_path: Path
) -> None:
    Stage(newsroom)
    composed = config.parse(compose(newsroom), file="demo", folder=tmp_path)
    assert (composed.names, composed.topics) == (shipped.names, shipped.topics)
    assert [source.id for source in composed.sources] == [outlet.id for outlet in OUTLETS]
    assert composed.archive.url.startswith(f"sqlite:///{tmp_path}/")


def test_tables_are_taken_as_they_are_written() -> None:
    text = '[a]\nx = 1\n\n# about b\n[b.c]\nlist = [\n  "[a]",\n]\n[[d]]\n[b.e]\ny = "[a]"\n'
    assert tomllib.loads(tables_of(text, ("b",))) == {"b": {"c": {"list": ["[a]"]}, "e": {"y": "[a]"}}}


@pytest.fixture
def stage_folder() -> Iterator[Path]:
    """Where the show finds its temporary folder: what it leaves there is a fault. Short, as sockets' paths must be."""
    with tempfile.TemporaryDirectory(prefix="stage-") as folder:
        yield Path(folder)


@contextmanager
def showing(folder: Path, seconds: float) -> Iterator["subprocess.Popen[str]"]:
    """`rasad demo` as a process of its own, with a token in its environment that it must not use."""
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), "TELEGRAM_BOT_TOKEN": TOKEN}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "demo", "--seconds", str(seconds)],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(SHIPPED_CONFIG.parent), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_show_runs_on_the_real_system_and_leaves_nothing_behind(stage_folder: Path) -> None:
    began = time.monotonic()
    with showing(stage_folder, 12) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert time.monotonic() - began < 12 + 30, "a busy machine included"
    for sentence in ("First round finished", "alerted for qaani", "so no second alert", "make run"):
        assert sentence in output
    assert list(stage_folder.iterdir()) == []


def test_the_show_can_be_left_at_any_time(stage_folder: Path) -> None:
    with showing(stage_folder, 75) as process:
        assert process.stdout is not None
        page = next(line.split()[-1] for line in process.stdout if "archive page" in line)
        assert any("article 6" in line for line in process.stdout)
        with urllib.request.urlopen(f"{page}/search?q=%40qaani", timeout=10) as answer:
            assert "<mark>قاآنی</mark>" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(10) == 0
    assert "Nothing is left behind" in rest
    assert list(stage_folder.iterdir()) == []
