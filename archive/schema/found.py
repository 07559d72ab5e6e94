"""What was found: articles with their texts, addresses, hits and evidence. Describes only."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from archive.schema.columns import Id, Moment, metadata

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

# The addresses and GUIDs of articles that were let go (archive/prune.py): listed again, they are not new.
forgotten = Table("forgotten", metadata, Column("key", LargeBinary(16), primary_key=True), sqlite_with_rowid=False)

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
    # what of a topic counts as told: NULL its level; where the rules changed since, its level then, "" nothing
    Column("heard", Text),
    PrimaryKeyConstraint("article", "kind", "what"),
    Index(None, "kind", "what", "article"),
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
