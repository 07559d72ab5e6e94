"""Connections by way of the operator's proxy: forwarded, tunnelled or by SOCKS. Which sites are allowed is not its own.

Scrapy's agents know neither SOCKS nor a proxy that is itself reached by TLS; Twisted's connection pool, TLS and HTTP
are used as they are. Every fault of the proxy is a FetchError that begins with "the proxy".
"""

import asyncio
import base64
import re
import socket
from typing import Any

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio import Proxy as SocksProxy
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure
from twisted.web.client import URI, Agent
from zope.interface import implementer  # type: ignore[import-untyped]

from core.errors import FetchError
from core.proxies import Proxy
from spiders.guard import Guard

UNREACHED = "the proxy cannot be reached"
MAX_ANSWER = 16 * 1024  # bytes of a proxy's answer to CONNECT

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


class ProxyAgent(Agent):
    """Twisted's agent for requests by way of `proxy`; names that are looked up here are `guard`'s.

    A plain request is forwarded by an HTTP proxy; everything else goes through a tunnel, so that TLS ends at the site.
    """

    def __init__(self, reactor: Any, policy: Any, pool: Any, timeout: float, proxy: Proxy, guard: Guard):
        super().__init__(reactor, policy, timeout, None, pool)  # type: ignore[no-untyped-call]
        self._policy = policy
        self._timeout = timeout
        self._proxy = proxy
        self._guard = guard

    def request(self, method: bytes, uri: bytes, headers: Any = None, bodyProducer: Any = None) -> Any:  # noqa: N803
        """As Agent's own; the address on the request line is the whole one where it is forwarded."""
        parsed: URI = URI.fromBytes(uri)  # type: ignore[no-untyped-call]
        if parsed.scheme == b"https" or self._proxy.scheme not in ("http", "https"):
            return super().request(method, uri, headers, bodyProducer)
        if self._proxy.user:
            headers.setRawHeaders(b"Proxy-Authorization", [_basic(self._proxy)])
        return self._requestWithEndpoint(b"forward", self._door(), method, parsed, headers, bodyProducer, uri)

    def _requestWithEndpoint(self, key: Any, *args: Any) -> Any:  # noqa: N802 (Twisted's name)
        of_this_proxy: Any = (key, self._proxy)  # what is kept open is never used for another one
        return super()._requestWithEndpoint(of_this_proxy, *args)

    def _getEndpoint(self, uri: URI) -> Any:  # noqa: N802 (Twisted's name)
        host = uri.host.decode("ascii")
        way: Any = _Tunnel(self._door(), self._proxy, host, uri.port)
        if self._proxy.scheme not in ("http", "https"):
            way = _Socks(self._reactor, self._proxy, self._guard, host, uri.port)
        return wrapClientTLS(self._policy.creatorForNetloc(uri.host, uri.port), way) if uri.scheme == b"https" else way

    def _door(self) -> Any:
        """The proxy itself. The guard gives its address to the reactor."""
        proxy = self._proxy
        plain: Any = HostnameEndpoint(self._reactor, proxy.host, proxy.port, timeout=self._timeout)
        if proxy.scheme == "https":
            plain = wrapClientTLS(self._policy.creatorForNetloc(proxy.host.encode("ascii"), proxy.port), plain)
        return _Door(plain)


def _basic(proxy: Proxy) -> bytes:
    return b"Basic " + base64.b64encode(f"{proxy.user}:{proxy.password}".encode())


