"""Keys to the API: add, list, revoke."""

from datetime import UTC, datetime
from typing import Annotated

import typer

import scheduler
import settings as config
from archive import accounts
from cli.screen import DEFAULT_CONFIG, ConfigFile, ago, err, line
from core.errors import InputError

SCOPES = ("read", "annotate")
group = typer.Typer(help="Keys to the API of the archive page.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.add_typer(group, name="token")


@group.command()
def add(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What it is for; annotations carry this name.")],
    scope: Annotated[list[str] | None, typer.Option("--scope", help="read (the default) or annotate.")] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a key and print it, once. Example: rasad token add notebook --scope read --scope annotate"""
    from web.secrets import new_token, token_hash  # noqa: PLC0415  # argon2 loads only where it is used

    scopes = dict.fromkeys(scope or ["read"])
    if wrong := [each for each in scopes if each not in SCOPES]:
        raise InputError(f"there is no scope {wrong[0]!r}; there are {', '.join(SCOPES)}")
    if not label.strip() or not label.isprintable():
        raise InputError("a label has printable characters")
    token = new_token()
    with scheduler.opened(config.load(file)) as archive, archive.writing() as conn:
        accounts.grant(conn, token_hash(token), label=label, name=label, scopes=scopes, now=datetime.now(UTC))
    line(token)
    err.print("send it as `Authorization: Bearer …`; it is shown only now")


@group.command("list")
def list_(file: ConfigFile = DEFAULT_CONFIG) -> None:
    """The keys, without their secrets. Example: rasad token list"""
    with scheduler.opened(config.load(file)) as archive, archive.reading() as conn:
        tokens = accounts.tokens(conn)
    for each in tokens:
        used = f"used {ago(each.used)} ago" if each.used else "never used"
        line(f"{each.id}  {each.label}  {', '.join(each.scopes)}  {used}")
    if not tokens:
        err.print("there is no token: rasad token add LABEL")


@group.command()
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of `rasad token list`.")],
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Take a key back, at once. Example: rasad token revoke 3"""
    with scheduler.opened(config.load(file)) as archive, archive.writing() as conn:
        if not accounts.revoke(conn, number):
            raise InputError(f"there is no token {number}")
    line(f"token {number} opens nothing any more")
