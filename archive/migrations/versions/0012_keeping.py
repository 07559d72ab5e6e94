"""Keeping: the round after a restore tells everything in its digest."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("catch_up", sa.Column("restored", sa.Boolean, nullable=False, server_default=sa.text("false")))
