"""The root of the command: where sub-commands hang, and where every error becomes one line and an exit code."""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from cli import (
    access,
    anew,
    article,
    backtest,
    bulletin,
    config,
    documents,
    exchange,
    explain,
    keeping,
    look,
    monitor,
    names,
    preview,
    restory,
    search,
    sources,
    stories,
    tokens,
    users,
)
from core.errors import ConfigError, InputError, RasadError

app = typer.Typer(
    help="Rasad watches public media in English, Arabic and Persian for named people, groups and themes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for area in (
    monitor,
    documents,
    search,
    look,
    article,
    explain,
    stories,
    backtest,
    names,
    preview,
    restory,
    anew,
    sources,
    exchange,
    bulletin,
    access,
    config,
    keeping,
    users,
    tokens,
):
    area.register(app)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"rasad {version('rasad')}")  # noqa: T201  # as in _say
        raise typer.Exit


@app.callback()
def _root(
    version_: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="The version, and end.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command that the arguments name, and exit."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()  # that its reader has left is noticed here, not by the interpreter at its end
    except ConfigError as error:
        code = _say(str(error), 2)
    except typer.TyperException as error:
        code = _say(_usage(error), 2)
    except InputError as error:
        code = _say(f"rasad: {error}", 2)
    except BrokenPipeError:
        code = _quiet_pipe()
    except (RasadError, OSError) as error:
        code = _say(f"rasad: {error}", 1)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code or 0)


def _usage(error: typer.TyperException) -> str:
    """What was wrong with the command line, and where it is explained. A group that needs a command shows its help."""
    told: str = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    if "\n" in told or context is None:
        return told
    return f"rasad: {told}{'' if told.endswith(('.', '?', ')')) else '.'} See {context.command_path} --help"


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)  # noqa: T201  # not through rich, to which [brackets] are markup
    return code


def _quiet_pipe() -> int:
    """The reader of our output has left (`| head`): nothing is wrong, and the flush at exit must not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
