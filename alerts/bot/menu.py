"""/settings: one message that is edited, with what a chat has chosen and a way to each choice.

Data: `menu:home`, `menu:WHAT` for a choice, `sound:HOW`, `zone:NAME`, `hear:KIND:WHAT:0|1` (from whom alerts come).
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from alerts.bot import digesting, preferences, quieting
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.keys import key
from alerts.message import Button, Message, quoted, words
from alerts.typesetting import clip, safe
from archive import digests, quiet_hours, reactions, subscribers
from archive.reactions import Kind, Mute
from core.affiliations import AFFILIATIONS
from core.model import Source
from core.tongue import instant, language_name

SOUNDS = ("all", "breaking", "none")
_ZONES = ("Asia/Baghdad", "Asia/Tehran", "Asia/Beirut", "Europe/London", "UTC")
_HEARD = re.compile(r"hear:(?P<kind>affiliation|language|source):(?P<key>[0-9a-f]{16}):(?P<on>[01])")
_ON, _OFF, _LABEL, _FOUND = "✅", "▫️", 50, 8
_TOO_LONG = 80  # characters of an outlet's name


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith(("menu:", "sound:", "zone:", "hear:"))


async def settings(visit: Visit, office: Office) -> None:
    """/settings."""
    if visit.subscriber is not None:
        await visit.reply(await _home(visit, office))


async def sources(visit: Visit, office: Office) -> None:
    """/sources: from whom alerts come, by kind of outlet; /sources NAME: one outlet."""
    if visit.subscriber is not None:
        wanted = visit.argument.strip()
        await visit.reply(await (_outlets(visit, office, wanted) if wanted else _affiliations(visit, office)))


async def languages(visit: Visit, office: Office) -> None:
    """/languages: of which languages articles may alert."""
    if visit.subscriber is not None:
        await visit.reply(await _languages(visit, office))


async def press(visit: Visit, office: Office) -> None:
    """A button of the menu. Forged and outdated data change nothing; every press is answered."""
    message = await _pressed(visit, office) if visit.subscriber is not None else None
    await visit.acknowledge("topics.saved" if message else "alert.gone", loud=message is None)
    if message is not None:
        await visit.rewrite(message)


async def _pressed(visit: Visit, office: Office) -> Message | None:
    assert visit.subscriber is not None
    who, (what, _, wish) = visit.subscriber.id, visit.argument.partition(":")
    if what == "sound" and wish in SOUNDS:
        await office.archive.write(partial(subscribers.set_sound, subscriber_id=who, sound=wish))
        return await _home(await visit.again(), office)
    if what == "zone" and wish in _ZONES:
        await office.archive.write(partial(subscribers.set_timezone, subscriber_id=who, timezone=wish))
        return await _home(await visit.again(), office)
    if heard := _HEARD.fullmatch(visit.argument):
        return await _hear(visit, office, heard["kind"], heard["key"], on=heard["on"] == "1")
    return await _choice(visit, office, wish) if what == "menu" else None


async def _choice(visit: Visit, office: Office, what: str) -> Message | None:
    """One of the menu's pages."""
    pages: Mapping[str, Callable[[Visit, Office], Awaitable[Message]]] = {
        "home": _home,
        "language": _language,
        "digest": digesting.menu,
        "quiet": quieting.told,
        "sources": _affiliations,
        "languages": _languages,
        "sound": _sound,
        "zone": _zone,
    }
    if what not in pages:
        return None
    page = await pages[what](visit, office)
    return page if what in {"home", "digest", "sources", "languages"} else _with_way_back(page)


def _with_way_back(page: Message) -> Message:
    back = (Button(say(page.language, "mute.back"), data="menu:home"),)
    return replace(page, buttons=(*page.buttons, back))


async def _language(visit: Visit, office: Office) -> Message:
    return preferences.choice(visit.language)


async def _sound(visit: Visit, office: Office) -> Message:
    rows = tuple((Button(say(visit.language, f"sound.{each}"), data=f"sound:{each}"),) for each in SOUNDS)
    return words(say(visit.language, "sound.ask"), visit.language, rows)


async def _zone(visit: Visit, office: Office) -> Message:
    rows = tuple((Button(each, data=f"zone:{each}"),) for each in _ZONES)
    now = instant(visit.language, visit.now, visit.timezone)
    return words(say(visit.language, "timezone.now", now=now, zone=visit.timezone), visit.language, rows)


