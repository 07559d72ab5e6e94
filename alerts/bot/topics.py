"""Choosing topics: /topics and its buttons."""

import re
from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.keys import key
from alerts.message import Button, Message, words
from alerts.typesetting import clip, safe
from archive import subscribers
from core.messages import Subscriber
from core.model import Topic
from core.tongue import title

_ON, _OFF = "✅", "▫️"
_LABEL = 60  # UTF-16 units on a button
# Button data name the wanted state, not a toggle: pressing twice, or a replayed update, changes nothing.
_ALL = "all:1"
_ONE = re.compile(r"topic:(?P<key>[0-9a-f]{16}):(?P<on>[01])")


async def topics(visit: Visit, office: Office) -> None:
    """/topics: what is followed, with a button for each topic; all of them, new ones too, comes first."""
    if visit.subscriber is not None:
        await visit.reply(choice(visit.subscriber, office.edition().settings.topics, visit.language))


async def press(visit: Visit, office: Office) -> None:
    """A button of /topics. Forged and outdated data change nothing; every press is answered."""
    offered = office.edition().settings.topics
    pressed = _ONE.fullmatch(visit.argument)
    topic = next((each for each in offered if pressed and key(each) == pressed["key"]), None)
    if visit.subscriber is None or (visit.argument != _ALL and topic is None):
        await visit.acknowledge("topics.gone", loud=True)
        return
    on = pressed is None or pressed["on"] == "1"
    change = partial(_change, who=visit.subscriber, topic=topic, on=on, offered=offered)
    changed = await office.archive.write(change)
    await visit.acknowledge("topics.saved")
    await visit.rewrite(choice(changed, offered, visit.language))


def _change(
    conn: Connection, *, who: Subscriber, topic: str | None, on: bool, offered: Mapping[str, Topic]
) -> Subscriber:
    if topic is None:
        return subscribers.set_follow_all(conn, who.id, True)
    if who.follows_all and on:
        return who
    return subscribers.set_topic(conn, who.id, topic, on, topics=offered)


def choice(who: Subscriber, offered: Mapping[str, Topic], language: str) -> Message:
    """The message of /topics."""
    followed = set(offered) if who.follows_all else who.topics & set(offered)
    everything = Button(f"{_ON if who.follows_all else _OFF} {say(language, 'topics.button.all')}", data=_ALL)
    rows = [(everything,), *((_button(topic, topic.id in followed, language),) for topic in offered.values())]
    return words(_heading(who, len(followed), language), language, tuple(rows))


def _heading(who: Subscriber, followed: int, language: str) -> str:
    if who.follows_all:
        return say(language, "topics.all")
    return say(language, "topics.some", count=followed) if followed else say(language, "topics.none")


def _button(topic: Topic, on: bool, language: str) -> Button:
    label = clip(safe(title(topic.title, language, topic.id)), _LABEL)
    return Button(f"{_ON if on else _OFF} {label}", data=f"topic:{key(topic.id)}:{int(not on)}")
