"""Answers other than success, as the Bot API words them, for the double in bot_api.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An answer other than success, as the Bot API words it."""

    status: int
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    page: bytes | None = None  # a gateway's own page instead


def retry(seconds: int) -> Answer:
    """429 with its retry_after."""
    return Answer(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat: int) -> Answer:
    """The group is a supergroup with another id now."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Answer(400, words, {"migrate_to_chat_id": chat})


BLOCKED = Answer(403, "Forbidden: bot was blocked by the user")
KICKED = Answer(403, "Forbidden: bot was kicked from the supergroup chat")
DEACTIVATED = Answer(403, "Forbidden: user is deactivated")
BAD_ENTITIES = Answer(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 7")
CHAT_NOT_FOUND = Answer(400, "Bad Request: chat not found")
NO_RIGHTS = Answer(400, "Bad Request: not enough rights to send text messages to the chat")
TOPIC_CLOSED = Answer(400, "Bad Request: TOPIC_CLOSED")
EMPTY_TEXT = Answer(400, "Bad Request: message text is empty")
QUERY_TOO_OLD = Answer(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
UNAUTHORIZED = Answer(401, "Unauthorized")
NOT_FOUND = Answer(404, "Not Found")
GATEWAY_PAGE = Answer(502, page=b"<html><h1>502 Bad Gateway</h1></html>")
