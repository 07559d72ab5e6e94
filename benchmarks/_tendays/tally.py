"""What readers got, beside what they should have got. Pure: it sees messages and events, and no system."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks._tendays.scenario import Event
from benchmarks._tendays.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that a chat received: its words, without marks, and when."""

    chat: int
    words: str
    at: datetime

    def tells(self, event: Event) -> bool:
        """By its town."""
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.words) for name in event.facts.names())

    def language_of(self, event: Event) -> str:
        """The language of the report that it opens with."""
        found = {self.words.find(event.facts.headline(language)): language for language in LANGUAGES}
        return found[min((place for place in found if place >= 0), default=-1)]


@dataclass(frozen=True, slots=True)
class Miscount:
    """An event that a chat was told of more or less often than it should."""

    event: Event
    chat: int
    count: int

    def __str__(self) -> str:
        return f"{self.count} of {self.event.wanted}: {self.event.facts.headline('en')} ({self.event.why})"


@dataclass(slots=True)
class Tally:
    """The sum of a run. `delays`: seconds from publication to the first message, by the kind of event."""

    due: int = 0
    messages: int = 0
    lost: list[Miscount] = field(default_factory=list)
    repeated: list[Miscount] = field(default_factory=list)
    translated: list[Miscount] = field(default_factory=list)  # once more by a report in a language not told before
    unwanted: list[Miscount] = field(default_factory=list)  # of events of which nobody should hear
    strangers: list[Heard] = field(default_factory=list)  # messages that tell of no event
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def recall(self) -> float:
        missing = sum(each.event.wanted - each.count for each in self.lost)
        return 1 - missing / self.due if self.due else 1.0

    @property
    def precision(self) -> float:
        surplus = sum(each.count - each.event.wanted for each in (*self.repeated, *self.translated, *self.unwanted))
        return 1 - (surplus + len(self.strangers)) / self.messages if self.messages else 1.0


def tallied(events: Iterable[Event], heard: Sequence[Heard], chats: Iterable[int]) -> Tally:
    """Count for every event and chat the messages that tell of it."""
    chats = list(chats)
    tally, known = Tally(messages=len(heard)), set[int]()
    for event in events:
        tellings = {number: message for number, message in enumerate(heard) if message.tells(event)}
        known.update(tellings)
        for chat in chats:
            got = [message for message in tellings.values() if message.chat == chat]
            _count(tally, Miscount(event, chat, len(got)), got)
            if got and event.wanted:
                tally.delays[event.why].append((got[0].at - event.at).total_seconds())
    tally.strangers = [message for number, message in enumerate(heard) if number not in known]
    return tally


def _count(tally: Tally, found: Miscount, got: Sequence[Heard]) -> None:
    wanted = found.event.wanted
    tally.due += wanted
    if found.count < wanted:
        tally.lost.append(found)
    elif found.count > wanted:
        is_translation = wanted == 1 and found.count <= len({message.language_of(found.event) for message in got})
        (tally.translated if is_translation else tally.repeated if wanted else tally.unwanted).append(found)
