"""The bot: python-telegram-bot's own application, polling or behind a webhook, with our conversation behind it.

It starts at once and connects patiently in the background, so that a blocked network never stops the monitor.
Must not decide anything: each command is a function of one conversation file.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import BotCommand, BotCommandScopeChat, ChatMember, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from alerts.bot import (
    admin,
    braking,
    digesting,
    joining,
    menu,
    muting,
    preferences,
    quieting,
    reacting,
    reading,
    searching,
    topics,
    watching,
)
from alerts.bot.access import CHANNEL
from alerts.bot.hook import Hook
from alerts.bot.library import InTurn, PatientRequest, base_url
from alerts.bot.visit import Office, Visit, visit_of
from alerts.catalogue import say
from alerts.limits import Limits, Rates
from alerts.secrecy import keep_secret
from archive import subscribers
from archive.database import Archive
from core.proxies import Proxy
from core.redaction import one_line, redact
from core.tongue import LANGUAGES
from settings import Edition

log = logging.getLogger(__name__)

Conversation = Callable[[Visit, Office], Awaitable[None]]
Context = ContextTypes.DEFAULT_TYPE

_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
_LONGEST_GAP = timedelta(minutes=5)  # between tries to connect
_COMPLAIN_EVERY = timedelta(minutes=10)
_AT_ONCE = 16  # chats that are answered side by side
_NO_OTHER_WAY = {"trust_env": False}  # a proxy of the environment is ignored, as for everything else
# What a chat must be to use a command: configuring needs an admin in groups, the others a subscriber.
_COMMANDS: dict[str, tuple[Conversation, bool, bool]] = {  # conversation, admins only, subscribers only
    "start": (joining.start, True, False),
    "topics": (topics.topics, True, True),
    "latest": (reading.latest, False, True),
    "search": (searching.search, False, True),
    "watch": (watching.watch, True, True),
    "watches": (watching.listed, True, True),
    "settings": (menu.settings, True, True),
    "digest": (digesting.digest, True, True),
    "sources": (menu.sources, True, True),
    "languages": (menu.languages, True, True),
    "mute": (muting.mute, True, True),
    "quiet": (quieting.quiet, True, True),
    "language": (preferences.language, True, True),
    "timezone": (preferences.timezone, True, True),
    "status": (reading.status, False, True),
    "privacy": (preferences.privacy, False, False),
    "help": (reading.help_, False, False),
    "stop": (joining.stop, True, False),
    "forget": (preferences.forget, True, True),
}

_CONFIGURING = (muting, quieting, preferences, watching, digesting, menu)  # whose buttons change what a chat gets


class Bot:
    """Answers people in Telegram. `start` returns before anything is connected."""

    def __init__(
        self,
        archive: Archive,
        edition: Callable[[], Edition],
        *,
        token: str | None = None,
        limits: Limits | None = None,
        file: Path | None = None,
        first_gap: timedelta = timedelta(seconds=2),
    ) -> None:
        """`limits`: the delivery's, where it runs beside. `file`: the config, which an admin may put back. The token is
        that of the settings unless given. `first_gap` is the wait before the second try to connect.

        Raises InputError for a token file that is of no use.
        """
        telegram = edition().settings.telegram
        secret = token or telegram.token(os.environ) or ""
        self._office = Office(archive, edition, file, limits=limits or Limits(Rates()), key=secret or "-")
        self._first_gap = first_gap
        self._app = _application(secret, telegram.api_url, edition().settings.telegram_proxy())
        self._hook = Hook(self._app, telegram.webhook, telegram.webhook_listen) if telegram.webhook else None
        self._life: asyncio.Task[None] | None = None
        self._complained: float | None = None
        self.port: int | None = None  # where the webhook listens, once it does
        self._listen()

    async def start(self) -> None:
        """Begin to connect."""
        self._life = asyncio.create_task(self._live(), name="bot")

    async def stop(self) -> None:
        """Stop listening within a few seconds; an update that was not answered comes again at the next start."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
        for running, end, seconds in (
            (self._hook is not None, self._close_hook, 1.0),
            (self._app.updater is not None and self._app.updater.running, self._stop_polling, 2.0),
            (self._app.running, self._app.stop, 1.5),
            (True, self._app.shutdown, 1.0),
            (True, self._app.bot.shutdown, 1.0),  # where the application never got as far as to own it
        ):
            if running:
                with contextlib.suppress(TelegramError, TimeoutError, RuntimeError):
                    async with asyncio.timeout(seconds):
                        await end()

    async def _close_hook(self) -> None:
        assert self._hook is not None
        await self._hook.close()

    async def _stop_polling(self) -> None:
        assert self._app.updater is not None
        await self._app.updater.stop()

    # --- connecting ---

    async def _live(self) -> None:
        """Connect, however long it takes; from then on the library's own tasks listen and answer."""
        assert self._app.updater is not None
        gap = self._first_gap
        while True:
            try:
                await self._app.initialize()
                await self._put_up_menus()
                if self._hook is not None:
                    self.port = await self._hook.open(_UPDATES)
                else:
                    await self._app.updater.start_polling(
                        allowed_updates=_UPDATES, bootstrap_retries=-1, error_callback=self._complain
                    )
                await self._app.start()
            except (TelegramError, OSError) as error:
                self._complain(error)
                await asyncio.sleep(gap.total_seconds())
                gap = min(gap * 2, _LONGEST_GAP)
            else:
                return

    def _complain(self, error: Exception) -> None:
        """One line per ten minutes of trouble, not one per try."""
        now = asyncio.get_running_loop().time()
        if self._complained is None or now - self._complained > _COMPLAIN_EVERY.total_seconds():
            self._complained = now
            level = logging.CRITICAL if isinstance(error, InvalidToken) else logging.ERROR
            log.log(level, "bot: cannot listen: %s", one_line(redact(str(error), self._app.bot.token)))

    async def _put_up_menus(self) -> None:
        """The menus of commands: English for everybody, Arabic and Persian for those languages; admins have more."""
        admins = self._office.edition().settings.telegram.admins
        for language in LANGUAGES:
            menu, more = (
                [BotCommand(each, say(language, f"command.{each}")) for each in names]
                for names in (reading.COMMANDS, admin.COMMANDS)
            )
            code = None if language == "en" else language
            try:
                await self._app.bot.set_my_commands(menu, language_code=code)
                for chat in admins:
                    scope = BotCommandScopeChat(chat)
                    await self._app.bot.set_my_commands([*more, *menu], scope=scope, language_code=code)
            except TelegramError as error:
                log.warning("bot: the menu could not be set: %s", one_line(redact(str(error))))

    # --- listening ---

    def _listen(self) -> None:
        add, fresh = self._app.add_handler, filters.UpdateType.MESSAGE  # edits are not commands
        for name in (*_COMMANDS, *admin.COMMANDS):
            add(CommandHandler(name, self._command, filters=fresh))
        add(CallbackQueryHandler(self._button))
        add(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        add(MessageHandler(fresh & filters.StatusUpdate.MIGRATE, self._moved))
        add(MessageHandler(fresh & (filters.TEXT | filters.COMMAND), self._other))
        self._app.add_error_handler(self._failed)

    async def _command(self, update: Update, context: Context) -> None:
        if update.message is None or update.message.text is None:
            return
        command = update.message.parse_entity(update.message.entities[0])  # "/topics," is the command /topics
        visit = await self._visit(update, update.message.text.removeprefix(command).strip())
        if visit is None:
            return
        name = command.removeprefix("/").split("@")[0].lower()
        if name in admin.COMMANDS:
            await admin.command(visit, self._office, name)
            return
        conversation, for_admins, for_subscribers = _COMMANDS[name]
        if for_admins and not await visit.may_configure():
            await visit.say("group.only_admins")
        elif for_subscribers and visit.subscriber is None:
            is_open = self._office.edition().settings.telegram.access == "open"
            await visit.say("stop.not_subscribed" if is_open else "refused")
        else:
            await conversation(visit, self._office)

    async def _button(self, update: Update, context: Context) -> None:
        query = update.callback_query
        assert query is not None
        visit = await self._visit(update, query.data or "")
        if visit is None:
            await query.answer()
        elif searching.is_ours(visit.argument):
            await searching.press(visit, self._office)
        elif reacting.is_ours(visit.argument):
            await reacting.press(visit, self._office)
        elif admin.is_ours(visit.argument):
            await admin.press(visit, self._office)
        elif braking.is_ours(visit.argument):
            await braking.press(visit, self._office)
        elif not await visit.may_configure():
            await visit.acknowledge("group.only_admins", loud=True)
        else:
            area = next((each for each in _CONFIGURING if each.is_ours(visit.argument)), topics)
            await area.press(visit, self._office)

    async def _membership(self, update: Update, context: Context) -> None:
        change = update.my_chat_member
        visit = await visit_of(update, self._office, "")
        if change is None or visit is None:
            return
        gone = change.new_chat_member.status in {ChatMember.LEFT, ChatMember.BANNED}
        await (joining.lost if gone else joining.regained)(visit, self._office)

    async def _moved(self, update: Update, context: Context) -> None:
        """A group became a supergroup: both chats tell of it, one of the two is enough."""
        message = update.message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        visit = await visit_of(update, self._office, "")
        if visit is not None:
            await self._office.archive.write(lambda conn: subscribers.migrate(conn, CHANNEL, old, new, now=visit.now))

    async def _other(self, update: Update, context: Context) -> None:
        visit = await self._visit(update, "")
        if visit is not None:
            await reading.unknown(visit, self._office)

    async def _visit(self, update: Update, argument: str) -> Visit | None:
        """The visit, unless its chat asks too often: then it is silently left out, before it costs anything."""
        chat = update.effective_chat
        if chat is None or not self._office.commands.allows(chat.id, datetime.now(UTC)):
            return None
        return await visit_of(update, self._office, argument)

    async def _failed(self, update: object, context: Context) -> None:
        """Whatever a conversation raised: logged in one line, and the person told."""
        error = context.error
        told = one_line(redact(f"{type(error).__name__}: {error}", self._app.bot.token))
        if isinstance(error, TelegramError):
            log.warning("bot: an answer was not delivered: %s", told)
            return
        log.error("bot: a conversation failed: %s", told, exc_info=error)
        if isinstance(update, Update) and (visit := await visit_of(update, self._office, "")) is not None:
            with contextlib.suppress(TelegramError):
                await (visit.acknowledge("failed", loud=True) if visit.is_button else visit.say("failed"))


def _application(token: str, api_url: str, proxy: Proxy | None) -> Application[Any, Any, Any, Any, Any, Any]:
    """The library's application with our requests; without its job queue, which would start a scheduler."""
    keep_secret(token)
    keep_secret(proxy.password if proxy else "")
    way = proxy.address if proxy else None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else each 429 warns that lengths will be of this type some day
    return (
        Application.builder()
        .token(token)
        .base_url(base_url(api_url))
        .request(HTTPXRequest(connection_pool_size=16, read_timeout=10.0, proxy=way, httpx_kwargs=_NO_OTHER_WAY))
        .get_updates_request(
            PatientRequest(connection_pool_size=1, read_timeout=15.0, proxy=way, httpx_kwargs=_NO_OTHER_WAY)
        )
        .job_queue(None)
        .concurrent_updates(InTurn(_AT_ONCE))
        .build()
    )
