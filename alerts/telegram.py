"""Telegram as a channel, over python-telegram-bot. It sends what it is given: what, to whom and when is not its
business, nor is what becomes of a message that failed."""

from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from alerts.api import Request, delivery_error
from alerts.limits import Rates
from alerts.message import Button, Message
from alerts.secrecy import keep_secret

# A send that is not answered within this is ambiguous; Telegram answers in well under a second when it does.
_READ_TIMEOUT = timedelta(seconds=10)
_CONNECT_TIMEOUT = timedelta(seconds=10)
_CONNECTIONS = 64


class TelegramChannel:
    """Sends through a bot of its own, so that neither polling nor replies can use up its connections."""

    name = "telegram"
    rates = Rates()

    def __init__(
        self, token: str, api_url: str, *, read_timeout: timedelta = _READ_TIMEOUT, connections: int = _CONNECTIONS
    ) -> None:
        """Connects to nothing yet. Raises nothing for a wrong token: the first answer tells."""
        keep_secret(token)
        seconds = read_timeout.total_seconds()
        self._request = Request(
            connection_pool_size=connections,
            read_timeout=seconds,
            write_timeout=seconds,
            connect_timeout=_CONNECT_TIMEOUT.total_seconds(),
            pool_timeout=seconds,
        )
        # Never initialised: that would ask getMe first, and fail without a network.
        url = base_url(api_url)
        self._bot = Bot(token, base_url=url, request=self._request, get_updates_request=self._request)

    async def send(self, chat: int, message: Message) -> int:
        """Send one message; link previews are off, since an alert is complete without them."""
        try:
            sent = await self._bot.send_message(
                chat_id=chat,
                text=message.html if message.markup else message.plain,
                parse_mode=ParseMode.HTML if message.markup else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=keyboard(message.buttons),
            )
        except Exception as error:
            raise delivery_error(error) from None  # the original may carry the token
        return sent.message_id

    async def probe(self) -> None:
        """getMe."""
        try:
            await self._bot.get_me()
        except Exception as error:
            raise delivery_error(error) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()


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
