"""Who is told: subscribers, what they want, and the outbox. Describes only."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from archive.schema.columns import Id, Moment, metadata

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
    # a digest of what was found: daily | weekly, at "08:00" by its own zone; NULL where there is none
    Column("digest_every", Text),
    Column("digest_at", Text),
    Column("digest_told", Moment),  # until when the last one told
    Column("sound", Text, nullable=False, server_default="all"),  # all | breaking | none: which alerts ring
    Column("thread", BigInteger),  # of a forum: the topic in which its alerts stand
    UniqueConstraint("channel", "chat"),
)

# A rule of a reader's own. Its number is never used again.
watch = Table(
    "watch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("query", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),  # proposed | active | paused
    Column("thread", BigInteger),  # of a forum: the topic where it was typed, and where its alerts stand
    Column("made", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    UniqueConstraint("subscriber", "query", name="watch_subscriber_query_key"),
    sqlite_autoincrement=True,
)

# A message of a conversation, kept for as long as it can be deleted from its chat.
said = Table(
    "said",
    metadata,
    Column("channel", Text, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("channel", "chat", "message_id"),
)

# What an operator or an admin did to the monitor; `who` is a keyed hash of an account, or "operator".
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
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
    Column("kind", Text, nullable=False),  # topic | story | source | affiliation | language | all
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
