"""Pages that are looked at again after their listing has forgotten them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.model import Article
from demo.newsroom import Newsroom, Outlet
from demo.server import Response
from spiders.workers import Workers
from tests.spiders.scene import Monitor, monitoring

ENGLISH = """Qaani met commanders by the river on Tuesday and spoke about the road to the north for two hours.
A spokesman said that the talks would go on before the winter, and that a plan would be printed soon."""
PERSIAN = """قاآنی روز سه‌شنبه در ساحل رود با فرماندهان دیدار کرد و دو ساعت درباره جاده شمال سخن گفت.
سخنگو گفت که گفت‌وگوها پیش از زمستان ادامه می‌یابد و برنامه‌ای روشن به‌زودی چاپ می‌شود."""


def later(monitor: Monitor, hours: float) -> None:
    """The clock of visits goes ahead of ours."""
    monitor.desk._clock = lambda: datetime.now(UTC) + timedelta(hours=hours)


def forgets(outlet: Outlet) -> None:
    """Its feed lists one thing, and for ever the same."""
    entry = f"<item><title>Weather of the week</title><link>{outlet.site.origin}/weather</link></item>"
    feed = f"<rss version='2.0'><channel><title>Forgetful</title>{entry}</channel></rss>"
    outlet.breaks(lambda _healthy: Response(200, {"Content-Type": "text/xml", "ETag": '"1"'}, feed.encode()))


def told(monitor: Monitor) -> Article:
    return next(article for article in monitor.archived() if "weather" not in article.url)


@pytest.fixture
def daily(newsroom: Newsroom) -> Outlet:
    return newsroom.outlet("daily")


@pytest.mark.parametrize("body", [ENGLISH, PERSIAN], ids=["en", "fa"])
async def test_an_edit_and_a_withdrawal_are_found_after_the_listing_has_forgotten_them(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path, body: str
) -> None:
    item = daily.publish("Qaani in the north", body)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(daily)
        forgets(daily)
        daily.edit(item, body=body + "\nThe outlet has added this line.")
        await monitor.look(daily)
        assert told(monitor).revision == 1  # not yet an hour old
        later(monitor, 1.1)
        await monitor.look(daily)
        assert (told(monitor).revision, told(monitor).title) == (2, "Qaani in the north")
        assert told(monitor).text.endswith("this line.")
        daily.withdraw(item)
        await monitor.look(daily)
        assert told(monitor).withdrawn is None  # looked at a moment ago
        later(monitor, 6.1)
        await monitor.look(daily)
        assert told(monitor).withdrawn is not None


async def test_a_page_that_is_missing_once_is_not_withdrawn(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    item = daily.publish("Qaani in the north", ENGLISH)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(daily)
        forgets(daily)
        for hours, withdrawn in ((1.1, False), (6.1, False), (25, False), (73, True)):
            if hours == 6.1:
                daily.restores(item)
            else:
                daily.withdraw(item, status=404)
            later(monitor, hours)
            await monitor.look(daily)
            assert (told(monitor).withdrawn is not None) is withdrawn


BEFORE: dict[str, Callable[[Outlet], None]] = {
    "its text came from the feed": lambda outlet: outlet.sends(
        b"<article><p>Subscribe to read.</p></article>", on="pages"
    ),
    "it hits nothing": lambda _outlet: None,
}


@pytest.mark.parametrize("case", BEFORE)
async def test_what_cannot_be_compared_or_nobody_watches_stays(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, case: str
) -> None:
    outlet = newsroom.outlet("full", feed_text="full")
    item = outlet.publish("A road", ENGLISH.replace("Qaani", "They") if case == "it hits nothing" else ENGLISH)
    BEFORE[case](outlet)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(outlet)
        outlet.recovers()
        forgets(outlet)
        outlet.edit(item, body=ENGLISH + "\nAdded.")
        later(monitor, 1.1)
        newsroom.forget_requests()
        await monitor.look(outlet)
        assert told(monitor).revision == 1
        pages = [seen for seen in newsroom.requests_for(outlet) if seen.target == item.url]
        assert len(pages) <= 1


async def test_three_pages_a_visit_and_a_failure_counts_as_a_look(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    for number in range(5):
        daily.publish(f"Qaani in village {number}", ENGLISH.replace("road", f"road {number}"))
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(daily)
        later(monitor, 1.1)
        daily.answers(503, on="pages")
        counts = []
        for _ in range(3):
            newsroom.forget_requests()
            await monitor.look(daily)
            counts.append(sum("/news" in seen.target for seen in newsroom.requests_for(daily)))
        assert counts == [3, 2, 0]


async def test_evidence_that_is_lost_is_no_fault_of_its_source(
    newsroom: Newsroom, daily: Outlet, workers: Workers, tmp_path: Path
) -> None:
    item = daily.publish("Qaani in the north", ENGLISH)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.look(daily)
        for file in (tmp_path / "evidence").rglob("*"):
            if file.is_file():
                file.unlink()
        daily.edit(item, body=ENGLISH + "\nAdded.")
        forgets(daily)
        later(monitor, 1.1)
        assert (await monitor.look(daily)).status == "fresh"
        assert told(monitor).revision == 1
