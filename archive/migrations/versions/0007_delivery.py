"""Delivery: the sender's lease, the limits of chats, and what merged and edited messages need."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_WAITS, _DOUBTFUL = sa.text("settled IS NULL"), sa.text("state = 'ambiguous'")


def upgrade() -> None:
    op.create_table(
        "sender",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", _TIME, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("paused_until", _TIME, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("sender_pkey")),
    )
    op.create_table(
        "parked",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("parked_pkey")),
    )
    op.create_table(
        "catch_up",
        sa.Column("began", _TIME, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("ended", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("began", name=op.f("catch_up_pkey")),
    )
    for column in (
        sa.Column("lane", sa.Integer(), nullable=False, server_default=sa.text("2")),
        sa.Column("turn", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("parts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("fence", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("spends", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("attempted", _TIME, nullable=True),
        sa.Column("digest", _ID, nullable=True),
        sa.Column("edited", _TIME, nullable=True),
    ):
        op.add_column("outbox", column)
    op.execute("UPDATE outbox SET lane = priority WHERE settled IS NULL")
    op.drop_index("outbox_waiting", "outbox")
    waiting, doubtful = ["lane", "turn", "id"], ["subscriber"]
    op.create_index("outbox_waiting", "outbox", waiting, sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("outbox_doubtful", "outbox", doubtful, sqlite_where=_DOUBTFUL, postgresql_where=_DOUBTFUL)
    op.create_index(op.f("outbox_attempted"), "outbox", ["attempted"])
    op.create_index(op.f("outbox_digest"), "outbox", ["digest"])
