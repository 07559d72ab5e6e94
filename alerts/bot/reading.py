"""Looking things up: /latest, /status, /help, and what is no command."""

from collections.abc import Mapping
from functools import partial

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.lists import listing
from alerts.message import quoted, words
from alerts.typesetting import isolate
from archive.search import latest as latest_articles
from archive.status import Status
from archive.status import status as archive_status
from core.messages import Subscriber
from core.model import Topic
from core.text import tokenise
from core.tongue import title

COMMANDS = (
    *("start", "topics", "latest", "search", "watch", "watches", "settings", "digest", "mute", "quiet", "sources"),
    *("languages", "language", "timezone", "status", "privacy", "help", "stop", "forget"),
)
_STORIES = 5
_WAITING = ("new", "claimed", "deferred", "ambiguous")


async def latest(visit: Visit, office: Office) -> None:
    """/latest [topic]: the newest stories of one topic, or of all that the chat follows."""
    who, offered = visit.subscriber, office.edition().settings.topics
    if who is None:
        return
    asked = find(visit.argument, offered) if visit.argument else None
    if visit.argument and asked is None:
        await visit.reply(words(_unknown_topic(visit, offered), visit.language))
        return
    wanted = [asked.id] if asked else sorted(set(offered) if who.follows_all else who.topics & set(offered))
    stories = await office.archive.ask(partial(latest_articles, topics=wanted, limit=_STORIES))
    if not stories:
        await visit.say("latest.nothing")
        return
    await visit.reply(*listing(_heading(asked, visit.language), stories, visit.language, who.timezone))


def find(words_: str, offered: Mapping[str, Topic]) -> Topic | None:
    """The topic that somebody means: by its id, or by the beginning of a word of its title in any language."""
    wanted = _folded(words_)
    for topic in offered.values():
        if words_.strip() == topic.id or wanted in {_folded(each) for each in topic.title.values()}:
            return topic
    close = [
        topic
        for topic in offered.values()
        if wanted and any(f" {wanted}" in f" {_folded(each)}" for each in topic.title.values())
    ]
    return close[0] if len(close) == 1 else None


def _folded(text: str) -> str:
    return " ".join(token.form for token in tokenise(text[:200]))


def _heading(topic: Topic | None, language: str) -> str:
    if topic is None:
        return say(language, "latest.all")
    return say(language, "latest.title", topic=quoted(title(topic.title, language, topic.id)))


def _unknown_topic(visit: Visit, offered: Mapping[str, Topic]) -> str:
    names = [quoted(title(topic.title, visit.language, topic.id)) for topic in offered.values()]
    joined = say(visit.language, "comma").join(names)
    return say(visit.language, "latest.unknown", topic=quoted(visit.argument), topics=joined)


async def status(visit: Visit, office: Office) -> None:
    """/status: what the chat follows, how many sources answer, what waits."""
    if visit.subscriber is not None:
        state = await office.archive.ask(partial(archive_status, now=visit.now))
        offered = office.edition().settings.topics
        await visit.reply(words(_status(visit.subscriber, state, offered, visit.language), visit.language))


def _status(who: Subscriber, state: Status, offered: Mapping[str, Topic], language: str) -> str:
    watched = state.sources.get("enabled", 0)
    waiting = sum(state.queue.get(each, 0) for each in _WAITING)
    return "\n".join(
        (
            say(language, "status.follows.all")
            if who.follows_all
            else say(language, "status.follows.some", count=len(who.topics & set(offered))),
            say(language, "status.sources", up=state.sources_answering, all=watched),
            say(language, "status.articles", count=state.articles),
            say(language, "status.waiting", count=waiting) if waiting else say(language, "status.nothing_waiting"),
        )
    )


async def help_(visit: Visit, office: Office) -> None:
    """/help: every command; for strangers too, so it names no topic."""
    await visit.reply(words(_help(visit.language), visit.language))


async def unknown(visit: Visit, office: Office) -> None:
    """A command or words that mean nothing to the bot: said so, with the help. In groups others may be meant."""
    if not visit.group:
        await visit.reply(words(f"{say(visit.language, 'unknown')}\n\n{_help(visit.language)}", visit.language))


def _help(language: str) -> str:
    lines = [f"{isolate(f'/{command}')} · {say(language, f'command.{command}')}" for command in COMMANDS]
    return say(language, "help", commands="\n".join(lines))
