"""How a visit ended, as an Outcome: from what came, from a refusal, from what broke it off. Pure; settles nothing."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from core.errors import AddressRefused, ArchiveError, FetchError, RasadError, ReadError
from core.health.signs import is_garbled, refusal, wall
from core.model import Draft, Due, Outcome, OutcomeStatus, Page

log = logging.getLogger("rasad.collect")

LONGEST_VALIDATOR = 500  # characters
GONE = frozenset({400, 401, 404, 405, 410, 451})  # answers that asking again will not change


def came(due: Due, status: OutcomeStatus, page: Page, now: datetime, *, drafts: Sequence[Draft] = ()) -> Outcome:
    """The Outcome of a document, `drafts` what its listing holds."""
    return Outcome(
        source=due.source.id,
        status=status,
        at=now,
        items=len(drafts),
        http_status=page.status,
        etag=_validator(page, "etag"),
        last_modified=_validator(page, "last-modified"),
        moved_to=page.url if page.moved else None,
        dated=sum(draft.published is not None for draft in drafts),
        garbled=sum(is_garbled(f"{draft.title} {draft.summary or draft.text}"[:2000]) for draft in drafts),
    )


def _validator(page: Page, name: str) -> str | None:
    """A validator worth sending back; what is longer than a line is none."""
    value = page.headers.get(name)
    return value if value and len(value) <= LONGEST_VALIDATOR else None


def walled(due: Due, page: Page, now: datetime) -> Outcome | None:
    """The Outcome of a document in which no item was found, where it can be told what it is instead."""
    what = wall(page)
    if not what:
        return None
    return Outcome(due.source.id, "failed", now, reason=what, http_status=page.status, trouble="blocked")


def refused(due: Due, page: Page, now: datetime) -> Outcome:
    """The Outcome of an answer that is no document."""
    what = wall(page) if page.status in (403, 429, 503) else ""
    return Outcome(
        source=due.source.id,
        status="failed",
        at=now,
        reason=f"answered {page.status}" + (f", {what}" if what else ""),
        permanent=page.status in GONE,
        http_status=page.status,
        retry_after=retry_after(page.headers.get("retry-after", ""), now),
        trouble="blocked" if what else refusal(page.status),
    )


def failed(due: Due, error: Exception, now: datetime) -> Outcome:
    """The Outcome of a visit that was broken off by `error`."""
    if not isinstance(error, RasadError):
        log.error("%s: %s: %s", due.source.id, type(error).__name__, error, exc_info=error)
    reason = error.reason if isinstance(error, (FetchError, ReadError)) else _plainly(error)
    silent = isinstance(error, FetchError) and not isinstance(error, AddressRefused) and not error.permanent
    return Outcome(
        source=due.source.id,
        status="failed",
        at=now,
        reason=reason,
        permanent=isinstance(error, FetchError) and error.permanent,
        http_status=200 if isinstance(error, ReadError) else None,
        retry_after=error.retry_after if isinstance(error, FetchError) else None,
        trouble="unreached" if silent else "",
    )


def _plainly(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"not recorded: {words}" if isinstance(error, ArchiveError) else f"failed: {type(error).__name__}"


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (RFC 9110 § 10.2.3: seconds or a date); None when it says nothing."""
    value = value.strip()
    if value.isdecimal() and len(value) < 9:
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), until - now)
