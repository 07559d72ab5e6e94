"""Listings over several documents, items without titles, and articles that are taken back: through the real desk."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import Draft, Listing, Page
from demo.newsroom import Newsroom, Outlet
from demo.server import Request, Response
from spiders.surveying import Sheet, draft_of, newest
from spiders.workers import Workers
from tests.spiders.scene import monitoring
from tests.spiders.test_desk import BODY

Pages = dict[str, str]


def serve(outlet: Outlet, documents: Pages) -> None:
    """Answer these paths with these documents, as a site beside the outlet's own pages; {origin} is its address."""
    own = outlet.answer

    def answer(request: Request) -> Response:
        if request.path not in documents:
            return own(request)
        body = documents[request.path].replace("{origin}", outlet.site.origin).encode()
        return Response(200, {"Content-Type": "application/xml", "ETag": '"always the same"'}, body)

    outlet.answer = answer  # type: ignore[method-assign]  # the newsroom asks the outlet for every answer


def sitemap(*urls: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def index(*paths: str) -> str:
    parts = "".join(f"<sitemap><loc>{{origin}}{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{parts}</sitemapindex>"


def mapped(newsroom: Newsroom, documents: Pages) -> Outlet:
    """An outlet whose source is its sitemap."""
    outlet = newsroom.outlet("mapped")
    outlet._source = {"kind": "sitemap", "url": f"{outlet.site.origin}/sitemap.xml"}
    serve(outlet, documents)
    return outlet


async def test_an_index_is_followed_and_its_parts_are_one_listing(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    documents: Pages = {}
    outlet = mapped(newsroom, documents)
    items = [outlet.publish(f"A road to village {n}", BODY.replace("road", f"road {n}")) for n in range(4)]
    documents |= {
        "/sitemap.xml": index("/news-2.xml", "/news-1.xml", "/more.xml"),
        "/news-2.xml": sitemap(items[0].url, items[1].url),
        "/news-1.xml": sitemap(items[1].url, items[2].url),
        "/more.xml": index("/deep.xml"),
        "/deep.xml": sitemap(items[3].url),
    }
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        outcome = await monitor.look(outlet)
        assert (outcome.status, outcome.new) == ("fresh", 4)
        assert {article.url for article in monitor.archived()} == {item.url for item in items}


async def test_a_part_that_fails_thins_the_listing_and_an_index_without_any_is_a_failure(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    documents: Pages = {}
    outlet = mapped(newsroom, documents)
    item = outlet.publish("A road to the north", BODY)
    documents |= {"/sitemap.xml": index("/news-2.xml", "/news-1.xml"), "/news-1.xml": sitemap(item.url)}
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        assert (await monitor.look(outlet)).new == 1
        del documents["/news-1.xml"]
        outcome = await monitor.look(outlet)
        assert (outcome.status, outcome.reason) == ("failed", "answered 404")


async def test_a_part_that_changes_under_an_unchanged_index_is_seen(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    documents: Pages = {}
    outlet = mapped(newsroom, documents)
    items = [outlet.publish(f"A road to village {n}", BODY.replace("road", f"road {n}")) for n in range(2)]
    documents |= {"/sitemap.xml": index("/news.xml"), "/news.xml": sitemap(items[0].url)}
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        documents["/news.xml"] = sitemap(*(item.url for item in items))
        assert (await monitor.look(outlet)).new == 1
    asked = newsroom.requests_for(outlet, "/sitemap.xml")
    assert not any("if-none-match" in seen.headers for seen in asked)


def test_of_all_parts_the_newest_entries_are_kept_where_they_stand() -> None:
    def sheet(*hours: int | None) -> Sheet:
        dates = [None if hour is None else datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in hours]
        drafts = (
            Draft("s", f"https://n.example/{hour}", "", published=date) for hour, date in zip(hours, dates, strict=True)
        )
        page = Page("https://n.example/", "https://n.example/", 200, {}, b"", datetime.now(UTC))
        return Sheet(page, Listing(tuple(drafts)))

    def hours(sheets: list[Sheet]) -> list[list[str]]:
        return [[draft_of(entry).url[18:] for entry in each.listing.entries] for each in sheets]

    sheets = [sheet(9, 5, None), sheet(8, 7)]
    assert newest(sheets, 5) == sheets
    assert hours(newest(sheets, 4)) == [["9", "5"], ["8", "7"]]
    assert hours(newest(sheets, 3)) == [["9"], ["8", "7"]]


async def test_an_item_without_a_title_takes_that_of_its_page(
    newsroom: Newsroom, workers: Workers, tmp_path: Path
) -> None:
    documents: Pages = {}
    outlet = mapped(newsroom, documents)
    item = outlet.publish("A road to the north, at last", BODY)
    documents["/sitemap.xml"] = sitemap(item.url)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        (article,) = monitor.archived()
    assert article.title == "A road to the north, at last"


@pytest.mark.parametrize("status", [404, 410])
async def test_an_archived_article_whose_page_is_gone_is_kept_and_marked_until_it_is_back(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, status: int
) -> None:
    outlet = newsroom.outlet("daily")
    item = outlet.publish("A road to the north", BODY)
    async with monitoring(newsroom, workers, tmp_path) as monitor:
        await monitor.visit()
        outlet.edit(item, summary="What the feed says of it now.")
        outlet.answers(status, on=item)
        await monitor.visit()
        (article,) = monitor.archived()
        assert article.withdrawn is not None
        assert article.text == BODY.replace("\n", "\n\n")
        outlet.recovers()
        outlet.publish("Another headline", BODY.replace("road", "bridge"))
        await monitor.visit()
        assert [each.withdrawn for each in monitor.archived()] == [None, None]
