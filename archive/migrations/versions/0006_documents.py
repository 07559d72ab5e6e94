"""What a document told beside its text, and the evidence of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "post",
        sa.Column("article", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("views_first", sa.Integer(), nullable=True),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("views_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_from", sa.Text(), nullable=False),
        sa.Column("forwarded_url", sa.Text(), nullable=True),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("post_article_fkey")),
        sa.PrimaryKeyConstraint("article", name=op.f("post_pkey")),
    )
    op.add_column("evidence", sa.Column("stored", sa.Integer(), nullable=True))
    op.add_column("evidence", sa.Column("reference", sa.Text(), nullable=True))
    op.drop_index(op.f("evidence_sha256"), "evidence")
    op.create_index("evidence_documents", "evidence", ["sha256", "stored"])
    op.create_table(
        "reference",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("reference_source_fkey")),
        sa.PrimaryKeyConstraint("source", name=op.f("reference_pkey")),
    )
