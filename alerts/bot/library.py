"""What python-telegram-bot is given: its address, our buttons, who is answered when, and a request that does not stop
listening for good."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor
from telegram.request import HTTPXRequest, RequestData

from alerts.message import Button


def base_url(api_url: str) -> str:
    """What the library wants: the address up to where the token follows."""
    return f"{api_url.rstrip('/')}/bot"


def keyboard(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Our buttons as the library's, None without any."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.text, url=each.url, callback_data=each.data) for each in row] for row in buttons]
    )


class PatientRequest(HTTPXRequest):
    """For polling: a token that is not known now is tried again later; the library would stop listening for good."""

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
        """As its base, but 401 and 404 are network errors."""
        status, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status in {401, 404}:
            raise NetworkError(f"{status}: the Bot API does not know this token")
        return status, payload


class InTurn(BaseUpdateProcessor):
    """Chats are answered side by side, so that nobody waits for another's search; each chat's updates in order."""

    def __init__(self, at_once: int) -> None:
        """At most so many updates are worked on together."""
        super().__init__(at_once)
        self._turns: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's earlier updates, then work on this one."""
        chat = update.effective_chat.id if isinstance(update, Update) and update.effective_chat else 0
        turn = self._turns.setdefault(chat, asyncio.Lock())
        self._waiting[chat] = self._waiting.get(chat, 0) + 1
        try:
            async with turn:
                await coroutine
        finally:
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._turns[chat], self._waiting[chat]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""
