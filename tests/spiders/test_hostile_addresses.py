"""Hostile addresses: rows 1 to 6 of docs/security.md, against real sockets on loopback. Listeners count who comes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import AddressRefused, FetchError
from demo.newsroom import Newsroom
from demo.outlet import Outlet
from spiders.guard import Guard
from spiders.workers import Workers
from tests.spiders.conftest import STRICT, Collect, crawling
from tests.spiders.names import Door, Frontier, Names
from tests.spiders.scene import monitoring

INSIDE = Names(inside_example=["127.0.0.1"], localhost=["127.0.0.1", "::1"])


def host_of(outlet: Outlet) -> str:
    return outlet.site.origin.removeprefix("http://").rpartition(":")[0]


def first_hop_only(outlet: Outlet) -> Guard:
    """A guard that takes the outlet's own address for a public one, and no other of loopback."""
    return Frontier(host_of(outlet), names=INSIDE)


# --- row 1: the way inside over something that is fetched -------------------------------------------------------------

INSIDES = ("http://inside.example:{port}/", "http://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/")


@pytest.mark.parametrize("target", INSIDES)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_row_1_a_redirect_inside_is_refused(
    newsroom: Newsroom, outlet: Outlet, door: Door, target: str, status: int
) -> None:
    outlet.redirects_to(target.format(port=door.port), status=status)
    async with crawling(STRICT, guard=first_hop_only(outlet)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: private address$"):
            await crawl.fetch(outlet.feed_url)
    assert newsroom.polls(outlet)
    assert door.visits == 0


@pytest.mark.parametrize("target", INSIDES)
async def test_row_1_a_meta_refresh_inside_is_refused(outlet: Outlet, door: Door, target: str) -> None:
    outlet.sends(f'<meta http-equiv="refresh" content="0;url={target.format(port=door.port)}">'.encode())
    async with crawling(STRICT, guard=first_hop_only(outlet)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: private address$"):
            await crawl.fetch(outlet.feed_url)
    assert door.visits == 0


@pytest.mark.parametrize("target", INSIDES)
async def test_row_1_a_robots_txt_that_leads_inside_is_not_followed(outlet: Outlet, door: Door, target: str) -> None:
    outlet.redirects_to(target.format(port=door.port), on="robots")
    async with crawling(STRICT, guard=first_hop_only(outlet)) as crawl:
        assert (await crawl.fetch(outlet.feed_url)).status == 200
    assert door.visits == 0


def _feed(door: Door) -> bytes:
    inside = f"http://127.0.0.1:{door.port}"
    items = "".join(
        f"<item><title>Headline {n}</title><link>{link}</link><description>Words of it.</description>"
        f'<enclosure url="{inside}/i.jpg" type="image/jpeg"/></item>'
        for n, link in enumerate((f"{inside}/1", f"http://inside.example:{door.port}/2", f"http://[::1]:{door.port}/3"))
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def _sitemap(door: Door) -> bytes:
    places = [
        f"http://127.0.0.1:{door.port}/sitemap.xml",
        f"http://inside.example:{door.port}/a-headline-of-five-words",
    ]
    urls = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</sitemapindex>".encode()


def _page(door: Door) -> bytes:
    links = "".join(
        f"<li><a href='http://127.0.0.1:{door.port}/2026/11/{n}/x'>A headline of many words {n}</a>" for n in range(9)
    )
    return f"<html><body><ul>{links}</ul><img src='http://127.0.0.1:{door.port}/i.jpg'></body></html>".encode()


@pytest.mark.parametrize(("kind", "document"), [("feed", _feed), ("sitemap", _sitemap), ("page", _page)])
async def test_row_1_what_a_listing_names_inside_is_never_connected_to(
    newsroom: Newsroom, workers: Workers, tmp_path: Path, door: Door, kind: str, document: Callable[[Door], bytes]
) -> None:
    outlet = newsroom.outlet("daily", kind=kind)
    outlet.sends(document(door), content_type="text/xml" if kind != "page" else "text/html")
    guard = first_hop_only(outlet)
    async with monitoring(newsroom, workers, tmp_path, private=False, guard=guard) as monitor:
        await monitor.look(outlet)
    assert newsroom.polls(outlet)
    assert door.visits == 0


# --- rows 2 to 6: ways of writing and answering it --------------------------------------------------------------------

HOSTS_2 = ("2130706433", "0x7f.1", "017700000001", "127.1", "0", "0x7f000001", "[::]", "①②⑦.⓪.⓪.①", "ⓛocalhost")
HOSTS_3 = (
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fec0::1]",
    "[5f00::1]",
    "[::1]",
)
HOSTS_1 = (
    *("127.0.0.1", "localhost", "inside.example", "10.0.0.1", "169.254.169.254", "100.64.0.1", "168.63.129.16"),
    *("224.0.0.1", "[::1]", "[fe80::1]", "[::ffff:169.254.169.254]"),
)


@pytest.mark.parametrize(
    "host", [*HOSTS_1, *HOSTS_2, *HOSTS_3, "[::ffff:169.254.169.254]", "10.0.0.1", "[::1]", "[fe80::1]"]
)
async def test_rows_1_to_3_no_way_of_writing_it_leads_inside(host: str, door: Door) -> None:
    async with crawling(STRICT, guard=Guard(lookup=INSIDE)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: (private|malformed) address$"):
            await crawl.fetch(f"http://{host}:{door.port}/")
    assert door.visits == 0


@pytest.mark.parametrize("answer", [["151.101.1.1", "127.0.0.1"], ["127.0.0.1", "151.101.1.1"], ["::1"]])
async def test_row_4_one_private_answer_among_public_ones_refuses_the_name(door: Door, answer: list[str]) -> None:
    async with crawling(STRICT, guard=Guard(lookup=Names(mixed_example=answer))) as crawl:
        with pytest.raises(AddressRefused, match="private address"):
            await crawl.fetch(f"http://mixed.example:{door.port}/")
    assert door.visits == 0


async def test_row_4_a_name_is_asked_once_and_what_was_checked_is_connected_to(outlet: Outlet, door: Door) -> None:
    host, _, port = outlet.site.origin.removeprefix("http://").rpartition(":")
    names = Names(rebinding_example=[host])
    async with crawling(STRICT, guard=Frontier(host, names=names)) as crawl:
        path = outlet.feed_url.removeprefix(outlet.site.origin)
        page = await crawl.fetch(f"http://rebinding.example:{port}{path}")
        names.moves("rebinding.example", "127.0.0.1")
        again = await crawl.fetch(f"http://rebinding.example:{port}{path}")
    assert (page.status, again.status) == (200, 200)
    assert names.asked == ["rebinding.example"]
    assert door.visits == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://user:pw@evil@127.0.0.1:{port}/",
        "http://good.example\\@127.0.0.1:{port}",
        "http://user:pw@inside.example:{port}/",
        "http://127.0.0.1:{port}@good.example/",
    ],
)
async def test_row_5_an_address_that_parsers_read_differently_goes_nowhere(door: Door, url: str) -> None:
    names = Names(good_example=["151.101.1.1"], inside_example=["127.0.0.1"])
    collect = Collect(allow_private_networks=False)
    async with crawling(collect, guard=Guard(lookup=names), timeout=0.5) as crawl:
        with pytest.raises(FetchError):
            await crawl.fetch(url.format(port=door.port))
    assert door.visits == 0


async def test_row_5_what_stands_behind_a_hash_is_no_host(outlet: Outlet, door: Door) -> None:
    host, _, port = outlet.site.origin.removeprefix("http://").rpartition(":")
    async with crawling(STRICT, guard=Frontier(host, names=Names(good_example=[host]))) as crawl:
        page = await crawl.fetch(f"http://good.example:{port}/rss.xml#@127.0.0.1:{door.port}")
    assert b"A headline" in page.body
    assert door.visits == 0


SCHEMES = ("file:///etc/passwd", "ftp://127.0.0.1:{port}/a", "gopher://127.0.0.1:{port}/", "data:text/html,x", "s3://b/k",
           "jar:http://127.0.0.1:{port}!/a", "javascript:alert(1)", "ws://127.0.0.1:{port}/")  # fmt: skip


@pytest.mark.parametrize("url", SCHEMES)
async def test_row_6_another_scheme_is_refused_before_any_look_up(door: Door, url: str) -> None:
    names = Names()
    async with crawling(guard=Guard(lookup=names, allow_private=True)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: not http or https$"):
            await crawl.fetch(url.format(port=door.port))
    assert names.asked == []
    assert door.visits == 0


@pytest.mark.parametrize("how", ["redirect", "refresh"])
@pytest.mark.parametrize("url", SCHEMES)
async def test_row_6_nor_is_it_followed(outlet: Outlet, door: Door, url: str, how: str) -> None:
    target = url.format(port=door.port)
    if how == "redirect":
        outlet.redirects_to(target)
    else:
        outlet.sends(f'<meta http-equiv=refresh content="0; url={target}">'.encode())
    async with crawling() as crawl:
        try:
            page = await crawl.fetch(outlet.feed_url)
        except FetchError as error:
            assert error.reason == "redirected to a malformed address"
        else:
            assert page.url == outlet.feed_url
    assert door.visits == 0
