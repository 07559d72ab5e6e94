"""The config files that were active, as numbered rows: which rules judged an article stays known. Parses none."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select

from archive.door import storable_text
from archive.locks import PUBLISHING, lock
from archive.schema import edition


def publish(conn: Connection, text: str, now: datetime) -> int:
    """Make `text` the active edition; its number. The text that is active already keeps its number."""
    lock(conn, PUBLISHING)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    newest = conn.execute(select(edition).order_by(edition.c.number.desc()).limit(1)).one_or_none()
    if newest is not None and newest.sha256 == digest:
        return int(newest.number)
    number = newest.number + 1 if newest is not None else 1
    row = {"number": number, "sha256": digest, "text": storable_text(text), "published": now}
    conn.execute(insert(edition), row)
    return number


def active(conn: Connection) -> int | None:
    """The number of the active edition; None before the first."""
    return conn.execute(select(edition.c.number).order_by(edition.c.number.desc()).limit(1)).scalar()


@dataclass(frozen=True, slots=True)
class Edited:
    """A config file that was active from `published` until the next number's."""

    number: int
    published: datetime
    text: str


def history(conn: Connection, limit: int | None = None) -> list[Edited]:
    """The editions, newest first."""
    chosen = select(edition.c.number, edition.c.published, edition.c.text).order_by(edition.c.number.desc())
    return [Edited(*row) for row in conn.execute(chosen.limit(limit))]


def text_of(conn: Connection, number: int) -> str:
    """The file of that number. Raises KeyError for an unknown one."""
    text = conn.execute(select(edition.c.text).where(edition.c.number == number)).scalar_one_or_none()
    if text is None:
        raise KeyError(number)
    return str(text)
