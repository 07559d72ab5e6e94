"""Rules of a chat's own: /watch RULE with a preview before it counts, /watches, and a builder of buttons.

Button data: `watch:WHAT:NUMBER` for a watch of the chat (WHAT says what is wanted, so pressing twice changes nothing),
`watch:whom:PAGE`, `watch:what:KEY` and `watch:build:KEY:KIND` for the builder, `watch:list`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.keys import key
from alerts.lists import listing
from alerts.message import Button, Message, quoted, words
from alerts.typesetting import clip, safe
from archive import backtest, watches
from archive.search import Found
from archive.watches import State, Watch
from core.errors import InputError
from core.model import NameSet
from core.rules.match import GRAVE, RuleSet, compile_query
from core.rules.refusals import told_with_place
from core.tongue import decimal, duration, title

_LOOK_BACK = timedelta(days=7)
_SAMPLES = 3
_PER_PAGE = 8  # names of the builder
_LABEL, _RULE = 50, 300  # UTF-16 units on a button, of a rule in a message
_PRESSED = re.compile(r"watch:(?P<what>start|drop|show|pause|resume|delete):(?P<number>[0-9]{1,18})")
_WHOM = re.compile(r"watch:whom:(?P<page>[0-9]{1,3})")
_WHAT = re.compile(r"watch:what:(?P<key>[0-9a-f]{16})")
_BUILD = re.compile(r"watch:build:(?P<key>[0-9a-f]{16}):(?P<kind>any|title|grave)")
_LIST = "watch:list"
_RULES = {"any": "@{name}", "title": "title:@{name}", "grave": f"@{{name}} NEAR/10 @{GRAVE}"}
_STATES: Mapping[str, State] = {"start": "active", "pause": "paused", "resume": "active"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have done: stories found since `since`, and how many alerts a day that makes."""

    stories: int
    a_day: float
    length: timedelta  # that was looked back: less than a week where the archive is younger
    samples: Sequence[Found]


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("watch:")


async def watch(visit: Visit, office: Office) -> None:
    """/watch RULE: what it would have brought, and a button that starts it. Alone: the builder."""
    query = visit.argument.strip()
    if visit.subscriber is None:
        return
    if query:
        await visit.reply(await _propose(visit, office, query, query))
    else:
        await visit.reply(_whom(office.edition().settings.names, 0, visit.language))


async def listed(visit: Visit, office: Office) -> None:
    """/watches: the rules of the chat."""
    await visit.reply(await _list(visit, office))


async def press(visit: Visit, office: Office) -> None:
    """A button of a message from here. Forged and foreign data change nothing; every press is answered."""
    who, data, names = visit.subscriber, visit.argument, office.edition().settings.names
    own, whom = _PRESSED.fullmatch(data), _WHOM.fullmatch(data)
    chosen = _WHAT.fullmatch(data) or _BUILD.fullmatch(data)
    name = next((each for each in names.values() if chosen and key(each.id) == chosen["key"]), None)
    message = None
    if who is not None and own:
        message = await _change(visit, office, own["what"], int(own["number"]))
    elif who is not None and whom:
        message = _whom(names, int(whom["page"]), visit.language)
    elif who is not None and name is not None:
        message = await _built(visit, office, name)
    elif who is not None and data == _LIST:
        message = await _list(visit, office)
    await visit.acknowledge("search.shown" if message else "watch.gone", loud=message is None)
    if message is not None:
        await visit.rewrite(message)


# --- proposing ---------------------------------------------------------------------------------------------


async def _propose(visit: Visit, office: Office, query: str, called: str) -> Message:
    """The preview of a rule with the button that starts it, or why there is none."""
    assert visit.subscriber is not None
    language, names = visit.language, office.edition().settings.names
    if len(query) > watches.LONGEST:
        return words(say(language, "watch.long", longest=watches.LONGEST), language)
    try:
        rules = compile_query(query, names)
    except InputError as wrong:
        return words(say(language, "watch.fault", fault=quoted(told_with_place(language, wrong), 300)), language)
    async with office.previews:
        seen = await office.archive.ask(partial(preview, rules=rules, now=visit.now))
    work = partial(watches.propose, subscriber_id=visit.subscriber.id, query=query, title=_one_line(called))
    try:
        proposed = await office.archive.write(partial(work, now=visit.now, thread=visit.thread))
    except InputError:
        return words(say(language, "watch.many", most=watches.MOST), language)
    if proposed.state != "proposed":
        return await _one(visit, office, proposed)
    return _previewed(proposed, seen, visit)


def preview(conn: Connection, rules: RuleSet, now: datetime) -> Preview:
    """Try a rule on the articles of the last week."""
    since = now - _LOOK_BACK
    found = backtest.run(conn, rules, since=since, now=now).tally
    first = watches.reaches_back(conn, since) or now
    length = _LOOK_BACK if first - since < timedelta(hours=12) else now - first
    a_day = found.stories / max(length / timedelta(days=1), 1.0)
    return Preview(found.stories, a_day, length, found.samples[:_SAMPLES])


