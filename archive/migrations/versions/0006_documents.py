"""What a document told beside its text, and the evidence of it."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
