"""What a visit tells of its source's health, what it does not, and our own line."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import conditions, outbox
from archive import health as telling
from core.messages import Notice
from core.model import Due
from core.pace import UNCONDITIONAL_EVERY
from demo.newsroom import Newsroom, Outlet
from spiders.line import LINE_DOWN
from spiders.workers import Workers
from tests.spiders.scene import Monitor, monitoring

BODY = """The council met on Tuesday for the second time this month and spoke about the road to the north.
Members agreed that the work should begin before the winter and asked the ministry for a plan."""


@pytest.fixture
def daily(newsroom: Newsroom) -> Outlet:
    outlet = newsroom.outlet("daily")
    outlet.publish("A road to the north", BODY)
    return outlet


def told(monitor: Monitor) -> list[Notice]:
    """The notices that wait, their rest left out."""
    later, lease = datetime.now(UTC) + timedelta(hours=2), timedelta(minutes=1)
    with monitor.archive.writing() as conn:
        found = outbox.claim(conn, channel="terminal", owner="test", now=later, lease=lease, limit=9)
        for sending in found:
            outbox.sent(conn, sending, 1, later)
    return [notice for sending in found for notice in sending.notices]


def wrong(monitor: Monitor) -> Collection[str]:
    with monitor.archive.reading() as conn:
        return [each.name for each in conditions.present(conn)]


# --- our own line ------------------------------------------------------------------------------------------------


async def test_without_any_network_no_source_is_to_blame_and_one_line_and_one_notice_say_so(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outlets = [newsroom.outlet(f"outlet-{number}") for number in range(12)]
    for outlet in outlets:
        outlet.resets(on="all")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        outcomes = await monitor.visit()
        assert [outcome.trouble for outcome in outcomes] == ["unreached"] * 12
        assert all(monitor.source(outlet).visits == 0 for outlet in outlets)
        assert all(monitor.source(outlet).failures == 0 for outlet in outlets)
        assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
            "nothing can be reached from here, so no failure is counted: is this machine online?"
        ]
        assert [notice.word for notice in told(monitor)] == [LINE_DOWN]
        assert wrong(monitor) == [LINE_DOWN]


async def test_when_the_line_is_back_everything_that_was_put_off_is_due_at_the_normal_pace(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.line.CHECKED_FOR", 0.0)
    outlets = [newsroom.outlet(f"outlet-{number}") for number in range(6)]
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.visit()
        paces = [monitor.source(outlet).failures for outlet in outlets]
        for outlet in outlets:
            outlet.resets(on="all")
        for _ in range(3):
            await monitor.visit()
        assert monitor.claim() == []  # not hammered either
        for outlet in outlets:
            outlet.recovers()
        await monitor.visit(outlets[0])
        assert sorted(due.source.id for due in monitor.claim()) == [outlet.id for outlet in outlets[1:]]
        assert [monitor.source(outlet).failures for outlet in outlets] == paces
        assert [notice.word for notice in told(monitor)] == [LINE_DOWN, "line_up"]
        assert wrong(monitor) == []


async def test_while_others_answer_a_source_that_does_not_is_to_blame(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    other = newsroom.outlet("other")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        newsroom.forget_requests()
        daily.resets(on="all")
        await monitor.look(daily)
        assert monitor.source(daily).failures > 0
        assert [seen.target for seen in newsroom.requests_for(other)] == ["/robots.txt"]  # the control
        assert wrong(monitor) == []


async def test_an_answer_ends_the_outage_of_a_monitor_that_ran_before(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        with monitor.archive.writing() as conn:
            conditions.begin(conn, LINE_DOWN, "since yesterday", datetime.now(UTC))
        await monitor.look(daily)
        assert wrong(monitor) == []


# --- what stands where a listing should --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><title>Just a moment...</title></html>", "a page that asks whether a human is there"),
        (b"<html><p>This domain is for sale!</p></html>", "a page that offers the domain for sale"),
        ("<html><title>صفحه یافت نشد</title></html>".encode(), "a page that says that there is none"),
    ],
)
async def test_a_wall_is_no_listing(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, body: bytes, reason: str
) -> None:
    daily.sends(body)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcomes = [await monitor.look(daily) for _ in range(2)]
        assert [(outcome.status, outcome.reason, outcome.trouble) for outcome in outcomes] == [
            ("failed", reason, "blocked")
        ] * 2
        assert monitor.source(daily).health == "blocked"
        daily.recovers()
        await monitor.look(daily)
        assert monitor.source(daily).health == ""


async def test_a_page_without_items_is_empty_unless_it_is_a_wall(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet = newsroom.outlet("bare")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        for _ in range(3):
            assert (await monitor.look(outlet)).status in ("fresh", "unchanged")
        assert monitor.source(outlet).health == "empty"


@pytest.mark.parametrize(("status", "state"), [(403, "blocked"), (451, "blocked"), (410, "gone")])
async def test_refusals_are_told_apart_and_admins_hear_of_them(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, status: int, state: str
) -> None:
    daily.answers(status)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        for _ in range(2):
            await monitor.look(daily)
        assert monitor.source(daily).health == state
        with monitor.archive.writing() as conn:
            telling.tell_admins(conn, admins=[], now=datetime.now(UTC) + timedelta(hours=1))
        (notice,) = told(monitor)
        assert (notice.word, notice.values["reason"]) == (f"health_{state}", f"answered {status}")


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
async def test_only_a_permanent_redirect_proposes_an_address(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, status: int, moved: bool
) -> None:
    new = newsroom.outlet("new-home")
    new.publish("A road to the north", BODY)
    daily.redirects_to(new.feed_url, status=status)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        outcome = next(outcome for outcome in monitor.outcomes if outcome.source == daily.id)
        assert outcome.moved_to == (new.feed_url if moved else None)
        assert monitor.source(daily).moved_to == (new.feed_url if moved else "")


async def test_every_twelfth_visit_asks_without_validators(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(daily)
        newsroom.forget_requests()
        (due,) = monitor.claim(in_hours=48)
        for visits in (UNCONDITIONAL_EVERY - 2, UNCONDITIONAL_EVERY - 1, UNCONDITIONAL_EVERY):
            await monitor.desk.visit(replace(due, visits=visits))
    asked = ["if-none-match" in {name.lower() for name in seen.headers} for seen in newsroom.polls(daily)]
    assert asked == [True, False, True]
    assert [outcome.status for outcome in monitor.outcomes[1:]] == ["unchanged", "fresh", "unchanged"]


# --- identity, bursts, quarantine --------------------------------------------------------------------------------


async def test_guids_that_are_new_on_every_visit_are_left_aside_from_then_on(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet = newsroom.outlet("restless")
    for number in range(6):
        outlet.publish(f"Qaani visit {number}", BODY.replace("road", f"road {number}"))
    outlet.rotates_guids()
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(outlet)).new == 6
        assert (await monitor.look(outlet)).new == 0
        assert not _due(monitor, outlet).trusts_guids


def _due(monitor: Monitor, outlet: Outlet) -> Due:
    return next(due for due in monitor.claim(in_hours=48) if due.source.id == outlet.id)


async def test_a_burst_is_one_digest_and_its_breaking_stories_go_at_once(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.look(daily)
        monitor.end_first_round()
        daily.publish("Qaani seen", "Qaani walked by the river before the sun rose over the old quarter of the city.")
        for number in range(24):
            word = "-".join("abcdefghijklmnopqrstuvwxyz"[number : number + 3])
            daily.publish(f"Quds Force {word}", f"Quds Force {word} " + " ".join(f"{word}{n}" for n in range(30)))
        assert (await monitor.look(daily)).new == 25
        with monitor.archive.writing() as conn:
            found = outbox.claim(
                conn, channel="terminal", owner="test", now=datetime.now(UTC), lease=timedelta(minutes=1), limit=9
            )
            assert [card.title for sending in found for card in sending.cards] == ["Qaani seen"]
            outbox.sent(conn, found[0], 1, datetime.now(UTC))
            (digest,) = outbox.claim(
                conn, channel="terminal", owner="test", now=datetime.now(UTC), lease=timedelta(minutes=1), limit=9
            )
            assert (digest.kind, digest.burst, digest.total) == ("digest", "daily", 24)
            outbox.sent(conn, digest, 2, datetime.now(UTC))
        assert [(notice.word, notice.values["count"]) for notice in told(monitor)] == [("burst", "25")]


async def test_a_quarantined_source_is_archived_and_tells_nobody(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.look(daily)
        monitor.end_first_round()
        before = monitor.alerts()
        daily.publish("Qaani seen", "Qaani walked by the river before the sun rose over the old quarter of the city.")
        await monitor.desk.visit(replace(_due(monitor, daily), quarantined=datetime.now(UTC)))
        assert len(monitor.archived()) == 2
        assert monitor.alerts() == before


# --- politeness --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", [timedelta(0), timedelta(milliseconds=10)])
async def test_a_host_has_at_most_two_requests_at_once(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, distance: timedelta
) -> None:
    for number in range(8):
        daily.publish(f"Headline {number}", BODY.replace("road", f"road {number}"))
    daily.stalls(0.2, on="pages")
    async with monitoring(newsroom, workers, tmp_path, distance=distance) as monitor:
        await monitor.look(daily)
    times = sorted(seen.at for seen in newsroom.requests_for(daily) if "news" in seen.target)
    assert len(times) == 9
    assert min(third - first for first, third in zip(times, times[2:], strict=False)) > timedelta(seconds=0.15)
