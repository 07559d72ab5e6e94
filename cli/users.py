"""Accounts of the archive page: add, passwd, remove, list."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import scheduler
import settings as config
from archive import accounts
from cli.screen import DEFAULT_CONFIG, ConfigFile, err, line
from core.errors import InputError

group = typer.Typer(help='Accounts of the archive page, for [web] mode = "password".', no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the reader logs in with.")]
FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")]


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.add_typer(group, name="user")


@group.command()
def add(name: Name, stdin: FromStdin = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let somebody read the page; asks for a password twice. Example: rasad user add layla"""
    _save(name, file, stdin, new=True)


@group.command()
def passwd(name: Name, stdin: FromStdin = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Change a password; the account is logged out everywhere. Example: rasad user passwd layla"""
    _save(name, file, stdin, new=False)


@group.command()
def remove(name: Name, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Take an account away; what it wrote beside articles stays. Example: rasad user remove layla"""
    with scheduler.opened(config.load(file)) as archive, archive.writing() as conn:
        if not accounts.remove(conn, name):
            raise InputError(f"there is no account {name!r}")
    line(f"{name} can no longer log in")


@group.command("list")
def list_(file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Who may log in. Example: rasad user list"""
    with scheduler.opened(config.load(file)) as archive, archive.reading() as conn:
        names = accounts.names(conn)
    for name in names:
        line(name)
    if not names:
        err.print("there is no account: rasad user add NAME")


def _save(name: str, file: Path, stdin: bool, *, new: bool) -> None:
    from web.secrets import SHORTEST, hash_password  # noqa: PLC0415  # argon2 loads only where it is used

    if not name.isprintable() or name != name.strip() or not name:
        raise InputError("a name has printable characters and no blanks at its ends")
    with scheduler.opened(config.load(file)) as archive:
        with archive.reading() as conn:
            known = name in accounts.names(conn)
        if new == known:
            raise InputError(f"there is {'already an' if known else 'no'} account {name!r}")
        password = _password(stdin)
        if len(password) < SHORTEST:
            raise InputError(f"a password has at least {SHORTEST} characters")
        with archive.writing() as conn:
            accounts.save(conn, name, hash_password(password), datetime.now(UTC))
    line(f"{name} can log in" + ("" if new else "; older logins have ended"))


def _password(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
