"""Scrapy's engine inside our running loop: its settings, start, stop, and one `fetch`. It knows no sources."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet import asyncioreactor

from core.addresses import host_of
from core.errors import FetchError
from core.model import Page
from core.proxies import Users
from spiders.failures import MAX_BODY, MAX_REDIRECTS, TOO_OFTEN, fetch_error
from spiders.guard import Guard
from spiders.handler import BUDGET, PROXY, Budget, GuardedHandler
from spiders.packing import Unpacking
from spiders.refresh import refreshed_to
from spiders.robots import Robots

TIMEOUT = 30.0  # seconds on the network for one document, all hops together
STOP_SECONDS = 5.0

_OFF = (
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware",
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    "scrapy.downloadermiddlewares.stats.DownloaderStats",
)
_SPIDER_OFF = (
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
)


class CollectSettings(Protocol):
    """What the crawl needs of the [collect] section."""

    @property
    def host_delay(self) -> timedelta: ...
    @property
    def user_agent(self) -> str: ...
    @property
    def allow_private_networks(self) -> bool: ...
    @property
    def proxy(self) -> str: ...
    def proxy_users(self) -> Users: ...


def crawl_settings(collect: CollectSettings, *, timeout: float = TIMEOUT) -> dict[str, Any]:
    """Scrapy's settings: what is dangerous, impolite or unbounded by default is overridden here, and only here."""
    return {
        "USER_AGENT": collect.user_agent.replace("{version}", _version()),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.8",
            "Accept-Language": "en, ar, fa",
        },
        # never: other schemes, posted code, a console, somebody's cookies or proxy
        "DOWNLOAD_HANDLERS": {
            "http": GuardedHandler,
            "https": GuardedHandler,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "REFERER_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # bounds
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": timeout,
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "CONCURRENT_REQUESTS": 0,  # the desk bounds its visits, and each visit its requests
        # politeness: the pace retries, not the downloader
        "ROBOTSTXT_OBEY": True,
        "RETRY_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "DOWNLOAD_DELAY": collect.host_delay.total_seconds(),
        "DOWNLOAD_DELAY_JITTER": 0.0,  # host_delay is a promise, not a mean
        # every answer is an answer; nothing is filtered or counted behind our back
        "HTTPERROR_ALLOW_ALL": True,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOADER_MIDDLEWARES": {**dict.fromkeys(_OFF), Robots: 100, Unpacking: 590},
        "SPIDER_MIDDLEWARES": dict.fromkeys(_SPIDER_OFF),
        "EXTENSIONS": dict.fromkeys(_extensions()),
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
    }


def _version() -> str:
    try:
        return version("rasad")
    except PackageNotFoundError:
        return "0"


def _extensions() -> Iterator[str]:
    """All of Scrapy's: each is for a crawl that ends, or for a door that stays shut."""
    from scrapy.settings.default_settings import EXTENSIONS_BASE  # noqa: PLC0415 (its module warns on attributes)

    yield from EXTENSIONS_BASE


