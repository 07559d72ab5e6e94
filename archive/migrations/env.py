"""What Alembic runs: the migrations, inside the transaction that archive/migrate.py opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # both databases can; Alembic believes that SQLite cannot
)
context.run_migrations()
