"""Hits are found anew by changed rules; topics have a brake."""

import sqlalchemy as sa
from alembic import op

from archive.schema import Id, Moment

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("hit", sa.Column("heard", sa.Text))
    op.create_table(
        "chore",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("normaliser", sa.Integer, nullable=False),
        sa.Column("reached", Id, nullable=False),
        sa.Column("finished", Moment),
        sa.PrimaryKeyConstraint("name", name=op.f("chore_pkey")),
    )
    op.create_table(
        "topic_rate",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("hourly", sa.Float, nullable=False),
        sa.Column("measured", Moment, nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("topic_rate_pkey")),
    )
    op.create_table(
        "brake",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("released", Moment),
        sa.PrimaryKeyConstraint("topic", name=op.f("brake_pkey")),
    )
