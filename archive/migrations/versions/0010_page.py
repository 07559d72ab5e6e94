"""The archive page: accounts, sessions, tokens, and what analysts write beside articles."""

import sqlalchemy as sa
from alembic import op

from archive.schema import Id, Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("account_pkey")),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("begun", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("session_pkey")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("used", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("api_token_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("api_token_token_hash_key")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", Id, nullable=False),
        sa.Column("article", Id, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made", Moment, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("annotation_article_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("annotation_pkey")),
    )
    op.create_index(op.f("annotation_article"), "annotation", ["article"])
    op.create_table(
        "saved_search",
        sa.Column("id", Id, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("saved", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_search_pkey")),
        sa.UniqueConstraint("account", "name", name=op.f("saved_search_account_name_key")),
    )
    op.create_table(
        "health_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("health_change_source_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("health_change_pkey")),
    )
    op.create_index(op.f("health_change_source_id"), "health_change", ["source", "id"])
    op.create_index(op.f("alert_born"), "alert", ["born"])
    op.create_index(op.f("outbox_story"), "outbox", ["story"])
