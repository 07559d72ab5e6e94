"""What admins are told of messages that did not go out. Pure: text only. No chat is named."""

from alerts.catalogue import clock, say
from alerts.fate import Fate
from alerts.message import Message, quoted, words
from alerts.typesetting import clip
from core.messages import Sending

_TEXT = 2500  # UTF-16 units of the message's own text


def notice(fate: Fate, sending: Sending, messages: tuple[Message, ...], language: str, timezone: str) -> Message:
    """The notice that `fate` asks for, with the text that did not go out."""
    until = clock(language, fate.until, timezone) if fate.until else ""
    row = str(sending.rows[0])
    head = say(language, fate.notice, reason=quoted(fate.reason, 300), row=row, clock=until)
    return words(f"{head}\n\n{clip(messages[0].plain, _TEXT)}", language)
