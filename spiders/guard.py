"""Where Rasad may connect: every address is checked at the moment of connecting, on every hop. It never fetches itself.

The check sits at two places that a request cannot go around. The reactor's name resolver answers only with
addresses that were checked (names and literals alike), so what is connected to is what was looked at, and a name
that changes its answer in between gains nothing. The download handler (handler.py) asks here for every request of the
crawl, redirects and robots.txt included, and gives the reason in plain words before anything is sent.
"""

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from core.addresses import address_is_public, host_of, is_ours
from core.errors import AddressRefused, FetchError
from core.proxies import Proxy

Lookup = Callable[[str], Sequence[str]]

LOOKUP_SECONDS = 10.0
LOOKUPS_AT_ONCE = 16
NAMES_REMEMBERED = 10_000
REMEMBER_SECONDS = 60.0  # short: a name that moves must not keep its old address for long


def system_lookup(host: str) -> Sequence[str]:
    """Every address of a name, by the system's resolver; blocks. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str, task: "asyncio.Task[None] | None" = None) -> None:
        self.name = name
        self._task = task

    def cancel(self) -> None:
        if self._task:
            self._task.cancel()


@implementer(IHostnameResolver)
class Guard:
    """Names to checked addresses, for the reactor and for the download handler alike.

    Names are looked up in daemon threads of its own: a name server that hangs must not hold up the end of the
    program, as the threads of an executor would. `allow_private` may be set at any time.
    """

    def __init__(self, *, allow_private: bool = False, lookup: Lookup = system_lookup) -> None:
        self.allow_private = allow_private
        self._lookup = lookup
        self._places = asyncio.Semaphore(LOOKUPS_AT_ONCE)
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._proxies: set[tuple[str, int]] = set()  # doors that may be private
        self._answers: set[asyncio.Task[None]] = set()

    async def admit(self, url: str, proxy: Proxy | None = None) -> None:
        """Returns if `url` may be asked for, by way of `proxy` where there is one. Raises as `resolve` does.

        A proxy that looks names up itself is told the name: what it finds there is not known here, and where sites are
        blocked by lying name servers, what would be found here is no reason to refuse them.
        """
        host = host_of(url)
        if proxy is None or not proxy.asks_names:
            await self.resolve(host)
        elif not self.allow_private and is_ours(host):
            raise AddressRefused("refused: private address")
        if proxy is not None:
            self._proxies.add((proxy.host, proxy.port))

    async def resolve(self, host: str) -> tuple[str, ...]:
        """All addresses of `host`, every one of them allowed.

        Raises AddressRefused if any is not public (an answer that mixes both is an attack, not a mistake), and
        FetchError "name not found" or "no network".
        """
        addresses = await self._addresses(host)
        if not all(self.allows(address) for address in addresses):
            raise AddressRefused("refused: private address")
        return addresses

    async def resolve_proxy(self, proxy: Proxy) -> tuple[str, ...]:
        """All addresses of the operator's own proxy, private or not. Raises FetchError."""
        try:
            return await self._addresses(proxy.host)
        except FetchError as error:
            raise FetchError(f"the proxy cannot be reached: {error.reason}") from None

    def allows(self, address: str) -> bool:
        """Whether a site may be at `address`."""
        return self.allow_private or address_is_public(address)

    async def _addresses(self, host: str) -> tuple[str, ...]:
        expires, addresses = self._known.get(host, (0.0, ()))
        if expires < time.monotonic():
            addresses = await self._look_up(host)
            if len(self._known) >= NAMES_REMEMBERED:
                self._known.clear()
            self._known[host] = (time.monotonic() + REMEMBER_SECONDS, addresses)
        return addresses

    async def _look_up(self, host: str) -> tuple[str, ...]:
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            pass
        try:
            async with self._places, asyncio.timeout(LOOKUP_SECONDS):
                addresses = tuple(await _in_thread(lambda: self._lookup(host)))
        except socket.gaierror as error:
            raise FetchError(_lookup_reason(error)) from None
        except (TimeoutError, UnicodeError, OSError):
            raise FetchError("no answer from the name server") from None
        if not addresses:
            raise FetchError("name not found")
        return addresses

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803 (an IResolutionReceiver)
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:  # an IHostResolution: zope's interfaces are no types to mypy
        """The reactor's way in: told nothing that `resolve` did not allow, an empty answer otherwise."""
        task = asyncio.get_running_loop().create_task(self._answer(resolutionReceiver, hostName, portNumber))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        resolution = _Resolution(hostName, task)
        resolutionReceiver.resolutionBegan(resolution)
        return resolution

    async def _answer(self, receiver: Any, host: str, port: int) -> None:
        is_proxy = (host, port) in self._proxies
        try:
            for address in await (self._addresses(host) if is_proxy else self.resolve(host)):
                kind = IPv6Address if ":" in address else IPv4Address
                receiver.addressResolved(kind("TCP", address, port))
        except FetchError:
            pass  # no address, no connection; the handler has told the reason
        receiver.resolutionComplete()


def _lookup_reason(error: socket.gaierror) -> str:
    absent = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
    return "name not found" if error.errno in absent else "no network"


def _in_thread(work: Callable[[], Sequence[str]]) -> "asyncio.Future[Sequence[str]]":
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(result: Sequence[str] | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result or ())

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as fault:
            error = fault
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="name lookup", daemon=True).start()
    return future
