"""What is wrong with the monitor itself at present."""

import sqlalchemy as sa
from alembic import op

from archive.schema import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "condition",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("condition_pkey")),
    )
