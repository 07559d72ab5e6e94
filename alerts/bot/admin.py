"""What the ids under `admins` may do, in their own chat: /invite /health /audit /pause /quarantine /retract.

Whatever takes something away is shown first and done at a button (`admin:…`). All of it is written to the audit log,
and so is who tried without being an admin. To others these commands do not exist.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.bot.access import CHANNEL
from alerts.bot.reading import find, unknown
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.keys import key
from alerts.message import Button, Message, quoted, words
from alerts.typesetting import isolate
from archive import audit, quarantine, reactions, retraction, sources, subscribers
from archive.retraction import Kind, Plan
from archive.status import status
from core.durations import parse_duration
from core.tongue import instant

_INVITED = timedelta(days=7)
_MOST_USES, _LONGEST_PAUSE = 100, timedelta(days=30)
_FAILING, _DEEDS, _AT_ONCE = 12, 20, 100
_PRESSED = re.compile(
    r"admin:(?P<deed>retract|quarantine):(?P<kind>topic|source|story):(?P<key>[0-9a-f]{16}|[0-9]{1,15}):(?P<since>[0-9]{10})"
)


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be taken back: of which kind, its id and its name, and since when."""

    kind: Kind
    id: str
    name: str
    since: datetime


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("admin:")


async def is_admin(visit: Visit, office: Office, action: str) -> bool:
    """Whether the visitor is one, in their own chat. Who is not is noted."""
    if not visit.group and visit.user in office.edition().settings.telegram.admins:
        return True
    await _note(visit, office, "refused", action)
    return False


async def command(visit: Visit, office: Office, name: str) -> None:
    """One of the commands of admins."""
    if not await is_admin(visit, office, f"/{name}"):
        await unknown(visit, office)
        return
    work: Mapping[str, Callable[[Visit, Office], Awaitable[Message]]] = {
        "invite": _invite,
        "health": _health,
        "audit": _audit,
        "pause": _pause,
        "retract": partial(_ask, deed="retract"),
        "quarantine": partial(_ask, deed="quarantine"),
    }
    await visit.reply(await work[name](visit, office))


COMMANDS = ("invite", "health", "audit", "pause", "quarantine", "retract")


async def press(visit: Visit, office: Office) -> None:
    """The button below a dry run."""
    pressed = _PRESSED.fullmatch(visit.argument)
    if pressed is None or not await is_admin(visit, office, "a button"):
        await visit.acknowledge("alert.gone", loud=True)
        return
    since = datetime.fromtimestamp(int(pressed["since"]), visit.now.tzinfo)
    target = _named_by_key(office, pressed["kind"], pressed["key"], since)
    if target is None:
        await visit.acknowledge("alert.gone", loud=True)
        return
    await visit.acknowledge("admin.begins")
    await visit.rewrite(await _carry_out(visit, office, target, pressed["deed"]))


async def _note(visit: Visit, office: Office, action: str, detail: str) -> None:
    who = office.pseudonym(visit.user)
    await office.archive.write(partial(audit.note, who=who, action=action, detail=detail, now=visit.now))


# --- looking -----------------------------------------------------------------------------------------------


async def _invite(visit: Visit, office: Office) -> Message:
    wish = visit.argument.strip()
    uses = int(wish) if wish.isdecimal() and len(wish) < 5 else 1
    uses = max(1, min(uses, _MOST_USES))
    make = partial(subscribers.invite, uses=uses, expires=visit.now + _INVITED, now=visit.now)
    token = await office.archive.write(make)
    await _note(visit, office, "invite", f"{uses} uses, 7 days")
    until = instant(visit.language, visit.now + _INVITED, visit.timezone)
    told = say(visit.language, "admin.invite", count=uses, until=until)
    return words(f"{told}\n{isolate(visit.deep_link(token))}", visit.language)


async def _health(visit: Visit, office: Office) -> Message:
    seen = await office.archive.ask(partial(status, now=visit.now))
    rows = [row for row in await office.archive.ask(sources.table) if row.state == "enabled" and row.reason]
    lines = [
        say(visit.language, "status.sources", up=seen.sources_answering, all=seen.sources.get("enabled", 0)),
        say(visit.language, "status.articles", count=seen.articles),
        say(
            visit.language,
            "admin.waiting",
            count=sum(seen.queue.get(each, 0) for each in ("new", "claimed", "deferred")),
        ),
        *(f"{quoted(each.name)}: {quoted(each.detail, 200)}" for each in seen.conditions),
        *(f"{quoted(sender.channel)}: {quoted(sender.trouble, 200)}" for sender in seen.senders if sender.trouble),
        *(f"{quoted(row.name)}: {quoted(row.reason, 120)}" for row in rows[:_FAILING]),
    ]
    return words("\n".join(lines), visit.language)


async def _audit(visit: Visit, office: Office) -> Message:
    deeds = await office.archive.ask(partial(audit.latest, limit=_DEEDS))
    if not deeds:
        return words(say(visit.language, "admin.no_deeds"), visit.language)
    lines = (
        f"{instant(visit.language, each.at, visit.timezone)} · {isolate(each.who)} · {quoted(each.action)} · "
        f"{quoted(each.detail, 120)}"
        for each in deeds
    )
    return words("\n".join(lines), visit.language)


