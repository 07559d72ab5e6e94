"""Which messages of a conversation stand in a chat, for as long as they can be deleted. Keeps no word of them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from archive.conflict import add_missing
from archive.schema import said

DELETABLE = timedelta(hours=48)  # Telegram lets a bot delete messages for so long


def note(conn: Connection, channel: str, chat: int, numbers: Collection[int], now: datetime) -> None:
    """These messages were written; what is too old to be deleted is let go of."""
    conn.execute(delete(said).where(said.c.at <= now - DELETABLE))
    rows = [{"channel": channel, "chat": chat, "message_id": number, "at": now} for number in numbers]
    add_missing(conn, said, rows)


def numbers(conn: Connection, channel: str, chat: int, now: datetime) -> list[int]:
    """The messages that can be deleted."""
    mine = (said.c.channel == channel) & (said.c.chat == chat) & (said.c.at > now - DELETABLE)
    return list(conn.execute(select(said.c.message_id).where(mine).order_by(said.c.message_id)).scalars())


def forget(conn: Connection, channel: str, chat: int) -> None:
    """Know of none any more."""
    conn.execute(delete(said).where(said.c.channel == channel, said.c.chat == chat))
