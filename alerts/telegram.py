"""Telegram as a channel. It sends what it is given: what, to whom and when is not its business, nor is what becomes of
a message that failed."""

from datetime import timedelta
from hashlib import blake2b
from typing import Any

from alerts.api import Api
from alerts.limits import Rates
from alerts.message import Button, Message
from alerts.secrecy import keep_secret
from core.errors import Ambiguous, MessageGone, MessageRefused
from core.proxies import Proxy

# A send that is not answered within this is ambiguous; Telegram answers in well under a second when it does.
_READ_TIMEOUT = timedelta(seconds=10)
_CONNECTIONS = 256


class TelegramChannel:
    """Sends through connections of its own, so that neither polling nor replies can use them up."""

    name = "telegram"
    edits = True

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        read_timeout: timedelta = _READ_TIMEOUT,
        connections: int = _CONNECTIONS,
        rates: Rates | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        """Connects to nothing yet. Raises nothing for a wrong token: the first answer tells."""
        keep_secret(token)
        keep_secret(proxy.password if proxy else "")
        self.key = blake2b(b"sender", key=token.encode()[:64], digest_size=16).hexdigest()
        self.rates = rates or Rates()
        self._api = Api(token, api_url, read_timeout=read_timeout, connections=connections, proxy=proxy)

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> int:
        """Send one message; link previews are off, since an alert is complete without them."""
        content = {"chat_id": chat, **_content(message)}
        if message.silent:
            content["disable_notification"] = True
        if message.thread is not None:
            content["message_thread_id"] = message.thread
        if reply_to is not None:
            content["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        result = await self._api.call("sendMessage", content)
        number = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(number, int):
            raise Ambiguous("an answer without a message_id")
        return number

    async def edit(self, chat: int, number: int, message: Message) -> None:
        """editMessageText. What stands there already counts as edited."""
        try:
            await self._api.call("editMessageText", {"chat_id": chat, "message_id": number, **_content(message)})
        except MessageRefused as error:
            said = error.reason.lower()
            if "not modified" in said:
                return
            if "message to edit not found" in said or "message can't be edited" in said:
                raise MessageGone(error.reason) from None
            raise

    async def probe(self) -> None:
        """getMe."""
        await self._api.call("getMe", {})

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()


def _content(message: Message) -> dict[str, Any]:
    content: dict[str, Any] = {
        "text": message.html if message.markup else message.plain,
        "link_preview_options": {"is_disabled": True},
    }
    if message.markup:
        content["parse_mode"] = "HTML"
    if message.buttons:
        content["reply_markup"] = {"inline_keyboard": [[_button(each) for each in row] for row in message.buttons]}
    return content


def _button(button: Button) -> dict[str, str]:
    return (
        {"text": button.text, "url": button.url}
        if button.url
        else {"text": button.text, "callback_data": button.data or ""}
    )
