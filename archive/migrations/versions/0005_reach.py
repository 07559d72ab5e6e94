"""How a source is reached: its own proxy and its own time zone."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
