"""Muting a story, a topic, an outlet, or everything for a while: one message that is edited, and taken back. /mute.

Button data: `muting:ARTICLE:KIND:HOURS` (KIND is s, o, or t and the topic's key; HOURS empty to ask, 0 for good) and
`unmute:KEY`. They say what is wanted, so pressing twice or a replayed update changes nothing.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.keys import key
from alerts.message import Button, Message, quoted, words
from archive import reactions
from archive.reactions import Kind, Mute, Received
from core.durations import parse_duration
from core.model import Topic
from core.tongue import instant, language_name, title

_PRESSED = re.compile(r"muting:(?P<article>[0-9]{1,18}):(?P<what>s|o|t[0-9a-f]{16}|):(?P<hours>[0-9]{1,3}|)")
_UNDO = re.compile(r"unmute:(?P<key>[0-9a-f]{16})")
_LENGTHS = {"two_hours": 2, "day": 24, "week": 168, "ever": 0}
_LONGEST = timedelta(days=366)
_NAME = 40  # UTF-16 units of a name on a button
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")

Named = tuple[Mute, str]  # with the headline of a story, the name of an outlet


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith(("muting:", "unmute:"))


# --- /mute -------------------------------------------------------------------------------------------------


async def mute(visit: Visit, office: Office) -> None:
    """/mute 2h: no alert at all until then. /mute off ends it; alone it tells what is muted."""
    who, wish = visit.subscriber, visit.argument.strip().lower()
    if who is None:
        return
    length = _length(wish)
    if not wish:
        await visit.reply(await _list(visit, office))
    elif wish == "off":
        await office.archive.write(partial(reactions.unmute, subscriber_id=who.id, kind="all", what=""))
        everything = say(visit.language, "mute.everything")
        await visit.reply(words(say(visit.language, "mute.undone", what=everything), visit.language))
    elif length is None:
        await visit.say("mute.usage")
    else:
        await visit.reply(await _silence(visit, office, Mute("all", "", visit.now + length), ""))


def _length(wish: str) -> timedelta | None:
    try:
        length = parse_duration(wish.translate(_DIGITS))
    except ValueError:
        return None
    return length if timedelta() < length <= _LONGEST else None


async def _list(visit: Visit, office: Office) -> Message:
    """What is muted, with a button each to hear of it again."""
    assert visit.subscriber is not None
    muted = await office.archive.ask(partial(_muted, subscriber_id=visit.subscriber.id, now=visit.now))
    language, topics = visit.language, office.edition().rules.topics
    if not muted:
        return words(f"{say(language, 'mute.nothing')}\n{say(language, 'mute.usage')}", language)
    lines = [say(language, "mute.list")]
    rows = []
    for each, name in muted:
        label = _label(each.kind, each.what, name, topics, language)
        lines.append(label if each.until is None else f"{label} · {instant(language, each.until, visit.timezone)}")
        rows.append((Button(label, data=_undo(each)),))
    return words("\n".join(lines), language, tuple(rows))


def _muted(conn: Connection, *, subscriber_id: int, now: datetime) -> Sequence[Named]:
    return [(each, reactions.name_of(conn, each)) for each in reactions.mutes(conn, subscriber_id, now)]


# --- under an alert ----------------------------------------------------------------------------------------


async def ask(visit: Visit, office: Office, alert: Received) -> None:
    """Mute was pressed: what of it, in a message of its own."""
    await visit.acknowledge("alert.shown")
    await visit.reply(_choice(alert, office.edition().rules.topics, visit.language))


async def press(visit: Visit, office: Office) -> None:
    """A button of a message from here. Forged, foreign and outdated data change nothing; every press is answered."""
    who = visit.subscriber
    undo, pressed = _UNDO.fullmatch(visit.argument), _PRESSED.fullmatch(visit.argument)
    if who is None or not (undo or pressed):
        await visit.acknowledge("alert.gone", loud=True)
    elif undo:
        await office.archive.write(partial(_unmute, subscriber_id=who.id, wanted=undo["key"], now=visit.now))
        await visit.acknowledge("mute.saved")
        await visit.rewrite(await _list(visit, office))
    elif pressed:
        find = partial(reactions.received, subscriber_id=who.id, article_id=int(pressed["article"]))
        alert = await office.archive.ask(find)
        message = None if alert is None else await _step(visit, office, alert, pressed["what"], pressed["hours"])
        await visit.acknowledge("mute.saved" if message else "alert.gone", loud=message is None)
        if message is not None:
            await visit.rewrite(message)


async def _step(visit: Visit, office: Office, alert: Received, what: str, hours: str) -> Message | None:
    """The next message of the dialogue; None where the alert has no such topic."""
    topics, language = office.edition().rules.topics, visit.language
    if not what:
        return _choice(alert, topics, language)
    topic = next((each for each in alert.topics if what == f"t{key(each)}"), None)
    kind: Kind = "story" if what == "s" else "source" if what == "o" else "topic"
    if kind == "topic" and topic is None:
        return None
    of = str(alert.story) if kind == "story" else alert.source if kind == "source" else topic or ""
    name = alert.source_name if kind == "source" else ""
    if hours:
        until = visit.now + timedelta(hours=int(hours)) if int(hours) else None
        return await _silence(visit, office, Mute(kind, of, until), name)
    lengths = tuple(
        Button(say(language, f"mute.{each}"), data=f"muting:{alert.article}:{what}:{length}")
        for each, length in _LENGTHS.items()
    )
    back = Button(say(language, "mute.back"), data=f"muting:{alert.article}::")
    asked = say(language, "mute.how_long", what=_label(kind, of, name, topics, language))
    return words(asked, language, (lengths[:2], lengths[2:], (back,)))


def _choice(alert: Received, topics: Mapping[str, Topic], language: str) -> Message:
    """What of an alert may be muted."""
    kinds = [("s", _label("story", "", "", topics, language))]
    kinds += [(f"t{key(each)}", _label("topic", each, "", topics, language)) for each in alert.topics]
    kinds += [("o", _label("source", "", alert.source_name, topics, language))]
    rows = tuple((Button(label, data=f"muting:{alert.article}:{what}:"),) for what, label in kinds)
    return words(say(language, "mute.choose"), language, rows)


async def _silence(visit: Visit, office: Office, what: Mute, name: str) -> Message:
    """Mute it; what is told of it, with a button that takes it back."""
    assert visit.subscriber is not None
    work = partial(reactions.silence, subscriber_id=visit.subscriber.id, what=what, now=visit.now)
    await office.archive.write(work)
    label = _label(what.kind, what.what, name, office.edition().rules.topics, visit.language)
    undo = Button(say(visit.language, "mute.undo"), data=_undo(what))
    if what.until is None:
        told = say(visit.language, "mute.done", what=label)
    else:
        until = instant(visit.language, what.until, visit.timezone)
        told = say(visit.language, "mute.until", what=label, until=until)
    return words(told, visit.language, ((undo,),))


def _unmute(conn: Connection, *, subscriber_id: int, wanted: str, now: datetime) -> None:
    for each in reactions.mutes(conn, subscriber_id, now):
        if key(f"{each.kind}:{each.what}") == wanted:
            reactions.unmute(conn, subscriber_id, each.kind, each.what)


def _undo(what: Mute) -> str:
    return f"unmute:{key(f'{what.kind}:{what.what}')}"


def _label(kind: Kind, what: str, name: str, topics: Mapping[str, Topic], language: str) -> str:
    if kind == "all":
        return say(language, "mute.everything")
    if kind == "story":
        return f"{say(language, 'mute.story')}: {quoted(name, _NAME)}" if name else say(language, "mute.story")
    if kind == "topic":
        known = topics.get(what)
        name = title(known.title, language, what) if known else what
    if kind == "affiliation":
        name = say(language, f"affiliation.{what}")
    if kind == "language":
        name = language_name(language, what)
    return say(language, f"mute.{kind}", name=quoted(name, _NAME))
