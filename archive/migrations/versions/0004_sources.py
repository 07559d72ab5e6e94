"""What a source's visits taught of its health, and from when on it is quarantined."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in (
        sa.Column("hours", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("health", sa.Text(), nullable=False, server_default=""),
        sa.Column("health_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("health_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("health_told", sa.Text(), nullable=False, server_default=""),
        sa.Column("failed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barren", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("moved_to", sa.Text(), nullable=False, server_default=""),
        sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_seen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("extraction", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("guids_rotate", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("quarantined", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("source", column)
    op.add_column("gap", sa.Column("tried", sa.Boolean(), nullable=False, server_default=sa.false()))
