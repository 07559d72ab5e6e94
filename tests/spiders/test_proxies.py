"""Collecting by way of a proxy: real HTTP and SOCKS5 proxies on loopback, and what they may and may not be asked."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.errors import AddressRefused, FetchError
from core.proxies import Users, read_proxy
from demo.newsroom import Newsroom
from demo.outlet import Outlet
from spiders.guard import Guard
from tests.spiders.certificates import own_certificate
from tests.spiders.conftest import Collect, crawling
from tests.spiders.loopback_proxy import LoopbackProxy
from tests.spiders.names import Door, Frontier, Names

HTTP = ("http", "socks5h")
EVERY = ("http", "socks5", "socks5h")
SECRET = "c4n4ry-p4ss"


def place(outlet: Outlet) -> tuple[str, int]:
    """Where an outlet really is."""
    host, _, port = outlet.site.origin.removeprefix("http://").rpartition(":")
    return host, int(port)


def named(outlet: Outlet, name: str = "news.example") -> str:
    """Its feed's address under a name that only the test knows."""
    host, port = place(outlet)
    return outlet.feed_url.replace(f"{host}:{port}", f"{name}:{port}")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One that this machine believes, for localhost, secure.example and the proxy."""
    file = own_certificate(tmp_path / "own.pem", "secure.example", "proxy.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    yield str(file)


@asynccontextmanager
async def secure_site(certificate: str) -> AsyncIterator[int]:
    """A site at https that says one thing; its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


# --- ways ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", HTTP)
async def test_a_proxy_is_told_the_name_and_nobody_else_is_asked_for_it(outlet: Outlet, scheme: str) -> None:
    host, port = place(outlet)
    names = Names()
    async with LoopbackProxy({"news.example": host}) as proxy:
        collect = Collect(proxy=proxy.url(scheme), allow_private_networks=False)
        async with crawling(collect, guard=Guard(lookup=names)) as crawl:
            page = await crawl.fetch(named(outlet))
    assert page.status == 200
    assert b"A headline" in page.body
    assert set(proxy.asked) == {("news.example", port)}
    assert names.asked == []


async def test_socks5_without_h_is_told_the_checked_address(outlet: Outlet) -> None:
    host, port = place(outlet)
    names = Names(news_example=[host], inside_example=["10.0.0.1"])
    async with (
        LoopbackProxy() as proxy,
        crawling(Collect(proxy=proxy.url("socks5")), guard=Frontier(host, names=names)) as crawl,
    ):
        assert (await crawl.fetch(named(outlet))).status == 200
        with pytest.raises(AddressRefused, match="private address"):
            await crawl.fetch(named(outlet, "inside.example"))
    assert set(proxy.asked) == {(host, port)}
    assert names.asked == ["news.example", "inside.example"]


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
async def test_a_secure_site_is_reached_through_a_tunnel_that_ends_there(certificate: str, scheme: str) -> None:
    names = Names(secure_example=["127.0.0.1"], proxy_example=["127.0.0.1"], wrong_example=["127.0.0.1"])
    cover = certificate if scheme == "https" else ""
    async with (
        secure_site(certificate) as port,
        LoopbackProxy(
            dict.fromkeys(("secure.example", "wrong.example"), "127.0.0.1"), certificate=cover, user="me:pw"
        ) as proxy,
    ):
        address = proxy.url(scheme, "proxy.example")
        collect = Collect(proxy=address, users=address.replace("//", "//me:pw@"))
        async with crawling(collect, guard=Guard(lookup=names, allow_private=True)) as crawl:
            page = await crawl.fetch(f"https://secure.example:{port}/")
            with pytest.raises(FetchError, match=r"^no secure connection$"):
                await crawl.fetch(f"https://wrong.example:{port}/")
    assert page.body == b"secret"
    assert ("127.0.0.1" if scheme == "socks5" else "secure.example", port) in proxy.asked


async def test_a_proxy_that_is_reached_by_tls_forwards_plain_requests(outlet: Outlet, certificate: str) -> None:
    host, port = place(outlet)
    async with (
        LoopbackProxy({"news.example": host}, certificate=certificate) as proxy,
        crawling(Collect(proxy=proxy.url("https", "localhost"))) as crawl,
    ):
        assert (await crawl.fetch(named(outlet))).status == 200
    assert ("news.example", port) in proxy.asked


