"""Hours without alerts: /quiet HH:MM-HH:MM, and its buttons. Data: `quiet:0` (all waits), `quiet:1`, `quiet:off`."""

from dataclasses import replace
from functools import partial

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.message import Button, Message, words
from archive import quiet_hours
from core.quiet import Quiet, parse_quiet
from core.tongue import digits


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("quiet:")


async def quiet(visit: Visit, office: Office) -> None:
    """/quiet 23:00-07:00: alerts of these hours come afterwards, in one batch. /quiet off; alone it tells."""
    who, wish = visit.subscriber, visit.argument.strip().lower()
    if who is None:
        return
    hours = parse_quiet(wish)
    now = await office.archive.ask(partial(quiet_hours.quiet_of, subscriber_id=who.id))
    if wish == "off":
        await visit.reply(await _save(visit, office, None))
    elif hours:
        await visit.reply(await _save(visit, office, Quiet(*hours, now.breaking_passes if now else False)))
    elif wish:
        await visit.say("quiet.how")
    else:
        await visit.reply(_told(now, visit.language))


async def press(visit: Visit, office: Office) -> None:
    """A button of the message about quiet hours. Forged and outdated data change nothing."""
    who, wish = visit.subscriber, visit.argument.removeprefix("quiet:")
    now = await office.archive.ask(partial(quiet_hours.quiet_of, subscriber_id=who.id)) if who else None
    if now is None or wish not in {"0", "1", "off"}:
        await visit.acknowledge("alert.gone", loud=True)
        return
    wanted = None if wish == "off" else replace(now, breaking_passes=wish == "1")
    message = await _save(visit, office, wanted)
    await visit.acknowledge("topics.saved")
    await visit.rewrite(message)


async def _save(visit: Visit, office: Office, wanted: Quiet | None) -> Message:
    assert visit.subscriber is not None
    work = partial(quiet_hours.set_quiet, subscriber_id=visit.subscriber.id, quiet=wanted, now=visit.now)
    await office.archive.write(work)
    return _told(wanted, visit.language)


async def told(visit: Visit, office: Office) -> Message:
    """The message of /quiet."""
    assert visit.subscriber is not None
    quiet = await office.archive.ask(partial(quiet_hours.quiet_of, subscriber_id=visit.subscriber.id))
    return _told(quiet, visit.language)


def in_words(quiet: Quiet | None, language: str) -> str:
    """The quiet hours in a line."""
    if quiet is None:
        return say(language, "quiet.none")
    begin, end = (digits(language, f"{each:%H:%M}") for each in (quiet.begin, quiet.end))
    return say(language, "quiet.now", begin=begin, end=end)


def _told(quiet: Quiet | None, language: str) -> Message:
    if quiet is None:
        return words(f"{in_words(None, language)}\n{say(language, 'quiet.how')}", language)
    passes = "passes" if quiet.breaking_passes else "waits"
    lines = in_words(quiet, language), say(language, f"quiet.breaking.{passes}")
    change = Button(say(language, f"quiet.button.{passes}"), data=f"quiet:{int(not quiet.breaking_passes)}")
    off = Button(say(language, "quiet.button.off"), data="quiet:off")
    return words("\n".join(lines), language, ((change,), (off,)))
