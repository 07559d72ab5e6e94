"""What a rule can ask of an article beside its words: where it is from, by whom, when, and what the archive knows."""

from collections.abc import Callable
from typing import Any

from core.errors import QueryError
from core.model import Readable
from core.rules.candidates import Fact
from core.rules.periods import period
from core.rules.refusals import refused
from core.rules.syntax import Place
from core.text import fold

FIELDS = ("source", "lang", "author", "url", "date", "topic", "story")

Test = Callable[[Readable], bool]


def known(field: str, text: str, at: Place) -> Test:
    """The test of one field. Raises QueryError when the text is no value of it."""
    match field:
        case "date":
            return _date(text, at)
        case "story":
            return _story(text, at)
        case "topic":
            return lambda readable: any(hit.topic == text for hit in _matches(readable).topics)
        case "url":
            return lambda readable: text.lower() in readable.url.lower()
        case _:
            return _attribute(field, fold(text))


def fact(field: str, text: str) -> Fact | None:
    """What an archive can look up of a test that `known` has accepted; None: it has to look at the article."""
    match field:
        case "source" | "lang":
            return Fact(field, fold(text))
        case "date":
            return Fact(field, period(text))
        case "story":
            return Fact(field, int(fold(text)))
        case "topic":
            return Fact(field, text)
        case _:
            return None


def _attribute(field: str, folded: str) -> Test:
    match field:
        case "source":
            return lambda readable: fold(readable.source) == folded
        case "lang":
            return lambda readable: fold(readable.language or "") == folded
        case _:
            return lambda readable: any(folded in fold(author) for author in readable.authors)


def _matches(readable: Readable) -> Any:
    """What the archive recorded of an article; a draft has nothing yet."""
    return getattr(readable, "matches", _NOTHING)


class _Nothing:
    topics = ()


_NOTHING = _Nothing()


def _story(text: str, at: Place) -> Test:
    if not fold(text).isdecimal():
        raise refused("story", at, text=text)
    wanted = int(fold(text))
    return lambda readable: getattr(readable, "story", None) == wanted


def _date(text: str, at: Place) -> Test:
    try:
        since, until = period(text)
    except QueryError as wrong:
        raise wrong.put(*at) from None
    return lambda readable: readable.published is not None and since <= readable.published < until