async def test_each_source_has_its_own_way_and_connections_are_not_mixed(outlet: Outlet) -> None:
    host, port = place(outlet)
    async with (
        LoopbackProxy() as for_all,
        LoopbackProxy() as own,
        crawling(Collect(proxy=for_all.url("socks5h"))) as crawl,
    ):
        for way in (None, own.url("http"), own.url("socks5h"), "", None):
            assert (await crawl.fetch(outlet.feed_url, proxy=way)).status == 200
    assert set(for_all.asked) == set(own.asked) == {(host, port)}
    assert len(for_all.asked) <= 2  # one connection was kept: robots.txt and the feed
    assert own.visits >= 2


async def test_a_redirect_and_robots_txt_go_the_same_way(newsroom: Newsroom, outlet: Outlet) -> None:
    other = newsroom.outlet("other")
    other.publish("Another headline", "Another body of some words.")
    outlet.redirects_to(named(other, "other.example"))
    book = {"news.example": place(outlet)[0], "other.example": place(other)[0]}
    async with (
        LoopbackProxy(book) as proxy,
        crawling(Collect(proxy=proxy.url("http"), allow_private_networks=False)) as crawl,
    ):
        page = await crawl.fetch(named(outlet))
    assert b"Another headline" in page.body
    assert {host for host, _ in proxy.asked} == {"news.example", "other.example"}
    assert len(newsroom.requests_for(other, "/robots.txt")) == 1


