"""How a source is reached: its own proxy and its own time zone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("source", sa.Column("timezone", sa.Text))
    op.add_column("source", sa.Column("proxy", sa.Text))
