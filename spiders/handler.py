"""The one door to the network: every request of the crawl, whoever made it, is checked and bounded here.

Built on Scrapy's own handler. What of it is private is named here only, and the version of Scrapy is pinned.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, ResponseFailed
from twisted.web.http import _DataLoss, _IdentityTransferDecoder

from core.errors import FetchError
from core.proxies import Proxy
from spiders.guard import Guard
from spiders.proxying import ProxyAgent

MAX_HEAD = 256 * 1024  # bytes of status line and headers, for which neither Scrapy nor Twisted has a limit
CONNECT_SECONDS = 10.0

BUDGET = "rasad_budget"  # in a request's meta, and so in that of its redirects
PROXY = "rasad_proxy"  # likewise: the Proxy to go by, or None


class Budget:
    """The seconds on the network that one document may take, over all its hops and their robots.txt. Waiting for a
    host's turn is free."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    @contextmanager
    def spending(self) -> Iterator[float]:
        """What is done in the block counts; it is told how long it may take. Raises DownloadTimeoutError at the end."""
        if self.left <= 0:
            raise DownloadTimeoutError("nothing left")
        begun = time.monotonic()
        try:
            yield self.left
        finally:
            self.left -= time.monotonic() - begun


class _StrictParser(_LenientHTTPClientParser):
    """A body that only the end of the connection ends is complete where that end was in order (RFC 9112 § 8)."""

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802 (Twisted's name)
        unframed = isinstance(self.bodyDecoder, _IdentityTransferDecoder) and self.bodyDecoder.contentLength is None
        if unframed and reason is not None and not reason.check(ConnectionDone):
            self.bodyDecoder = None
            lost: Any = ResponseFailed([reason, Failure(_DataLoss())], self.response)  # type: ignore[no-untyped-call]
            self.response._bodyDataFinished(Failure(lost))  # type: ignore[no-untyped-call]
            return
        super().connectionLost(reason)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Drops the connection of a server whose headers do not end."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _StrictParser  # as Scrapy puts its own in the place of Twisted's
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                transport: Any = self.transport
                self._disconnectParser(Failure(FetchError(_LONG_HEAD)))  # type: ignore[no-untyped-call]
                transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


_LONG_HEAD = f"headers longer than {MAX_HEAD // 1024} KiB"


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802 (Twisted's name)
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Agent(_ScrapyAgent):
    """Scrapy's, which goes by our proxy where there is one, and by no other."""

    def __init__(self, guard: Guard, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._guard = guard

    def _get_agent(self, request: Request, timeout: float) -> Any:
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs one)

        proxy: Proxy | None = request.meta.get(PROXY)
        if proxy is None:
            return super()._get_agent(request, timeout)
        return ProxyAgent(reactor, self._contextFactory, self._pool, CONNECT_SECONDS, proxy, self._guard)


class GuardedHandler(HTTP11DownloadHandler):
    """The crawl's spider carries the guard. Closing drops what is still in flight, where Scrapy's own would wait."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
        self._guard: Guard = crawler.spider.guard  # type: ignore[union-attr]  # set before handlers are made
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._at_once = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  # by host
        self._closing = False

    async def download_request(self, request: Request) -> Response:
        """Raises AddressRefused or FetchError before anything is sent, else as Scrapy's handler does."""
        return await self._drop_on_close(request)

    async def _in_turn(self, request: Request) -> Response:
        """Scrapy counts what a host is asked at once only once it is asked: without a delay it starts all that wait."""
        slot: str = request.meta["download_slot"]
        turn = self._turns.setdefault(slot, asyncio.Semaphore(self._at_once))
        async with turn:
            return await self._ask(request)

    async def _ask(self, request: Request) -> Response:
        request.meta.pop("proxy", None)
        proxy, budget = request.meta.get(PROXY), request.meta[BUDGET]
        with budget.spending() as seconds:
            try:
                async with asyncio.timeout(seconds):
                    await self._guard.admit(request.url, proxy)
            except TimeoutError:
                raise DownloadTimeoutError("looking up the name") from None
        with budget.spending() as seconds:
            request.meta["download_timeout"] = seconds
            response = await self._download(request)
        if proxy is not None and response.status == 407:
            raise FetchError("the proxy wants another user or password")
        return response

    async def _drop_on_close(self, request: Request) -> Response:
        task = asyncio.current_task()
        assert task is not None
        self._in_flight.add(task)
        try:
            return await self._in_turn(request)
        except asyncio.CancelledError:
            if not self._closing:
                raise
            raise DownloadCancelledError("stopped") from None
        finally:
            self._in_flight.discard(task)

    async def _download(self, request: Request) -> Response:
        """What HTTP11DownloadHandler.download_request does, with our agent."""
        agent = _Agent(
            self._guard,
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=0,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            return await agent.download_request(request).asFuture(asyncio.get_running_loop())

    async def close(self) -> None:
        self._closing = True
        for task in tuple(self._in_flight):
            task.cancel()
        await super().close()
