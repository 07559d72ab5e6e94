"""robots.txt: asked once per host and crawl, obeyed by every request, its Crawl-delay kept. Decides nothing else."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from core.proxies import Proxy
from spiders.handler import BUDGET, PROXY, Budget

LONGEST_DELAY = 60.0  # seconds between two requests that a site can ask for
LONGEST = 512 * 1024  # bytes that are read (RFC 9309 § 2.5): ten megabytes of rules would hold up everything else

Door = tuple[str, Proxy | None]  # a host and port, and by which way


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, with one question per host for all that wait.

    Scrapy's own lets every second of several first requests to a host pass unasked (each waiter of its Deferred
    empties it for the next), and hangs the host for the crawl's life when the one who asks is cancelled.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._answers: dict[Door, asyncio.Task[RobotParser | None]] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host; None where it has none that can be had. The request pays for waiting."""
        parts = urlsplit(request.url)
        door: Door = (parts.netloc, request.meta[PROXY])
        if door not in self._answers:
            robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
            task = asyncio.create_task(self._ask(robots, parts.hostname or "", door[1]))
            self.crawler.spider.asking.add(task)  # type: ignore[union-attr]  # an Idle: stopping ends these too
            task.add_done_callback(self.crawler.spider.asking.discard)  # type: ignore[union-attr]
            self._answers[door] = task
        budget: Budget = request.meta[BUDGET]
        with budget.spending() as seconds:
            try:
                async with asyncio.timeout(seconds):
                    return await asyncio.shield(self._answers[door])
            except TimeoutError:
                raise DownloadTimeoutError("waiting for robots.txt") from None

    async def _ask(self, robots: str, host: str, proxy: Proxy | None) -> RobotParser | None:
        seconds = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT") / 2  # so that who waits has time left
        meta = {"dont_obey_robotstxt": True, BUDGET: Budget(seconds), PROXY: proxy}
        asked = Request(robots, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(asked)
        except Exception:
            return None  # a site that is down says so on the request itself
        if response.status != 200:
            return None
        rules: Any = ProtegoRobotParser(response.body[:LONGEST], None)
        self._keep_distance(host, rules.rp)
        return rules  # type: ignore[no-any-return]

    def _keep_distance(self, host: str, rules: Protego) -> None:
        asked = rules.crawl_delay(self._default_useragent) or 0.0
        downloader = self.crawler.engine.downloader
        delay = min(LONGEST_DELAY, max(asked, self.crawler.settings.getfloat("DOWNLOAD_DELAY")))
        downloader.per_slot_settings[host] = {"delay": delay}  # for when the host's slot is made anew
        if slot := downloader.slots.get(host):
            slot.delay = delay
