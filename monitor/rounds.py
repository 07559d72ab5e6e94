"""One round of each thing that the monitor does again and again. When that is, the scheduler says."""

import asyncio
import logging
from collections.abc import Collection
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from archive import brake, catch_up, digests, health, sources, stories
from archive.database import Archive
from archive.status import status
from monitor.presence import owner_name
from monitor.roles import EditionNow

if TYPE_CHECKING:
    from alerts.delivery import Delivery
    from spiders.desk import Desk

log = logging.getLogger(__name__)


async def offer_due(archive: Archive, desk: "Desk", edition: EditionNow) -> int:
    """Claim what is due, as far as the desk has room, and put it before the desk."""
    room = desk.queue.maxsize - desk.queue.qsize()
    if room <= 0:
        return 0
    await begin_catch_up(archive)
    claim = partial(
        sources.claim_due,
        owner=owner_name(),
        now=datetime.now(UTC),
        limit=room,
        per_host=1 if edition().settings.collect.host_delay else room,
    )
    claimed = await archive.write(claim)
    for due in claimed:
        desk.queue.put_nowait(due)
    return len(claimed)


async def renew(archive: Archive, desk: "Desk") -> None:
    """Keep the leases of visits that are still going on."""
    if desk.active:
        renew = partial(sources.renew, owner=owner_name(), ids=sorted(desk.active), now=datetime.now(UTC))
        await archive.write(renew)


async def tend_stories(archive: Archive) -> None:
    """Merge what turned out to be one story, let go of old ones, and keep the look-up of copies fast."""
    await archive.write(partial(stories.tend, now=datetime.now(UTC)))
    await asyncio.to_thread(stories.settle, archive)


async def tell_health(archive: Archive, edition: EditionNow) -> None:
    """Tell the admins how the sources fare, where that changed."""
    admins = edition().settings.telegram.admins
    await archive.write(partial(health.tell_admins, admins=admins, now=datetime.now(UTC)))


async def look_at_brakes(archive: Archive, edition: EditionNow, delivery: "Delivery | None") -> None:
    """Tell of topics whose alerts are held, and let go what nobody decided on."""
    if await archive.ask(brake.present):
        admins = edition().settings.telegram.admins
        await archive.write(partial(brake.look, admins=admins, now=datetime.now(UTC)))
        if delivery is not None:
            delivery.wake()


async def end_first_round(archive: Archive, delivery: "Delivery | None") -> None:
    """Once every source of an empty archive was visited: one digest instead of alerts."""
    if await archive.ask(sources.first_round_open):
        ended = await archive.write(partial(sources.end_first_round, now=datetime.now(UTC)))
        if ended:
            log.info("first round over: %s", await _tally(archive))
        if ended and delivery is not None:
            delivery.wake()


async def begin_catch_up(archive: Archive) -> None:
    """After more than two hours without a visit (ended, asleep): what was missed comes as one digest."""
    now = datetime.now(UTC)
    if await archive.ask(partial(catch_up.due, now=now)) and await archive.write(partial(catch_up.begin, now=now)):
        log.info("nothing was visited for a while: what came meanwhile is told in one digest")


async def end_catch_up(archive: Archive, delivery: "Delivery | None") -> None:
    """Once all that was due is visited: the digests."""
    if not await archive.ask(catch_up.is_open):
        return
    digests = await archive.write(partial(catch_up.end, now=datetime.now(UTC)))
    if digests is not None:
        log.info("caught up: %s digests", digests)
        if delivery is not None:
            delivery.wake()


async def tell_digests(archive: Archive, delivery: "Delivery | None") -> None:
    """The regular digests that are due."""
    if await archive.write(partial(digests.tell_due, now=datetime.now(UTC))) and delivery is not None:
        delivery.wake()


async def _tally(archive: Archive) -> str:
    """How many of the watched sources answer, in one line; the likely cause when none does."""
    seen = await archive.ask(partial(status, now=datetime.now(UTC)))
    watched = seen.sources.get("enabled", 0)
    hint = "; none does: is this machine online?" if watched and not seen.sources_answering else ""
    return f"{seen.sources_answering} of {watched} watched sources answer, {seen.articles} articles archived{hint}"


async def everything_due(
    archive: Archive,
    desk: "Desk | None",
    delivery: "Delivery | None",
    edition: EditionNow,
    *,
    hooks: "Collection[Delivery]" = (),
) -> None:
    """Visit all that is due and send all that waits, once."""
    if desk is not None:
        while await offer_due(archive, desk, edition):
            await desk.idle()
        await end_first_round(archive, delivery)
        await end_catch_up(archive, delivery)
        log.info("%s", await _tally(archive))
    if delivery is not None:
        await asyncio.gather(delivery.drain(), *(hook.drain() for hook in hooks))
