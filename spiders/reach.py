"""Why a site cannot be had from here, as far as asking others tells: it, our line, or our proxy. Decides no visit.

What is asked goes the way that the site was asked: a source behind a proxy is never asked around it.
"""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from core.errors import FetchError
from core.health.signs import BLOCKING, wall
from core.model import Page, Source
from spiders.surveying import Fetch

CONTROLS = 3  # other hosts that are asked
CONTROL_SECONDS = 10.0

# How a site that is blocked on the way looks from here; one that is down looks the same.
_SILENT = (
    *("connection broke off", "connection refused", "no secure connection", "took longer", "host unreachable"),
    *("name not found", "no answer from the name server", "no network", "broke off before", "answered no valid HTTP"),
)
_WALLS = ("a page that asks", "a page that a network")  # of what may stand where a listing should


def is_doubtful(reason: str, page: Page | None) -> bool:
    """Whether others should be asked: a failure that the way to the site may have made."""
    shut = page is not None and (page.status in (*BLOCKING, 429, 503) or wall(page).startswith(_WALLS))
    return shut or reason.startswith(("the proxy", *_SILENT))


async def others_answer(source: Source, sources: Iterable[Source], fetch: Fetch) -> bool | None:
    """Whether any of a few other hosts answers, asked by the same way; None where no other is configured."""
    hosts = {urlsplit(each.url).hostname: each for each in sources if each.proxy == source.proxy and each.enabled}
    hosts.pop(urlsplit(source.url).hostname, None)
    asked = [_answers(each, fetch) for each in list(hosts.values())[:CONTROLS]]
    return any(await asyncio.gather(*asked)) if asked else None


async def _answers(source: Source, fetch: Fetch) -> bool:
    try:
        async with asyncio.timeout(CONTROL_SECONDS):
            await fetch(source.url, proxy=source.proxy)
    except (FetchError, TimeoutError):
        return False
    return True


def explanation(reason: str, page: Page | None, *, others: bool | None, proxied: bool) -> str:
    """What the failure and the control check say together, in one sentence."""
    if others is None:
        return "no other source is there to be asked: whether the site, the line or a block is at fault is not known"
    if not others:
        return f"no other site answers either: {'the proxy' if proxied else 'the line of this machine'} does not work"
    if reason.startswith("the proxy"):
        return "the proxy works for other sites: it does not reach this one, or is not let in there"
    asked = wall(page) if page is not None else ""
    sign = asked or (f"it answered {page.status}" if page is not None else "it does not answer")
    way = "give it another proxy" if proxied else "give it a proxy"
    seems = "blocked from here" if page is not None else "blocked from here, or down"
    return f"the site seems {seems}: {sign}, while other sites do; open it from elsewhere, and if it answers {way}"
