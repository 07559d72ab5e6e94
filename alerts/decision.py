"""What an admin can decide about a topic that is braked, as buttons: Release, Discard, Undo rule. Does none of it.

Data: `brake:DEED:TOPIC:SINCE:EDITION`. They name one brake and one edition of the config, so that a late or second
press does nothing to the next brake, and never undoes what was undone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from alerts.catalogue import say
from alerts.keys import key
from alerts.message import Button, quoted
from archive.subjects import is_watch

_PRESSED = re.compile(r"brake:(?P<deed>[a-z]+):(?P<topic>[0-9a-f]{16}):(?P<since>[0-9]{1,12}):(?P<edition>[0-9]{1,9})")
_NAME = 24  # UTF-16 units of a topic on a button


@dataclass(frozen=True, slots=True)
class Decision:
    """One button: the key of a topic, since when it is braked (whole seconds), and the edition that was active."""

    deed: str
    topic: str
    since: int
    edition: int


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("brake:")


def read(data: str) -> Decision | None:
    """What a button asks for; None for data that no button of ours has."""
    found = _PRESSED.fullmatch(data)
    if found is None:
        return None
    return Decision(found["deed"], found["topic"], int(found["since"]), int(found["edition"]))


def row(topic: str, since: int, edition: int, language: str, *, alone: bool, undo: bool) -> tuple[Button, ...]:
    """The buttons for one brake, with the topic's id where there are several. A reader's watch has no rule to undo."""
    about = "" if alone else f" · {quoted(topic, _NAME)}"
    deeds = ("release", "discard", "undo") if undo and not is_watch(topic) else ("release", "discard")
    return tuple(
        Button(f"{say(language, f'brake.button.{deed}')}{about}", data=f"brake:{deed}:{key(topic)}:{since}:{edition}")
        for deed in deeds
    )


def below(values: list[Mapping[str, str]], language: str) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a message that tells of these brakes, a row each."""
    told = [each for each in values if {"topic", "since", "edition"} <= each.keys()]
    return tuple(
        row(each["topic"], int(each["since"]), int(each["edition"]), language, alone=len(told) == 1, undo=True)
        for each in told
    )
