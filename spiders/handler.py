"""The one door to the network: every request of the crawl, whoever made it, is checked and bounded here.

Built on Scrapy's own handler. What of it is private is named here only, and the version of Scrapy is pinned.
"""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from twisted.web._newclient import HEADER, STATUS

from spiders.guard import Guard, host_of

MAX_HEAD = 256 * 1024  # bytes of status line and headers, for which neither Scrapy nor Twisted has a limit


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Drops the connection of a server whose headers do not end."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                transport: Any = self.transport
                transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802 (Twisted's name)
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class GuardedHandler(HTTP11DownloadHandler):
    """The crawl's spider carries the guard. Closing drops what is still in flight, where Scrapy's own would wait."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
        self._guard: Guard = crawler.spider.guard  # type: ignore[union-attr]  # set before handlers are made
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def download_request(self, request: Request) -> Response:
        """Raises AddressRefused or FetchError before anything is sent, else as Scrapy's handler does."""
        await self._guard.resolve(host_of(request.url))
        request.meta.pop("proxy", None)
        if proxy := self._guard.proxy:
            request.meta["proxy"] = proxy.url
            if proxy.authorization:
                request.headers["Proxy-Authorization"] = proxy.authorization
        return await self._drop_on_close(request)

    async def _drop_on_close(self, request: Request) -> Response:
        task = asyncio.current_task()
        assert task is not None
        self._in_flight.add(task)
        try:
            return await super().download_request(request)
        except asyncio.CancelledError:
            if not self._closing:
                raise
            raise DownloadCancelledError("stopped") from None
        finally:
            self._in_flight.discard(task)

    async def close(self) -> None:
        self._closing = True
        for task in tuple(self._in_flight):
            task.cancel()
        await super().close()
