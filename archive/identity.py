"""Is this article known? Look-ups by address, GUID and text, index reads only: they run while the writer is held.

Addresses and GUIDs are compared by a 128-bit hash: an index row has a length limit, a publisher has none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, func, select

from archive import schema
from archive.door import storable_text
from archive.locks import JUDGING, lock
from archive.schema import address, article, forgotten, hit, listing
from archive.subjects import HITS
from core.model import Draft, Fingerprint, Known, Neighbours

SAME_TEXT_WITHIN = timedelta(days=30)  # a yearly greeting is a new article
ROTATING_ITEMS, ROTATING_SHARE = 5, 0.8
LOOKS = 3  # so often is a page looked at that cannot be read
LATE = 500  # articles of a source among which an undated headline is looked for
CHUNK = 500  # bound values per statement, far below every database's limit


def key(text: str) -> bytes:
    """The 16 bytes under which an address or a GUID is compared."""
    return blake2b(storable_text(text).encode(), digest_size=16).digest()


def address_key(url: str) -> bytes:
    """The key of an address, the same for http and https: no site serves two articles there."""
    return key(re.sub(r"^https?:", "", url))


def unseen(conn: Connection, source_id: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Those `drafts` of a listing that are worth a look, in their order.

    They are not archived under their GUID or any of their addresses, or this source's listing now says something
    else of them, or their page could not be read yet or was gone (given up after 3 looks).
    """
    owners = _articles_at(conn, (address_key(url) for draft in drafts for url in _addresses(draft)))
    listed = _listed(conn, source_id, drafts, owners.values())
    by_guid = {row.guid_key: row.article for row in listed.values() if row.guid_key is not None}
    let_go = _forgotten(conn, source_id, drafts)

    def is_seen(draft: Draft) -> bool:
        found = next((owners[at] for url in _addresses(draft) if (at := address_key(url)) in owners), None)
        if found is None and draft.guid:
            found = by_guid.get(key(draft.guid))
        row = listed.get(found) if found is not None else None
        if row is None:  # unknown, or another source's article that this one lists for the first time
            return found is None and not let_go.isdisjoint(keys_of(source_id, draft))
        given_up = row.looks >= LOOKS
        return bool(row.hash == storable_text(draft.listing) and (given_up or (row.complete and not row.withdrawn)))

    return [draft for draft in drafts if not is_seen(draft)]


