"""What is configured and watched, and how the monitor itself fares. Describes only."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from archive.schema.columns import Id, Moment, metadata

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

# Work over the whole archive that goes on where it was interrupted: "hits" (of rules that changed), "words" (those
# and the index). `reached` is the last article that is done.
chore = Table(
    "chore",
    metadata,
    Column("name", Text, primary_key=True),
    Column("edition", Integer, nullable=False),  # of the rules by which it is done
    Column("normaliser", Integer, nullable=False),  # core.text.NORMALISER_VERSION
    Column("reached", Id, nullable=False),
    Column("finished", Moment),  # NULL while it goes on
)

# How often a topic is to be expected, by the rule that is active: what is far above it is held (archive/brake.py).
topic_rate = Table(
    "topic_rate",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("hourly", Float, nullable=False),  # stories
    Column("measured", Moment, nullable=False),
)

# A topic whose alerts are held, since there were far too many of them.
brake = Table(
    "brake",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("released", Moment),  # from then on what it hits goes out again
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
