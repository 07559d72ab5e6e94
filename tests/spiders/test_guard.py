"""The guard: what may be connected to, proved by counting connections."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from core.addresses import address_is_public, host_of
from core.errors import AddressRefused, FetchError
from spiders.guard import Guard
from tests.spiders.conftest import STRICT, crawling
from tests.spiders.names import Names

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
