"""Who reads: accounts of the archive page, and what they write beside it. Describes only."""

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, Table, Text, UniqueConstraint

from archive.schema.columns import Id, Moment, metadata

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
