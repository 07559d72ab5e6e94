"""Schema 0001 as the first release made it lacks what was added to that revision afterwards: it is brought up here."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from archive.schema import Id, Moment


def is_lacking(conn: sa.Connection, version: str | None) -> bool:
    """Whether the database is one of those."""
    return version == "0001" and not sa.inspect(conn).has_table("gap")


def complete(conn: sa.Connection) -> None:
    """Add what is missing."""
    op = Operations(MigrationContext.configure(conn))
    op.create_table(
        "monitor",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("started", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("monitor_pkey")),
    )
    op.add_column("source", sa.Column("visits", sa.Integer, nullable=False, server_default="0"))
    op.add_column("source", sa.Column("channel_title", sa.Text, nullable=False, server_default=""))
    op.add_column("source", sa.Column("last_post", sa.Integer))
    op.add_column("source", sa.Column("doubt", sa.Text, nullable=False, server_default=""))
    op.add_column("article", sa.Column("withdrawn", Moment))
    op.create_table(
        "gap",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("noted", Moment, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("gap_source_fkey")),
        sa.PrimaryKeyConstraint("source", "first", name=op.f("gap_pkey")),
    )
    op.create_table(
        "absence",
        sa.Column("article", Id, nullable=False),
        sa.Column("noted", Moment, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("absence_article_fkey")),
        sa.PrimaryKeyConstraint("article", name=op.f("absence_pkey")),
    )
