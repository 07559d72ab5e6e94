"""The archive's tables, readable from top to bottom. Describes only: no query, no connection.

Migrations make these tables; a test holds that both agree. The full-text index differs per database and lives
in fulltext.py. Ids rise in time, so newest first is an id walked backwards. Times are UTC.
"""

from archive.schema.columns import Id, Moment, metadata
from archive.schema.configured import condition, edition, gap, health_change, milestone, monitor, source
from archive.schema.found import absence, address, article, evidence, hit, listing, post, reference, revision, story
from archive.schema.readers import account, annotation, api_token, saved_search, session
from archive.schema.stories import alert, fingerprint, fingerprint_delta, frequency, line, link, live, piece, ruling
from archive.schema.told import (
    audit,
    catch_up,
    invite,
    mark,
    mute,
    outbox,
    parked,
    said,
    sender,
    subscriber,
    subscription,
    watch,
)

__all__ = [
    "Id",
    "Moment",
    "absence",
    "account",
    "address",
    "alert",
    "annotation",
    "api_token",
    "article",
    "audit",
    "catch_up",
    "condition",
    "edition",
    "evidence",
    "fingerprint",
    "fingerprint_delta",
    "frequency",
    "gap",
    "health_change",
    "hit",
    "invite",
    "line",
    "link",
    "listing",
    "live",
    "mark",
    "metadata",
    "milestone",
    "monitor",
    "mute",
    "outbox",
    "parked",
    "piece",
    "post",
    "reference",
    "revision",
    "ruling",
    "said",
    "saved_search",
    "sender",
    "session",
    "source",
    "story",
    "subscriber",
    "subscription",
    "watch",
]
