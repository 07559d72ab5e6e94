"""What a subscriber reads: a claimed sending becomes messages within Telegram's limits. Pure.

Must not send anything, read the clock, or take sides: sources are quoted verbatim, our own words come from the
catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts import decision
from alerts.catalogue import say
from alerts.excerpt import excerpt
from alerts.lists import TITLE, address_of, headline_of, story
from alerts.message import LIMIT, Button, Lines, Message, Run, isolated, named, quoted, split
from alerts.standing import closing, opening
from alerts.typesetting import clip, isolate, safe
from core.messages import Card, Coverage, Notice, Sending
from core.model import LEVELS, Level, Topic
from core.tongue import clock, date, instant, title

# What one alert may spend; together with the fixed words they stay under LIMIT, so nothing is ever cut afterwards.
_EXCERPT, _TOPICS, _OTHERS = 500, 5, 8
_REASON, _TEXT = 300, 2500  # of a notice


def render(sending: Sending, *, topics: Mapping[str, Topic]) -> tuple[Message, ...]:
    """The messages of one sending, in order: one for an alert, as many as needed for a digest or notices.

    Of a merged alert only the first message, which tells the first `told(…)` stories. It rings as its reader wishes.
    """
    return tuple(_placed(message, sending) for message in _rendered(sending, topics))


def _placed(message: Message, sending: Sending) -> Message:
    """Where it stands in a forum, and whether it rings: a notice always does."""
    reader = sending.subscriber
    rings = reader.sound == "all" or (reader.sound == "breaking" and message.level == "breaking")
    own = sending.cards[0].thread if len(sending.cards) == 1 else None
    thread = own if own is not None else reader.thread
    return replace(message, silent=sending.kind != "notice" and not rings, thread=thread)


def _rendered(sending: Sending, topics: Mapping[str, Topic]) -> tuple[Message, ...]:
    language, timezone = sending.subscriber.language, sending.subscriber.timezone
    if sending.kind == "digest":
        return _digest(sending, language, timezone, topics)
    if sending.kind == "notice":
        return _notices(sending.notices, language, timezone)
    if len(sending.cards) > 1:
        return (_merged(sending.cards[: told(sending)], language, timezone),)
    return (_alert(sending.cards[0], language, timezone, topics),)


# --- one story -----------------------------------------------------------------------------------------------------


def _alert(card: Card, language: str, timezone: str, topics: Mapping[str, Topic]) -> Message:
    lines = Lines(language)
    for line in opening(card, language):
        lines.add(Run(line))
    lines.add(Run(occasion(card, language, topics)))
    lines.add(Run(isolate(headline_of(card, TITLE)), bold=True))
    passage = excerpt(card, _EXCERPT)
    if passage:
        lines.gap()
        lines.add(*isolated(Run(piece.text, piece.bold) for piece in passage))
    lines.gap()
    lines.add(Run(origin(card, language, timezone)))
    lines.add(Run(_path(card, language, timezone)))
    if card.also:
        lines.add(Run(_others(card.also, language)))
    for line in closing(card, language):
        lines.add(Run(line))
    address = address_of(card)
    if address is not None:
        lines.link(address)
    return lines.message(_buttons(card, address, language), level_of(card))


def _buttons(card: Card, address: str | None, language: str) -> tuple[tuple[Button, ...], ...]:
    """To look closer, and to say what one thinks of it; see alerts.bot.reacting."""

    def act(what: str) -> Button:
        return Button(say(language, f"button.{what}"), data=f"{what}:{card.article}")

    read = (Button(say(language, "button.read"), url=address),) if address else ()
    return (*read, act("story"), act("text")), (act("relevant"), act("noise"), act("mute"))


def occasion(card: Card, language: str, topics: Mapping[str, Topic]) -> str:
    """`Breaking · Quds Force, Esmail Qaani`: the highest level, and why the chat gets it."""
    own = dict(card.watches)
    titles = [
        say(language, "watch.named", title=named(own[topic])) if topic in own else _title(topic, language, topics)
        for topic, _ in card.topics[:_TOPICS]
    ]
    return " · ".join(filter(None, [say(language, f"level.{level_of(card)}"), say(language, "comma").join(titles)]))


def level_of(card: Card) -> Level:
    """The highest of the topics it is told for."""
    return max((level for _, level in card.topics), key=LEVELS.index, default="normal")


def _title(topic: str, language: str, topics: Mapping[str, Topic]) -> str:
    known = topics.get(topic)
    return named(title(known.title, language, topic) if known else topic)


def origin(card: Card, language: str, timezone: str) -> str:
    """The outlet, its affiliation, when it published."""
    affiliation = card.affiliation or "unknown"
    when = instant(language, card.published, timezone) if card.published else say(language, "undated")
    return " · ".join((named(card.source_name), say(language, f"affiliation.{affiliation}"), when))


def _path(card: Card, language: str, timezone: str) -> str:
    """The times on the way to us, with the day where it is not the day before it in the line."""

    def told(moment: datetime, after: datetime | None) -> str:
        day, hour = date(language, moment, timezone), clock(language, moment, timezone)
        return hour if after and date(language, after, timezone) == day else f"{day} {hour}"

    fetched, recorded = told(card.fetched, card.published), told(card.recorded, card.fetched)
    if card.published is None:
        return say(language, "path.undated", fetched=fetched, recorded=recorded)
    published = clock(language, card.published, timezone)
    return say(language, "path", published=published, fetched=fetched, recorded=recorded)


def _others(names: Sequence[str], language: str) -> str:
    told = [named(name) for name in names[:_OTHERS]] + (["…"] if len(names) > _OTHERS else [])
    head = say(language, "others", count=len(names))
    return say(language, "listing", head=head, items=say(language, "comma").join(told))


# --- about the monitor itself --------------------------------------------------------------------------------------


def _notices(notices: Sequence[Notice], language: str, timezone: str) -> tuple[Message, ...]:
    """What admins are told, a line each, and the text that it is about."""
    lines = []
    for notice in notices:
        line = Lines(language)
        about: dict[str, Any] = {name: quoted(value, _REASON) for name, value in notice.values.items()}
        if "count" in notice.values:
            about["count"] = int(notice.values["count"])  # in the digits of the language
        if "until" in notice.values:
            about["clock"] = clock(language, datetime.fromisoformat(notice.values["until"]), timezone)
        line.say(f"notice.{notice.word}", **about)
        if text := notice.values.get("text"):
            line.gap()
            line.runs += [*isolated([Run(clip(safe(text), _TEXT))]), Run("\n")]
        lines.append(tuple(line.runs))
    *messages, last = split(lines[0], lines[1:], language)
    braked = [notice.values for notice in notices if notice.word == "brake"]
    return (*messages, replace(last, buttons=decision.below(braked, language)))


# --- many stories --------------------------------------------------------------------------------------------------


def _digest(sending: Sending, language: str, timezone: str, topics: Mapping[str, Topic]) -> tuple[Message, ...]:
    total = max(sending.total, len(sending.cards))
    stories = [_of_many(card, language, timezone) for card in sending.cards]
    head = Lines(language)
    if sending.span:
        since, until = (instant(language, end, timezone) for end in sending.span)
        head.say("digest.gap", count=total, since=since, until=until)
        if sending.repeats:
            head.say("digest.repeats")
        return split(head.runs, stories, language)
    if sending.coverage:
        _look_back(head, sending.coverage, total, timezone)
    elif sending.burst.startswith(("topic:", "watch:")):
        topic = _title(sending.burst.removeprefix("topic:"), language, topics)
        head.say("digest.brake", count=total, topic=topic)
    elif sending.burst:
        head.say("digest.burst", count=total, source=named(sending.burst))
    else:
        head.say("digest.total", count=total)
    if total > len(sending.cards):
        head.say("digest.newest", count=len(sending.cards))
    if sending.burst or sending.coverage:
        return split(head.runs, stories, language)
    tail = Lines(language)
    tail.say("digest.from_now")
    return split(head.runs, [*stories, tuple(tail.runs)], language)


def _look_back(head: Lines, seen: Coverage, total: int, timezone: str) -> None:
    """The first lines of a regular digest: from when to when, how many stories, and what was covered."""
    since, until = (instant(head.language, end, timezone) for end in (seen.since, seen.until))
    head.say(f"digest.title.{seen.every}", since=since, until=until)
    head.say("digest.stories", count=total)
    head.say("digest.sources", up=seen.up, all=seen.sources)
    head.say("digest.items", count=seen.items)
    head.say("digest.copies", count=seen.copies)


def _of_many(card: Card, language: str, timezone: str) -> tuple[Run, ...]:
    """One story of a digest, with its weakness."""
    lines = Lines(language)
    for line in opening(card, language):
        lines.add(Run(line))
    return (*lines.runs, *story(card, language, timezone))


def told(sending: Sending) -> int:
    """How many of the stories of a merged alert fit into one message; those that do not go in the next one.

    Of anything else all: a digest goes in parts.
    """
    if sending.kind != "alert":
        return len(sending.cards)
    reader = sending.subscriber
    for count in range(len(sending.cards), 1, -1):
        if _merged(sending.cards[:count], reader.language, reader.timezone).length <= LIMIT:
            return count
    return 1


def _merged(cards: Sequence[Card], language: str, timezone: str) -> Message:
    """Alerts that waited for each other: every story with its link."""
    lines = Lines(language)
    lines.say("merged.total", count=len(cards))
    for card in cards:
        lines.gap()
        lines.runs += story(card, language, timezone)
    return lines.message(level=max((level_of(card) for card in cards), key=LEVELS.index))
