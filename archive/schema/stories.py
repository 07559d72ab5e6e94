"""Copies and stories, and what was alerted of them. Describes only."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from archive.schema.columns import Id, Moment, metadata

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
