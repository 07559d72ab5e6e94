"""Working out anew what is archived, and the brakes of topics. Each shows what one function elsewhere does."""

from datetime import UTC, datetime
from typing import Annotated

import typer

import scheduler
import settings as config
from archive import brake, editions, reindex
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, ago, as_json, jsonable, line, moment, progress
from core.rules.match import compile_rules

brakes = typer.Typer(help="Topics whose alerts are held, since they were far too many.", no_args_is_help=True)
Topic = Annotated[str, typer.Argument(metavar="TOPIC", help="The id of a braked topic.")]


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command(name="reindex")(reindex_)
    app.add_typer(brakes, name="brake")


def reindex_(
    since: Annotated[
        str | None, typer.Option("--since", metavar="7d|DATE", help="How far back, by when it was recorded.")
    ] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Find the words and hits of archived articles anew, alerting nobody; goes on where it ended.

    Safe while the monitor runs. After an edit of the rules the monitor does the last 30 days by itself.
    Example: rasad reindex --since 365d
    """
    settings = config.load(file)
    now = datetime.now(UTC)
    rules = compile_rules(settings.names, settings.topics)
    with scheduler.opened(settings) as archive, progress("indexing", 1.0) as show:
        with archive.writing() as conn:
            number = editions.publish(conn, settings.text, now)
            reindex.begin(conn, "words", edition=number, since=moment(since, now, "--since"))
        done = reindex.run(archive, "words", rules, now=now, progress=show)
    line(f"{done} articles indexed anew")


@brakes.command(name="list")
def list_(in_json: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """The topics that are braked. Example: rasad brake list"""
    now = datetime.now(UTC)
    with scheduler.opened(config.archive_of(file)) as archive, archive.reading() as conn:
        found = brake.present(conn)
    if in_json:
        as_json([jsonable({"topic": each.topic, "since": each.since, "held": each.held}) for each in found])
        return
    for each in found:
        line(f"{each.topic}: {each.held} messages held, since {ago(each.since, now)}")
    if not found:
        line("No topic is braked.")


@brakes.command()
def release(topic: Topic, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Send what a braked topic holds, as one digest for each chat. Example: rasad brake release qaani"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.writing() as conn:
        line(f"{brake.release(conn, topic, datetime.now(UTC))} messages go out as digests")


@brakes.command()
def discard(topic: Topic, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Drop what a braked topic holds; it stays archived. Example: rasad brake discard qaani"""
    with scheduler.opened(config.archive_of(file)) as archive, archive.writing() as conn:
        line(f"{brake.discard(conn, topic, datetime.now(UTC))} messages discarded")
