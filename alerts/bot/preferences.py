"""How the bot writes to a chat, and what it knows of it: /language, /timezone, /privacy, /forget."""

import asyncio
import re
from collections.abc import Collection
from functools import partial

from alerts.bot.access import CHANNEL
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.message import Button, Message, quoted, words
from archive import said, subscribers
from core.tongue import LANGUAGES, instant, zone_called

OWN_NAMES = {"en": "English", "ar": "العربية", "fa": "فارسی"}
_PRESSED = re.compile(r"speak:(?P<language>en|ar|fa)")
_FORGET = "forget:1"
_LONGEST = 60  # characters of a zone's name
_AT_ONCE = 100  # ids of one deleteMessages


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith(("speak:", "forget:"))


async def press(visit: Visit, office: Office) -> None:
    """A button of a message from here."""
    pressed = _PRESSED.fullmatch(visit.argument)
    if visit.subscriber is None or not (pressed or visit.argument == _FORGET):
        await visit.acknowledge("alert.gone", loud=True)
    elif pressed:
        await visit.acknowledge("topics.saved")
        await visit.rewrite(await _speak(visit, office, pressed["language"]))
    else:
        await visit.acknowledge("forget.begins")
        await _forget(visit, office)


async def language(visit: Visit, office: Office) -> None:
    """/language: English, Arabic or Persian, by button or by its name."""
    wanted = visit.argument.strip().casefold()
    chosen = next((each for each in LANGUAGES if wanted in {each, OWN_NAMES[each].casefold()}), None)
    if chosen is None:
        await visit.reply(choice(visit.language))
    else:
        await visit.reply(await _speak(visit, office, chosen))


async def _speak(visit: Visit, office: Office, chosen: str) -> Message:
    assert visit.subscriber is not None
    work = partial(subscribers.set_language, subscriber_id=visit.subscriber.id, language=chosen)
    await office.archive.write(work)
    return choice(chosen)


def choice(chosen: str) -> Message:
    """The message of /language."""
    row = tuple(
        Button(f"{'✅ ' if each == chosen else ''}{OWN_NAMES[each]}", data=f"speak:{each}") for each in LANGUAGES
    )
    return words(say(chosen, "language.now", language=OWN_NAMES[chosen]), chosen, (row,))


async def timezone(visit: Visit, office: Office) -> None:
    """/timezone CITY: the zone of all hours that the chat reads."""
    wanted, who = visit.argument.strip(), visit.subscriber
    if who is None:
        return
    zone = await asyncio.to_thread(zone_called, wanted) if wanted and len(wanted) <= _LONGEST else None
    if wanted and zone is None:
        await visit.reply(words(say(visit.language, "timezone.unknown", name=quoted(wanted)), visit.language))
        return
    if zone is not None:
        work = partial(subscribers.set_timezone, subscriber_id=who.id, timezone=zone)
        who = await office.archive.write(work)
    now = instant(visit.language, visit.now, who.timezone)
    await visit.reply(words(say(visit.language, "timezone.now", now=now, zone=who.timezone), visit.language))


async def privacy(visit: Visit, office: Office) -> None:
    """/privacy: what is kept of a chat. For strangers too."""
    await visit.say("privacy")


async def forget(visit: Visit, office: Office) -> None:
    """/forget: asked once more, since it cannot be taken back."""
    button = Button(say(visit.language, "forget.button"), data=_FORGET)
    await visit.reply(words(say(visit.language, "forget.sure"), visit.language, ((button,),)))


async def _forget(visit: Visit, office: Office) -> None:
    """Delete what can be deleted, then every row about the chat; and say what could not."""
    since = visit.now - said.DELETABLE
    sent = await office.archive.ask(partial(subscribers.messages_to, channel=CHANNEL, chat=visit.chat))
    talk = await office.archive.ask(partial(said.numbers, channel=CHANNEL, chat=visit.chat, now=visit.now))
    recent = {number for number, at in sent if at > since} | set(talk)
    recent -= {visit.pressed} if visit.pressed else set()  # it becomes the answer
    deleted = await _delete(visit, recent)
    await office.archive.write(partial(subscribers.forget, channel=CHANNEL, chat=visit.chat))
    left = len({number for number, _ in sent} | recent) - deleted
    told = [say(visit.language, "forget.done"), say(visit.language, "forget.deleted", count=deleted)]
    told += [say(visit.language, "forget.left", count=left)] if left else []
    await visit.rewrite(words("\n".join((*told, say(visit.language, "forget.rest"))), visit.language))


async def _delete(visit: Visit, numbers: Collection[int]) -> int:
    """How many of these messages Telegram deleted."""
    deleted, all_ = 0, sorted(numbers)
    for begin in range(0, len(all_), _AT_ONCE):
        some = all_[begin : begin + _AT_ONCE]
        deleted += len(some) if await visit.delete(some) else 0
    return deleted
