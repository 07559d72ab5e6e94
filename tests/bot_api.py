"""A double of Telegram's Bot API: real HTTP on loopback, in its own thread, so that it serves subprocesses too.

It checks every call by bot_api_rules and speaks a vocabulary:

    with BotApi() as telegram:
        amal = telegram.user("Amal", language="ar")
        amal.says("/start"); amal.presses("…")
        telegram.refuses(once=retry(5), chat=amal.chat)
        telegram.stalls_after_accepting()
        telegram.answers(502); telegram.recovers()
        assert "…" in telegram.messages_to(amal.chat)[-1].text
"""

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from tests.bot_api_answers import UNAUTHORIZED, Answer
from tests.bot_api_people import BOT_USER, Delivered, Group, Person, member_of
from tests.bot_api_rules import RuleBrokenError, check, decoded, parsed_html

TOKEN = "1234567890:AAcanaryCANARYcanaryCANARYcanary012"
T = TypeVar("T")


@dataclass
class Fault:
    """Something that goes wrong: an answer, a stall or a reset; before or after the call was carried out."""

    kind: str  # answer | stall | reset
    answer: Answer | None = None
    accepts: bool = False
    method: str | None = None
    chat: int | None = None
    left: int | None = None  # None: until telegram.recovers()

    def strikes(self, method: str, parameters: Mapping[str, Any]) -> bool:
        """Whether this call is hit."""
        fits = self.method in {None, method} and self.chat in {None, parameters.get("chat_id")}
        return fits and (self.left is None or self.left > 0)


@dataclass(frozen=True)
class Call:
    """One call as it arrived."""

    method: str
    parameters: Mapping[str, Any]
    at: datetime


