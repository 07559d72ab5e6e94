"""Visits: exactly one Outcome each whatever happens, and every item recorded once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive import evidence, sources
from core.errors import ArchiveError
from core.model import Due, Source
from demo.newsroom import Newsroom, Outlet
from spiders import gathering
from spiders.desk import VISITS_AT_ONCE, Desk
from spiders.outcomes import retry_after
from spiders.workers import Workers
from tests.spiders.scene import Monitor, monitoring

BODY = """The council met on Tuesday for the second time this month and spoke about the road to the north.
Members agreed that the work should begin before the winter and asked the ministry for a plan.
A spokesman said that the plan would be ready by the end of the week, and that it would be printed."""
PERSIAN = """شورای شهر روز سه‌شنبه برای دومین بار در این ماه درباره جاده شمال گفت‌وگو کرد و به نتیجه رسید.
اعضا خواستند که کار پیش از زمستان آغاز شود و از وزارتخانه برنامه‌ای روشن برای آن خواستند.
سخنگو گفت که برنامه تا پایان هفته آماده می‌شود و نسخه چاپی آن هم در دسترس همه قرار می‌گیرد."""


@pytest.fixture
def daily(newsroom: Newsroom) -> Outlet:
    return newsroom.outlet("daily")


async def test_a_visit_brings_articles_with_their_full_text(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    item = daily.publish("A road to the north", BODY, authors=("A. Writer",))
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(daily)
        (article,) = monitor.archived()
    assert (outcome.status, outcome.items, outcome.new, outcome.http_status) == ("fresh", 1, 1, 200)
    assert article.url == item.url
    assert article.title == "A road to the north"
    assert article.text == BODY.replace("\n", "\n\n")
    assert article.published is not None
    assert article.sha256 is not None
    assert evidence.read(tmp_path / "evidence", article.sha256).startswith(b"<!")


async def test_a_persian_site_is_read_to_the_letter(newsroom: Newsroom, workers: Workers, tmp_path: Path) -> None:
    outlet = newsroom.outlet("khabar", language="fa", format="atom", theme="agency", timezone="Asia/Tehran")
    outlet.publish("گفت‌وگوی شورا درباره جاده شمال", PERSIAN)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        (article,) = monitor.archived()
    assert article.title == "گفت‌وگوی شورا درباره جاده شمال"
    assert article.text == PERSIAN.replace("\n", "\n\n")
    assert article.language == "fa"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1256"])
async def test_an_arabic_site_in_cp1256(newsroom: Newsroom, workers: Workers, tmp_path: Path, declared: str) -> None:
    outlet = newsroom.outlet("akhbar", language="ar", encoding="cp1256", declared=declared)
    outlet.publish(
        "المجلس يبحث طريق الشمال", "اجتمع المجلس يوم الثلاثاء للمرة الثانية هذا الشهر وبحث طريق الشمال.\n" * 3
    )
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        (article,) = monitor.archived()
    assert article.title == "المجلس يبحث طريق الشمال"
    assert article.text.startswith("اجتمع المجلس يوم الثلاثاء")


@pytest.mark.parametrize("format", ["rss", "atom", "rdf", "json"])
async def test_every_format_is_collected(newsroom: Newsroom, workers: Workers, tmp_path: Path, format: str) -> None:  # noqa: A002
    outlet = newsroom.outlet("daily", format=format)  # type: ignore[arg-type]  # one of the four
    item = outlet.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        assert [article.url for article in monitor.archived()] == [item.url]


# --- seen again --------------------------------------------------------------------------------------------------


async def test_an_unchanged_feed_is_a_304_and_no_page_is_asked_again(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        newsroom.forget_requests()
        outcome = await monitor.look(daily)
        assert (outcome.status, outcome.http_status) == ("unchanged", 304)
        assert len(newsroom.requests_for(daily)) == 1
        daily.publish("A second headline", BODY.replace("road", "bridge"))
        assert (await monitor.look(daily)).new == 1
        assert len(monitor.archived()) == 2


@pytest.mark.parametrize("link_style", ["plain", "tracking", "amp", "redirect"])
async def test_one_article_however_the_feed_writes_its_link(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, link_style: str
) -> None:
    outlet = newsroom.outlet("daily", link_style=link_style)  # type: ignore[arg-type]  # one of its styles
    item = outlet.publish("A road to the north", BODY, guid=None)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        outlet.publish("Another headline", BODY.replace("road", "bridge"))
        await monitor.visit()
        assert monitor.archived()[0].url == item.url
        assert len(monitor.archived()) == 2


async def test_an_edit_is_a_revision(newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path) -> None:
    item = daily.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        daily.edit(item, title="No road to the north")
        outcome = await monitor.look(daily)
        (article,) = monitor.archived()
    assert (outcome.status, outcome.new) == ("fresh", 0)
    assert (article.title, article.revision) == ("No road to the north", 2)


# --- the listing where the page fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["404", "empty", "reset", "forbidden"])
async def test_what_the_feed_said_is_kept_where_the_page_cannot_be_read(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, fault: str
) -> None:
    item = daily.publish("A road to the north", BODY, summary="What the feed says of it.")
    faults: dict[str, Callable[[], None]] = {
        "404": lambda: daily.answers(404, on="pages"),
        "empty": lambda: daily.sends(b"", on="pages"),
        "reset": lambda: daily.resets(on="pages"),
        "forbidden": lambda: daily.robots(disallow=("/en/news",)),
    }
    faults[fault]()
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(daily)
        (article,) = monitor.archived()
        assert (outcome.status, outcome.new) == ("fresh", 1)
        assert (article.url, article.text) == (item.url, "What the feed says of it.")


async def test_the_full_text_is_fetched_when_the_page_is_back(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("A road to the north", BODY)
    daily.answers(503, on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        daily.recovers()
        daily.publish("Another headline", BODY.replace("road", "bridge"))
        await monitor.visit()
        assert all(len(article.text) > 200 for article in monitor.archived())


async def test_a_site_whose_pages_are_all_gone_is_not_asked_for_each(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    for number in range(30):
        daily.publish(f"Headline {number}", BODY.replace("road", f"road {number}"))
    daily.resets(on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(daily)
        assert outcome.new == 30
    assert len(newsroom.requests_for(daily)) <= 2 + gathering.LOST_PAGES + gathering.PAGES_AT_ONCE


async def test_the_fuller_of_feed_and_page_is_kept(newsroom: Newsroom, workers: Workers, tmp_path: Path) -> None:
    outlet = newsroom.outlet("full", feed_text="full")
    outlet.publish("A road to the north", BODY)
    outlet.sends(b"<html><body><article><p>Subscribe to read.</p></article></body></html>", on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        (article,) = monitor.archived()
    assert article.text == BODY.replace("\n", "\n\n")


async def test_items_that_all_lead_to_one_wall_stay_articles_of_their_own(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    wall = b"<html><body><article>" + b"<p>Please accept the terms of our partners before you go on to read.</p>" * 4
    for number in range(6):
        daily.publish(f"Headline {number}", BODY, summary=f"Lead {number} of the council's session about the road.")
    daily.sends(wall, on="pages")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(daily)).new == 6
        assert {article.title for article in monitor.archived()} == {f"Headline {number}" for number in range(6)}


async def test_each_new_article_is_told_when_it_is_recorded_not_when_the_visit_ends(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("First", BODY)
    told: list[str] = []
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.desk._recorded = lambda draft: told.append(f"{draft.title}, {len(monitor.outcomes)} visits ended")
        await monitor.visit()
        daily.publish("Second", BODY.replace("road", "bridge"))
        await monitor.visit()
    assert told == ["First, 0 visits ended", "Second, 1 visits ended"]


# --- one Outcome per visit ---------------------------------------------------------------------------------------

FAULTS: dict[str, Callable[[Outlet], None]] = {
    "answered 500": lambda outlet: outlet.answers(500),
    "answered 404": lambda outlet: outlet.answers(404),
    "answered 429": lambda outlet: outlet.answers(429, retry_after=120),
    "took longer than 1.5 s": lambda outlet: outlet.stalls(30),
    "not a feed": lambda outlet: outlet.sends_garbage(),
    "redirected more than 5 times": lambda outlet: outlet.loops(),
    "larger than 10 MiB": lambda outlet: outlet.swells(),
    "connection broke off": lambda outlet: outlet.resets(),
    "broke off before the end": lambda outlet: outlet.truncates(),
    "empty document": lambda outlet: outlet.sends(b""),
    "a web page where a feed was expected": lambda outlet: outlet.sends(b"<!doctype html><title>Robot?</title>"),
    "refused: a document type": lambda outlet: outlet.sends(b'<!DOCTYPE r [<!ENTITY a "b">]><rss/>'),
}


async def test_every_way_to_fail_ends_in_one_outcome_and_harms_nobody_else(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlets = {reason: newsroom.outlet(f"broken-{i}") for i, reason in enumerate(FAULTS)}
    healthy = [newsroom.outlet(f"healthy-{i}") for i in range(8)]
    for outlet in (*outlets.values(), *healthy):
        outlet.publish(f"News from {outlet.id}", BODY.replace("council", outlet.id))
    for reason, outlet in outlets.items():
        FAULTS[reason](outlet)
    async with monitoring(newsroom, workers, tmp_path, timeout=1.5) as monitor:
        outcomes = {outcome.source: outcome for outcome in await monitor.visit()}
        assert len(monitor.outcomes) == len(outcomes) == len(outlets) + len(healthy)
        for reason, outlet in outlets.items():
            assert outcomes[outlet.id].status == "failed"
            assert outcomes[outlet.id].reason.startswith(reason)
            assert monitor.source(outlet).reason.startswith(reason)
        assert sorted(article.source for article in monitor.archived()) == sorted(outlet.id for outlet in healthy)
        for outlet in outlets.values():
            outlet.recovers()
        assert all(outcome.new for outcome in await monitor.visit(*outlets.values()))
        assert len(monitor.archived()) == len(outlets) + len(healthy)


async def test_what_is_permanent_and_what_asks_for_patience_is_told(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        daily.answers(410)
        assert (await monitor.look(daily)).permanent
        daily.answers(429, retry_after=7200)
        outcome = await monitor.look(daily)
        assert (outcome.permanent, outcome.retry_after) == (False, timedelta(hours=2))
        next_check = monitor.source(daily).next_check
        assert next_check is not None
        assert next_check >= outcome.at + timedelta(hours=2)


async def test_a_private_address_is_refused_with_its_reason(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path, private=False) as monitor:
        outcome = await monitor.look(daily)
    assert (outcome.status, outcome.reason, outcome.permanent) == ("failed", "refused: private address", True)
    assert not newsroom.requests


async def test_a_kind_without_a_reader_is_a_failure(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        (due,) = monitor.claim()
        await monitor.desk.queue.put(replace(due, source=replace(due.source, kind="moon")))
        await monitor.desk.idle()
    assert [outcome.reason for outcome in monitor.outcomes] == ["no reader for sources of kind moon"]


async def test_a_reader_that_crashes_or_an_archive_that_fails_is_one_outcome(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    async def broken_reader(*_: object, **__: object) -> list[object]:
        raise KeyError("a bug")

    daily.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        edition = monitor.desk._edition
        heard = monitor.outcomes
        crashing = Desk(monitor.archive, edition, fetch=monitor.crawl.fetch, survey=broken_reader, heard=heard.append)  # type: ignore[arg-type]  # broken on purpose
        (due,) = monitor.claim()
        await crashing.visit(due)
        full_disk = _FullDisk(monitor)
        failing = Desk(full_disk, edition, fetch=monitor.crawl.fetch, survey=workers.survey, heard=heard.append)  # type: ignore[arg-type]  # the archive with a full disk
        await failing.visit(due)
        assert [outcome.status for outcome in heard] == ["failed", "failed"]
        assert [outcome.reason for outcome in heard] == ["failed: KeyError", "not recorded: the disk is full"]
        assert monitor.source(daily).failures > 0
        assert (await monitor.look(daily)).new == 1  # no validators were saved: the feed came again


class _FullDisk:
    """The archive, on a disk that takes no article any more."""

    def __init__(self, monitor: Monitor) -> None:
        self._archive = monitor.archive
        self.ask = monitor.archive.ask

    async def write(self, work: Callable[..., object]) -> object:
        if "admit" in work.__qualname__:
            raise ArchiveError("the disk is full")
        return await self._archive.write(work)


async def test_stopping_leaves_visits_without_outcome_and_their_leases_to_be_released(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("A road to the north", BODY)
    daily.stalls(30)
    async with monitoring(newsroom, workers, tmp_path, timeout=30) as monitor:
        for due in monitor.claim():
            await monitor.desk.queue.put(due)
        assert monitor.desk.active == {"daily"}
        await asyncio.to_thread(newsroom.wait_until, lambda: bool(newsroom.polls(daily)))
        begun = time.monotonic()
        await monitor.desk.stop()
        await monitor.crawl.stop()
        assert time.monotonic() - begun < 2
        assert not monitor.outcomes
        assert not monitor.desk.active


async def test_a_probe_is_visited_and_nothing_of_it_recorded(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet = newsroom.outlet("maybe", enabled="probe")
    outlet.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(outlet)
        assert (outcome.status, outcome.items, outcome.new) == ("fresh", 1, 0)
        assert not monitor.archived()
        next_check = monitor.source(outlet).next_check
        assert next_check is not None
        assert next_check > outcome.at + timedelta(hours=20)


async def test_the_admins_are_told_once_that_a_probe_answers(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    outlet = newsroom.outlet("maybe", enabled="probe")
    outlet.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.look(outlet)
        await monitor.look(outlet)
        assert monitor.alerts() == 1


# --- first visits ------------------------------------------------------------------------------------------------


async def test_a_first_round_alerts_nobody_and_a_later_source_at_most_its_three_newest(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    daily.publish("Qaani visits the city", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        monitor.subscribe()
        await monitor.visit()
        monitor.end_first_round()
        assert monitor.alerts() == 1  # the digest
        late = newsroom.outlet("late")
        for hours in (1, 9, 2, 3, 4, 5):
            body, age = " ".join(f"word{hours}x{n}" for n in range(40)), timedelta(hours=hours)
            item = late.publish(f"Qaani seen {hours} hours ago", body, published=age)
            if hours == 1:
                late.stalls(0.3, on=item)  # the newest page comes last, and is still among the three
        late.publish("Qaani seen once", BODY.replace("road", "lane"), published=None)
        source = Source("late", "Late", "feed", late.feed_url)
        with monitor.archive.writing() as conn:
            sources.sync(conn, [source], datetime.now(UTC))
        await monitor.desk.queue.put(Due(source, first_visit=True))
        await monitor.desk.idle()
        assert monitor.outcomes[-1].new == 7
        alerted = {
            article.title
            for article in monitor.archived()
            if article.source == "late" and _alerted(monitor, article.id)
        }
    assert alerted == {f"Qaani seen {hours} hours ago" for hours in (1, 2, 3)}


def _alerted(monitor: Monitor, article: int) -> bool:
    with monitor.archive.reading() as conn:
        rows = conn.exec_driver_sql(f"select count(*) from outbox where article = {article} and subject <> 'digest'")
        return bool(rows.scalar_one())


# --- politeness, and many at once --------------------------------------------------------------------------------


async def test_pages_of_a_visit_keep_the_hosts_distance(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    for number in range(4):
        daily.publish(f"Headline {number}", BODY.replace("road", f"road {number}"))
    async with monitoring(newsroom, workers, tmp_path, distance=timedelta(seconds=0.15)) as monitor:
        assert (await monitor.look(daily)).new == 4
    times = [seen.at for seen in newsroom.requests_for(daily)]
    assert min(later - earlier for earlier, later in pairwise(times)) > timedelta(seconds=0.08)


async def test_more_outlets_than_are_visited_at_once(newsroom: Newsroom, workers: Workers, tmp_path: Path) -> None:
    outlets = [newsroom.outlet(f"outlet-{i}") for i in range(VISITS_AT_ONCE + 6)]
    for outlet in outlets:
        outlet.publish(f"News from {outlet.id}", BODY.replace("council", outlet.id))
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcomes = await monitor.visit()
        assert sorted(outcome.source for outcome in outcomes) == sorted(outlet.id for outlet in outlets)
        assert {outcome.new for outcome in outcomes} == {1}
        assert len(monitor.archived()) == len(outlets)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(seconds=120)),
        ("Tue, 24 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Tue, 24 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(header: str, expected: timedelta | None) -> None:
    assert retry_after(header, datetime(2026, 11, 24, 12, tzinfo=UTC)) == expected