def unknown(conn: Connection, source_id: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Those `drafts` that are archived neither under an address of theirs nor under their GUID."""
    owners = _articles_at(conn, (address_key(url) for draft in drafts for url in _addresses(draft)))
    guids = {row.guid_key for row in _listed(conn, source_id, drafts, ()).values()}
    let_go = _forgotten(conn, source_id, drafts)

    def is_known(draft: Draft) -> bool:
        if not let_go.isdisjoint(keys_of(source_id, draft)):
            return True
        at_address = any(address_key(url) in owners for url in _addresses(draft))
        return at_address or (draft.guid is not None and key(draft.guid) in guids)

    return [draft for draft in drafts if not is_known(draft)]


def told_again(conn: Connection, source_id: str, drafts: Sequence[Draft], now: datetime) -> list[Draft]:
    """Those `drafts` with the headline, and the date if they have one, of an article that the source had in the last
    30 days."""
    recent = (article.c.source == source_id) & (article.c.id >= first_since(now - SAME_TEXT_WITHIN))
    rows = conn.execute(select(article.c.title, article.c.published).where(recent)).all()
    known = {(row.title, date) for row in rows for date in (row.published, None)}
    return [each for each in drafts if each.titled and (storable_text(each.title), each.published) in known]


def keys_of(source_id: str, draft: Draft) -> set[bytes]:
    """Under what an article is remembered that was let go."""
    guid = {forgotten_guid(source_id, key(draft.guid))} if draft.guid else set()
    return {address_key(url) for url in _addresses(draft)} | guid


def forgotten_guid(source_id: str, guid_key: bytes) -> bytes:
    """The key of a GUID, which names an article within its source only."""
    return key(f"{source_id} {guid_key.hex()}")


def _forgotten(conn: Connection, source_id: str, drafts: Sequence[Draft]) -> set[bytes]:
    wanted = sorted({each for draft in drafts for each in keys_of(source_id, draft)})
    found = (select(forgotten.c.key).where(forgotten.c.key.in_(some)) for some in chunks(wanted))
    return {each for question in found for each in conn.execute(question).scalars()}


def guids_rotate(conn: Connection, source_id: str, drafts: Sequence[Draft]) -> bool:
    """Whether the source gives its items new GUIDs: 80 % or more of five or more that had others before."""
    owners = _articles_at(conn, (address_key(draft.url) for draft in drafts if draft.guid))
    listed = _listed(conn, source_id, drafts, owners.values())
    named = {article for article, row in listed.items() if row.guid_key is not None}
    guids = {row.guid_key for row in listed.values()}
    again = [draft for draft in drafts if draft.guid and owners.get(address_key(draft.url)) in named]
    strangers = sum(key(draft.guid) not in guids for draft in again if draft.guid)
    return len(again) >= ROTATING_ITEMS and strangers >= ROTATING_SHARE * len(again)


def articles_at(conn: Connection, urls: Iterable[str]) -> set[int]:
    """The articles that are known under one of these addresses."""
    return set(_articles_at(conn, map(address_key, urls)).values())


def _articles_at(conn: Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for chunk in chunks(sorted(set(keys))):
        for row in conn.execute(_AT, {"keys": chunk}):
            found[row.key] = row.article
    return found


def _listed(conn: Connection, source_id: str, drafts: Sequence[Draft], articles: Iterable[int]) -> dict[int, Any]:
    """What this source's listing said of the articles, by article: those of `articles` and those with a GUID."""
    guids = {key(draft.guid) for draft in drafts if draft.guid}
    wanted: list[ColumnElement[bool]] = [
        *(listing.c.article.in_(chunk) for chunk in chunks(sorted(set(articles)))),
        *(listing.c.guid_key.in_(chunk) for chunk in chunks(sorted(guids))),
    ]
    columns = (listing, article.c.complete, article.c.withdrawn)
    joined = select(*columns).join(article, article.c.id == listing.c.article)
    return {
        row.article: row for some in wanted for row in conn.execute(joined.where(listing.c.source == source_id, some))
    }


def neighbours(conn: Connection, draft: Draft, fingerprint: Fingerprint, now: datetime) -> Neighbours:
    """What the archive holds that bears on `draft`, whose fingerprint is `fingerprint`.

    Until the transaction ends no other process judges: two visits at once cannot both find an article new, and ids
    rise in the order in which articles become visible.
    """
    lock(conn, JUDGING)
    same, twin = _by_address(conn, draft) or _by_guid(conn, draft), None
    if same is None and fingerprint.body:
        same, twin = _by_text(conn, draft.source, fingerprint, now)
    if same is None and fingerprint.named:
        same = _by_headline(conn, draft, fingerprint)
    return Neighbours(
        same=_known(conn, same) if same is not None else None,
        twin=_known(conn, twin) if same is None and twin is not None else None,
    )


def _addresses(draft: Draft) -> Iterator[str]:
    yield from (url for url in (draft.url, *draft.aliases) if url)


def _by_address(conn: Connection, draft: Draft) -> int | None:
    keys = [address_key(url) for url in _addresses(draft)]
    if len(keys) == 1:  # as a rule; a list of unknown length costs twice as much to ask for
        return conn.execute(_AT_ONE, {"key": keys[0]}).scalar_one_or_none()
    owners = _articles_at(conn, keys)
    return next((owners[each] for each in keys if each in owners), None)


def _by_guid(conn: Connection, draft: Draft) -> int | None:
    return named_by_guid(conn, draft.source, draft.guid) if draft.guid else None


def named_by_guid(conn: Connection, source_id: str, guid: str) -> int | None:
    """The article that the source lists under this GUID."""
    return conn.execute(_NAMED, {"of": source_id, "key": key(guid)}).scalar_one_or_none()


def _by_text(conn: Connection, of: str, fingerprint: Fingerprint, now: datetime) -> tuple[int | None, int | None]:
    """The source's own article of that text, and the earliest of another source."""
    month = {"since": now - SAME_TEXT_WITHIN, "until": now + SAME_TEXT_WITHIN}
    values = {"hash": fingerprint.body, "of": of, "content": fingerprint.content} | month
    same, twin = conn.execute(_OF_TEXT if fingerprint.telling else _OF_CONTENT, values).one()
    return same, twin


def _by_headline(conn: Connection, draft: Draft, fingerprint: Fingerprint) -> int | None:
    """The article of the source with this headline, where one of the two is without a body: of the very same date, or,
    of a draft without one, among the source's newest."""
    values = {"title": storable_text(draft.title), "of": draft.source}
    statement = _OF_LATE if draft.published is None else _OF_THAT_DATE
    dated = {} if draft.published is None else {"published": draft.published}
    return conn.execute(statement[bool(fingerprint.body)], values | dated).scalar_one_or_none()


def first_since(moment: datetime) -> ScalarSelect[int]:
    """The id of the first article recorded since then: ids rise in time, and min(id) would walk through all others."""
    since = select(article.c.id).where(article.c.recorded >= moment)
    return since.order_by(article.c.recorded, article.c.id).limit(1).scalar_subquery()


def earlier_twin(conn: Connection, source_id: str, body_hash: str, before: int) -> Known | None:
    """The twin that an archived article had when it came."""
    if not body_hash:
        return None
    found = conn.execute(_TWIN.where(article.c.id < before), {"hash": body_hash, "of": source_id}).scalar_one_or_none()
    return None if found is None else _known(conn, found)


def _known(conn: Connection, article_id: int) -> Known:
    fields = conn.execute(_KNOWN, {"article": article_id}).one()._asdict()
    return Known(article=fields.pop("id"), **fields, topics=_topics_of(conn, fields["story"]))


def _topics_of(conn: Connection, story: int) -> frozenset[str]:
    """What the story has hit so far: what its articles hit now, and what it alerted before an edit.

    An article that was held told nobody: it must not silence who carries the same after it.
    """
    hits = conn.execute(_HITS, {"story": story}).scalars()
    alerted = conn.execute(_ALERTED, {"story": story}).scalars()
    return frozenset(hits) | {subject.removeprefix("topic:") for subject in alerted}


# --- the questions, built once: building one costs as much as asking it ----------------------------------------

_AT = select(address.c.key, address.c.article).where(address.c.key.in_(bindparam("keys", expanding=True)))

_AT_ONE = select(address.c.article).where(address.c.key == bindparam("key"))

_NAMED = select(listing.c.article).where(listing.c.source == bindparam("of"), listing.c.guid_key == bindparam("key"))

_same_text = select(article.c.id).where(article.c.text_hash == bindparam("hash")).order_by(article.c.id).limit(1)

# By the date of the text, since an import judges by the clock of its lines.
_SAME_TEXT = _same_text.where(
    article.c.source == bindparam("of"),
    func.coalesce(article.c.published, article.c.recorded).between(bindparam("since"), bindparam("until")),
)
_SAME_CONTENT = _SAME_TEXT.where(article.c.content_hash == bindparam("content"))
_same_headline = select(article.c.id).where(article.c.title == bindparam("title")).order_by(article.c.id).limit(1)
# Few have the very same date: no other index is to be taken for it.
_of_that_date = _same_headline.where(
    article.c.published == bindparam("published"), article.c.source.concat("") == bindparam("of")
)
_source_ids = select(article.c.id).where(article.c.source == bindparam("of")).order_by(article.c.id.desc())
_of_late = _same_headline.where(
    article.c.source == bindparam("of"),
    article.c.id >= func.coalesce(_source_ids.limit(1).offset(LATE).scalar_subquery(), 0),
)
_OF_THAT_DATE = (_of_that_date, _of_that_date.where(article.c.text_hash.concat("") == ""))  # any; without a body
_OF_LATE = (_of_late, _of_late.where(article.c.text_hash == ""))
_TWIN = _same_text.where(article.c.source != bindparam("of"))
_OF_TEXT, _OF_CONTENT = (
    select(same.scalar_subquery(), _TWIN.scalar_subquery()) for same in (_SAME_TEXT, _SAME_CONTENT)
)

_KNOWN = select(
    *(article.c[name] for name in Known.__dataclass_fields__ if name not in ("article", "topics")), article.c.id
).where(article.c.id == bindparam("article"))

KIND = hit.c.kind + ""
"""A hit's kind, so put that hits are looked up by article: by their kind, SQLite would read those of all articles."""

WAS_HEARD = KIND.in_(HITS) & (hit.c.heard.is_(None) | (hit.c.heard != ""))
"""That a topic was hit when its article came, not only by a rule of later."""

_HITS = (
    select(hit.c.what)
    .join(article, article.c.id == hit.c.article)
    .where(article.c.story == bindparam("story"), WAS_HEARD, article.c.arrival != "held")
)
_ALERTED = select(schema.alert.c.subject).where(schema.alert.c.story == bindparam("story"))


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """`values` in pieces that one statement can hold."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
