"""What machines ask: whether the monitor is well, and its figures."""

import re

from archive import conditions, monitors
from tests.archive.scene import Scene
from tests.web.conftest import Opens
from web.gate import Rules
from web.health import METRICS


def at_work(scene: Scene) -> None:
    scene.write(monitors.beat, owner="here:1", roles=("collect", "deliver"), started=scene.now, now=scene.now)


def test_ready_means_that_a_monitor_is_at_work(scene: Scene, opens: Opens) -> None:
    browser = opens()
    assert browser.shows("/healthz") == "ok\n"
    assert browser.shows("/readyz", 503) == "no monitor is at work\n"
    at_work(scene)
    assert browser.shows("/readyz") == "ready\n"
    scene.later(minutes=2)
    assert browser.shows("/readyz", 503)


def test_the_figures_are_those_of_the_archive(scene: Scene, opens: Opens) -> None:
    scene.joins()
    at_work(scene)
    scene.publishes()
    shown = opens().shows("/metrics")
    assert "rasad_articles 1.0\n" in shown
    assert 'rasad_outbox{state="new"}' in shown
    assert 'rasad_latency_seconds{quantile="0.95",stage="published_fetched"} 300.0' in shown
    assert "rasad_config_last_reload_ok 1.0\n" in shown
    assert set(re.findall(r"^(rasad_\w+)", shown, re.MULTILINE)) <= set(METRICS)
    scene.write(conditions.begin, "config_refused", "config.toml:1:1: the file is empty", scene.now)
    shown = opens().shows("/metrics")
    assert "rasad_config_last_reload_ok 0.0\n" in shown
    assert 'rasad_condition{name="config_refused"} 1.0' in shown


def test_nobody_reads_them_without_a_login_but_health_needs_none(scene: Scene, opens: Opens) -> None:
    assert scene.count("account") == 0
    stranger = opens(Rules("password"), accept="*/*")
    assert stranger.shows("/healthz") == "ok\n"
    stranger.shows("/readyz", 503)
    stranger.shows("/metrics", 401)