class _Idle(Spider):
    """Keeps the engine open. Requests come through `Crawl.fetch`; it asks for none itself."""

    name = "rasad"

    def __init__(self, guard: Guard, opened: asyncio.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.guard = guard
        self._opened = opened
        self.asking: set[asyncio.Task[Any]] = set()  # robots.txt on their way

    async def start(self) -> AsyncIterator[Any]:
        self._opened.set()
        await asyncio.Event().wait()
        yield None


class Crawl:
    """The crawl of one process. All methods are called from the loop that `start` ran in.

    One loop for the life of the process: a reactor can be installed once.
    """

    def __init__(self, collect: CollectSettings, *, guard: Guard | None = None, timeout: float = TIMEOUT) -> None:
        self._collect = collect
        self._timeout = timeout
        self._guard = guard or Guard(allow_private=collect.allow_private_networks)
        self._users = Users()
        self._crawler: Crawler | None = None
        self._run: asyncio.Task[None] | None = None
        self._fetches: set[asyncio.Task[Response]] = set()
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Opens the crawl; `fetch` works when it returns."""
        install_reactor(self._guard)
        self._crawler, self._run = await self._open()

    async def _open(self) -> tuple[Crawler, "asyncio.Task[None]"]:
        quiet_logs()
        self._users = self._collect.proxy_users()
        settings = crawl_settings(self._collect, timeout=self._timeout)
        runner = AsyncCrawlerRunner(settings)
        crawler = runner.create_crawler(_Idle)
        opened = asyncio.Event()
        run = runner.crawl(crawler, guard=self._guard, opened=opened)
        opening = asyncio.ensure_future(opened.wait())
        await asyncio.wait((run, opening), return_when=asyncio.FIRST_COMPLETED)
        opening.cancel()
        if run.done():
            run.result()  # raises what kept it from opening
        return crawler, run

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, proxy: str | None = None
    ) -> Page:
        """What is at `url` now, any status, after at most 5 redirects, a page that is only a refresh counting as one.

        `proxy`: the address of the one to go by, "" for none, None for the one for all. Raises FetchError with a plain
        reason when nothing complete arrived.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        way = self._users.at(self._collect.proxy if proxy is None else proxy)
        meta: dict[str, Any] = {BUDGET: Budget(self._timeout), PROXY: way}
        response = await self._ask(url, {name: value for name, value in validators.items() if value}, meta)
        if (target := refreshed_to(response)) is not None:
            hops = len(response.meta.get("redirect_urls", ()))
            if hops >= MAX_REDIRECTS:
                raise FetchError(TOO_OFTEN)
            meta |= {"redirect_times": hops + 1, "redirect_ttl": MAX_REDIRECTS - hops - 1}
            response = await self._ask(target, {}, meta)
        return _page(url, response)

    async def _ask(self, url: str, headers: dict[str, str], meta: dict[str, Any]) -> Response:
        if self._crawler is None:
            raise FetchError("stopped")
        host_of(url)
        try:
            request = Request(url, headers=headers, meta=meta, callback=NO_CALLBACK)
        except ValueError:
            raise FetchError("refused: malformed address", permanent=True) from None
        task = asyncio.get_running_loop().create_task(self._crawler.engine.download_async(request))
        self._fetches.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._crawler is not None:
                raise
            raise FetchError("stopped") from None
        except Exception as error:
            raise fetch_error(error, self._timeout) from None
        finally:
            self._fetches.discard(task)

    async def stop(self) -> None:
        """Ends within seconds. What is in flight is dropped: its `fetch` raises FetchError("stopped")."""
        crawler, run = self._crawler, self._run
        self._crawler = self._run = None
        if crawler is None or run is None:
            return
        for task in (*self._fetches, *crawler.spider.asking):  # type: ignore[union-attr]  # an _Idle
            task.cancel()
        await self._close(crawler, run)

    async def recycle(self, collect: CollectSettings | None = None) -> None:
        """A new crawl takes over (robots.txt is kept for a crawl's life), by `collect` where it is given; the old one
        ends what it has begun. Raises InputError for a proxy file that is wrong, and all goes on as before."""
        async with self._changing:
            old, run, former = self._crawler, self._run, self._collect
            if old is None or run is None:
                return
            self._collect = collect or former
            try:
                self._crawler, self._run = await self._open()
            except BaseException:
                self._collect = former
                raise
            self._guard.allow_private = self._collect.allow_private_networks
            await old.stop_async()
            await run

    @staticmethod
    async def _close(crawler: Crawler, run: "asyncio.Task[None]") -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await crawler.stop_async()
                await run
        except TimeoutError:
            run.cancel()


def install_reactor(guard: Guard) -> None:
    """Twisted's reactor on the running loop, started but never run or stopped: the loop is ours.

    The guard answers for names from now on. No signal handlers, and no thread pool is ever used.
    """
    loop = asyncio.get_running_loop()
    if "twisted.internet.reactor" not in sys.modules:
        asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    from twisted.internet import reactor  # noqa: PLC0415 (importing it installs one)

    if getattr(reactor, "_asyncioEventloop", None) is not loop:
        raise RuntimeError("the reactor of this process belongs to another loop")
    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    reactor.installNameResolver(guard)


def quiet_logs() -> None:
    """What Scrapy and Twisted say of a failing site is the visit's Outcome; only their own faults are logged."""
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _page(requested: str, response: Response) -> Page:
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Page(
        url=response.url,
        requested=requested,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched=datetime.now(UTC),
        moved=_moved_for_good(response),
    )


def _moved_for_good(response: Response) -> bool:
    """Whether every hop on the way was a permanent redirect (a page that is only a refresh is none)."""
    hops = response.meta.get("redirect_reasons", ())
    return bool(hops) and len(hops) == response.meta.get("redirect_times") and set(hops) <= {301, 308}