async def test_a_proxy_of_the_environment_is_ignored(
    outlet: Outlet, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{door.port}")
    async with crawling() as crawl:
        assert (await crawl.fetch(outlet.feed_url)).status == 200
    assert door.visits == 0


# --- what a proxy is not asked for -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", EVERY)
@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "2130706433", "①②⑦.⓪.⓪.①"),
        *("localhost", "ⓛocalhost", "printer", "router.lan", "db.internal", "nas.local.", "a.localhost", "x.home.arpa"),
    ],
)
async def test_what_is_known_to_be_private_is_refused_by_every_way(door: Door, scheme: str, host: str) -> None:
    collect = Collect(proxy=f"{scheme}://127.0.0.1:{door.port}", allow_private_networks=False)
    private = ["10.0.0.1"]
    answers = Names(localhost=private, printer=private, router_lan=private, db_internal=private, a_localhost=private)
    answers.moves("nas.local.", *private)
    answers.moves("x.home.arpa", *private)
    async with crawling(collect, guard=Guard(lookup=answers)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: (private|malformed) address$"):
            await crawl.fetch(f"http://{host}/")
    assert door.visits == 0


@pytest.mark.parametrize("scheme", EVERY)
async def test_the_proxys_own_address_is_no_site(door: Door, scheme: str) -> None:
    """Neither by way of the proxy nor without it, though connections to the proxy are made."""
    proxy = f"{scheme}://proxy.example:{door.port}"
    names = Names(proxy_example=["127.0.0.1"], news_example=["151.101.1.1"])
    async with crawling(Collect(proxy=proxy, allow_private_networks=False), guard=Guard(lookup=names)) as crawl:
        with pytest.raises(FetchError, match=r"the proxy|broke off"):
            await crawl.fetch("http://news.example/")
        visits = door.visits
        assert visits > 0
        for url in (f"http://127.0.0.1:{door.port}/", "http://127.0.0.1:1/"):
            with pytest.raises(AddressRefused):
                await crawl.fetch(url)
        with pytest.raises(AddressRefused):
            await crawl.fetch(f"http://proxy.example:{door.port}/", proxy="")
    assert door.visits == visits


async def test_a_redirect_by_way_of_a_proxy_is_checked_as_well(outlet: Outlet, door: Door) -> None:
    outlet.redirects_to(f"http://127.0.0.1:{door.port}/")
    async with (
        LoopbackProxy({"news.example": place(outlet)[0]}) as proxy,
        crawling(Collect(proxy=proxy.url("socks5h"), allow_private_networks=False)) as crawl,
    ):
        with pytest.raises(AddressRefused):
            await crawl.fetch(named(outlet))
    assert door.visits == 0


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https", "socks5h"])
async def test_a_proxy_that_is_not_there_is_told_from_a_site_that_is_not(scheme: str) -> None:
    async with crawling(Collect(proxy=f"{scheme}://127.0.0.1:1", allow_private_networks=False)) as crawl:
        with pytest.raises(FetchError, match=r"^the proxy cannot be reached$"):
            await crawl.fetch("http://news.example/")
        with pytest.raises(FetchError, match=r"^the proxy cannot be reached$"):
            await crawl.fetch("https://news.example/")


@pytest.mark.parametrize("scheme", HTTP)
@pytest.mark.parametrize("site", ["http://news.example/", "https://news.example/"])
async def test_a_wrong_password_is_the_proxys_fault_and_is_never_told(scheme: str, site: str) -> None:
    async with LoopbackProxy(user="me:right") as proxy:
        collect = Collect(proxy=proxy.url(scheme), users=proxy.url(scheme).replace("//", f"//me:{SECRET}@"))
        async with crawling(collect) as crawl:
            with pytest.raises(FetchError, match=r"^the proxy ") as failed:
                await crawl.fetch(site)
    assert SECRET not in f"{failed.value!r} {failed.value.__cause__} {failed.value.__context__}"


async def test_a_site_that_the_proxy_cannot_reach_says_so() -> None:
    async with LoopbackProxy() as proxy, crawling(Collect(proxy=proxy.url("socks5h"))) as crawl:
        with pytest.raises(FetchError, match=r"^the proxy opened no way: Connection refused by destination host$"):
            await crawl.fetch("http://127.0.0.1:1/")


ANSWERS = {
    "it answered 503": b"HTTP/1.1 503 Busy\r\n\r\n",
    "no valid HTTP": b"220 mail.example ESMTP\r\n\r\n",
    "no valid HTTP ": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
    "broke off": b"HTTP/1.1 200",
}


@pytest.mark.parametrize("reason", ANSWERS)
async def test_a_proxy_that_talks_nonsense_is_left(reason: str) -> None:
    async with (
        LoopbackProxy(answers=ANSWERS[reason]) as proxy,
        crawling(Collect(proxy=proxy.url("http"), allow_private_networks=False)) as crawl,
    ):
        with pytest.raises(FetchError, match=f"^the proxy .*{reason.strip()}$"):
            await crawl.fetch("https://news.example/")


@pytest.mark.parametrize("scheme", EVERY)
async def test_a_proxy_that_says_nothing_costs_the_deadline(scheme: str) -> None:
    names = Names(news_example=["151.101.1.1"])
    with socket.create_server(("127.0.0.1", 0)) as silent:  # which never takes the connection up
        collect = Collect(proxy=f"{scheme}://127.0.0.1:{silent.getsockname()[1]}", allow_private_networks=False)
        async with crawling(collect, guard=Guard(lookup=names), timeout=0.6) as crawl:
            with pytest.raises(FetchError, match=r"^took longer than 0.6 s$"):
                await crawl.fetch("https://news.example/")


# --- as it is written ------------------------------------------------------------------------------------------------


def test_a_proxy_is_read_and_printed_without_its_password() -> None:
    proxy = read_proxy(f"socks5h://me:{SECRET}%40%2F@Proxy.example")
    assert proxy is not None
    assert (proxy.host, proxy.port, proxy.user, proxy.password) == ("proxy.example", 1080, "me", f"{SECRET}@/")
    assert str(proxy) == "socks5h://proxy.example:1080"
    assert SECRET not in f"{proxy!r}{proxy}"
    assert str(read_proxy("http://[2001:db8::1]:3128")) == "http://[2001:db8::1]:3128"
    assert read_proxy("") is None


@pytest.mark.parametrize(
    "written",
    [
        "proxy:3128",
        "ftp://proxy",
        "http://",
        "http://proxy:0",
        "http://proxy:99999",
        "http://me:a@b@proxy",
        "http://p/x",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ValueError, match=r"^must be SCHEME://HOST:PORT") as error:
        read_proxy(written)
    assert written not in str(error.value)


def test_the_file_of_users_is_asked_by_host_and_port() -> None:
    users = Users(f"# ours\nsocks5://me:{SECRET}@127.0.0.1:9050\n\nhttp://key@proxy.example:3128\n")
    tor, web, other = (users.at(url) for url in ("socks5h://127.0.0.1:9050", "http://proxy.example:3128", "http://x:1"))
    assert tor is not None and web is not None and other is not None
    assert (tor.scheme, tor.user, tor.password) == ("socks5h", "me", SECRET)
    assert (web.user, web.password, other.user) == ("key", "", "")
    with pytest.raises(ValueError, match=r"^line 2: must be") as error:
        Users(f"\nme:{SECRET}@host:80")
    assert SECRET not in str(error.value)
