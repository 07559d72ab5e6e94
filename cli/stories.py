"""Stories as analysts see and mend them: shown, split, merged, and decisions taken back."""

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

import scheduler
import settings as config
from archive import rulings
from archive.chronicle import Chronicle, Entry, chronicle
from archive.relations import related_to
from archive.rulings import Ruling
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, line
from cli.standing import headline, show, standing, standing_record, when
from core.errors import InputError
from core.lines import iso

_By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides; you, if not given.")]
_Story = Annotated[int, typer.Argument(metavar="STORY", help="The number of a story.")]


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Stories, and what analysts decide of them.")
    group.command("show")(show_story)
    group.command()(split)
    group.command()(merge)
    group.command()(undo)
    app.add_typer(group, name="stories")


def show_story(story: _Story, json_: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """A story: who tells it, who carries it, who was first, what was decided. Example: rasad stories show 12"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.reading() as conn:
        told = chronicle(conn, story)
        if told is None:
            raise InputError(f"there is no story {story}")
        related = related_to(conn, [told.story])[told.story]
        decided = rulings.rulings(conn, told.story)
        if json_:
            as_json(_record(told, related, decided))
            return
        show(_facts(conn, told, related, decided))


def split(
    story: _Story,
    articles: Annotated[list[int], typer.Argument(metavar="ARTICLE…", help="The numbers of the articles to take out.")],
    by: _By = "",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Take articles, with their copies, out of a story: they are their own. Example: rasad stories split 12 15 17"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.writing() as conn:
        new = rulings.split(conn, story, articles, by or getpass.getuser(), datetime.now(UTC))
        decided = rulings.rulings(conn, new)[-1]
    line(f"story {new} holds them now; rasad stories undo {decided.id} takes this back")


def merge(
    stories: Annotated[list[int], typer.Argument(metavar="STORY STORY…", help="The numbers of stories that are one.")],
    by: _By = "",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make several stories one; nothing alerts by it. Example: rasad stories merge 12 19"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.writing() as conn:
        kept = rulings.merge(conn, stories, by or getpass.getuser(), datetime.now(UTC))
        decided = rulings.rulings(conn, kept)[-1]
    line(f"all of it is story {kept} now; rasad stories undo {decided.id} takes this back")


def undo(
    decision: Annotated[int, typer.Argument(metavar="DECISION", help="Its number, as the story shows it.")],
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Take a split or a merge back. Example: rasad stories undo 3"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.writing() as conn:
        rulings.undo(conn, decision, datetime.now(UTC))
    line(f"decision {decision} is taken back")


def _facts(
    conn: Connection, told: Chronicle, related: tuple[int, ...], decided: list[Ruling]
) -> Iterator[tuple[str, str]]:
    yield "story", f"{told.story}: {told.entries[0].title}"
    yield from (("article", _told(entry)) for entry in told.entries)
    yield from standing(told)
    yield from (("related", f"story {each}: {headline(conn, each)}") for each in related)
    for each in decided:
        undone = f", taken back {when(each.undone)}" if each.undone else ""
        groups = " | ".join(", ".join(f"#{number}" for number in group) for group in each.groups)
        yield "decided", f"no. {each.id}, {each.kind} by {each.by}, {when(each.at)}{undone}: {groups}"


def _told(entry: Entry) -> str:
    copy = f", copy of #{entry.duplicate_of}" if entry.duplicate_of else ""
    gone = ", withdrawn" if entry.withdrawn else ""
    quarantined = ", quarantined" if entry.quarantined else ""
    return f"#{entry.article} {entry.source_name}, {when(entry.recorded)}{copy}{gone}{quarantined}: {entry.title}"


def _record(told: Chronicle, related: tuple[int, ...], decided: list[Ruling]) -> dict[str, Any]:
    return {
        "story": told.story,
        "languages": list(told.languages),
        "names": dict(told.names),
        "topics": dict(told.topics),
        **standing_record(told),
        "related": list(related),
        "decisions": [
            {
                "id": each.id,
                "kind": each.kind,
                "groups": [list(group) for group in each.groups],
                "by": each.by,
                "at": iso(each.at),
                "undone": iso(each.undone),
            }
            for each in decided
        ],
    }
