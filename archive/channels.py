"""What the archive remembers of a channel between visits: its title, its last post, its gaps. Never visits one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

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
    """The posts `first` to `last`, both included, were not seen."""
    add_missing(conn, gap, [{"source": source_id, "first": first, "last": last, "noted": now}])


def gap_to_try(conn: Connection, source_id: str) -> tuple[int, int] | None:
    """The newest gap that no later visit has looked into: its first and its last post."""
    untried = select(gap.c.first, gap.c.last).where(gap.c.source == source_id, ~gap.c.tried)
    row = conn.execute(untried.order_by(gap.c.first.desc()).limit(1)).one_or_none()
    return None if row is None else (row.first, row.last)


def gap_tried(conn: Connection, source_id: str, first: int, last: int | None) -> None:
    """The gap that begins at `first` was looked into: what is still missing ends at `last`; None: nothing is."""
    of = (gap.c.source == source_id) & (gap.c.first == first)
    conn.execute(delete(gap).where(of) if last is None else update(gap).where(of).values(tried=True, last=last))


def archived(conn: Connection, source_id: str, guids: Mapping[int, str]) -> dict[int, int]:
    """Which of the source's posts are archived: post → article. `guids` are the posts' GUIDs."""
    posts = {key(guid): number for number, guid in guids.items()}
    found = {}
    for some in chunks(sorted(posts)):
        own = (listing.c.source == source_id) & listing.c.guid_key.in_(some)
        for row in conn.execute(select(listing.c.guid_key, listing.c.article).where(own)):
            found[posts[row.guid_key]] = row.article
    return found
