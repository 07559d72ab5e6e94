"""How a story stands, in lines and as JSON: its members, who carries it, who was first. No command lives here."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from archive.chronicle import Chronicle, Entry, chronicle
from cli.screen import jsonable, marked, out
from core.stories.carriage import Carriage, has_hour
from core.stories.standing import Member

Facts = Iterable[tuple[str, str]]
"""A label and what it tells, each a line."""


def show(facts: Facts) -> None:
    """Print each on its line."""
    for label, value in facts:
        out.print(marked(f"{label:<11} {value}", []))


def standing(told: Chronicle) -> Iterator[tuple[str, str]]:
    """Who carries a story, who is linked and why, and who was first."""
    yield from _carried(told.carriage)
    yield from _first(told.first)


def standing_record(told: Chronicle) -> dict[str, Any]:
    """The same with the members, for JSON."""
    return {
        "members": [_entry(entry) for entry in told.entries],
        "carriage": {**asdict(told.carriage), "unlinked": told.carriage.unlinked},
        "first": [_member(member) for member in told.first],
    }


def headline(conn: Connection, story: int) -> str:
    """The title of a story's first article."""
    told = chronicle(conn, story)
    return told.entries[0].title if told is not None else "?"


def _carried(told: Carriage) -> Iterator[tuple[str, str]]:
    outlets = "1 outlet" if len(told.outlets) == 1 else f"{len(told.outlets)} outlets, {told.unlinked} unlinked"
    yield "carried", f"by {outlets}"
    for group in told.groups:
        yield "", " = ".join(group)
    yield from (("linked", f"{link.outlet} → {link.to}: {_REASONS[link.reason]}") for link in told.links)
    if told.origin:
        yield "origin", told.origin
    if told.denied_by:
        yield "denial", f"carried by {', '.join(told.denied_by)}"


_REASONS = {"owner": "one owner", "copy": "a copy", "derived": "built on its text", "citation": "cites it"}


def _first(members: Iterable[Member]) -> Iterator[tuple[str, str]]:
    among = tuple(members)
    for member in among:
        since = f"between {when(member.absent)} and" if member.absent else "its source not visited before; seen"
        printed = f', printed as "{member.printed}"' if member.printed else ""
        vague = "" if member.published is None or has_hour(member) else ", without an hour"
        label = "first" if len(among) == 1 else "first among"
        yield label, f"{member.outlet}: {since} {when(member.seen)}{printed}{vague}"


def when(moment: datetime | None) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "?"


def _entry(entry: Entry) -> dict[str, Any]:
    shown = ("article", "source", "source_name", "title", "url", "language", "published", "recorded", "duplicate_of")
    return jsonable({name: getattr(entry, name) for name in shown})


def _member(member: Member) -> dict[str, Any]:
    shown = ("article", "outlet", "absent", "seen", "published", "printed")
    return jsonable({name: getattr(member, name) for name in shown})
