"""What the commands share in showing things: consoles, a progress bar, the config option. No command lives here."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from core.durations import parse_duration
from core.errors import InputError
from core.lines import iso

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The config file.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
DEFAULT_CONFIG = Path("config.toml")

out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def line(text: str) -> None:
    """One plain line on stdout, exactly as it is."""
    sys.stdout.write(f"{text}\n")


def as_json(value: Any) -> None:
    """`value` as indented JSON, letters as they are; times, wherever they are in it, as text."""
    line(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str | None:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} has no place in JSON")
    return iso(value)


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with their times as text."""
    return {key: iso(value) if isinstance(value, datetime) else value for key, value in values.items()}


@contextmanager
def progress(what: str, total: float | None) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal, nothing in a pipe. Yields a function that takes the amount done so far."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def ago(time: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in the largest fitting unit: "3 min", "2 h", "5 d"; "–" for never."""
    if time is None:
        return "–"
    seconds = int(((now or datetime.now(UTC)) - time).total_seconds())
    sign, seconds = ("in " if seconds < 0 else ""), abs(seconds)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{sign}{seconds // size} {unit}"
    return f"{sign}{seconds} s"


def moment(text: str | None, now: datetime, option: str) -> datetime | None:
    """`7d` is seven days before `now`; a date is its first moment in UTC."""
    if text is None:
        return None
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f'{option}: write a length of time ("7d") or a date ("2026-11-20"), not {text!r}') from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def nearest(wanted: str, known: Collection[str], what: str) -> str:
    """`wanted`, if it is one of `known`. Raises InputError with the one that was probably meant."""
    if wanted in known:
        return wanted
    near = get_close_matches(wanted, known, 1)
    raise InputError(f"no {what} is called {wanted!r}" + (f" (did you mean {near[0]}?)" if near else ""))


# One for one, so that offsets stay right: line ends and tabs become blanks; controls and bidi overrides, nothing seen.
_STEERING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\u200b")
_STEERING |= dict.fromkeys(map(ord, "\t\n\r\u0085\u2028\u2029"), " ")


def marked(text: str, spans: list[tuple[int, int]]) -> Text:
    """`text` on one line with the code points of `spans` in bold; what would steer a terminal is not shown."""
    shown = Text(text.translate(_STEERING))
    for start, end in spans:
        shown.stylize("bold yellow", start, end)
    return shown
