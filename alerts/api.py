"""How an answer of the Bot API, or the lack of one, becomes one of our delivery errors. No sending here.

python-telegram-bot derives both TimedOut and BadRequest from NetworkError and keeps neither the HTTP status nor
the difference between "never left" and "left and was never answered". So the status is caught where it arrives
(`Request`), and network faults are told apart by the httpx error that caused them.
"""

import json
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

from core.errors import (
    Ambiguous,
    BadMarkup,
    ChatGone,
    ChatMigrated,
    DeliveryError,
    MessageRefused,
    NotSent,
    Throttled,
    TokenRevoked,
)
from core.redaction import redact

UNREACHABLE_FOR = timedelta(minutes=10)  # how long a chat rests that exists no more or forbids us to write
_NO_RETRY_AFTER = timedelta(seconds=30)  # a 429 that does not say for how long

# Errors before a single byte of the request could leave.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
# Descriptions of 400s, in lower case, by what they mean. https://core.telegram.org/bots/api#making-requests says
# that descriptions may change: what no list knows is refused for good, and told.
_MARKUP = ("can't parse entities", "entity", "button_", "can't parse inline keyboard", "reply markup", "wrong http url")
_UNREACHABLE = (
    "chat not found", "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden",
    "topic_closed", "topic_deleted", "topic closed", "message thread not found", "chat_restricted", "chat is closed",
)  # fmt: skip
_GONE = ("user is deactivated", "bot was kicked", "bot was blocked", "peer_id_invalid", "group chat was deleted")


class RefusalError(TelegramError):
    """An HTTP answer other than success, with everything it said. `own` tells the Bot API from a gateway's page."""

    def __init__(self, status: int, payload: bytes) -> None:
        said = _said(payload)
        self.status = status
        self.own = said.get("ok") is False
        self.description = str(said.get("description") or f"HTTP {status}")
        parameters = said.get("parameters")
        self.parameters: dict[str, Any] = parameters if isinstance(parameters, dict) else {}
        super().__init__(self.description)


class Request(HTTPXRequest):
    """The library's own request, except that an answer other than success keeps its status."""

    async def do_request(  # the timeouts' own type is private to the library
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        write_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        connect_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        pool_timeout: Any = HTTPXRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The answer's status and body. Raises RefusalError for all but 2xx, NetworkError without an answer."""
        status, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if not 200 <= status <= 299:
            raise RefusalError(status, payload)
        return status, payload


def delivery_error(error: Exception) -> DeliveryError:
    """The one of our errors that says what `error` means for the message. Secrets are cut out of its reason."""
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, RefusalError):
        return _refused(error)
    cause = error.__cause__
    if isinstance(error, NetworkError) and isinstance(cause, _NEVER_LEFT):
        return NotSent(f"no connection: {_told(cause)}")
    # Read and write timeouts, resets, and whatever we do not know: it may have left.
    return Ambiguous(f"no answer: {_told(cause or error)}")


def _refused(error: RefusalError) -> DeliveryError:
    reason = redact(error.description)
    status = error.status
    if status >= 500:
        return Ambiguous(f"{status}: {reason}")
    if status == 429:
        return Throttled(reason, retry_after=_retry_after(error))
    if not error.own:
        return NotSent(f"{status} from something that is not the Bot API: check api_url and the network")
    return _refused_by_telegram(error, reason)


def _refused_by_telegram(error: RefusalError, reason: str) -> DeliveryError:
    if error.status in {401, 404}:
        return TokenRevoked(f"{error.status}: the Bot API does not know this token")
    if error.status == 403:
        return ChatGone(reason)
    if error.status == 400:
        return _bad_request(error, reason)
    return NotSent(f"{error.status}: {reason}")


def _bad_request(error: RefusalError, reason: str) -> DeliveryError:
    migrated = error.parameters.get("migrate_to_chat_id")
    if isinstance(migrated, int):
        return ChatMigrated(reason, chat=migrated)
    said = reason.lower()
    if any(words in said for words in _GONE):
        return ChatGone(reason)
    if any(words in said for words in _UNREACHABLE):
        return NotSent(reason, retry_after=UNREACHABLE_FOR)
    if any(words in said for words in _MARKUP):
        return BadMarkup(reason)
    return MessageRefused(reason)


def _retry_after(error: RefusalError) -> timedelta:
    seconds = error.parameters.get("retry_after")
    if isinstance(seconds, int | float) and seconds > 0:
        return timedelta(seconds=min(float(seconds), 86_400.0))
    return _NO_RETRY_AFTER


def _said(payload: bytes) -> dict[str, Any]:
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _told(error: BaseException) -> str:
    return redact(f"{type(error).__name__} {error}".strip())


class PatientRequest(HTTPXRequest):
    """For polling: a token that is not known now is tried again later; the library would stop listening for good."""

    async def do_request(  # as above
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        write_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        connect_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        pool_timeout: Any = HTTPXRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """As its base, but 401 and 404 are network errors."""
        status, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status in {401, 404}:
            raise NetworkError(f"{status}: the Bot API does not know this token")
        return status, payload
