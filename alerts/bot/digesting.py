"""Regular digests: /digest off, daily 08:00 or weekly, and its buttons. Data: `digest:off`, `digest:daily`, …"""

from functools import partial

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.message import Button, Message, words
from archive import digests
from core.schedule import Schedule, parse_schedule
from core.tongue import digits

_CHOICES = ("off", "daily", "weekly")


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("digest:")


async def digest(visit: Visit, office: Office) -> None:
    """/digest daily 08:00: what alerted, once more in one message, with what was covered. Alone it tells."""
    who, wish = visit.subscriber, visit.argument.strip().lower()
    if who is None:
        return
    schedule = parse_schedule(wish)
    if wish and wish != "off" and schedule is None:
        await visit.say("digest.how")
        return
    if wish:
        await _save(visit, office, schedule)
    await visit.reply(await menu(visit, office))


async def press(visit: Visit, office: Office) -> None:
    """A button of the message about digests. Forged data change nothing."""
    wish = visit.argument.removeprefix("digest:")
    if visit.subscriber is None or wish not in _CHOICES:
        await visit.acknowledge("alert.gone", loud=True)
        return
    await _save(visit, office, parse_schedule(wish))
    await visit.acknowledge("topics.saved")
    await visit.rewrite(await menu(visit, office))


async def _save(visit: Visit, office: Office, wanted: Schedule | None) -> None:
    assert visit.subscriber is not None
    work = partial(digests.set_schedule, subscriber_id=visit.subscriber.id, schedule=wanted, now=visit.now)
    await office.archive.write(work)


async def menu(visit: Visit, office: Office) -> Message:
    """When digests come, with the buttons that change it."""
    assert visit.subscriber is not None
    chosen = await office.archive.ask(partial(digests.schedule_of, subscriber_id=visit.subscriber.id))
    language, now = visit.language, chosen.every if chosen else "off"
    row = tuple(
        Button(f"{'✅ ' if each == now else ''}{say(language, f'digest.button.{each}')}", data=f"digest:{each}")
        for each in _CHOICES
    )
    back = (Button(say(language, "mute.back"), data="menu:home"),)
    return words(f"{told(chosen, language)}\n{say(language, 'digest.how')}", language, (row, back))


def told(schedule: Schedule | None, language: str) -> str:
    """When digests come, in words."""
    if schedule is None:
        return say(language, "digest.off")
    return say(language, f"digest.{schedule.every}", at=digits(language, f"{schedule.at:%H:%M}"))
