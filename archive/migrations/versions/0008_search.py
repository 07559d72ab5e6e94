"""On PostgreSQL each row of the full-text index names its block of articles, so that the newest can be asked alone."""

from alembic import op

revision = "0008"
down_revision = "0007"

_BLOCKS = "UPDATE article_words SET words = words || array_to_tsvector(ARRAY['#' || article / 1024])"


def upgrade() -> None:
    """Rows that were indexed by this version already stay the same: a tsvector holds a word once."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_BLOCKS)
