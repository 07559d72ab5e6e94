"""Asking the archive: /search and the buttons under its results. Same grammar and engine as `rasad search`."""

import re
from dataclasses import replace
from functools import partial
from hashlib import blake2b

from sqlalchemy import Connection

from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.lists import listing
from alerts.message import Button, Message, quoted, words
from archive.search import Page
from archive.search import page as results_page
from core.errors import InputError
from core.rules.match import RuleSet, compile_query
from core.rules.refusals import told_with_place

PER_PAGE = 5
_LONGEST = 500  # code points of a query
_KEPT = 1_000  # queries whose buttons still work; after a restart none does
_PRESSED = re.compile(r"find:(?P<key>[0-9a-f]{16}):(?P<cursor>[0-9]{1,20}\.[0-9]{1,9}|)")


async def search(visit: Visit, office: Office) -> None:
    """/search QUERY: the newest results, and a button to older ones."""
    query = visit.argument.strip()
    if not query or len(query) > _LONGEST:
        await visit.reply(words(say(visit.language, "search.how", longest=_LONGEST), visit.language))
        return
    key = blake2b(query.encode(errors="replace"), digest_size=8).hexdigest()
    office.asked[key] = query
    office.asked.move_to_end(key)
    while len(office.asked) > _KEPT:
        office.asked.popitem(last=False)
    await visit.reply(await _results(visit, office, key, query, None))


async def press(visit: Visit, office: Office) -> None:
    """A button under results: another page in the place of this one. Every press is answered."""
    pressed = _PRESSED.fullmatch(visit.argument)
    query = office.asked.get(pressed["key"]) if pressed else None
    if visit.subscriber is None or pressed is None or query is None:
        await visit.acknowledge("search.gone", loud=True)
        return
    page = await _results(visit, office, pressed["key"], query, pressed["cursor"] or None)
    await visit.acknowledge("search.shown")
    await visit.rewrite(page)


def is_ours(data: str) -> bool:
    """Whether the data of a button come from here."""
    return data.startswith("find:")


async def _results(visit: Visit, office: Office, key: str, query: str, cursor: str | None) -> Message:
    language = visit.language
    settings = office.edition().settings
    try:
        rules = compile_query(query, settings.names)
        found = await office.archive.ask(partial(_page, rules=rules, cursor=cursor))
    except InputError as wrong:
        return words(say(language, "search.fault", fault=quoted(told_with_place(language, wrong), 300)), language)
    if not found.found:
        return words(say(language, "search.nothing", query=quoted(query)), language)
    zone = visit.subscriber.timezone if visit.subscriber else str(settings.timezone)
    heading = say(language, "search.title", query=quoted(query))
    message = listing(heading, [each.article for each in found.found], language, zone)[0]
    return replace(message, buttons=_buttons(key, cursor, found.next, language))


def _page(conn: Connection, rules: RuleSet, cursor: str | None) -> Page:
    return results_page(conn, rules, limit=PER_PAGE, cursor=cursor)


def _buttons(key: str, cursor: str | None, following: str | None, language: str) -> tuple[tuple[Button, ...], ...]:
    first = (Button(say(language, "search.first"), data=f"find:{key}:"),) if cursor else ()
    older = (Button(say(language, "search.older"), data=f"find:{key}:{following}"),) if following else ()
    return ((*first, *older),) if first or older else ()
