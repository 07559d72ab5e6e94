"""Copies and stories: fingerprints, boilerplate lines, pieces, legs and links."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)

_ARTICLE = (
    ("match", _ID),
    ("tier", sa.Text()),
    ("containment", sa.Float()),
    ("shared", sa.Integer()),
    ("numbers", sa.Float()),
    ("alone", sa.Float()),
    ("why", sa.Text()),
    ("absent", _MOMENT),
    ("account", sa.JSON(none_as_null=True)),
)
_ALERT = (("turn", sa.Text()), ("unconfirmed", sa.Text()), ("edit", sa.JSON(none_as_null=True)))

# A story has the id of the article that founded it, from the beginning: in steps over negative ids, since the old and
# the new ones overlap.
_FOUNDERS = (
    "CREATE TEMPORARY TABLE founder (story BIGINT PRIMARY KEY, article BIGINT NOT NULL)",
    "INSERT INTO founder SELECT story, min(id) FROM article GROUP BY story",
    "INSERT INTO story (id, born) SELECT -founder.article, born FROM story JOIN founder ON founder.story = story.id",
    *(
        f"""UPDATE {table} SET story = -(SELECT article FROM founder WHERE founder.story = {table}.story)
            WHERE story IN (SELECT story FROM founder)"""  # noqa: S608  the tables are these
        for table in ("article", "alert", "outbox")
    ),
    "DELETE FROM story WHERE id > 0",
    "INSERT INTO story (id, born) SELECT -id, born FROM story",
    *(f"UPDATE {table} SET story = -story WHERE story < 0" for table in ("article", "alert", "outbox")),  # noqa: S608
    "DELETE FROM story WHERE id < 0",
    "DROP TABLE founder",
)

# From now on stories are numbered with the articles.
_NUMBERS = """SELECT setval(pg_get_serial_sequence('article', 'id'), COALESCE(newest, 1), newest IS NOT NULL)
    FROM (SELECT GREATEST((SELECT max(id) FROM article), (SELECT max(id) FROM story)) AS newest) AS numbered"""


def upgrade() -> None:
    for statement in _FOUNDERS:
        op.execute(statement)
    for name, type_ in _ARTICLE:
        op.add_column("article", sa.Column(name, type_, nullable=True))
    for name, type_ in _ALERT:
        op.add_column("alert", sa.Column(name, type_, nullable=True))
    for name in ("leg", "merged_into"):
        op.add_column("story", sa.Column(name, _ID, nullable=True))
        op.create_index(op.f(f"story_{name}"), "story", [name])
    _copies()
    _stories()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_NUMBERS)


def _copies() -> None:
    for name in ("fingerprint", "fingerprint_delta"):
        op.create_table(
            name,
            sa.Column("hash", _ID, autoincrement=False, nullable=False),
            sa.Column("article", _ID, autoincrement=False, nullable=False),
            sa.PrimaryKeyConstraint("hash", "article", name=op.f(f"{name}_pkey")),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "line",
        sa.Column("key", _ID, autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("line_pkey")),
    )


def _stories() -> None:
    op.create_table(
        "piece",
        sa.Column("article", _ID, autoincrement=False, nullable=False),
        sa.Column("leg", _ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("piece_article_fkey")),
        sa.PrimaryKeyConstraint("article", name=op.f("piece_pkey")),
    )
    op.create_index(op.f("piece_leg"), "piece", ["leg"])
    op.create_table(
        "link",
        sa.Column("one", _ID, autoincrement=False, nullable=False),
        sa.Column("other", _ID, autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("ruled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("link_pkey")),
    )
    op.create_index(op.f("link_other"), "link", ["other"])
    live = op.create_table(
        "live",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", _ID, nullable=False),
        sa.Column("merged", _ID, nullable=False),
        sa.Column("restory", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("live_pkey")),
    )
    op.bulk_insert(live, [{"id": 1, "stamp": 0, "merged": 0}])
    op.create_table(
        "frequency",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "term", name=op.f("frequency_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ruling",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("undone", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("ruling_pkey")),
    )
