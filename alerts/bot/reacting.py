"""The buttons under an alert: its story, its text, what the reader thinks of it. Data: `WHAT:ARTICLE`.

An alert that did not come to the chat of the press is none: forged and foreign data show and change nothing.
"""

import re
from functools import partial

from sqlalchemy import Connection

from alerts.bot import muting
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.lists import full_text, listing
from alerts.message import Message, quoted
from archive import articles, reactions
from archive.chronicle import Chronicle, chronicle
from archive.reactions import Received
from core.model import Article

_PRESSED = re.compile(r"(?P<what>story|text|relevant|noise|mute):(?P<article>[0-9]{1,18})")
_MEMBERS = 20  # articles of a story that are listed


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return _PRESSED.fullmatch(data) is not None


async def press(visit: Visit, office: Office) -> None:
    """A button under an alert. Looking is for everybody in the chat; the rest, in groups, for admins only."""
    pressed = _PRESSED.fullmatch(visit.argument)
    alert = await alert_of(visit, office, int(pressed["article"])) if pressed else None
    if pressed is None or alert is None:
        await visit.acknowledge("alert.gone", loud=True)
    elif pressed["what"] == "story":
        await _show_story(visit, office, alert)
    elif pressed["what"] == "text":
        await _show_text(visit, office, alert)
    elif not await visit.may_configure():
        await visit.acknowledge("group.only_admins", loud=True)
    elif pressed["what"] == "mute":
        await muting.ask(visit, office, alert)
    else:
        await _mark(visit, office, alert, relevant=pressed["what"] == "relevant")


async def alert_of(visit: Visit, office: Office, article: int) -> Received | None:
    """The alert of the chat that tells of this article; None for who is not of the chat, or never got it."""
    if visit.subscriber is None or not visit.belongs:
        return None
    return await office.archive.ask(partial(reactions.received, subscriber_id=visit.subscriber.id, article_id=article))


async def _mark(visit: Visit, office: Office, alert: Received, *, relevant: bool) -> None:
    assert visit.subscriber is not None
    mark = partial(reactions.judge_alert, subscriber_id=visit.subscriber.id, alert=alert, relevant=relevant)
    await office.archive.write(partial(mark, now=visit.now))
    await visit.acknowledge(f"alert.marked.{'relevant' if relevant else 'noise'}")


async def _show_story(visit: Visit, office: Office, alert: Received) -> None:
    found = await office.archive.ask(partial(chronicle, story=alert.story))
    if found is None or visit.subscriber is None:
        await visit.acknowledge("alert.gone", loud=True)
        return
    await visit.acknowledge("alert.shown")
    await visit.reply(*story(found, visit.language, visit.subscriber.timezone))


def story(told: Chronicle, language: str, timezone: str) -> tuple[Message, ...]:
    """The articles of a story, oldest first, with who carries it; of a long one the newest."""
    entries, carried = told.entries[-_MEMBERS:], told.carriage
    outlets = len(carried.outlets)
    below = []
    if outlets > 1:
        key, count = ("unlinked", carried.unlinked) if carried.unlinked > 1 else ("linked", outlets)
        lines = say(language, "carried", count=outlets), say(language, key, count=count)
        below.append(say(language, "comma").join(lines))
    key = "story.all" if len(entries) == len(told.entries) else "story.newest"
    below.append(say(language, key, count=len(told.entries)))
    return listing(quoted(told.entries[0].title or "…", 200), entries, language, timezone, below=below)


async def _show_text(visit: Visit, office: Office, alert: Received) -> None:
    found = await office.archive.ask(partial(_article, article_id=alert.article))
    text = (found.text.strip() or found.summary.strip()) if found else ""
    if found is None or not text:
        await visit.acknowledge("alert.no_text", loud=True)
        return
    await visit.acknowledge("alert.shown")
    await visit.reply(*full_text(found, text, visit.language))


def _article(conn: Connection, article_id: int) -> Article | None:
    return articles.get(conn, article_id)
