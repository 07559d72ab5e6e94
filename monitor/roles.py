"""What a monitor can do, each for the length of a context. A role imports only what it needs, when it starts."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archive import sources, subscribers
from archive.database import Archive
from core.errors import InputError
from monitor.presence import is_alive, owner_name
from monitor.reload import Reload
from settings import Edition, Settings

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.delivery import Delivery
    from spiders.desk import Desk
    from spiders.engine import Crawl

EditionNow = Callable[[], Edition]

ROLES = ("collect", "deliver", "bot", "web")


def parse_roles(text: str | None) -> tuple[str, ...]:
    """`collect,deliver` → the roles to run; all of them when `text` is None. Raises InputError on others."""
    if text is None:
        return ROLES
    wanted = tuple(part.strip() for part in text.split(","))
    unknown = [part for part in wanted if part not in ROLES]
    if unknown:
        raise InputError(f"--only: no role is called {unknown[0]!r}; there are {', '.join(ROLES)}")
    return wanted


class Collecting(NamedTuple):
    """The desk that takes due sources, and the crawl that fetches for it."""

    desk: "Desk"
    crawl: "Crawl"


@asynccontextmanager
async def collecting(archive: Archive, reload: Reload, delivery: "Delivery | None") -> AsyncIterator[Collecting]:
    """Sources are visited as they are put before the desk, by the [collect] section as it is edited."""
    from spiders.desk import Desk  # noqa: PLC0415  # Scrapy loads only where it is used
    from spiders.engine import Crawl  # noqa: PLC0415
    from spiders.workers import Workers  # noqa: PLC0415

    await archive.write(partial(sources.release_dead, alive=is_alive))
    workers, edition = Workers(), reload.edition
    crawl = Crawl(edition().settings.collect)
    wake = delivery.wake if delivery is not None else _nobody
    desk = Desk(
        archive,
        edition,
        fetch=crawl.fetch,
        survey=workers.survey,
        recorded=lambda _draft: wake(),  # alerts of this process go at once, not at delivery's next look
        heard=lambda _outcome: wake(),
    )
    workers.start()
    await crawl.start()
    await desk.start()
    reload.followers.append(partial(_crawl_by, crawl))
    try:
        yield Collecting(desk, crawl)
    finally:
        await desk.stop()
        await crawl.stop()
        await asyncio.to_thread(workers.stop)
        await archive.write(partial(sources.release, owner=owner_name()))


async def _crawl_by(crawl: "Crawl", former: Edition, active: Edition) -> None:
    """How politely, by which way and as whom is asked changes with the next request."""
    if active.settings.collect != former.settings.collect:
        await crawl.recycle(active.settings.collect)


def _nobody() -> None:
    """Whom the desk wakes where delivery is another process's role."""


@asynccontextmanager
async def delivering(archive: Archive, edition: EditionNow) -> "AsyncIterator[Delivery]":
    """What waits in the outbox is sent."""
    from alerts.delivery import Delivery  # noqa: PLC0415  # as above

    channel = await _channel(archive, edition().settings)
    delivery = Delivery(archive, channel, edition, owner=owner_name(), alive=is_alive)
    await delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


@asynccontextmanager
async def hooking(archive: Archive, edition: EditionNow) -> "AsyncIterator[tuple[Delivery, ...]]":
    """What waits for webhooks is sent. Those that are in the config no more get nothing."""
    settings = edition().settings
    keep = partial(subscribers.keep_webhooks, webhooks=settings.webhooks, timezone=settings.timezone)
    await archive.write(partial(keep, now=datetime.now(UTC)))
    if not settings.webhooks:
        yield ()
        return
    from alerts.delivery import Delivery  # noqa: PLC0415  # as above
    from alerts.webhook import Bodies, WebhookChannel  # noqa: PLC0415

    secrets = {id_: hook.secret(id_, os.environ) for id_, hook in settings.webhooks.items()}
    channels = [
        WebhookChannel(f"{subscribers.WEBHOOK}{id_}", hook.url, secrets[id_], private=hook.private)
        for id_, hook in settings.webhooks.items()
    ]
    deliveries = tuple(
        Delivery(archive, channel, edition, owner=owner_name(), alive=is_alive, press=Bodies()) for channel in channels
    )
    for delivery in deliveries:
        await delivery.start()
    try:
        yield deliveries
    finally:
        await asyncio.gather(*(delivery.stop() for delivery in deliveries))


async def _channel(archive: Archive, settings: Settings) -> "Channel":
    """Telegram when there is a token, else the terminal, which then follows every topic as a subscriber."""
    now = datetime.now(UTC)
    token = settings.telegram.token(os.environ)
    if token:
        from alerts.telegram import TelegramChannel  # noqa: PLC0415  # as above

        await archive.write(partial(subscribers.leave, channel="terminal", chat=0, now=now))
        return TelegramChannel(token, settings.telegram.api_url, proxy=settings.telegram_proxy())
    from alerts.terminal import TerminalChannel  # noqa: PLC0415  # as above

    join = partial(subscribers.join, channel="terminal", chat=0, language="en", timezone=settings.timezone, now=now)
    await archive.write(join)
    return TerminalChannel()


@asynccontextmanager
async def answering(
    archive: Archive, edition: EditionNow, delivery: "Delivery | None", file: Path | None
) -> AsyncIterator[None]:
    """The bot answers."""
    from alerts.bot.app import Bot  # noqa: PLC0415  # as above

    bot = Bot(archive, edition, limits=delivery.limits if delivery is not None else None, file=file)
    await bot.start()
    try:
        yield
    finally:
        await bot.stop()
