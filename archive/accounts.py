"""Who may read the archive page, and who is reading: accounts, sessions, tokens of the API. Knows hashes only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from archive.conflict import put
from archive.schema import account, api_token, session


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A key to the API, as it is listed: its secret is nowhere."""

    id: int
    label: str
    account: str
    scopes: tuple[str, ...]
    created: datetime
    used: datetime | None


def save(conn: Connection, name: str, password_hash: str, now: datetime) -> None:
    """Have an account with this password. A changed password ends the account's sessions."""
    row = {"name": name, "password_hash": password_hash, "created": now}
    put(conn, account, [row], update=("password_hash",))
    conn.execute(delete(session).where(session.c.account == name))


def remove(conn: Connection, name: str) -> bool:
    """Take an account away with its sessions and tokens; what it wrote stays. False when there is none."""
    for table in (session, api_token):
        conn.execute(delete(table).where(table.c.account == name))
    return conn.execute(delete(account).where(account.c.name == name)).rowcount > 0


def password_hash(conn: Connection, name: str) -> str | None:
    """The hash that the account's password must match."""
    return conn.execute(select(account.c.password_hash).where(account.c.name == name)).scalar_one_or_none()


def names(conn: Connection) -> list[str]:
    """All accounts."""
    return list(conn.execute(select(account.c.name).order_by(account.c.name)).scalars())


def begin(conn: Connection, token_hash: bytes, name: str, *, now: datetime, until: datetime) -> None:
    """Begin a session; those that have run out go."""
    conn.execute(delete(session).where(session.c.until <= now))
    conn.execute(insert(session), {"token_hash": token_hash, "account": name, "begun": now, "until": until})


def reader(conn: Connection, token_hash: bytes, now: datetime) -> str | None:
    """Whose session it is, while it lasts."""
    chosen = select(session.c.account).where(session.c.token_hash == token_hash, session.c.until > now)
    return conn.execute(chosen).scalar_one_or_none()


def end(conn: Connection, token_hash: bytes) -> None:
    """End a session."""
    conn.execute(delete(session).where(session.c.token_hash == token_hash))


def grant(
    conn: Connection, token_hash: bytes, *, label: str, name: str, scopes: Collection[str], now: datetime
) -> None:
    """Have a token of the API with these scopes."""
    row = {"token_hash": token_hash, "label": label, "account": name, "scopes": sorted(scopes), "created": now}
    conn.execute(insert(api_token), row)


def granted(conn: Connection, token_hash: bytes) -> tuple[str, frozenset[str]] | None:
    """Whose token it is and what it may do."""
    row = conn.execute(select(api_token).where(api_token.c.token_hash == token_hash)).one_or_none()
    if row is None:
        return None
    return row.account, frozenset(row.scopes)


def used(conn: Connection, token_hash: bytes, now: datetime) -> None:
    """Note when a token was last used."""
    conn.execute(update(api_token).where(api_token.c.token_hash == token_hash).values(used=now))


def tokens(conn: Connection) -> list[ApiToken]:
    """All tokens."""
    rows = conn.execute(select(api_token).order_by(api_token.c.id))
    return [ApiToken(row.id, row.label, row.account, tuple(row.scopes), row.created, row.used) for row in rows]


def revoke(conn: Connection, token: int) -> bool:
    """Take a token back. False when there is none with this number."""
    return conn.execute(delete(api_token).where(api_token.c.id == token)).rowcount > 0
