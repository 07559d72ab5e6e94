"""The guard: what may be connected to, proved by counting connections."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from core.errors import AddressRefused, FetchError
from demo.newsroom import Newsroom
from spiders.guard import Guard, address_is_public, host_of, read_proxy
from tests.spiders.conftest import Collect, crawling

STRICT = Collect(allow_private_networks=False)


class Door:
    """A listener on loopback that counts who comes in, and answers nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.visits += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


class Names:
    """A name server with the answers of the test; `asked` are the names in the order of asking."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {name.replace("_", "."): [*addresses] for name, addresses in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        try:
            return self._answers[host]
        except KeyError:
            raise socket.gaierror(socket.EAI_NONAME, "unknown") from None

    def moves(self, host: str, *addresses: str) -> None:
        self._answers[host] = [*addresses]


class Frontier(Guard):
    """A guard for which some loopback addresses count as public, so that a first hop can be reached at all."""

    def __init__(self, *public: str, names: Names) -> None:
        super().__init__(lookup=names)
        self._public = public

    def allows(self, host: str, address: str) -> bool:
        return address in self._public or super().allows(host, address)


# --- addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.1.1", "2001:4860:4860::8888", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_addresses(address: str) -> None:
    assert address_is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("168.63.129.16", "192.88.99.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "5f00::1"),
        *("2001:db8::1", "3fff::1", "100::1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::1", "2606:4700::1111%eth0"),
        *("2001:0:808:808:0:ffff:80ff:fffe", "not an address", ""),
    ],
)
def test_addresses_that_are_never_connected_to(address: str) -> None:
    assert not address_is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.1/",
            "http://0/",
            "http://0x7f000001/",
        ),
        *("http://127.0.0.1.5/", "http://user:pw@evil@10.0.0.1/", "http://a@b/", "http://good.example\\@10.0.0.1/"),
        *("http://[::1/", "http:///a", "http://good.example /", "http://good.example:99999/"),
    ],
)
def test_malformed_addresses_are_refused_before_any_look_up(url: str) -> None:
    with pytest.raises(AddressRefused, match="malformed"):
        host_of(url)


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "data", "s3", "jar", "javascript", "ws"])
def test_only_http_and_https(scheme: str) -> None:
    with pytest.raises(AddressRefused, match="not http or https"):
        host_of(f"{scheme}://news.example/")


# --- connections -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "ⓛocalhost", "①②⑦.⓪.⓪.①", "2130706433", "0x7f.1", "017700000001", "127.1", "0"),
        *(
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "inside.example",
        ),
    ],
)
async def test_no_way_of_writing_it_reaches_loopback(host: str, door: Door) -> None:
    names = Names(localhost=["127.0.0.1", "::1"], inside_example=["127.0.0.1"])
    async with crawling(STRICT, guard=Guard(lookup=names)) as crawl:
        with pytest.raises(AddressRefused, match=r"^refused: (private|malformed) address$"):
            await crawl.fetch(f"http://{host}:{door.port}/")
    assert door.visits == 0


async def test_every_hop_is_checked(newsroom: Newsroom, door: Door) -> None:
    outlet = newsroom.outlet("first-hop")
    host = outlet.site.origin.removeprefix("http://").rpartition(":")[0]
    outlet.redirects_to(f"http://inside.example:{door.port}/")
    names = Names(inside_example=["127.0.0.1"])
    async with crawling(STRICT, guard=Frontier(host, names=names)) as crawl:
        with pytest.raises(AddressRefused, match="private address"):
            await crawl.fetch(outlet.feed_url)
    assert newsroom.polls(outlet)
    assert door.visits == 0


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/"])
async def test_a_redirect_to_another_scheme_is_not_followed(newsroom: Newsroom, target: str) -> None:
    outlet = newsroom.outlet("first-hop")
    outlet.redirects_to(target)
    async with crawling() as crawl:
        page = await crawl.fetch(outlet.feed_url)
    assert page.status == 302


@pytest.mark.parametrize("target", ["javascript:alert(1)", "http://[::1/", "http://a@b@c/", "jar:x"])
async def test_a_redirect_to_no_address_is_a_failure(newsroom: Newsroom, target: str) -> None:
    outlet = newsroom.outlet("first-hop")
    outlet.redirects_to(target)
    async with crawling() as crawl:
        with pytest.raises(FetchError, match="malformed address"):
            await crawl.fetch(outlet.feed_url)


@pytest.mark.parametrize("answer", [["151.101.1.1", "127.0.0.1"], ["127.0.0.1", "151.101.1.1"], ["::1"]])
async def test_one_private_answer_among_public_ones_refuses_the_name(door: Door, answer: list[str]) -> None:
    async with crawling(STRICT, guard=Guard(lookup=Names(mixed_example=answer))) as crawl:
        with pytest.raises(AddressRefused, match="private address"):
            await crawl.fetch(f"http://mixed.example:{door.port}/")
    assert door.visits == 0


async def test_a_name_is_asked_once_and_what_was_checked_is_connected_to(newsroom: Newsroom, door: Door) -> None:
    outlet = newsroom.outlet("rebinding")
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


async def test_the_reactor_itself_gets_no_unchecked_address() -> None:
    from twisted.internet import reactor
    from twisted.internet.endpoints import HostnameEndpoint
    from twisted.internet.error import DNSLookupError
    from twisted.internet.protocol import Factory, Protocol

    async with crawling(STRICT, guard=Guard(lookup=Names(inside_example=["10.0.0.1"]))):
        for host in ("inside.example", "127.0.0.1", "::1"):
            factory: Any = Factory.forProtocol(Protocol)
            connecting = HostnameEndpoint(reactor, host, 80).connect(factory)
            with pytest.raises(DNSLookupError):
                await connecting.asFuture(asyncio.get_running_loop())


async def test_an_unknown_name_and_a_dead_line_are_told_apart() -> None:
    def no_line(_host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")

    with pytest.raises(FetchError, match=r"^name not found$"):
        await Guard(lookup=Names()).resolve("nowhere.example")
    with pytest.raises(FetchError, match=r"^no network$"):
        await Guard(lookup=no_line).resolve("news.example")


# --- proxies -----------------------------------------------------------------------------------------------------


async def test_a_proxy_of_the_environment_is_ignored(
    newsroom: Newsroom, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{door.port}")
    outlet = newsroom.outlet("direct")
    async with crawling() as crawl:
        assert (await crawl.fetch(outlet.feed_url)).status == 200
    assert door.visits == 0


async def test_the_operators_proxy_is_used_and_may_be_private_but_targets_may_not(door: Door) -> None:
    names = Names(news_example=["151.101.1.1"], inside_example=["10.0.0.1"])
    guard = Guard(proxy=f"http://me:secret@127.0.0.1:{door.port}", lookup=names)
    async with crawling(STRICT, guard=guard) as crawl:
        with pytest.raises(AddressRefused):
            await crawl.fetch("http://inside.example/")
        assert door.visits == 0
        with pytest.raises(FetchError, match="broke off"):
            await crawl.fetch("http://news.example/")
    assert door.visits > 0


def test_a_proxy_is_taken_apart_once() -> None:
    proxy = read_proxy("http://me:secret@proxy.example:3128")
    assert proxy is not None
    assert (proxy.url, proxy.host) == ("http://proxy.example:3128", "proxy.example")
    assert proxy.authorization == b"Basic bWU6c2VjcmV0"
    assert read_proxy("") is None
    with pytest.raises(FetchError, match="http or https, not socks5"):
        read_proxy("socks5://proxy.example:1080")
