"""The archive's tables, readable from top to bottom. Describes only: no query, no connection.

Migrations make these tables; a test holds that both agree. The full-text index differs per database and lives
in fulltext.py. Ids rise in time, so newest first is an id walked backwards. Times are UTC.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC, whatever the database makes of it. SQLite keeps text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows when that is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What was bound, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# BIGINT on PostgreSQL; on SQLite only INTEGER is the row id itself.
Id = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

# --- what is configured -----------------------------------------------------------------------------------

# A parsed config file; the highest number is the active one.
edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", Moment, nullable=False),
)

# Things that happen once to an archive: "first_round" (all sources were visited and the digest was enqueued).
milestone = Table(
    "milestone",
    metadata,
    Column("name", Text, primary_key=True),
    Column("reached", Moment, nullable=False),
)

# A process that works on this archive, as it was last heard of.
monitor = Table(
    "monitor",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("started", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

# An outlet. Configured columns follow config.toml; the rest is what its visits taught.
source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),  # enabled | probe | disabled | removed | imported
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("language", Text),
    Column("affiliation", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("every", Float),  # seconds
    Column("full_text", Boolean, nullable=False),
    Column("selectors", JSON, nullable=False),
    # when to look again; while a visit is on, the end of its lease
    Column("next_check", Moment, nullable=False),
    Column("claimed_by", Text),
    # validators of the last document of which everything is recorded
    Column("etag", Text),
    Column("last_modified", Text),
    # pace
    Column("gap", Float),  # seconds
    Column("failures", Float, nullable=False, default=0.0),
    Column("last_new", Moment),
    Column("last_visit", Moment),
    # health
    Column("first_success", Moment),  # NULL: the first visit is still to come, or to be completed
    Column("last_success", Moment),
    Column("reason", Text, nullable=False, default=""),
    Column("http_status", Integer),
    Column("items", Integer, nullable=False, default=0),  # in the last listing
    Column("visits", Integer, nullable=False, default=0),  # settled: one Outcome each
    # of a channel, as its last visit saw it
    Column("channel_title", Text, nullable=False, default=""),
    Column("last_post", Integer),  # the highest number among its posts, albums counted to their last picture
    Column("doubt", Text, nullable=False, default=""),  # why it may be somebody else's now: its alerts are held
    Index(None, "next_check"),
    Index(None, "host"),
    Index(None, "claimed_by"),
)

# Posts of a channel that no visit will see: too many came between two visits. Both ids are missing.
gap = Table(
    "gap",
    metadata,
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("noted", Moment, nullable=False),
    PrimaryKeyConstraint("source", "first"),
)

# --- what was found ---------------------------------------------------------------------------------------

# An event. Until stories are grouped, an article and its copies.
story = Table(
    "story",
    metadata,
    Column("id", Id, primary_key=True),
    Column("born", Moment, nullable=False),
)

# An article with its present text.
article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    Column("story", Id, ForeignKey("story.id"), nullable=False, index=True),
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("duplicate_of", Id, ForeignKey("article.id")),
    Column("arrival", Text, nullable=False),  # live | first_round | backlog | held | import
    Column("edition", Integer, nullable=False),  # of the rules that judged the present text
    Column("url", Text, nullable=False),
    Column("guid", Text),
    Column("language", Text),
    Column("authors", JSON, nullable=False),
    Column("image", Text),
    Column("published", Moment),
    Column("published_raw", Text, nullable=False),
    Column("fetched", Moment, nullable=False),
    Column("recorded", Moment, nullable=False, index=True),
    Column("first_alert", Moment),
    Column("withdrawn", Moment),  # when its publisher was seen to have taken it back; NULL while it stands
    # the present text
    Column("revision", Integer, nullable=False),
    Column("revised", Moment, nullable=False),  # when the present text was recorded
    Column("text_hash", Text, nullable=False),  # of the body, "" where it is too short to identify an article
    Column("content_hash", Text, nullable=False),  # of title and body
    Column("complete", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "text_hash", "source"),  # copies, and the same text from the same source
    Index(None, "source", "id"),
    Index(None, "published"),
    Index("article_facets", "id", "published", "recorded", "source", "language"),  # counted without the texts
)

# A text that an article had before its present one.
revision = Table(
    "revision",
    metadata,
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("recorded", Moment, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("article", "number"),
    UniqueConstraint("article", "content_hash"),
)

# The addresses of an article: its own, redirects, rel=canonical. Keyed by hash: an address has no length
# limit, an index row has.
address = Table(
    "address",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("article", Id, ForeignKey("article.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
)

# That a source lists an article: under which GUID, and what the listing said of it.
listing = Table(
    "listing",
    metadata,
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("guid_key", LargeBinary(16)),
    Column("hash", Text, nullable=False),
    Column("looks", Integer, nullable=False),  # how often its page was looked at
    PrimaryKeyConstraint("source", "article"),
    UniqueConstraint("source", "guid_key"),
)

# A post that its channel did not show when it should have: absent again, it is withdrawn.
absence = Table(
    "absence",
    metadata,
    Column("article", Id, ForeignKey("article.id"), primary_key=True),
    Column("noted", Moment, nullable=False),
)

# What the rules found in the present text. Spans: [[field, start, end], …].
hit = Table(
    "hit",
    metadata,
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("kind", Text, nullable=False),  # topic | name | ambiguous
    Column("what", Text, nullable=False),  # id of the topic or name
    Column("level", Text),  # of a topic
    Column("spans", JSON, nullable=False),
    PrimaryKeyConstraint("article", "kind", "what"),
    Index(None, "kind", "what", "article"),
)

# An alert that was born, whoever followed its topic then. A story alerts once per subject and occasion.
alert = Table(
    "alert",
    metadata,
    Column("story", Id, ForeignKey("story.id"), nullable=False),
    Column("subject", Text, nullable=False),  # topic:ID
    Column("occasion", Text, nullable=False),  # first | level:N | turn:N | revision:ID
    Column("article", Id, ForeignKey("article.id"), nullable=False, index=True),
    Column("level", Text, nullable=False),
    Column("born", Moment, nullable=False),
    PrimaryKeyConstraint("story", "subject", "occasion"),
)

# The fetched bytes of a text; the file is named by its sha256.
evidence = Table(
    "evidence",
    metadata,
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("requested", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("fetched", Moment, nullable=False),
    PrimaryKeyConstraint("article", "revision"),
)

# --- who is told ------------------------------------------------------------------------------------------

# A chat that alerts go to.
subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Text, nullable=False),  # telegram | terminal
    Column("chat", BigInteger, nullable=False),  # the channel's own id
    Column("language", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("state", Text, nullable=False),  # active | stopped (by itself) | suspended (the channel refused)
    Column("reason", Text, nullable=False, default=""),
    Column("follows_all", Boolean, nullable=False),  # topics that are added later too
    Column("joined", Moment, nullable=False),
    UniqueConstraint("channel", "chat"),
)

# A topic that a subscriber chose; counts only when it does not follow all.
subscription = Table(
    "subscription",
    metadata,
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("topic", Text, nullable=False),
    PrimaryKeyConstraint("subscriber", "topic"),
)

# A token that lets people in; only its hash is kept.
invite = Table(
    "invite",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("uses_left", Integer, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("created", Moment, nullable=False),
)

_WAITS, _IN_FLIGHT = text("settled IS NULL"), text("state = 'claimed'")

# One thing to tell one subscriber: born in its article's transaction, sent by a loop over rows.
#   new → claimed → sent | ambiguous | deferred | dead;  cancelled when the subscriber left
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("story", Id, nullable=False),  # 0 for a digest
    Column("article", Id, ForeignKey("article.id")),  # NULL for a digest
    Column("subject", Text, nullable=False),  # topic:ID | digest
    Column("occasion", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("priority", Integer, nullable=False),  # 1 breaking · 2 normal and low · 3 digests
    Column("payload", JSON(none_as_null=True)),  # of a digest
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),  # spent ones
    Column("owner", Text),
    Column("lease_until", Moment),
    Column("not_before", Moment),
    Column("born", Moment, nullable=False),
    Column("changed", Moment, nullable=False),  # when it entered its state
    Column("settled", Moment),  # when it entered its last state: sent, dead or cancelled
    Column("message_id", BigInteger),
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("subscriber", "subject", "story", "occasion"),
    # what still waits, in the order of sending and for one subscriber; and what is in flight
    Index("outbox_waiting", "priority", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("outbox_waiting_for", "subscriber", "story", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("outbox_in_flight", "subscriber", sqlite_where=_IN_FLIGHT, postgresql_where=_IN_FLIGHT),
)
