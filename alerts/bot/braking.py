"""A press of Release, Discard or Undo rule under the notice of a brake: see alerts.decision.

For admins in their own chat, asked anew at each press; what was done, and who tried in vain, goes to the audit log.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from alerts import decision
from alerts.bot.admin import is_admin
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.decision import Decision, is_ours
from alerts.keys import key
from alerts.message import Button, quoted, words
from archive import audit, brake, undoing
from archive.brake import Brake
from archive.editions import Edited
from core.errors import InputError

__all__ = ["is_ours", "press"]

log = logging.getLogger(__name__)


async def press(visit: Visit, office: Office) -> None:
    """One button. Of a brake that is over, or a config that has changed since, it only says so."""
    wish = decision.read(visit.argument)
    if wish is None or not await is_admin(visit, office, "a button"):
        await visit.acknowledge("alert.gone", loud=True)
    elif wish.deed == "undo":
        await _undo(visit, office, wish)
    else:
        await _decide(visit, office, wish)


async def _decide(visit: Visit, office: Office, wish: Decision) -> None:
    """Release or discard what is held, and write who did it in the same transaction."""
    who = office.pseudonym(visit.user)
    ended = await office.archive.write(partial(_ended, wish=wish, who=who, now=visit.now))
    if ended is None:
        await visit.acknowledge("brake.over", loud=True)
        return
    await visit.acknowledge("admin.begins")
    told = say(visit.language, f"brake.done.{wish.deed}", topic=quoted(ended.topic), count=ended.held)
    await visit.rewrite(words(told, visit.language))


def _ended(conn: Connection, *, wish: Decision, who: str, now: datetime) -> Brake | None:
    on = _braked(conn, wish)
    if on is None:
        return None
    end = brake.release if wish.deed == "release" else brake.discard
    end(conn, on.topic, now)
    audit.note(conn, who, f"brake {wish.deed}", f"{on.topic}, {on.held} messages", now)
    return on


def _braked(conn: Connection, wish: Decision) -> Brake | None:
    """The brake that the button was made for."""
    present = brake.present(conn)
    same = (each for each in present if key(each.topic) == wish.topic and int(each.since.timestamp()) == wish.since)
    return next(same, None)


async def _undo(visit: Visit, office: Office, wish: Decision) -> None:
    """Put the config back where the last edit made the rule. What is held stays held: the other buttons remain."""
    topics = office.edition().settings.topics
    topic = next((each for each in topics if key(each) == wish.topic), None)
    if topic is None or office.file is None:
        await visit.acknowledge("brake.not_undone", loud=True)
        return
    try:
        former, kept = await _put_back(office, office.file, topic, wish.edition)
    except InputError:
        await visit.acknowledge("brake.not_undone", loud=True)
        return
    except OSError as error:
        log.warning("bot: the config could not be put back: %s", error.strerror)
        await visit.acknowledge("brake.unwritable", loud=True)
        return
    await visit.acknowledge("admin.begins")
    detail = f"config of no. {former.number} instead of no. {wish.edition}, for {topic}"
    note = partial(audit.note, who=office.pseudonym(visit.user), action="brake undo", detail=detail, now=visit.now)
    await office.archive.write(note)
    told = say(visit.language, "brake.done.undo", topic=quoted(topic), number=former.number, file=quoted(kept.name))
    on = await office.archive.ask(partial(_braked, wish=wish))
    await visit.rewrite(words(told, visit.language, _left(on, wish, visit.language)))


async def _put_back(office: Office, file: Path, topic: str, edition: int) -> tuple[Edited, Path]:
    present = await asyncio.to_thread(undoing.text_of, file)
    before = partial(undoing.before_rule, topic=topic, number=edition, present=present)
    former = await office.archive.ask(before)
    return former, await asyncio.to_thread(undoing.put_back, file, former.text)


def _left(on: Brake | None, wish: Decision, language: str) -> tuple[tuple[Button, ...], ...]:
    if on is None:
        return ()
    return (decision.row(on.topic, wish.since, wish.edition, language, alone=True, undo=False),)
