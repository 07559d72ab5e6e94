"""The Bot API over HTTP: one call, and what its answer, or the lack of one, means as a delivery error.

Must not know what is sent, nor try again. python-telegram-bot stays with the conversation: it keeps neither the HTTP
status nor the difference between "never left" and "left and was never answered", and its HTTP client needs 3 ms of
CPU for a call where aiohttp needs 0.1.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp

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
from core.proxies import Proxy
from core.redaction import redact

UNREACHABLE_FOR = timedelta(minutes=10)  # how long a chat rests that exists no more or forbids us to write
_NO_RETRY_AFTER = timedelta(seconds=30)  # a 429 that does not say for how long
_LONGEST_RETRY = timedelta(days=1)
_CONNECT_SECONDS = 10.0

# Before a single byte of the request could leave: no connection, no room among ours, a proxy that refused.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
# Descriptions of 400s, in lower case, by what they mean. https://core.telegram.org/bots/api#making-requests says
# that descriptions may change: what no list knows is refused for good, and told.
_MARKUP = ("can't parse entities", "entity", "button_", "can't parse inline keyboard", "reply markup", "wrong http url")
_UNREACHABLE = (
    "chat not found", "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden",
    "topic_closed", "topic_deleted", "topic closed", "message thread not found", "chat_restricted", "chat is closed",
)  # fmt: skip
_GONE = ("user is deactivated", "bot was kicked", "bot was blocked", "peer_id_invalid", "group chat was deleted")


class Api:
    """The calls of one bot. Opens its connections with the first call; `close` lets go of them."""

    def __init__(
        self, token: str, api_url: str, *, read_timeout: timedelta, connections: int, proxy: Proxy | None = None
    ) -> None:
        self._address = f"{api_url.rstrip('/')}/bot{token}/"
        self._token = token
        self._connections = connections
        self._proxy = proxy.address if proxy else None
        seconds = read_timeout.total_seconds()
        self._timeout = aiohttp.ClientTimeout(
            total=_CONNECT_SECONDS + 2 * seconds, connect=_CONNECT_SECONDS, sock_connect=_CONNECT_SECONDS,
            sock_read=seconds,
        )  # fmt: skip
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """The result of one call. Raises DeliveryError; the token is in none of its reasons."""
        try:
            async with self._opened().post(
                self._address + method, json=parameters, allow_redirects=False, proxy=self._proxy
            ) as answer:
                status, payload = answer.status, await answer.read()
        except _NEVER_LEFT as error:
            raise NotSent(f"no connection: {self._told(error)}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Read and write timeouts, resets, half an answer: it may have left.
            raise Ambiguous(f"no answer: {self._told(error)}") from None
        said = _said(payload)
        if 200 <= status <= 299 and "result" in said:
            return said["result"]
        raise meaning(status, said)

    async def close(self) -> None:
        """Close the connections; harmless when repeated."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=pool, timeout=self._timeout)
        return self._session

    def _told(self, error: BaseException) -> str:
        return redact(f"{type(error).__name__} {error}".strip(), self._token)


def meaning(status: int, said: Mapping[str, Any]) -> DeliveryError:
    """What an answer other than a result means for the message. `said` is {} for a page that is not the Bot API's."""
    reason = redact(str(said.get("description") or f"HTTP {status}"))
    parameters = said.get("parameters")
    about: Mapping[str, Any] = parameters if isinstance(parameters, dict) else {}
    if status >= 500 or 200 <= status <= 299:
        return Ambiguous(f"{status}: {reason}")
    if status == 429:
        return Throttled(reason, retry_after=_retry_after(about))
    if said.get("ok") is not False:
        return NotSent(f"{status} from something that is not the Bot API: check api_url and the network")
    return _refused(status, about, reason)


def _refused(status: int, about: Mapping[str, Any], reason: str) -> DeliveryError:
    if status in {401, 404}:
        return TokenRevoked(f"{status}: the Bot API does not know this token")
    if status == 403:
        return ChatGone(reason)
    if status == 400:
        return _bad_request(about, reason)
    return NotSent(f"{status}: {reason}")


def _bad_request(about: Mapping[str, Any], reason: str) -> DeliveryError:
    migrated = about.get("migrate_to_chat_id")
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


def _retry_after(about: Mapping[str, Any]) -> timedelta:
    """As the answer says; a while where it says nothing that can be."""
    try:
        seconds = float(about.get("retry_after", 0))
    except (TypeError, ValueError):
        return _NO_RETRY_AFTER
    if not seconds > 0:
        return _NO_RETRY_AFTER
    return timedelta(seconds=min(seconds, _LONGEST_RETRY.total_seconds()))


def _said(payload: bytes) -> dict[str, Any]:
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