async def _pause(visit: Visit, office: Office) -> Message:
    """/pause TOPIC 2h: nobody is told of the topic until then; each reader sees it in /mute and may end it."""
    wanted, _, wish = visit.argument.strip().rpartition(" ")
    topic = find(wanted, office.edition().settings.topics) if wanted else None
    try:
        length = parse_duration(wish)
    except ValueError:
        length = timedelta()
    if topic is None or not timedelta() < length <= _LONGEST_PAUSE:
        return words(say(visit.language, "admin.pause_how"), visit.language)
    until = visit.now + length
    rest = partial(reactions.silence_everybody, topic=topic.id, until=until, now=visit.now)
    count = await office.archive.write(rest)
    await _note(visit, office, "pause", f"{topic.id} {wish}")
    told = instant(visit.language, until, visit.timezone)
    return words(say(visit.language, "admin.paused", count=count, topic=quoted(topic.id), until=told), visit.language)


# --- taking back -------------------------------------------------------------------------------------------


async def _ask(visit: Visit, office: Office, *, deed: str) -> Message:
    """The dry run of /retract and /quarantine, with the button that does it."""
    language, target = visit.language, _target(visit, office, deed)
    if target is None:
        return words(say(language, f"admin.{deed}_how"), language)
    seen = await office.archive.ask(partial(_plan, target=target, now=visit.now))
    lines = [say(language, f"admin.{deed}", name=quoted(target.name), since=_since(visit, target))]
    lines += _told(seen, language)
    of = target.id if target.kind == "story" else key(target.id)
    data = f"admin:{deed}:{target.kind}:{of}:{int(target.since.timestamp())}"
    return words("\n".join(lines), language, ((Button(say(language, f"admin.button.{deed}"), data=data),),))


def _plan(conn: Connection, *, target: _Target, now: datetime) -> Plan:
    return retraction.plan(conn, CHANNEL, target.kind, target.id, target.since, now)


def _told(seen: Plan, language: str) -> list[str]:
    lines = [
        say(language, "admin.cancelled", count=seen.waiting),
        say(language, "forget.deleted", count=seen.deletable),
    ]
    return [*lines, say(language, "admin.kept", count=seen.kept)] if seen.kept else lines


async def _carry_out(visit: Visit, office: Office, target: _Target, deed: str) -> Message:
    """Cancel what waits, then delete chat by chat; what was deleted is noted at once, so it can be taken up again."""
    if deed == "quarantine":
        await office.archive.write(partial(quarantine.quarantine, source_id=target.id, since=target.since))
    seen = await office.archive.ask(partial(_plan, target=target, now=visit.now))
    cancel = partial(retraction.cancel, kind=target.kind, what=target.id, since=target.since, now=visit.now)
    waiting = await office.archive.write(cancel)
    gone = 0
    for chat, numbers in seen.messages.items():
        for begin in range(0, len(numbers), _AT_ONCE):
            some = numbers[begin : begin + _AT_ONCE]
            if await visit.delete(some, chat=chat):
                done = partial(retraction.deleted, channel=CHANNEL, chat=chat, numbers=some, now=visit.now)
                await office.archive.write(done)
                gone += len(some)
    await _note(visit, office, deed, f"{target.kind} {target.id} since {target.since:%Y-%m-%d %H:%M}, {gone} deleted")
    kept = seen.kept + seen.deletable - gone
    lines = [say(visit.language, f"admin.done.{deed}", name=quoted(target.name))]
    return words("\n".join([*lines, *_told(Plan(waiting, {0: range(gone)}, kept), visit.language)]), visit.language)


def _target(visit: Visit, office: Office, deed: str) -> _Target | None:
    """`NAME [2h]`: a topic, a source, or story:NUMBER; without a length the last day."""
    wanted, _, wish = visit.argument.strip().rpartition(" ")
    try:
        since = visit.now - parse_duration(wish)
    except (ValueError, OverflowError):
        wanted, since = visit.argument.strip(), visit.now - timedelta(days=1)
    settings = office.edition().settings
    outlet = next((each for each in settings.sources if wanted in {each.id, each.name}), None)
    if outlet is not None:
        return _Target("source", outlet.id, outlet.name, since)
    number = wanted.removeprefix("story:")
    if deed == "retract" and wanted != number and number.isdecimal() and len(number) < 16:
        return _Target("story", number, number, since)
    topic = find(wanted, settings.topics) if deed == "retract" and wanted else None
    return _Target("topic", topic.id, topic.id, since) if topic else None


def _named_by_key(office: Office, kind: str, wanted: str, since: datetime) -> _Target | None:
    settings = office.edition().settings
    if kind == "story":
        return _Target("story", wanted, wanted, since) if wanted.isdecimal() else None
    if kind == "topic":
        return next((_Target("topic", each, each, since) for each in settings.topics if key(each) == wanted), None)
    found = (each for each in settings.sources if key(each.id) == wanted)
    return next((_Target("source", each.id, each.name, since) for each in found), None)


def _since(visit: Visit, target: _Target) -> str:
    return instant(visit.language, target.since, visit.timezone)