def _previewed(proposed: Watch, seen: Preview, visit: Visit) -> Message:
    language = visit.language
    below = [quoted(proposed.query, _RULE)] if proposed.title != proposed.query else []
    if seen.length < timedelta(hours=1):
        below.append(say(language, "watch.empty"))
    else:
        back = say(language, "watch.week") if seen.length == _LOOK_BACK else duration(language, seen.length)
        below.append(say(language, "watch.found", count=seen.stories, length=back))
        below.append(say(language, "watch.a_day", rate=decimal(language, seen.a_day)))
        below += [say(language, "watch.samples")] if seen.samples else []
    heading = say(language, "watch.heading", title=quoted(proposed.title, _RULE))
    samples = [each.article for each in seen.samples]
    message = listing(heading, samples, language, visit.timezone, below=below)[0]
    start = Button(say(language, "watch.button.start"), data=f"watch:start:{proposed.id}")
    drop = Button(say(language, "watch.button.drop"), data=f"watch:drop:{proposed.id}")
    return replace(message, buttons=((start, drop),))


def _one_line(text: str) -> str:
    return clip(safe(text).strip(), watches.LONGEST_TITLE) or "…"


# --- one's own ---------------------------------------------------------------------------------------------


async def _change(visit: Visit, office: Office, what: str, number: int) -> Message | None:
    """Do what a button of a watch says; the message in its place, None where the chat has no such watch."""
    assert visit.subscriber is not None
    who = visit.subscriber.id
    if what in {"drop", "delete"}:
        gone = partial(watches.remove, subscriber_id=who, number=number, now=visit.now)
        if not await office.archive.write(gone):
            return None
        dropped = words(say(visit.language, "watch.dropped"), visit.language)
        return dropped if what == "drop" else await _list(visit, office)
    if what == "show":
        found = await office.archive.ask(partial(watches.get, subscriber_id=who, number=number))
    else:
        turn = partial(watches.turn, subscriber_id=who, number=number, state=_STATES[what], now=visit.now)
        try:
            found = await office.archive.write(turn)
        except InputError:
            return words(say(visit.language, "watch.many", most=watches.MOST), visit.language)
    return None if found is None else await _one(visit, office, found)


async def _one(visit: Visit, office: Office, shown: Watch) -> Message:
    """A watch: its rule, whether it alerts, what it brought, and what can be done with it."""
    language = visit.language
    since = visit.now - _LOOK_BACK
    alerts = await office.archive.ask(partial(watches.alerts_since, number=shown.id, since=since))
    lines = [say(language, "watch.heading", title=quoted(shown.title, _RULE))]
    lines += [quoted(shown.query, _RULE)] if shown.title != shown.query else []
    lines += [say(language, f"watch.{shown.state}"), say(language, "watch.brought", count=alerts)]
    try:
        compile_query(shown.query, office.edition().settings.names)
    except InputError as wrong:
        lines.append(say(language, "watch.fault", fault=quoted(told_with_place(language, wrong), 300)))
    change = "resume" if shown.state == "paused" else "pause"
    row = tuple(
        Button(say(language, f"watch.button.{each}"), data=f"watch:{each}:{shown.id}") for each in (change, "delete")
    )
    return words("\n".join(lines), language, (row, (Button(say(language, "watch.button.all"), data=_LIST),)))


async def _list(visit: Visit, office: Office) -> Message:
    assert visit.subscriber is not None
    own = await office.archive.ask(partial(watches.of, subscriber_id=visit.subscriber.id))
    language = visit.language
    new = (Button(say(language, "watch.button.new"), data="watch:whom:0"),)
    if not own:
        return words(f"{say(language, 'watch.none')}\n{say(language, 'watch.how')}", language, (new,))
    rows = [
        (Button(f"{'⏸' if each.state == 'paused' else '🔔'} {clip(each.title, _LABEL)}", data=f"watch:show:{each.id}"),)
        for each in own
    ]
    return words(say(language, "watch.list", count=len(own)), language, (*rows, new))


# --- the builder -------------------------------------------------------------------------------------------


def _whom(names: Mapping[str, NameSet], page: int, language: str) -> Message:
    """Whom to watch: the names that have a title, a page of them."""
    titled = sorted((each for each in names.values() if each.title), key=lambda each: _called(each, language))
    shown = titled[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    if not shown:
        return words(say(language, "watch.how"), language)
    buttons = [Button(clip(_called(each, language), _LABEL), data=f"watch:what:{key(each.id)}") for each in shown]
    rows = [tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2)]
    turns = [Button(say(language, "watch.button.before"), data=f"watch:whom:{page - 1}")] if page else []
    if len(titled) > (page + 1) * _PER_PAGE:
        turns.append(Button(say(language, "watch.button.after"), data=f"watch:whom:{page + 1}"))
    return words(f"{say(language, 'watch.whom')}\n{say(language, 'watch.how')}", language, (*rows, tuple(turns)))


async def _built(visit: Visit, office: Office, name: NameSet) -> Message:
    """The next step once somebody is chosen: what of them, then the preview."""
    language, built = visit.language, _BUILD.fullmatch(visit.argument)
    called = _called(name, language)
    if built is None:
        kinds = [kind for kind in _RULES if kind != GRAVE or GRAVE in office.edition().settings.names]
        rows = [
            (Button(say(language, f"watch.kind.{kind}"), data=f"watch:build:{key(name.id)}:{kind}"),) for kind in kinds
        ]
        back = (Button(say(language, "mute.back"), data="watch:whom:0"),)
        return words(say(language, "watch.what", name=quoted(called)), language, (*rows, back))
    kind = built["kind"]
    told = called if kind == "any" else f"{called} · {say(language, f'watch.kind.{kind}')}"
    return await _propose(visit, office, _RULES[kind].format(name=name.id), told)


def _called(name: NameSet, language: str) -> str:
    return safe(title(name.title, language, name.id))
