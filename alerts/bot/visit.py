"""One update as the conversation sees it: who asks, where, in which language, and how to answer.

The library's objects end here; the conversation files never see them.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from telegram import Bot, CallbackQuery, Chat, LinkPreviewOptions, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter

from alerts.bot.access import CHANNEL, Applicant, Window
from alerts.bot.library import keyboard
from alerts.catalogue import say
from alerts.limits import Limits, Rate, Rates
from alerts.message import Message, words
from archive import said, subscribers
from archive.database import Archive
from core.messages import Subscriber
from core.pseudonym import pseudonym
from core.tongue import language_of
from settings import Edition

_PATIENCE = 60.0  # seconds that an answer waits when Telegram asks for it
_PERSIAN_ZONE = "Asia/Tehran"  # of who reads Persian, until they say otherwise


@dataclass(frozen=True, slots=True)
class Office:
    """What every conversation works with. The windows are per process."""

    archive: Archive
    edition: Callable[[], Edition]
    file: Path | None = None  # the config; None: it cannot be put back from here
    commands: Window = field(default_factory=lambda: Window(15, timedelta(minutes=1)))  # per chat
    asked: OrderedDict[str, str] = field(default_factory=OrderedDict)  # the searches behind buttons, by their keys
    guesses: Window = field(default_factory=lambda: Window(5, timedelta(hours=1)))  # of invites, per user
    all_guesses: Window = field(default_factory=lambda: Window(100, timedelta(hours=1)))  # of everybody together

    key: str = "-"  # of pseudonyms
    previews: asyncio.Lock = field(default_factory=asyncio.Lock)  # each is a search of a week: one at a time

    # Of all replies together: 3 a second on top of the alerts', with a burst, so that no flood of commands can
    # bring the limits of Telegram down on the alerts.
    replies: Limits = field(
        default_factory=lambda: Limits(Rates(chat=None, group=None, overall=Rate(20, timedelta(seconds=7))))
    )

    # What went to each chat: the delivery's own, where it runs in this process.
    limits: Limits = field(default_factory=lambda: Limits(Rates()))

    async def await_turn(self, chat: int) -> None:
        """Wait until one more reply may go. Alerts to the chat keep their distance from it."""
        while until := self._held(chat, now := datetime.now(UTC)):  # noqa: ASYNC110  # the time is what is waited for
            await asyncio.sleep((until - now).total_seconds())
        self.replies.took(chat, now)
        self.limits.replied(chat, now)

    def _held(self, chat: int, now: datetime) -> datetime | None:
        of_all = self.replies.next_change(now) if self.replies.room(now) == 0 else None
        return max(filter(None, (of_all, self.limits.reply_after(chat, now))), default=None)

    def pseudonym(self, user: int) -> str:
        """What stands for a user in the audit log."""
        return pseudonym(user, self.key)

    def may_guess(self, user: int, now: datetime) -> bool:
        """Count one try of an invite; False when the user, or everybody together, tried too often."""
        return self.guesses.allows(user, now) and self.all_guesses.allows(0, now)


@dataclass(frozen=True, slots=True)
class Visit:
    """An update from a chat. `argument` is what follows the command, or the data of a button."""

    chat: int
    user: int
    group: bool
    anonymous_admin: bool
    language: str  # the subscriber's, else the user's
    subscriber: Subscriber | None
    argument: str
    thread: int | None  # the forum topic that the update comes from
    now: datetime
    _office: Office
    _bot: Bot
    _query: CallbackQuery | None
    _asked: int | None = None  # the message that asks, where the bot may delete it: in a private chat

    @property
    def is_button(self) -> bool:
        return self._query is not None

    @property
    def pressed(self) -> int | None:
        """The message whose button was pressed."""
        return self._query.message.message_id if self._query and self._query.message else None

    def applicant(self, timezone: str) -> Applicant:
        """The visitor as somebody who wants in."""
        zone = _PERSIAN_ZONE if self.language == "fa" else timezone
        return Applicant(self.chat, self.user, self.language, zone, self.argument)

    @property
    def belongs(self) -> bool:
        """Whether the visitor is of the chat: in a private one it is the visitor's own."""
        return self.group or self.chat == self.user

    @property
    def timezone(self) -> str:
        """The zone in which the visitor reads hours."""
        return self.subscriber.timezone if self.subscriber else str(self._office.edition().settings.timezone)

    async def again(self) -> "Visit":
        """The same visit with what its subscriber has chosen by now."""
        found = await self._office.archive.ask(partial(subscribers.by_chat, channel=CHANNEL, chat=self.chat))
        return replace(self, subscriber=found, language=found.language if found else self.language)

    async def may_configure(self) -> bool:
        """Everybody in their own chat; in a group its admins only, asked anew each time."""
        if not self.group:
            return self.chat == self.user
        if self.anonymous_admin:
            return True
        with suppress(BadRequest):
            member = await self._bot.get_chat_member(self.chat, self.user)
            return member.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}
        return False

    async def reply(self, *messages: Message) -> None:
        """Answer in the chat; which messages stand there now is kept for /forget."""
        numbers = [] if self._asked is None else [self._asked]
        try:
            for message in messages:
                await self._office.await_turn(self.chat)
                numbers.append(await self._patiently(message))
        finally:
            note = partial(said.note, channel=CHANNEL, chat=self.chat, numbers=numbers, now=self.now)
            await self._office.archive.write(note)

    async def _patiently(self, message: Message) -> int:
        try:
            return await self._send(message)
        except RetryAfter as limit:
            wait = _seconds(limit)
            if wait > _PATIENCE:
                raise
            await asyncio.sleep(wait)
            return await self._send(message)

    async def _send(self, message: Message) -> int:
        sent = await self._bot.send_message(
            self.chat,
            message.html,
            message_thread_id=self.thread,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(message.buttons),
        )
        return sent.message_id

    async def say(self, key: str) -> None:
        """Answer with words of the catalogue."""
        await self.reply(words(say(self.language, key), self.language))

    async def acknowledge(self, key: str, *, loud: bool = False) -> None:
        """Answer the press of a button: its spinner ends, the words flash up."""
        if self._query is not None:
            with suppress(BadRequest):  # pressed while the bot was away: what was wanted is done all the same
                await self._query.answer(say(self.language, key), show_alert=loud)

    async def rewrite(self, message: Message) -> None:
        """Put `message` in the place of the one whose button was pressed; below it where that one is gone."""
        assert self._query is not None, "only the press of a button has a message to rewrite"
        if not (self._query.message and self._query.message.is_accessible):
            await self.reply(message)  # too old: Telegram does not let it be edited
            return
        try:
            await self._query.edit_message_text(
                message.html, parse_mode=ParseMode.HTML, reply_markup=keyboard(message.buttons)
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                await self.reply(message)

    def deep_link(self, token: str) -> str:
        """The address that opens the bot with an invite."""
        return f"https://t.me/{self._bot.username}?start={token}"

    async def delete(self, messages: Sequence[int], *, chat: int | None = None) -> bool:
        """Delete up to 100 messages of the last 48 hours, of this chat unless another is named. False where Telegram
        does not."""
        of = self.chat if chat is None else chat
        await self._office.await_turn(of)
        with suppress(BadRequest, Forbidden):
            return bool(await self._bot.delete_messages(of, messages))
        return False


def _seconds(limit: RetryAfter) -> float:
    length = limit.retry_after
    return length.total_seconds() if isinstance(length, timedelta) else length


def _thread_of(update: Update) -> int | None:
    """The topic of a forum; other groups number the threads of replies, which are none."""
    message = update.effective_message
    return message.message_thread_id if isinstance(message, TelegramMessage) and message.is_topic_message else None


async def visit_of(update: Update, office: Office, argument: str) -> Visit | None:
    """The visit behind an update; None for updates that come from no chat or nobody."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None:
        return None
    find = partial(subscribers.by_chat, channel=CHANNEL, chat=chat.id)
    subscriber = await office.archive.ask(find)
    message = update.message
    return Visit(
        chat=chat.id,
        user=user.id,
        group=chat.type in {Chat.GROUP, Chat.SUPERGROUP},
        anonymous_admin=bool(message and message.sender_chat and message.sender_chat.id == chat.id),
        language=subscriber.language if subscriber else language_of(user.language_code),
        subscriber=subscriber,
        argument=argument,
        thread=_thread_of(update),
        now=datetime.now(UTC),
        _office=office,
        _bot=update.get_bot(),
        _query=update.callback_query,
        _asked=message.message_id if message and chat.type == Chat.PRIVATE else None,
    )
