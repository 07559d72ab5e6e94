"""People and groups that talk to the bot through the double in bot_api.py, and what stands in their chats."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.bot_api import BotApi

BOT_USER = {"id": 1234567890, "is_bot": True, "first_name": "Rasad", "username": "rasad_test_bot"}


@dataclass
class Delivered:
    """A message that stands in a chat."""

    chat: int
    id: int
    at: datetime
    text: str
    bold: list[str]
    buttons: list[list[dict[str, Any]]]
    formatted: bool
    raw: str
    reply_to: int | None = None

    @property
    def words(self) -> str:
        """The text without invisible direction marks and isolates."""
        return re.sub("[\u200e\u200f\u2066-\u2069]", "", self.text)

    @property
    def title(self) -> str:
        """The first words in bold, without marks."""
        return re.sub("[\u2066-\u2069]", "", self.bold[0])

    @property
    def titles(self) -> list[str]:
        """The titles of all stories that it tells: what is bold and longer than a matched word."""
        return [re.sub("[\u2066-\u2069]", "", words) for words in self.bold if " " in words]

    @property
    def labels(self) -> list[str]:
        """The words on its buttons, from the top."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class Group:
    """A group chat. Ids of groups are negative."""

    chat: int
    title: str

    def as_chat(self) -> dict[str, Any]:
        """As it stands in updates."""
        return {"id": self.chat, "type": "supergroup", "title": self.title}


@dataclass
class Person:
    """Someone who talks to the bot, in private unless a group is named."""

    telegram: BotApi
    chat: int
    name: str
    language: str
    _heard: dict[int, int] = field(default_factory=dict)

    def says(self, text: str, *, group: Group | None = None, thread: int | None = None) -> None:
        """Write to the bot; in a forum, in one of its topics."""
        command = re.match(r"/[A-Za-z0-9_]+(@\w+)?", text)
        entities = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
        message = {**self._envelope(group), "from": self._user(), "text": text, "entities": entities}
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self.telegram.update(message=message)

    def presses(self, label: str, *, group: Group | None = None) -> str:
        """Press the button with `label` in its words, on the newest message that has one."""
        place = group.chat if group else self.chat
        for message in reversed(self.telegram.messages_to(place)):
            for button in (button for row in message.buttons for button in row):
                if label in button["text"]:
                    return self.presses_data(button["callback_data"], message=message, group=group)
        raise AssertionError(f"no button {label!r}")

    def presses_data(self, data: str, *, message: Delivered, group: Group | None = None, old: bool = False) -> str:
        """Send callback data, forged or not. `old`: the message is none that Telegram still shows to bots."""
        callback = str(next(self.telegram.ids))
        self.telegram.asked.append(callback)
        under = {**self._envelope(group), "message_id": message.id, "from": BOT_USER, "text": message.text}
        if old:
            under = {"chat": under["chat"], "message_id": message.id, "date": 0}
        self.telegram.update(
            callback_query={"id": callback, "from": self._user(), "chat_instance": "1", "data": data, "message": under}
        )
        return callback

    async def hears(self, *, group: Group | None = None) -> Delivered:
        """The next message that this person has not heard yet."""
        place = group.chat if group else self.chat
        heard = self._heard.get(place, 0)
        self._heard[place] = heard + 1
        await self.telegram.until(lambda: len(self.telegram.messages_to(place)) > heard)
        return self.telegram.messages_to(place)[heard]

    def blocks_the_bot(self) -> None:
        """The bot may not write to this person any more, and is told so."""
        self._membership("kicked")

    def unblocks_the_bot(self) -> None:
        """And back."""
        self._membership("member")

    def _membership(self, status: str) -> None:
        old = {"kicked": "member", "member": "kicked"}[status]
        changed = {"old_chat_member": member_of(old, BOT_USER), "new_chat_member": member_of(status, BOT_USER)}
        envelope = {"chat": self._chat(), "from": self._user(), "date": int(time.time())}
        self.telegram.update(my_chat_member={**envelope, **changed})

    def _envelope(self, group: Group | None) -> dict[str, Any]:
        place = group.as_chat() if group else self._chat()
        return {"message_id": next(self.telegram.ids), "date": int(time.time()), "chat": place}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat, "type": "private", "first_name": self.name}

    def _user(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": self.name, "language_code": self.language}


def member_of(status: str, user: Mapping[str, Any]) -> dict[str, Any]:
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
    )
    extra: dict[str, dict[str, Any]] = {"kicked": {"until_date": 0}, "creator": {"is_anonymous": False}}
    more = extra.get(status, {})
    if status == "administrator":
        more = dict.fromkeys(rights.split(), False)
    return {"status": status, "user": dict(user), **more}
