"""Logging in and out, and whose a cookie or a token is. Asks the archive; draws no page."""

from collections import deque
from datetime import UTC, datetime, timedelta
from functools import partial

from archive import accounts
from web.secrets import is_password, new_token, token_hash
from web.site import Site

LASTS = timedelta(days=14)
NOTED_EVERY = timedelta(hours=1)  # that a token is used: a write for each request would be too much
_NOTED: dict[bytes, datetime] = {}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
TRIES, WITHIN = 5, timedelta(minutes=5)  # of one address
_ADDRESSES = 10_000  # remembered at once


class Tries:
    """How often an address was refused lately."""

    def __init__(self) -> None:
        self._of: dict[str, deque[datetime]] = {}

    def too_many(self, address: str, now: datetime) -> bool:
        """Whether no further try is looked at for now."""
        seen = self._of.get(address, deque())
        return len(seen) >= TRIES and seen[0] > now - WITHIN

    def failed(self, address: str, now: datetime) -> None:
        """Count one refusal."""
        self._of.setdefault(address, deque(maxlen=TRIES)).append(now)
        if len(self._of) > _ADDRESSES:
            del self._of[next(iter(self._of))]


async def account_of(site: Site, cookie: str) -> str | None:
    """Whose session the cookie is."""
    if not cookie:
        return None
    return await site.archive.ask(partial(accounts.reader, token_hash=token_hash(cookie), now=site.now()))


async def grant_of(site: Site, token: str) -> tuple[str, frozenset[str]] | None:
    """Whose API token it is and what it may do."""
    hashed, now = token_hash(token), site.now()
    found = await site.archive.ask(partial(accounts.granted, token_hash=hashed))
    if found is not None and now - _NOTED.get(hashed, _LONG_AGO) > NOTED_EVERY:
        _NOTED[hashed] = now
        await site.archive.write(partial(accounts.used, token_hash=hashed, now=now))
    return found


def log_in(site: Site, name: str, password: str) -> str | None:
    """The cookie of a new session, or None when name and password do not belong together."""
    with site.reading() as conn:
        kept = accounts.password_hash(conn, name)
    if not is_password(password, kept):
        return None
    cookie, now = new_token(), site.now()
    with site.archive.writing() as conn:
        accounts.begin(conn, token_hash(cookie), name, now=now, until=now + LASTS)
    return cookie


def log_out(site: Site, cookie: str) -> None:
    """End the session of the cookie."""
    with site.archive.writing() as conn:
        accounts.end(conn, token_hash(cookie))
