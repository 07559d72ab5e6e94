"""Whether a site, our line or our proxy is at fault: told by asking others, by the same way."""

from dataclasses import replace

import pytest

from core.errors import FetchError
from core.model import Page, Source
from demo.newsroom import Newsroom
from demo.outlet import Outlet
from spiders.engine import Crawl
from spiders.reach import explanation, is_doubtful, others_answer
from tests.spiders.conftest import Collect, crawling
from tests.spiders.loopback_proxy import LoopbackProxy


def source(outlet: Outlet, proxy: str | None = None) -> Source:
    return Source(outlet.id, outlet.id, "feed", outlet.feed_url, proxy=proxy)


async def told(crawl: Crawl, asked: Source, others: list[Source], *, proxied: bool = False) -> str:
    """What is said of a site; "" where its failure is its own."""
    page: Page | None = None
    reason = ""
    try:
        page = await crawl.fetch(asked.url, proxy=asked.proxy)
        reason = f"answered {page.status}"
    except FetchError as error:
        reason = error.reason
    if not is_doubtful(reason, page):
        return ""
    answering = await others_answer(asked, [asked, *others], crawl.fetch)
    return explanation(reason, page, others=answering, proxied=proxied)


@pytest.mark.parametrize("status", [401, 403, 429, 451, 503])
async def test_a_site_that_shuts_its_door_while_others_answer_seems_blocked(newsroom: Newsroom, status: int) -> None:
    shut, other = newsroom.outlet("shut"), newsroom.outlet("other")
    shut.answers(status)
    async with crawling() as crawl:
        said = await told(crawl, source(shut), [source(other)])
    assert said.startswith(f"the site seems blocked from here: it answered {status}, while other sites do")
    assert said.endswith("give it a proxy")


async def test_a_wall_with_a_status_of_200_is_known(newsroom: Newsroom) -> None:
    shut, other = newsroom.outlet("shut"), newsroom.outlet("other")
    shut.sends(b"<title>Just a moment...</title><p>Verify you are human</p>")
    async with crawling() as crawl:
        assert "a page that asks whether a human is there" in await told(crawl, source(shut), [source(other)])


async def test_silence_and_our_own_silence_are_told_apart(newsroom: Newsroom) -> None:
    shut, other = newsroom.outlet("shut"), newsroom.outlet("other")
    shut.resets(on="all")
    async with crawling() as crawl:
        seems = await told(crawl, source(shut), [source(other)])
        other.resets(on="all")
        nothing = await told(crawl, source(shut), [source(other)])
        alone = await told(crawl, source(shut), [])
    assert seems.startswith("the site seems blocked from here, or down: it does not answer, while other sites do")
    assert nothing == "no other site answers either: the line of this machine does not work"
    assert alone.startswith("no other source is there to be asked")


@pytest.mark.parametrize("status", [404, 410, 500])
async def test_what_is_the_sites_own_is_not_put_down_to_the_way(newsroom: Newsroom, status: int) -> None:
    gone = newsroom.outlet("gone")
    gone.answers(status)
    async with crawling() as crawl:
        assert await told(crawl, source(gone), []) == ""


async def test_a_proxy_is_asked_about_others_and_nobody_is_asked_around_it(newsroom: Newsroom) -> None:
    shut, other, direct = (newsroom.outlet(name) for name in ("shut", "other", "direct"))
    async with LoopbackProxy() as proxy, crawling(Collect()) as crawl:
        way = proxy.url("socks5h")
        unreached = replace(source(shut, way), url="http://127.0.0.1:1/")
        works = await told(crawl, unreached, [source(other, way), source(direct)], proxied=True)
        dead = replace(unreached, proxy="socks5h://127.0.0.1:1")
        broken = await told(crawl, dead, [replace(source(other), proxy=dead.proxy), source(direct)], proxied=True)
    assert works.startswith("the proxy works for other sites")
    assert broken == "no other site answers either: the proxy does not work"
    assert not newsroom.polls(direct)
