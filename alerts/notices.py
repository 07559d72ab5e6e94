"""What admins are told of a message that did not go out: the fate and the message → one notice. Pure.

No chat is named. The notice is a row of the outbox like any other, so it is neither lost nor sent twice.
"""

from alerts.fate import Fate
from alerts.message import Message
from core.messages import Notice, Sending


def notice_of(fate: Fate, sending: Sending, messages: tuple[Message, ...]) -> tuple[Notice, str]:
    """The notice that `fate` asks for, with the text that did not go out; and what makes it one and the same.

    A chat that cannot be written to is told of once a day, anything else once for each message.
    """
    about = {"row": str(sending.rows[0]), "reason": fate.reason, "text": messages[0].plain}
    if fate.parks and fate.until:
        about["until"] = fate.until.isoformat()
        return Notice(fate.notice, about), f"{sending.subscriber.id} {fate.until:%Y-%m-%d}"
    return Notice(fate.notice, about), f"row {sending.rows[0]}"
