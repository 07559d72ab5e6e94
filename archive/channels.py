"""What the archive remembers of a channel between visits: its title, its last post, its gaps. Never visits one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from archive.conflict import add_missing
from archive.identity import chunks, key
from archive.schema import gap, listing, source


@dataclass(frozen=True, slots=True)
class Remembered:
    """A channel as its last visit saw it. `last_post` is None before the first."""

    title: str = ""
    last_post: int | None = None
    doubt: str = ""  # why it may be somebody else's now; its alerts are held until an operator trusts it


def remembered(conn: Connection, source_id: str) -> Remembered:
    """What the visits before left; nothing for a source that was never visited as a channel."""
    columns = (source.c.channel_title, source.c.last_post, source.c.doubt)
    row = conn.execute(select(*columns).where(source.c.id == source_id)).one_or_none()
    return Remembered(*row) if row is not None else Remembered()


def remember(conn: Connection, source_id: str, seen: Remembered) -> None:
    """What the next visit is to know."""
    values = {"channel_title": seen.title, "last_post": seen.last_post, "doubt": seen.doubt}
    conn.execute(update(source).where(source.c.id == source_id).values(values))


def trust(conn: Connection, source_id: str) -> str:
    """An operator has looked at the channel: its alerts go again. What the doubt was, "" where there was none."""
    doubt = remembered(conn, source_id).doubt
    conn.execute(update(source).where(source.c.id == source_id).values(doubt=""))
    return doubt


def note_gap(conn: Connection, source_id: str, first: int, last: int, now: datetime) -> None:
    """The posts `first` to `last`, both included, will not be seen."""
    add_missing(conn, gap, [{"source": source_id, "first": first, "last": last, "noted": now}])


def archived(conn: Connection, source_id: str, guids: Mapping[int, str]) -> dict[int, int]:
    """Which of the source's posts are archived: post → article. `guids` are the posts' GUIDs."""
    posts = {key(guid): number for number, guid in guids.items()}
    found = {}
    for some in chunks(sorted(posts)):
        own = (listing.c.source == source_id) & listing.c.guid_key.in_(some)
        for row in conn.execute(select(listing.c.guid_key, listing.c.article).where(own)):
            found[posts[row.guid_key]] = row.article
    return found
