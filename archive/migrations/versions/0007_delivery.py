"""Delivery: the sender's lease, the limits of chats, and what merged and edited messages need."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
