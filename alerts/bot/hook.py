"""Where Telegram brings its updates, instead of the bot fetching them: a small server behind the operator's own TLS.

Must not work on an update: what is genuine and new goes into the application's queue, whatever else comes is refused.
"""

from collections import deque
from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest
from json import JSONDecodeError
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import Application

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1_000_000  # bytes of an update
_REMEMBERED = 10_000  # ids of updates: Telegram brings one again when our answer was lost


class Hook:
    """Listens at `listen` (host:port) for what Telegram sends to `url`."""

    def __init__(self, app: Application[Any, Any, Any, Any, Any, Any], url: str, listen: str) -> None:
        self._app = app
        self._url = url
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        # Known to Telegram and to whoever has the token: nothing else to keep.
        self._secret = blake2b(b"webhook", key=app.bot.token.encode()[:64], digest_size=32).hexdigest()
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._runner: web.AppRunner | None = None

    async def open(self, kinds: Sequence[str]) -> int:
        """Listen, then tell Telegram where; the port. Raises TelegramError or OSError."""
        await self.close()
        served = web.Application(client_max_size=_LARGEST)
        served.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        await self._app.bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=list(kinds))
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Listen no more; Telegram keeps what it cannot bring for a day."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        if not compare_digest(request.headers.get(_HEADER, "").encode("utf-8", "replace"), self._secret.encode()):
            return web.Response(status=403)
        try:
            told = await request.json()
            update = Update.de_json(told, self._app.bot)
        except (JSONDecodeError, UnicodeDecodeError, TypeError, KeyError, AttributeError, ValueError):
            return web.Response(status=400)
        if update.update_id not in self._seen:
            self._seen.append(update.update_id)
            await self._app.update_queue.put(update)
        return web.Response()
