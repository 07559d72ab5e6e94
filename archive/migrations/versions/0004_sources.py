"""What a source's visits taught of its health, and from when on it is quarantined."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
