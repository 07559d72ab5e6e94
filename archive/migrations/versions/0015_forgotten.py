"""Articles that are let go stay known by their addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("forgotten_pkey")),
        sqlite_with_rowid=False,
    )
