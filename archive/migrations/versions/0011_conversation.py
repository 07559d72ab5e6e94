"""The conversation: what readers say of their alerts, and what they do not want to hear of for a while."""

import sqlalchemy as sa
from alembic import op

from archive.schema import Id, Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("subscriber", Id, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("article", Id, nullable=False),
        sa.Column("relevant", sa.Boolean, nullable=False),
        sa.Column("made", Moment, nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("mark_subscriber_fkey")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("mark_article_fkey")),
        sa.PrimaryKeyConstraint("subscriber", "subject", "article", name=op.f("mark_pkey")),
    )
    op.create_table(
        "mute",
        sa.Column("subscriber", Id, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("until", Moment),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("mute_subscriber_fkey")),
        sa.PrimaryKeyConstraint("subscriber", "kind", "what", name=op.f("mute_pkey")),
    )
    op.add_column("subscriber", sa.Column("quiet_from", sa.Text))
    op.add_column("subscriber", sa.Column("quiet_until", sa.Text))
    quiet_breaking = sa.Column("quiet_breaking", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("subscriber", quiet_breaking)
    op.create_index(op.f("subscriber_quiet_from"), "subscriber", ["quiet_from"])
