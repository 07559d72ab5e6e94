"""The full-text index learns the order of words, and dates and facets get indexes of their own."""

from alembic import op

from archive.fulltext import reindex

revision = "0002"
down_revision = "0001"

# SQLite: detail=none could not tell a phrase from its words anywhere. The index is derived, so it is made anew.
FULL_TEXT = {
    "sqlite": (
        "DROP TABLE article_words",
        "DELETE FROM article_words_indexed",
        "CREATE VIRTUAL TABLE article_words USING fts5(words, content='', detail=full, columnsize=0, tokenize=ascii)",
        "CREATE VIRTUAL TABLE article_words_known USING fts5vocab(article_words, 'row')",
    ),
    "postgresql": ("DELETE FROM article_words",),
}


def upgrade() -> None:
    op.create_index(op.f("article_published"), "article", ["published"])
    op.create_index("article_facets", "article", ["id", "published", "recorded", "source", "language"])
    conn = op.get_bind()
    for statement in FULL_TEXT[conn.dialect.name]:
        op.execute(statement)
    reindex(conn)
