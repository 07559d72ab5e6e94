"""Schema revisions, run by archive/migrate.py."""