@implementer(IStreamClientEndpoint)
class _Door:
    """The endpoint of a proxy, whose faults say so."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint

    def connect(self, factory: Any) -> Any:
        connecting: Deferred[Any] = self._endpoint.connect(factory)
        return connecting.addErrback(_unreached)


def _unreached(_reason: Failure) -> Any:
    raise FetchError(UNREACHED)


@implementer(IStreamClientEndpoint)
class _Tunnel:
    """A connection to a site that an HTTP proxy opens when it is asked to CONNECT (RFC 9110 § 9.3.6)."""

    def __init__(self, door: _Door, proxy: Proxy, host: str, port: int) -> None:
        self._door = door
        site = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}").encode()
        user = b"Proxy-Authorization: " + _basic(proxy) + b"\r\n" if proxy.user else b""
        self._question = b"CONNECT " + site + b" HTTP/1.1\r\nHost: " + site + b"\r\n" + user + b"\r\n"

    def connect(self, factory: Any) -> Any:
        asking = _Asking(self._question, factory)
        reached = self._door.connect(_Ready(asking))
        return reached.addCallback(lambda _asking: asking.opened)


class _Ready(Factory):
    """Gives the one protocol that there is already."""

    noisy = False

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol

    def buildProtocol(self, _addr: Any) -> Protocol:  # noqa: N802 (Twisted's name)
        return self._protocol


class _Asking(Protocol):
    """Asks for the tunnel, and is then nothing but a wire between the transport and the site's own protocol."""

    def __init__(self, question: bytes, factory: Any) -> None:
        self.opened: Deferred[Any] = Deferred(lambda _: self._abort())
        self._question = question
        self._factory = factory
        self._answer = b""
        self._inner: Any = None

    def connectionMade(self) -> None:  # noqa: N802 (Twisted's name)
        transport: Any = self.transport
        transport.write(self._question)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._inner is not None:
            self._inner.dataReceived(data)
            return
        self._answer += data
        head, end, rest = self._answer.partition(b"\r\n\r\n")
        if not end and len(self._answer) <= MAX_ANSWER:
            return
        status = _STATUS.match(head) if end else None
        if status and status[1] == b"200":
            self._open(rest)
        elif not self.opened.called:
            self.opened.errback(FetchError(_refusal(int(status[1]) if status else 0)))
            self._abort()

    def _open(self, rest: bytes) -> None:
        transport: Any = self.transport
        self._inner = self._factory.buildProtocol(transport.getPeer())
        self._inner.makeConnection(transport)
        self.opened.callback(self._inner)
        if rest:
            self._inner.dataReceived(rest)

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802 (Twisted's name)
        if self._inner is not None:
            self._inner.connectionLost(reason)
        elif not self.opened.called:
            self.opened.errback(FetchError("the proxy broke off"))

    def _abort(self) -> None:
        transport: Any = self.transport
        transport.abortConnection()


def _refusal(status: int) -> str:
    """Why a proxy opened no way, by its answer; 0 for an answer that is none."""
    if status == 407:
        return "the proxy wants another user or password"
    return f"the proxy opened no way: it answered {status}" if status else "the proxy answered no valid HTTP"


@implementer(IStreamClientEndpoint)
class _Socks:
    """A connection to a site that a SOCKS5 proxy opens (RFC 1928)."""

    def __init__(self, reactor: Any, proxy: Proxy, guard: Guard, host: str, port: int) -> None:
        self._reactor = reactor
        self._proxy = proxy
        self._guard = guard
        self._host, self._port = host, port

    def connect(self, factory: Any) -> Any:
        return Deferred.fromFuture(asyncio.ensure_future(self._connect(factory)))

    async def _connect(self, factory: Any) -> Any:
        host = self._host if self._proxy.asks_names else (await self._guard.resolve(self._host))[0]
        opened = await self._opened(host)
        with opened:  # the reactor works with a copy of it
            transport = self._reactor.adoptStreamConnection(opened.fileno(), opened.family, factory)
        return transport.protocol

    async def _opened(self, host: str) -> socket.socket:
        proxy = self._proxy
        for address in await self._guard.resolve_proxy(proxy):
            socks = SocksProxy(
                ProxyType.SOCKS5, address, proxy.port, proxy.user or None, proxy.password or None, rdns=True
            )
            try:
                return await socks.connect(host, self._port)
            except ProxyConnectionError:
                continue  # a name such as localhost has two addresses, and the proxy listens at one
            except (ProxyError, ProxyTimeoutError, ConnectionError) as error:
                raise FetchError(f"the proxy opened no way: {error or type(error).__name__}") from None
        raise FetchError(UNREACHED)
