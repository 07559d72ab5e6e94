"""Channels through the real desk: paged back to the last post, gaps and withdrawals noted, held when in doubt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import channels
from archive import posts as archived_posts
from core.model import Article
from demo.newsroom import Channel, Newsroom
from spiders.workers import Workers
from tests.spiders.scene import Monitor, monitoring


@pytest.fixture
def river(newsroom: Newsroom) -> Channel:
    return newsroom.channel("tg-river", name="شبكة النهر")


def posts(channel: Channel, number: int, *, about: str = "خبر من المدينة") -> None:
    for each in range(number):
        channel.post(f"{about} رقم {each}\nتفاصيل الخبر رقم {each} كما وردت من مراسل القناة هناك.")


def article(monitor: Monitor, address: str) -> Article:
    return next(each for each in monitor.archived() if each.url == address)


def joined(monitor: Monitor) -> None:
    """Somebody follows everything, and the first round is over."""
    monitor.end_first_round()
    monitor.subscribe()


async def test_a_first_visit_takes_one_page_and_a_later_one_all_since_the_last_post(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 50)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(river)).new == 20
        assert len(newsroom.polls(river)) == 1
        posts(river, 70, about="خبر جديد")
        assert (await monitor.look(river)).new == 70
        assert len(newsroom.polls(river)) == 1 + 4
        row = monitor.source(river)
        assert (len(monitor.archived()), row.missed, row.doubt) == (90, 0, "")
        assert (await monitor.look(river)).status == "unchanged"


async def test_a_post_is_an_article_with_its_own_page_of_the_preview_as_evidence(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    river.post("عاجل\nوصول الوفد إلى بغداد\nوصل الوفد صباح اليوم.")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        first = river.post("وصول الوفد الثاني إلى بغداد")
        posts(river, 30)
        await monitor.visit()
        (url,) = [each.url for each in monitor.archived() if "الثاني" in each.text]
        assert url == first.url
        with monitor.archive.reading() as conn:
            rows = conn.exec_driver_sql("select distinct requested from evidence where article > 1").scalars()
            assert sorted(rows) == [river.feed_url, f"{river.feed_url}?before=1013"]


async def test_a_page_that_fails_ends_the_paging_and_what_it_hid_is_a_gap(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 10)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        posts(river, 50, about="خبر جديد")
        river.answers(503, on="pages")
        outcome = await monitor.look(river)
        assert (outcome.status, outcome.new) == ("fresh", 20)
        with monitor.archive.reading() as conn:
            rows = conn.exec_driver_sql("select first, last from gap").all()
        assert [tuple(row) for row in rows] == [(1011, 1040)]
        assert monitor.source(river).missed == 30


async def test_a_gap_is_looked_into_once_by_the_next_visit_and_alerts_as_a_backlog(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 10)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        joined(monitor)
        names = ("النهر", "الجسر", "السوق", "المطار", "الميناء", "المدرسة")
        for place, name in enumerate(names):  # all of them will stand in the gap
            river.post(f"قاآني في {name}\n" + " ".join(f"{name}{place}{n}" for n in range(30)))
        posts(river, 44, about="خبر جديد")
        river.answers(503, on="pages")
        await monitor.look(river)
        assert monitor.source(river).missed == 30
        river.recovers()
        posts(river, 1, about="خبر أخير")
        before = monitor.alerts()
        await monitor.look(river)
        assert monitor.source(river).missed == 0
        assert len(monitor.archived()) == 10 + 6 + 44 + 1
        assert monitor.alerts() - before == 3


async def test_what_cannot_be_had_a_second_time_stays_a_gap_and_is_not_asked_for_again(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 10)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        posts(river, 50, about="خبر جديد")
        river.answers(503, on="pages")
        for _ in range(3):
            await monitor.look(river)
            posts(river, 1, about="خبر أخير")
        assert monitor.source(river).missed == 30
        newsroom.forget_requests()
        await monitor.look(river)
        assert len(newsroom.polls(river)) == 1


async def test_a_post_absent_from_two_visits_is_withdrawn_and_stands_again_when_it_is_back(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 5)
    taken, newest = river.items[2], river.items[-1]
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        river.withdraw(taken)
        river.withdraw(newest)
        await monitor.visit()
        assert [each.withdrawn for each in monitor.archived()] == [None] * 5
        river.post("خبر آخر من المدينة نفسها")
        await monitor.visit()
        gone = {each.url for each in monitor.archived() if each.withdrawn}
        assert gone == {taken.url, newest.url}
        assert article(monitor, taken.url).text  # kept as it was
        river.restores(taken)
        await monitor.visit()
        assert {each.url for each in monitor.archived() if each.withdrawn} == {newest.url}


async def test_an_edited_post_is_a_revision(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    item = river.post("وصول الوفد إلى بغداد صباح اليوم")
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        river.edit(item, body="لم يصل الوفد إلى بغداد صباح اليوم")
        await monitor.visit()
        (found,) = monitor.archived()
    assert (found.revision, found.text) == (2, "لم يصل الوفد إلى بغداد صباح اليوم")
    assert found.post is not None
    assert found.post.edited is not None


async def test_what_a_post_shows_beside_its_text_is_kept_from_the_first_sight_to_the_last(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    other = newsroom.channel("tg-lake", name="قناة البحيرة")
    theirs = other.post("وصول الوفد إلى بغداد صباح اليوم")
    passed_on = river.post("وصول الوفد إلى بغداد صباح اليوم\nوالتقى عدداً من المسؤولين.")
    river.shows(passed_on, views="950", forwarded=("قناة البحيرة", theirs.url), photo=True)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        river.shows(passed_on, views="1.2K", forwarded=("قناة البحيرة", theirs.url), photo=True)
        assert (await monitor.look(river)).new == 0
        found = article(monitor, passed_on.url)
        with monitor.archive.reading() as conn:
            origins = archived_posts.origins(conn, [found.id])
        post = found.post
    assert post is not None
    assert (post.number, post.last, post.media) == (passed_on.number, passed_on.number, ("photo",))
    assert (post.views_first, post.views, post.edited) == (950, 1_200, None)
    assert post.views_at > found.recorded
    assert (post.forwarded_from, post.forwarded_url) == ("قناة البحيرة", theirs.url)
    assert origins == {found.id: article(monitor, theirs.url).id}
    assert found.revision == 1


async def test_posts_of_a_channel_in_doubt_are_kept_with_what_they_show(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 2)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        river.renames("قناة أخرى تماماً")
        item = river.post("خبر من القناة الأخرى اليوم")
        river.shows(item, views="7")
        await monitor.visit()
        post = article(monitor, item.url).post
    assert post is not None
    assert post.views == 7


@pytest.mark.parametrize("sign", ["renamed", "begun again"])
async def test_a_channel_in_doubt_is_archived_its_alerts_held_and_the_admins_told_once(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path, sign: str
) -> None:
    posts(river, 5)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        joined(monitor)
        if sign == "renamed":
            river.renames("قناة أخرى تماماً")
        else:
            river.begins_again()
        river.post("قاآني يصل إلى بغداد")
        assert (await monitor.look(river)).new == 1
        assert monitor.alerts() == 1  # the notice, no alert
        river.post("قاآني يغادر بغداد")
        await monitor.visit()
        assert monitor.alerts() == 1
        assert monitor.source(river).doubt
        with monitor.archive.writing() as conn:
            assert channels.trust(conn, river.id)
        river.post("قاآني يعود إلى بغداد")
        await monitor.visit()
        assert monitor.alerts() == 2
        assert not monitor.source(river).doubt


async def test_a_channel_that_is_asked_too_often_or_gone_is_a_failure_with_its_reason(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(river)
        assert (outcome.status, outcome.reason) == ("failed", "the preview shows no messages")
        posts(river, 2)
        assert (await monitor.look(river)).new == 2


async def test_old_posts_are_not_paged_for(
    newsroom: Newsroom, river: Channel, workers: Workers, tmp_path: Path
) -> None:
    posts(river, 2)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        for age in range(60):
            river.post(f"خبر قديم من المدينة رقم {age}", published=datetime.now(UTC) - timedelta(days=4))
        await monitor.visit()
        assert monitor.source(river).missed == 40
