"""Trying a rule on the archive for a reader who waits: one at a time, for a bounded time. Changes nothing."""

import threading
import time
from datetime import timedelta
from functools import partial

from archive import backtest
from archive.backtest import Backtest
from core.errors import InputError, RasadError
from core.rules.match import compile_query
from web.question import LONGEST
from web.site import Site

MOST_DAYS = 90
MOST_SECONDS = 20.0
_ONE = threading.Lock()


class TooLong(RasadError):
    """A trial was not begun or not finished, and what to do instead."""


def tried(site: Site, rule: str, *, against: str | None, days: str) -> Backtest:
    """The last `days` days by the rule, beside another one. Raises QueryError, InputError, TooLong."""
    if len(rule) > LONGEST:
        raise InputError(f"a rule that is tried here has at most {LONGEST:,} characters")
    if not (days.isdecimal() and len(days) < 4 and 1 <= int(days) <= MOST_DAYS):
        raise InputError(f"a rule is tried here on 1 to {MOST_DAYS} days")
    names, now = site.settings.names, site.now()
    mine, other = compile_query(rule, names), compile_query(against, names) if against else None
    if not _ONE.acquire(blocking=False):
        raise TooLong("another rule is being tried: again in a moment")
    try:
        in_time = partial(_refuse_after, time.monotonic() + MOST_SECONDS)
        with site.reading() as conn:
            since = now - timedelta(days=int(days))
            return backtest.run(conn, mine, since=since, now=now, against=other, progress=in_time)
    finally:
        _ONE.release()


def _refuse_after(until: float, _share: float) -> None:
    if time.monotonic() > until:
        raise TooLong(f"this takes longer than {MOST_SECONDS:.0f} s: try fewer days, or rasad backtest on the machine")
