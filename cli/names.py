"""The names workshop: spellings that the archive holds, and mentions that were just missed."""

from typing import Annotated

import typer

import scheduler
import settings as config
from archive import vocabulary
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, line, marked, out
from core.errors import InputError
from core.urls import readable


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Spellings of names, from the archive.")
    group.command()(suggest)
    group.command()(misses)
    app.add_typer(group, name="names")


def suggest(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As you would write it, in any script.")],
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Propose spellings of a name that articles hold, ready to paste. Example: rasad names suggest 'Esmail Qaani'"""
    settings = config.load(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        found = vocabulary.suggest(conn, name, settings.names)
    if json_:
        as_json([{"form": s.form, "count": s.count, "url": s.sample.url, "found_as": list(s.found_as)} for s in found])
        return
    for each in found:
        known = f"already @{', @'.join(each.found_as)}" if each.found_as else "new"
        out.print(f"{each.count:6}  {each.form:30} {known}")
        out.print(f"        {each.sample.title[:100]}", style="dim")
    fresh = [each.form for each in found if not each.found_as]
    if fresh:
        line("\nforms = [" + ", ".join(f'"{form}"' for form in fresh) + "]")


def misses(
    id_: Annotated[str, typer.Argument(metavar="NAME_ID", help="A name of the config.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 20,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Show the last mentions of a name that did not count, and why, and words one letter from its forms.

    Example: rasad names misses qaani
    """
    settings = config.load(file)
    if id_ not in settings.names:
        raise InputError(f"there is no name {id_!r} in {file}")
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        name = settings.names[id_]
        found = vocabulary.near_misses(conn, name, settings.names, limit)
        spelt = vocabulary.one_letter_off(conn, name, settings.names, limit)
    for article, reason in found:
        text = getattr(article, reason.span.field)
        start, end = max(0, reason.span.start - 60), reason.span.end + 40
        shown = text[start:end].replace("\n", " ")
        out.print(marked(shown, [(reason.span.start - start, reason.span.end - start)]))
        out.print(f"  {reason.why} · #{article.id} {readable(article.url)}", style="dim")
    for each in spelt:
        out.print(f"{each.count:6}  {each.form:30} one letter from a form")
        out.print(f"        {each.sample.title[:100]}", style="dim")
