"""Every error that Rasad raises on purpose. An error carries what it is about and the one bit its caller needs.

RasadError
├── InputError                 the user's input was wrong: exit code 2
│   ├── ConfigError            all faults of one config file
│   └── QueryError             a rule or search text, with line and column
├── FetchError                 a visit that brought nothing (permanent, retry_after)
│   └── AddressRefused         the guard said no: not http(s), private, malformed
├── ReadError                  a document that no reader could use
│   └── DeadlineExceeded       a worker was killed at its deadline
├── ArchiveError               the archive cannot be opened, locked, migrated or written
├── LeaseLost                  another process is the sender now: this one's claims and receipts are refused
└── DeliveryError              a message that did not go out (see delivery.py for each one's end)
    ├── NotSent                provably not sent: retry freely, after `retry_after` if given
    ├── Ambiguous              perhaps sent: the answer was lost
    ├── Throttled              the chat must rest for `retry_after`
    ├── ChatGone               blocked, kicked, deactivated: suspend the subscriber
    ├── ChatMigrated           the group has another id now
    ├── BadMarkup              the formatting was refused: once more as plain text
    ├── MessageGone            the message to be edited stands no more
    ├── MessageRefused         this message can never be sent
    └── TokenRevoked           nothing can be sent until the operator acts
"""

from dataclasses import dataclass, field
from datetime import timedelta


class RasadError(Exception):
    """Root of the tree."""


class InputError(RasadError):
    """The input was wrong; nothing was done.

    `code` and `values` say the same to whoever speaks another language (core.rules.refusals); "" where nobody does.
    """

    def __init__(self, message: str = "", *, code: str = "", values: dict[str, str | int] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.values = values or {}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a config file. `line` and `column` count from 1, in code points. `term` is what stands there."""

    line: int
    column: int
    message: str
    term: str = field(default="", compare=False)

    def at(self, file: str) -> str:
        """The one line in which the fault is reported."""
        return f"{file}:{self.line}:{self.column}: {self.message}"


class ConfigError(InputError):
    """A config file that cannot be used, with all of its faults in the file's order.

    The offending term stands alone on a line of its own: a caret under right-to-left text points wrong.
    """

    def __init__(self, file: str, faults: tuple[Fault, ...]) -> None:
        lines = ([fault.at(file)] + [f"    {fault.term}"] * (fault.term not in fault.message) for fault in faults)
        super().__init__("\n".join(line for fault in lines for line in fault))
        self.file = file
        self.faults = faults


class QueryError(InputError):
    """A rule that cannot be read. `line` and `column` count from 1, in code points of the rule's text."""

    def __init__(
        self,
        message: str,
        *,
        line: int = 1,
        column: int = 1,
        suggestion: str | None = None,
        code: str = "",
        values: dict[str, str | int] | None = None,
    ) -> None:
        hint = f" (did you mean {suggestion}?)" if suggestion else ""
        super().__init__(message + hint, code=code, values=values)
        self.line = line
        self.column = column
        self.suggestion = suggestion

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"

    def put(self, line: int, column: int) -> "QueryError":
        """The same fault at the place where its text stands in a rule."""
        self.line, self.column = line, column
        return self


class FetchError(RasadError):
    """A document that did not arrive."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class AddressRefused(FetchError):
    """An address that Rasad never connects to."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class ReadError(RasadError):
    """A document that arrived and could not be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeadlineExceeded(ReadError):
    """Reading took longer than a document is given; its worker was ended."""


class ArchiveError(RasadError):
    """The archive cannot be opened, migrated or written."""


class LeaseLost(RasadError):
    """The sender's lease has passed to another process."""


class DeliveryError(RasadError):
    """A message that did not go out, or perhaps did."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class NotSent(DeliveryError):
    """Provably not sent."""


class Ambiguous(DeliveryError):
    """Written to the network, never answered."""


class Throttled(DeliveryError):
    """429: this chat rests for `retry_after`."""


class ChatGone(DeliveryError):
    """The subscriber blocked the bot, left, or no longer exists."""


class ChatMigrated(DeliveryError):
    """A group became a supergroup with the id `chat`."""

    def __init__(self, reason: str, *, chat: int) -> None:
        super().__init__(reason)
        self.chat = chat


class BadMarkup(DeliveryError):
    """The formatting was refused."""


class MessageRefused(DeliveryError):
    """Refused for good."""


class MessageGone(DeliveryError):
    """The message to be edited was deleted, or is too old."""


class TokenRevoked(DeliveryError):
    """401 or 404 for the token itself."""