async def _home(visit: Visit, office: Office) -> Message:
    """What is chosen, a line each, and a button each."""
    who, language = visit.subscriber, visit.language
    assert who is not None
    quiet = await office.archive.ask(partial(quiet_hours.quiet_of, subscriber_id=who.id))
    schedule = await office.archive.ask(partial(digests.schedule_of, subscriber_id=who.id))
    lines = (
        say(language, "menu.title"),
        say(language, "language.now", language=preferences.OWN_NAMES[language]),
        say(language, "menu.zone", now=instant(language, visit.now, who.timezone)),
        quieting.in_words(quiet, language),
        digesting.told(schedule, language),
        say(language, f"sound.now.{who.sound}"),
    )
    pages = ("language", "zone", "quiet", "digest", "sound", "sources", "languages")
    buttons = [Button(say(language, f"menu.{each}.button"), data=f"menu:{each}") for each in pages]
    rows = tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))
    return words("\n".join(lines), language, rows)


# --- from whom, in which language -----------------------------------------------------------------------------


async def _affiliations(visit: Visit, office: Office) -> Message:
    kinds = {each: say(visit.language, f"affiliation.{each}") for each in AFFILIATIONS}
    return await _toggles(visit, office, "affiliation", kinds, say(visit.language, "sources.title"))


async def _languages(visit: Visit, office: Office) -> Message:
    offered = {each.language for each in office.edition().settings.sources if each.language}
    named = {each: language_name(visit.language, each) for each in sorted(offered)}
    return await _toggles(visit, office, "language", named, say(visit.language, "languages.title"))


async def _outlets(visit: Visit, office: Office, wanted: str) -> Message:
    found = {each.id: safe(each.name) for each in _found(office.edition().settings.sources, wanted)[:_FOUND]}
    if not found:
        return words(say(visit.language, "sources.unknown", name=quoted(wanted)), visit.language)
    return await _toggles(visit, office, "source", found, say(visit.language, "sources.outlets"))


def _found(watched: tuple[Source, ...], wanted: str) -> list[Source]:
    folded = wanted[:_TOO_LONG].casefold()
    return [each for each in watched if folded == each.id or folded in each.name.casefold()]


async def _toggles(visit: Visit, office: Office, kind: Kind, offered: Mapping[str, str], heading: str) -> Message:
    assert visit.subscriber is not None
    muted = await office.archive.ask(partial(_muted, who=visit.subscriber.id, visit=visit, kind=kind))
    rows = [
        (
            Button(
                f"{_OFF if what in muted else _ON} {clip(label, _LABEL)}",
                data=f"hear:{kind}:{key(what)}:{int(what in muted)}",
            ),
        )
        for what, label in offered.items()
    ]
    return words(heading, visit.language, (*rows, (Button(say(visit.language, "mute.back"), data="menu:home"),)))


def _muted(conn: Connection, *, who: int, visit: Visit, kind: Kind) -> frozenset[str]:
    return frozenset(each.what for each in reactions.mutes(conn, who, visit.now) if each.kind == kind)


async def _hear(visit: Visit, office: Office, kind: str, wanted: str, *, on: bool) -> Message | None:
    assert visit.subscriber is not None
    watched = office.edition().settings.sources
    offered: Mapping[Kind, set[str]] = {
        "affiliation": set(AFFILIATIONS),
        "language": {each.language for each in watched if each.language},
        "source": {each.id for each in watched},
    }
    kinds: Mapping[str, Kind] = {"affiliation": "affiliation", "language": "language", "source": "source"}
    what = next((each for each in offered[kinds[kind]] if key(each) == wanted), None)
    if what is None:
        return None
    who = visit.subscriber.id
    if on:
        await office.archive.write(partial(reactions.unmute, subscriber_id=who, kind=kinds[kind], what=what))
    else:
        mute = Mute(kinds[kind], what, None)
        await office.archive.write(partial(reactions.silence, subscriber_id=who, what=mute, now=visit.now))
    match kind:
        case "affiliation":
            return await _affiliations(visit, office)
        case "language":
            return await _languages(visit, office)
    return await _outlets(visit, office, what)
