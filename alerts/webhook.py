"""A webhook as a channel: alerts as signed JSON, by Standard Webhooks 1.0 (https://www.standardwebhooks.com).

Each webhook is a channel of its own with one subscriber, so that one receiver's silence holds up no other. One thing
is better here than in Telegram: `webhook-id` is the same for every try, so a receiver that remembers it sees each
message once, and what was not answered is simply sent again. Must not decide what is told or when.
"""

import json
import socket
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from hmac import digest
from typing import Any

import aiohttp

from alerts.limits import UNLIMITED
from alerts.message import Message, Run
from alerts.secrecy import keep_secret
from core.addresses import address_is_public
from core.errors import ChatGone, InputError, MessageRefused, NotSent
from core.lines import iso
from core.messages import Card, Sending
from core.model import Topic

_PATIENCE = aiohttp.ClientTimeout(total=20)
_GAPS = (5, 30, 120, 600)  # seconds of rest after the first, second, … failure in a row
_REFUSALS = (400, 413, 415, 422)  # of this message, whatever comes after it


@dataclass(frozen=True, slots=True)
class Event(Message):
    """The body of one message, with the id that all its tries share."""

    id: str = ""


class Bodies:
    """Renders sendings as JSON instead of text."""

    def render(self, sending: Sending, *, topics: Mapping[str, Topic], edition: int) -> tuple[Event]:
        """One event. Other rows are another message, and have another id."""
        id_ = f"msg_{int(sending.born.timestamp())}_{'_'.join(map(str, sending.rows))}"
        told = {"type": sending.kind, "timestamp": iso(sending.born), "data": _data(sending)}
        return (Event((Run(json.dumps(told, ensure_ascii=False)),), markup=False, id=id_),)


def _data(sending: Sending) -> dict[str, Any]:
    if sending.kind == "digest":
        span = [iso(end) for end in sending.span] if sending.span else None
        return {"stories": [_story(card) for card in sending.cards], "total": sending.total, "span": span}
    return _story(sending.cards[0])


def _story(card: Card) -> dict[str, Any]:
    """An article line's words where it has them (docs/article-lines.md), and how its story stands."""
    said = {name: getattr(card, name) for name in ("story", "title", "summary", "text", "url", "language", "source")}
    times = {name: iso(getattr(card, name)) for name in ("published", "fetched", "recorded")}
    stands = {name: getattr(card, name) for name in ("affiliation", "outlets", "unlinked", "turn")}
    topics = [{"topic": topic, "level": level} for topic, level in card.topics]
    also = {"also": list(card.also), "unconfirmed": card.unconfirmed or None, "denied_by": list(card.denied_by)}
    return {"id": card.article, **said, **times, **stands, **also, "topics": topics}


class WebhookChannel:
    """Posts to one address. It follows no redirect, and connects to no private address unless `private`."""

    edits = False
    rates = UNLIMITED

    def __init__(self, name: str, url: str, secret: str, *, private: bool = False) -> None:
        """Connects to nothing yet. `secret`: whsec_ and base64. Raises InputError for one that is none."""
        keep_secret(secret)
        self.name = name
        self.key = blake2b(f"{name} {url}".encode(), digest_size=16).hexdigest()
        self._url = url
        self._secret = _key(name, secret)
        self._private = private
        self._failures = 0
        self._session: aiohttp.ClientSession | None = None

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> int:
        """Post it. Anything but 2xx is tried again later; the receiver refuses a message by 400, 413, 415 or 422."""
        assert isinstance(message, Event)
        body = message.plain.encode()
        try:
            headers = signed(message.id, body, self._secret, int(time.time()))
            async with self._opened().post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._again(f"no answer: {type(error).__name__} {error}".strip()) from None
        if 200 <= status <= 299:
            self._failures = 0
            return 1
        if status == 410:
            raise ChatGone("410: the receiver wants no more")
        if status in _REFUSALS:
            raise MessageRefused(f"{status} from the receiver")
        raise self._again(f"{status} from the receiver")

    async def edit(self, chat: int, number: int, message: Message) -> None:
        """What was received stays."""

    async def probe(self) -> None:
        """The next message will tell."""

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _again(self, reason: str) -> NotSent:
        gap = _GAPS[min(self._failures, len(_GAPS) - 1)]
        self._failures += 1
        return NotSent(f"{self.name}: {reason}", retry_after=timedelta(seconds=gap))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=4, socket_factory=None if self._private else _public_only)
            self._session = aiohttp.ClientSession(connector=pool, timeout=_PATIENCE)
        return self._session


def _public_only(found: tuple[Any, ...]) -> socket.socket:
    """A socket for one address that was found; asked at the moment of connecting, for names and literals alike."""
    family, kind, protocol, _, address = found
    if not address_is_public(str(address[0])):
        raise PermissionError("refused: private address")
    return socket.socket(family, kind, protocol)


def signed(id_: str, body: bytes, secret: bytes, seconds: int) -> dict[str, str]:
    """The headers of the standard: an HMAC-SHA256 of id, time and body."""
    mark = b64encode(digest(secret, b".".join((id_.encode(), str(seconds).encode(), body)), "sha256")).decode()
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{mark}",
    }


def _key(name: str, secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True) if secret.startswith("whsec_") else b""
    except NotBase64:
        key = b""
    if not 24 <= len(key) <= 64:
        raise InputError(f"{name}: the secret must be whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32")
    return key
