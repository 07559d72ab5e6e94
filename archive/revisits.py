"""Articles whose own pages are to be looked at again: what hits a topic is watched for a week. Visits none."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, or_, select, update

from archive import evidence as evidence_store
from archive import withdrawals
from archive.identity import first_since
from archive.schema import article, evidence, hit, listing
from core.errors import ArchiveError
from core.model import Draft, Page

AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))  # of an article, at which its page is due again
MOST = 3  # pages of a visit
_WATCHED = AGES[-1] + timedelta(days=2)  # a source may be asked once a day


@dataclass(frozen=True, slots=True)
class Kept:
    """An archived article as a draft with its present text, and the page that this was read from; empty where its
    bytes are lost."""

    article: int
    draft: Draft
    page: Page


def due(conn: Connection, source_id: str, folder: Path, now: datetime) -> list[Kept]:
    """Those of the source's articles whose pages are due, the newest first, at most three.

    A page is looked at as often as its article has passed one of the ages, whatever came of it. Only what was read
    from a page of its own whose bytes are kept in `folder` can be compared.
    """
    passed = or_(*((listing.c.looks <= looks) & (article.c.recorded <= now - age) for looks, age in enumerate(AGES, 1)))
    own = (evidence.c.article == article.c.id) & (evidence.c.revision == article.c.revision)
    listed = (listing.c.article == article.c.id) & (listing.c.source == article.c.source)
    found = conn.execute(
        select(article, listing.c.hash, *(evidence.c[name].label(f"page_{name}") for name in _PAGE))
        .join(listing, listed)
        .join(evidence, own)
        .where(article.c.source == source_id, article.c.id >= first_since(now - _WATCHED), article.c.complete, passed)
        .where(exists().where(hit.c.article == article.c.id, hit.c.kind == "topic"))
        .order_by(article.c.id.desc())
        .limit(MOST)
    )
    return [_kept(row, folder) for row in found]


_PAGE = ("sha256", "url", "requested", "status", "headers", "fetched")


def _kept(row: Any, folder: Path) -> Kept:
    said = {name: getattr(row, name) for name in ("source", "url", "title", "text", "summary", "published")}
    told = {"published_raw": row.published_raw, "language": row.language, "listing": row.hash}
    shown = {name: getattr(row, f"page_{name}") for name in _PAGE[1:]}
    page = Page(**shown, body=b"")
    with suppress(ArchiveError):  # what is damaged is told by who asks for it; a source is not to blame
        page = replace(page, body=evidence_store.read(folder, row.page_sha256))
    return Kept(row.id, Draft(**said, **told), page)


def looked(conn: Connection, source_id: str, article_id: int, *, stands: bool = False) -> None:
    """Count a look at the page of this article that changed nothing; `stands`: the page was there."""
    mine = (listing.c.source == source_id) & (listing.c.article == article_id)
    conn.execute(update(listing).where(mine).values(looks=listing.c.looks + 1))
    if stands:
        withdrawals.stands(conn, [article_id])


def gone(conn: Connection, source_id: str, article_id: int, *, for_good: bool, now: datetime) -> None:
    """The page of this article is not there: it is withdrawn, at once where its site says for good, else when the
    next look finds the same, since a site that is being mended answers so for every page."""
    if for_good:
        withdrawals.missed(conn, [article_id], now)
    withdrawals.missed(conn, [article_id], now)
    looked(conn, source_id, article_id)
