"""What was seen of a channel's posts beside their text: views, who they were passed on from, what they show.

Knows the archived articles they are; visits no channel and decides nothing.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from archive.conflict import add_missing
from archive.door import storable_text
from archive.identity import address_key, chunks
from archive.schema import address, post
from core.model import KeptPost, Post

_POST = re.compile(r"https://t\.me/(?:s/)?([A-Za-z0-9_]{1,64})/([0-9]{1,10})")


def sight(conn: Connection, posts: Mapping[int, Post], now: datetime) -> None:
    """Note what the posts of these articles show now. What was seen before and is no other stays unwritten."""
    for some in chunks(sorted(posts)):
        known = {row.article: row for row in conn.execute(select(post).where(post.c.article.in_(some)))}
        new = [_row(posts[each], now) | {"article": each, "views_first": posts[each].views} for each in some]
        add_missing(conn, post, [row for row in new if row["article"] not in known])
        for each, row in known.items():
            if changes := _changes(row, posts[each], now):
                conn.execute(update(post).where(post.c.article == each).values(changes))


def _row(seen: Post, now: datetime) -> dict[str, Any]:
    return {
        "number": seen.id,
        "last": seen.last,
        "views": seen.views,
        "views_at": now,
        "edited": now if seen.edited else None,
        "forwarded_from": storable_text(seen.forwarded_from),
        "forwarded_url": storable_text(seen.forwarded_url) if seen.forwarded_url else None,
        "links": list(map(storable_text, seen.links)),
        "media": list(seen.media),
    }


def _changes(row: Any, seen: Post, now: datetime) -> dict[str, Any]:
    """What is other than before. A count that is not shown any more, and an edit that is known, stay as they were."""
    values = _row(seen, now)
    kept = {"views_at"} if seen.views in (None, row.views) else set()
    kept |= {"views"} if seen.views is None else set()
    kept |= {"edited"} if row.edited is not None else set()
    return {name: value for name, value in values.items() if name not in kept and getattr(row, name) != value}


def posts_of(conn: Connection, articles: Collection[int]) -> dict[int, KeptPost]:
    """What was seen of those of the articles that are posts."""
    found = {}
    for some in chunks(sorted(articles)):
        for row in conn.execute(select(post).where(post.c.article.in_(some))):
            fields = row._asdict() | {"links": tuple(row.links), "media": tuple(row.media)}
            article = fields.pop("article")
            found[article] = KeptPost(**fields)
    return found


def origins(conn: Connection, articles: Collection[int]) -> dict[int, int]:
    """Article → the archived article that it is a forward of: a post passed on from a channel that is watched."""
    forwarded = {each: seen.forwarded_url or "" for each, seen in posts_of(conn, articles).items()}
    matches = {each: match for each, url in forwarded.items() if (match := _POST.match(url))}
    keys = {each: address_key(f"https://t.me/{match[1]}/{match[2]}") for each, match in matches.items()}
    owners = {}
    for some in chunks(sorted(set(keys.values()))):
        for row in conn.execute(select(address.c.key, address.c.article).where(address.c.key.in_(some))):
            owners[row.key] = row.article
    return {each: owners[key] for each, key in keys.items() if key in owners}
