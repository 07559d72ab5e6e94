"""Watches, digests, sound, forum topics; the audit log; which messages of the bot stand in a chat."""

import sqlalchemy as sa
from alembic import op

from archive.schema import Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", Id, nullable=False),
        sa.Column("subscriber", Id, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("thread", sa.BigInteger),
        sa.Column("made", Moment, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("watch_subscriber_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("watch_pkey")),
        sa.UniqueConstraint("subscriber", "query", name=op.f("watch_subscriber_query_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pkey")),
    )
    op.create_table(
        "said",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", "message_id", name=op.f("said_pkey")),
    )
    op.create_index(op.f("said_at"), "said", ["at"])
    op.add_column("subscriber", sa.Column("digest_every", sa.Text))
    op.add_column("subscriber", sa.Column("digest_at", sa.Text))
    op.add_column("subscriber", sa.Column("digest_told", Moment))
    op.add_column("subscriber", sa.Column("sound", sa.Text, nullable=False, server_default="all"))
    op.add_column("subscriber", sa.Column("thread", sa.BigInteger))
