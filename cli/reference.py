"""docs/commands.md, made of the commands themselves: python -m cli.reference >docs/commands.md. Runs none of them."""

from collections.abc import Iterator
from enum import EnumType
from typing import Any

import typer

from cli.app import app

_EVERYWHERE = ("--config", "--json")  # options that the head of the document explains once
_HEAD = """\
# Commands

Made of the commands themselves by `python -m cli.reference`: the same words as `rasad COMMAND --help`.

Everywhere: `--config FILE` names the config (config.toml), `--help` explains, and `--json`, where a command has it,
writes JSON instead of text. Long work shows its progress on a terminal and none in a pipe. Exit codes: 0 done, 1 the
job failed, 2 the input was wrong. Errors go to stderr, one line each.

`make run`, `make demo`, `make test`, `make check`, `make bench` and `make install` build `.venv` when it is missing;
the command itself is `.venv/bin/rasad`.
"""


def document() -> str:
    """The whole of docs/commands.md."""
    return _HEAD + "".join(_section(name, command) for name, command in commands())


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it, in the order of `rasad --help`."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # a group: it has several
        inner = getattr(command, "commands", {})
        if not inner or command.invoke_without_command:
            yield name, command
        yield from ((f"{name} {each}", inner[each]) for each in inner)


def options(command: Any) -> set[str]:
    """What a command takes besides its words: --since, --json …"""
    return {option for each in command.params if each.param_type_name == "option" for option in each.opts} | {"--help"}


def _section(name: str, command: Any) -> str:
    before, _, after = (command.help or "").partition("Example: ")
    example, _, more = after.partition("\n\n")
    text = " ".join(f"{before} {more}".split())
    rows = [_row(each) for each in command.params if each.opts[0] not in _EVERYWHERE]
    table = ["", "| | |", "|---|---|", *rows] if rows else []
    return "\n".join(("", f"## rasad {name}", "", text, "", f"    {' '.join(example.split())}", *table, ""))


def _row(parameter: Any) -> str:
    kind = parameter.type_descriptor.annotation
    choices = "|".join(kind) if isinstance(kind, EnumType) else ""
    value = (
        ""
        if getattr(parameter, "is_flag", False)
        else parameter.metavar or choices or parameter.name.upper().strip("_")
    )
    if parameter.param_type_name == "option":
        written = f"{parameter.opts[0]} {value}".strip()
    else:
        written = value if parameter.required or value.startswith("[") else f"[{value}]"
    return "| `{}` | {} |".format(*(cell.replace("|", "\\|") for cell in (written, parameter.help or "")))


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201  # it is a document that goes into a file