class BotApi:
    """The double. Use it as a context; leaving it fails if any call broke a rule."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.broken_rules: list[str] = []
        self.menus: dict[str, list[dict[str, str]]] = {}  # language code → commands
        self.members: dict[tuple[int, int], str] = {}  # (chat, user) → status
        self.answered: dict[str, str] = {}  # callback id → the words shown
        self.asked: list[str] = []  # callback ids
        self._delivered: list[Delivered] = []
        self._faults: list[Fault] = []
        self._updates: list[dict[str, Any]] = []
        self._confirmed: list[dict[str, Any]] = []
        self.ids = itertools.count(1000)
        self._changed = threading.Condition(threading.RLock())
        self._loop = asyncio.new_event_loop()
        # For whoever wants to act at one moment of a call: received | accepted | answered. And how long it lies between
        # its arrival and being accepted, and until it is answered.
        self.watch: Callable[[str, Call], None] = lambda _moment, _call: None
        self.slowness: Callable[[], tuple[float, float]] | None = None
        self._thread = threading.Thread(target=self._serve, name="bot-api", daemon=True)
        self._ready = threading.Event()
        self._port = 0

    # --- lifetime ---

    def __enter__(self) -> "BotApi":
        self._thread.start()
        assert self._ready.wait(10), "the double did not start"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.recovers()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        if kind is None:
            assert not self.broken_rules, self.broken_rules

    @property
    def url(self) -> str:
        """What stands in config as telegram.api_url."""
        return f"http://127.0.0.1:{self._port}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())
        self._loop.close()

    async def _run(self) -> None:
        self._stop, self._released, self._news = asyncio.Event(), asyncio.Event(), asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        self._released.set()
        self._news.set()
        await runner.cleanup()

    # --- faults ---

    def answers(self, status: int | Answer, *, after_accepting: bool = False) -> None:
        """Every call gets this answer until `recovers`."""
        answer = status if isinstance(status, Answer) else Answer(status, f"HTTP {status}")
        self._add(Fault("answer", answer, accepts=after_accepting))

    def refuses(
        self,
        *,
        once: Answer | None = None,
        always: Answer | None = None,
        chat: int | None = None,
        method: str = "sendMessage",
    ) -> None:
        """Calls of `method` (to `chat`) get this answer."""
        answer = once or always
        self._add(Fault("answer", answer, method=method, chat=chat, left=1 if once else None))

    def stalls_after_accepting(self, *, times: int | None = 1, chat: int | None = None) -> None:
        """The message stands in the chat, but no answer ever comes. `times=None`: to no call, until `recovers`."""
        self._add(Fault("stall", accepts=True, method="sendMessage" if times else None, chat=chat, left=times))

    def stalls(self, *, times: int | None = 1, chat: int | None = None) -> None:
        """The call is read and neither carried out nor answered."""
        self._add(Fault("stall", method="sendMessage", chat=chat, left=times))

    def answers_after(self, seconds: float) -> None:
        """Every call is carried out at once and answered so much later, until `recovers`."""
        self.slowness = lambda: (0.0, seconds)

    def hangs(self) -> None:
        """No call of any kind is answered until `recovers`."""
        self._add(Fault("stall"))

    def resets(self, *, after_accepting: bool = False, times: int | None = 1, chat: int | None = None) -> None:
        """The connection is torn instead of an answer. `times=None`: of every call, until `recovers`."""
        method = "sendMessage" if times else None
        self._add(Fault("reset", accepts=after_accepting, method=method, chat=chat, left=times))

    def recovers(self) -> None:
        """All faults are over; stalled calls are let go."""
        self.slowness = None
        with self._changed:
            self._faults.clear()
        self._loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()

    def _add(self, fault: Fault) -> None:
        with self._changed:
            self._faults.append(fault)

    # --- what was said ---

    def messages_to(self, chat: int) -> list[Delivered]:
        """All messages that stand in a chat, oldest first."""
        with self._changed:
            return [message for message in self._delivered if message.chat == chat]

    def calls_of(self, method: str) -> list[Call]:
        """All calls of one method, refused ones too."""
        with self._changed:
            return [call for call in self.calls if call.method == method]

    @property
    def unanswered(self) -> list[str]:
        """Buttons that were pressed and whose spinner still turns."""
        return [each for each in self.asked if each not in self.answered]

    def wait(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """The first true value of `condition`, looked at after every call. Fails when none comes."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (value := condition()):
                assert time.monotonic() < deadline, f"never came; calls were {self.calls[-5:]}"
                self._changed.wait(0.05)
            return value

    async def until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """`wait` for tests that run in a loop."""
        return await asyncio.to_thread(self.wait, condition, seconds)

    # --- people ---

    def user(self, name: str, *, language: str = "en", number: int | None = None) -> "Person":
        """Someone with a Telegram account."""
        return Person(self, number or next(self.ids), name, language)

    def group(self, title: str, *, admins: "list[Person]", members: "list[Person]") -> "Group":
        """A group that the bot was added to."""
        group = Group(-next(self.ids), title)
        for person in members:
            self.members[group.chat, person.chat] = "member"
        for person in admins:
            self.members[group.chat, person.chat] = "administrator"
        return group

    def update(self, **content: Any) -> None:
        """An update for the bot to fetch."""
        with self._changed:
            self._updates.append({"update_id": next(self.ids), **content})
        self._loop.call_soon_threadsafe(self._wake)

    def takes_update(self) -> dict[str, Any]:
        """The oldest update, as Telegram would bring it to a webhook."""
        with self._changed:
            return self._updates.pop(0)

    def replays(self, *, last: int = 1) -> None:
        """The newest updates come once more under new ids, as after a lost confirmation."""
        for update in list(self._confirmed[-last:]):
            self.update(**{key: value for key, value in update.items() if key != "update_id"})

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    # --- serving ---

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        parameters = await self._parameters(request)
        call = Call(method, parameters, datetime.now(UTC))
        with self._changed:
            self.calls.append(call)
            fault = next((each for each in self._faults if each.strikes(method, parameters)), None)
            if fault and fault.left is not None:
                fault.left -= 1
            self._changed.notify_all()
        self.watch("received", call)
        if request.match_info["token"] != self.token:
            return _refusal(UNAUTHORIZED)
        before, after = self.slowness() if self.slowness else (0.0, 0.0)
        await asyncio.sleep(before)
        if fault is None or fault.accepts:
            answer = await self._carry_out(method, parameters)
            self.watch("accepted", call)
        await asyncio.sleep(after)
        if fault is not None:
            return await self._fail(fault, request)
        with contextlib.suppress(ConnectionError):  # whoever asked is gone
            await answer.prepare(request)
            await answer.write_eof()
            self.watch("answered", call)
        return answer

    async def _parameters(self, request: web.Request) -> dict[str, Any]:
        """As JSON, or as a form whose fields are JSON: the Bot API reads both."""
        if request.content_type == "application/json":
            return dict(await request.json())
        return decoded({name: str(value) for name, value in (await request.post()).items()})

    async def _fail(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.kind == "stall":
            await self._released.wait()
        if fault.kind != "answer" and request.transport:
            request.transport.abort()
        return _refusal(fault.answer or Answer(500))

    async def _carry_out(self, method: str, parameters: dict[str, Any]) -> web.StreamResponse:
        try:
            check(method, parameters)
        except RuleBrokenError as broken:
            self.broken_rules.append(str(broken))
            return _refusal(Answer(400, f"Bad Request: {broken}"))
        if method == "getUpdates":
            return _result(await self._get_updates(parameters))
        with self._changed:
            answer = self._METHODS[method](self, parameters)
            self._changed.notify_all()
        return _refusal(answer) if isinstance(answer, Answer) else _result(answer)

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        deadline = self._loop.time() + parameters.get("timeout", 0)
        while not self._stop.is_set():
            with self._changed:
                self._confirm(parameters.get("offset", 0))
                if self._updates:
                    return list(self._updates)
            try:
                await asyncio.wait_for(self._news.wait(), deadline - self._loop.time())
            except TimeoutError:
                return []
        return []

    def _confirm(self, offset: int) -> None:
        self._confirmed += [update for update in self._updates if update["update_id"] < offset]
        self._updates = [update for update in self._updates if update["update_id"] >= offset]

    def _get_me(self, parameters: dict[str, Any]) -> Any:
        return {**BOT_USER, "can_join_groups": True, "supports_inline_queries": False}

    def _yes(self, parameters: dict[str, Any]) -> Any:
        return True

    def _send_message(self, parameters: dict[str, Any]) -> Any:
        message = self._read(parameters, next(self.ids))
        self._delivered.append(message)
        return _as_message(message)

    def _edit_message_text(self, parameters: dict[str, Any]) -> Any:
        old = next((each for each in self._delivered if each.id == parameters["message_id"]), None)
        if old is None:
            return Answer(400, "Bad Request: message to edit not found")
        new = self._read(parameters, old.id)
        if (new.raw, new.buttons) == (old.raw, old.buttons):
            return Answer(400, "Bad Request: message is not modified")
        self._delivered[self._delivered.index(old)] = new
        return _as_message(new)

    def _delete_messages(self, parameters: dict[str, Any]) -> Any:
        gone = set(parameters["message_ids"])
        self._delivered = [
            each for each in self._delivered if each.chat != parameters["chat_id"] or each.id not in gone
        ]
        return True

    def _answer_callback_query(self, parameters: dict[str, Any]) -> Any:
        self.answered[str(parameters["callback_query_id"])] = parameters.get("text", "")
        return True

    def _set_my_commands(self, parameters: dict[str, Any]) -> Any:
        whose = str(parameters.get("scope", {}).get("chat_id", ""))
        self.menus[whose + parameters.get("language_code", "")] = parameters["commands"]
        return True

    def _get_chat_member(self, parameters: dict[str, Any]) -> Any:
        user = parameters["user_id"]
        status = self.members.get((parameters["chat_id"], user), "left")
        return member_of(status, {"id": user, "is_bot": False, "first_name": "Somebody"})

    def _read(self, parameters: dict[str, Any], message_id: int) -> Delivered:
        formatted = parameters.get("parse_mode") == "HTML"
        text, entities = parsed_html(parameters["text"]) if formatted else (parameters["text"], [])
        return Delivered(
            chat=parameters["chat_id"],
            id=message_id,
            at=datetime.now(UTC),
            text=text,
            bold=[words for tag, words in entities if tag == "b"],
            buttons=parameters.get("reply_markup", {}).get("inline_keyboard", []),
            formatted=formatted,
            raw=parameters["text"],
            reply_to=parameters.get("reply_parameters", {}).get("message_id"),
        )

    _METHODS: Mapping[str, Callable[["BotApi", dict[str, Any]], Any]] = {
        "getMe": _get_me,
        "deleteWebhook": _yes,
        "setWebhook": _yes,
        "sendMessage": _send_message,
        "editMessageText": _edit_message_text,
        "deleteMessages": _delete_messages,
        "answerCallbackQuery": _answer_callback_query,
        "setMyCommands": _set_my_commands,
        "getChatMember": _get_chat_member,
    }


def _as_message(message: Delivered) -> dict[str, Any]:
    kind = "private" if message.chat > 0 else "supergroup"
    return {
        "message_id": message.id,
        "date": int(message.at.timestamp()),
        "chat": {"id": message.chat, "type": kind},
        "from": BOT_USER,
        "text": message.text,
    }


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(answer: Answer) -> web.Response:
    if answer.page is not None:
        return web.Response(status=answer.status, body=answer.page, content_type="text/html")
    body = {"ok": False, "error_code": answer.status, "description": answer.description}
    if answer.parameters:
        body["parameters"] = dict(answer.parameters)
    return web.json_response(body, status=answer.status)
