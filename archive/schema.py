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

# Something that is wrong with the monitor itself at present; the row goes when it is mended.
condition = Table(
    "condition",
    metadata,
    Column("name", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("detail", Text, nullable=False),
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
    Column("timezone", Text),
    Column("proxy", Text),  # without a password; "" is none, NULL the one for all
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
    Column("hours", JSON, nullable=False, default=list),  # new items by the hour of the day, see core.model.Pace
    # health
    Column("first_success", Moment),  # NULL: the first visit is still to come, or to be completed
    Column("last_success", Moment),
    Column("reason", Text, nullable=False, default=""),
    Column("http_status", Integer),
    Column("items", Integer, nullable=False, default=0),  # in the last listing
    Column("visits", Integer, nullable=False, default=0),  # settled: one Outcome each
    Column("health", Text, nullable=False, default=""),  # a state of core.health.states; "" when nothing is wrong
    Column("health_since", Moment),
    Column("health_reason", Text, nullable=False, default=""),
    Column("health_told", Text, nullable=False, default=""),  # what admins were told last, see core.health.told
    Column("failed", Integer, nullable=False, default=0),  # visits in a row
    Column("failed_since", Moment),
    Column("barren", Integer, nullable=False, default=0),  # visits in a row whose listing had no item
    Column("moved_to", Text, nullable=False, default=""),  # where permanent redirects lead
    Column("moved_since", Moment),
    Column("moved_seen", Integer, nullable=False, default=0),
    Column("extraction", JSON, nullable=False, default=list),  # [[day, pages, pages read], …], the last eight
    # whom an operator or its own doings made one to be careful with
    Column("guids_rotate", Boolean, nullable=False, default=False),  # then only addresses tell its items apart
    Column("quarantined", Moment),  # from then on it is archived, nobody is told, and it does not count
    # of a channel, as its last visit saw it
    Column("channel_title", Text, nullable=False, default=""),
    Column("last_post", Integer),  # the highest number among its posts, albums counted to their last picture
    Column("doubt", Text, nullable=False, default=""),  # why it may be somebody else's now: its alerts are held
    Index(None, "next_check"),
    Index(None, "host"),
    Index(None, "claimed_by"),
)

# That the health of a source became another; "" is well again.
health_change = Table(
    "health_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "source", "id"),
)

# Posts of a channel that no visit will see: too many came between two visits. Both ids are missing.
gap = Table(
    "gap",
    metadata,
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("noted", Moment, nullable=False),
    Column("tried", Boolean, nullable=False, default=False),  # whether a later visit has looked for them
    PrimaryKeyConstraint("source", "first"),
)

# --- what was found ---------------------------------------------------------------------------------------

# An event, or a part of one: rows are never united, they point to the story that they are part of now. Ids are taken
# from the articles' sequence: a row founded by an article has its id.
story = Table(
    "story",
    metadata,
    Column("id", Id, primary_key=True),
    Column("born", Moment, nullable=False),
    Column("leg", Id, index=True),  # the leg that speaks for it where that is not its own (core.stories.story)
    Column("merged_into", Id, index=True),  # the story that it is part of; that one is merged into none
)

# An article with its present text.
article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    Column("story", Id, ForeignKey("story.id"), nullable=False, index=True),
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("duplicate_of", Id, ForeignKey("article.id")),  # of a copy: `match`, or the twin
    Column("arrival", Text, nullable=False),  # live | first_round | backlog | burst | held | import
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
    # the article whose text it shares most, and the figures that prove it (core.stories.dedup.Evidence)
    Column("match", Id),
    Column("tier", Text),  # copy | derived
    Column("containment", Float),
    Column("shared", Integer),
    Column("numbers", Float),
    Column("alone", Float),
    Column("why", Text),
    Column("absent", Moment),  # the visit of its source before the one that found it
    # what it says of what is watched (core.stories.standing.Account); NULL: nothing
    Column("account", JSON(none_as_null=True)),
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

# What a channel's preview showed of a post beside its text.
post = Table(
    "post",
    metadata,
    Column("article", Id, ForeignKey("article.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("last", Integer, nullable=False),  # of an album, the number of its last picture
    Column("views_first", Integer),  # at the first sight
    Column("views", Integer),  # at the last one
    Column("views_at", Moment, nullable=False),  # when they were so for the first time
    Column("edited", Moment),  # when it was first seen to be edited
    Column("forwarded_from", Text, nullable=False),
    Column("forwarded_url", Text),
    Column("links", JSON, nullable=False),
    Column("media", JSON, nullable=False),
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

# --- copies and stories -----------------------------------------------------------------------------------

_FINGERPRINT = (
    "hash",  # FINGERPRINT_BITS of a shingle's hash
    "article",  # one of a group of copies
)

# Which articles share passages: the texts that hold the shingle. Without a row id, and the youngest rows apart:
# they are moved over in order of the hash, since each random insert into the large tree would touch another page.
fingerprint = Table(
    "fingerprint",
    metadata,
    *(Column(name, Id, primary_key=True, autoincrement=False) for name in _FINGERPRINT),
    sqlite_with_rowid=False,
)
fingerprint_delta = Table(
    "fingerprint_delta",
    metadata,
    *(Column(name, Id, primary_key=True, autoincrement=False) for name in _FINGERPRINT),
    sqlite_with_rowid=False,
)

# In how many articles a line stands, by its hash: what recurs is boilerplate. Rare ones are dropped after a while.
line = Table(
    "line",
    metadata,
    Column("key", Id, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # since 1970, when it was seen first
)

# An article that stories are formed of, for as long as it is live, and its leg: the articles of one language on one
# event. A leg has the id of the story that it began as.
piece = Table(
    "piece",
    metadata,
    Column("article", Id, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("leg", Id, nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("terms", LargeBinary, nullable=False),  # words and concepts with their weights: archive/pieces.py
)

# Two legs of two languages that tell of the same; `one` is the lower. Strict: they are one story, else related ones.
# Ruled by an analyst: strict means together, else apart, whatever the score. Rows outlive their legs.
link = Table(
    "link",
    metadata,
    Column("one", Id, primary_key=True, autoincrement=False),
    Column("other", Id, primary_key=True, autoincrement=False, index=True),
    Column("score", Float, nullable=False),
    Column("strict", Boolean, nullable=False),
    Column("ruled", Boolean, nullable=False),
)

# One row: the state of pieces, legs and links. Whoever changes it gives it another stamp, so that every process sees
# that its own picture is out of date, and a rolled-back change is none.
live = Table(
    "live",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Id, nullable=False),
    Column("merged", Id, nullable=False),  # the last article that the periodic merge has seen
    Column("restory", JSON(none_as_null=True)),  # how far everything is being worked out anew: archive/restory.py
)

# In how many articles of a language a word or a concept occurs; the articles themselves under "".
frequency = Table(
    "frequency",
    metadata,
    Column("language", Text, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What an analyst decided against the machine: it outlives recomputation.
ruling = Table(
    "ruling",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),  # split | merge
    Column("groups", JSON, nullable=False),  # [[article, …], …]: held apart, or together
    Column("before", JSON, nullable=False),  # what is to be put back when it is undone
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone", Moment),
)

# An alert that was born, whoever followed its topic then. A story alerts once per subject and occasion.
alert = Table(
    "alert",
    metadata,
    Column("story", Id, ForeignKey("story.id"), nullable=False),
    Column("subject", Text, nullable=False),  # topic:ID
    Column("occasion", Text, nullable=False),  # first | level:N | turn:N | revision:ARTICLE.NUMBER
    Column("article", Id, ForeignKey("article.id"), nullable=False, index=True),
    Column("level", Text, nullable=False),
    Column("born", Moment, nullable=False, index=True),
    Column("turn", Text),  # denial | second source | withdrawal
    Column("unconfirmed", Text),  # of a grave claim: the name of its single source
    Column("edit", JSON(none_as_null=True)),  # what of an edited article is told: core.model.Edit
    PrimaryKeyConstraint("story", "subject", "occasion"),
)

# The fetched bytes of a text; the file is named by its sha256. A file is needed as long as a row names it, as its own
# document or as its reference.
evidence = Table(
    "evidence",
    metadata,
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("stored", Integer),  # bytes of the file; NULL where it was kept before they were counted
    Column("reference", Text),  # sha256 of the document against which it is compressed; NULL: by itself
    Column("url", Text, nullable=False),
    Column("requested", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("fetched", Moment, nullable=False),
    PrimaryKeyConstraint("article", "revision"),
    Index("evidence_documents", "sha256", "stored"),  # files are counted without the rows
)

# The document of a source (its channel's page, its feed) against which its next ones are compressed.
reference = Table(
    "reference",
    metadata,
    Column("source", Text, ForeignKey("source.id"), primary_key=True),
    Column("sha256", Text, nullable=False),
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
    # the hours, by its own zone, in which alerts wait: "23:00"; NULL where there are none
    Column("quiet_from", Text, index=True),
    Column("quiet_until", Text),
    Column("quiet_breaking", Boolean, nullable=False, server_default=text("false")),  # breaking ones pass
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

# What a reader says of an alert, for each subject that it came for.
mark = Table(
    "mark",
    metadata,
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("subject", Text, nullable=False),  # topic:ID
    Column("article", Id, ForeignKey("article.id"), nullable=False),
    Column("relevant", Boolean, nullable=False),  # else noise
    Column("made", Moment, nullable=False),
    PrimaryKeyConstraint("subscriber", "subject", "article"),
)

# What a reader does not want to hear of: no alert is born for it.
mute = Table(
    "mute",
    metadata,
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("kind", Text, nullable=False),  # topic | story | source | all
    Column("what", Text, nullable=False),  # its id; "" of all
    Column("until", Moment),  # NULL: for good
    PrimaryKeyConstraint("subscriber", "kind", "what"),
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

# Who sends over a channel: one sender per token, whose claims and receipts carry its fence.
sender = Table(
    "sender",
    metadata,
    Column("key", Text, primary_key=True),  # a keyed hash of the bot, or the channel's name
    Column("channel", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("fence", Integer, nullable=False),  # rises with every change of hands
    Column("lease_until", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("paused_until", Moment),  # the channel asked for a rest of everything
    Column("trouble", Text, nullable=False, default=""),  # why nothing is sent; "" while it goes
)

# A chat to which nothing may go for a while.
parked = Table(
    "parked",
    metadata,
    Column("channel", Text, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("until", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("channel", "chat"),
)

# A stretch in which no source was visited, and the round that makes up for it.
catch_up = Table(
    "catch_up",
    metadata,
    Column("began", Moment, primary_key=True),
    Column("since", Moment, nullable=False),  # the last visit before it
    Column("ended", Moment),  # NULL while the round goes on
    Column("restored", Boolean, nullable=False, server_default=text("false")),  # of an archive from a backup
)

_WAITS, _IN_FLIGHT, _DOUBTFUL = text("settled IS NULL"), text("state = 'claimed'"), text("state = 'ambiguous'")

# One thing to tell one subscriber: born in its article's transaction, sent by a loop over rows.
#   new → claimed → sent | ambiguous | deferred | dead;  cancelled when the subscriber left;
#   joined: told by a digest, whose end it shares
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("story", Id, nullable=False, index=True),  # 0 for a digest
    Column("article", Id, ForeignKey("article.id")),  # NULL for a digest
    Column("subject", Text, nullable=False),  # topic:ID | digest
    Column("occasion", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("priority", Integer, nullable=False),  # 0 notices · 1 breaking · 2 normal and low · 3 digests
    Column("lane", Integer, nullable=False, server_default=text("2")),  # its priority, bettered while it waits
    Column("turn", Integer, nullable=False, server_default=text("0")),  # its place among its chat's own
    Column("payload", JSON(none_as_null=True)),  # of a digest
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),  # spent ones
    Column("parts", Integer, nullable=False, server_default=text("0")),  # of a message in parts: how many went out
    Column("owner", Text),
    Column("fence", Integer, nullable=False, server_default=text("0")),  # of the sender that claimed it last
    Column("spends", Boolean, nullable=False, server_default=text("false")),  # whether that attempt counts
    Column("attempted", Moment, index=True),  # when it was claimed last
    Column("lease_until", Moment),
    Column("not_before", Moment),
    Column("born", Moment, nullable=False),
    Column("changed", Moment, nullable=False),  # when it entered its state
    Column("settled", Moment),  # when it entered its last state: sent, dead or cancelled
    Column("message_id", BigInteger),
    Column("edited", Moment),  # when its message was edited last
    Column("digest", Id, index=True),  # the row of the digest that tells it
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("subscriber", "subject", "story", "occasion"),
    # what still waits, in the order of sending and for one subscriber; what is in flight, and what is in doubt
    Index("outbox_waiting", "lane", "turn", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("outbox_waiting_for", "subscriber", "story", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("outbox_in_flight", "subscriber", sqlite_where=_IN_FLIGHT, postgresql_where=_IN_FLIGHT),
    Index("outbox_doubtful", "subscriber", sqlite_where=_DOUBTFUL, postgresql_where=_DOUBTFUL),
)

# --- who reads ---------------------------------------------------------------------------------------------

# An account of the archive page.
account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("created", Moment, nullable=False),
)

# A browser that has logged in; only the hash of its cookie is kept.
session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("account", Text, nullable=False),
    Column("begun", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

# A key to the API; only its hash is kept.
api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("label", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("scopes", JSON, nullable=False),  # read | annotate
    Column("created", Moment, nullable=False),
    Column("used", Moment),
    UniqueConstraint("token_hash"),
)

# What an analyst writes beside an article: star | tag | note | relevant | noise. `text` is "" where the kind says all.
annotation = Table(
    "annotation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article", Id, ForeignKey("article.id"), nullable=False, index=True),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("made", Moment, nullable=False),
)

# A query that an analyst comes back to.
saved_search = Table(
    "saved_search",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved", Moment, nullable=False),
    UniqueConstraint("account", "name"),
)
