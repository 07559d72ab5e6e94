"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


# Which words occur in an article; see archive/fulltext.py.
FULL_TEXT = {
    "sqlite": (
        """CREATE VIRTUAL TABLE article_words
           USING fts5(words, content='', detail=none, columnsize=0, tokenize=ascii)""",
        """CREATE TABLE article_words_indexed
           (article INTEGER PRIMARY KEY REFERENCES article, words BLOB NOT NULL)""",
    ),
    "postgresql": (
        "CREATE TABLE article_words (article BIGINT PRIMARY KEY REFERENCES article, words TSVECTOR NOT NULL)",
        "CREATE INDEX article_words_words ON article_words USING gin (words)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("edition_pkey")),
    )
    op.create_table(
        "invite",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("invite_pkey")),
    )
    op.create_table(
        "milestone",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reached", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("milestone_pkey")),
    )
    op.create_table(
        "monitor",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("monitor_pkey")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("affiliation", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("every", sa.Float(), nullable=True),
        sa.Column("full_text", sa.Boolean(), nullable=False),
        sa.Column("selectors", sa.JSON(), nullable=False),
        sa.Column("next_check", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("last_new", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_visit", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("channel_title", sa.Text(), nullable=False),
        sa.Column("last_post", sa.Integer(), nullable=True),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("source_pkey")),
    )
    op.create_index(op.f("source_claimed_by"), "source", ["claimed_by"], unique=False)
    op.create_index(op.f("source_host"), "source", ["host"], unique=False)
    op.create_index(op.f("source_next_check"), "source", ["next_check"], unique=False)
    op.create_table(
        "story",
        sa.Column("id", _ID, nullable=False),
        sa.Column("born", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("story_pkey")),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("follows_all", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("subscriber_pkey")),
        sa.UniqueConstraint("channel", "chat", name=op.f("subscriber_channel_chat_key")),
    )
    op.create_table(
        "article",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("duplicate_of", _ID, nullable=True),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_alert", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["article.id"], name=op.f("article_duplicate_of_fkey")),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("article_source_fkey")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("article_story_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("article_pkey")),
    )
    op.create_index(op.f("article_recorded"), "article", ["recorded"], unique=False)
    op.create_index(op.f("article_source_id"), "article", ["source", "id"], unique=False)
    op.create_index(op.f("article_story"), "article", ["story"], unique=False)
    op.create_index(op.f("article_text_hash_source"), "article", ["text_hash", "source"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("subscriber", _ID, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("subscription_subscriber_fkey")),
        sa.PrimaryKeyConstraint("subscriber", "topic", name=op.f("subscription_pkey")),
    )
    op.create_table(
        "gap",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("noted", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("gap_source_fkey")),
        sa.PrimaryKeyConstraint("source", "first", name=op.f("gap_pkey")),
    )
    op.create_table(
        "absence",
        sa.Column("article", _ID, nullable=False),
        sa.Column("noted", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("absence_article_fkey")),
        sa.PrimaryKeyConstraint("article", name=op.f("absence_pkey")),
    )
    op.create_table(
        "address",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("address_article_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("address_pkey")),
    )
    op.create_index(op.f("address_article"), "address", ["article"], unique=False)
    op.create_table(
        "alert",
        sa.Column("story", _ID, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("born", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("alert_article_fkey")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("alert_story_fkey")),
        sa.PrimaryKeyConstraint("story", "subject", "occasion", name=op.f("alert_pkey")),
    )
    op.create_index(op.f("alert_article"), "alert", ["article"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("article", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("requested", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("evidence_article_fkey")),
        sa.PrimaryKeyConstraint("article", "revision", name=op.f("evidence_pkey")),
    )
    op.create_index(op.f("evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_table(
        "hit",
        sa.Column("article", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("hit_article_fkey")),
        sa.PrimaryKeyConstraint("article", "kind", "what", name=op.f("hit_pkey")),
    )
    op.create_index(op.f("hit_kind_what_article"), "hit", ["kind", "what", "article"], unique=False)
    op.create_table(
        "listing",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("guid_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("listing_article_fkey")),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("listing_source_fkey")),
        sa.PrimaryKeyConstraint("source", "article", name=op.f("listing_pkey")),
        sa.UniqueConstraint("source", "guid_key", name=op.f("listing_source_guid_key_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subscriber", _ID, nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("article", _ID, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("born", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("outbox_article_fkey")),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("outbox_subscriber_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
        sa.UniqueConstraint(
            "subscriber", "subject", "story", "occasion", name=op.f("outbox_subscriber_subject_story_occasion_key")
        ),
    )
    op.create_index(
        "outbox_in_flight",
        "outbox",
        ["subscriber"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("settled IS NULL"),
        postgresql_where=sa.text("settled IS NULL"),
    )
    op.create_index(
        "outbox_waiting_for",
        "outbox",
        ["subscriber", "story"],
        unique=False,
        sqlite_where=sa.text("settled IS NULL"),
        postgresql_where=sa.text("settled IS NULL"),
    )
    op.create_table(
        "revision",
        sa.Column("article", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("revision_article_fkey")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("revision_pkey")),
        sa.UniqueConstraint("article", "content_hash", name=op.f("revision_article_content_hash_key")),
    )

    for statement in FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
