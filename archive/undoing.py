"""Going back to a config file that was active before: which text, and putting it in place. Checks no config."""

import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Connection

from archive import editions
from archive.editions import Edited
from core.config.toml import read
from core.errors import InputError


def text_of(file: Path) -> str:
    """The file as it is, line ends included."""
    return file.read_bytes().decode("utf-8", "replace")


def target(history: list[Edited], present: str, number: int | None = None) -> Edited:
    """The edition of that number, else the newest that is not what the file holds. Raises InputError for none."""
    if number is not None:
        found = next((each for each in history if each.number == number), None)
        if found is None:
            raise InputError(f"no config has the number {number}: see rasad config log")
        return found
    found = next((each for each in history if each.text != present), None)
    if found is None:
        raise InputError("there is nothing to go back to: no other config was active in this archive")
    return found


def before_rule(conn: Connection, topic: str, number: int, present: str) -> Edited:
    """What stood before edition `number`, where that edit is the last one and changed the topic's rule or a name.

    Raises InputError where it did not, or where the file or the active edition has become another one since.
    """
    history = editions.history(conn, 2)
    if not history or history[0].number != number or history[0].text != present:
        raise InputError(f"the config is no longer that of no. {number}")
    former = target(history, present)
    before, after = (read(text).values or {} for text in (former.text, present))
    rule = (before.get("topics", {}).get(topic), after.get("topics", {}).get(topic))
    if rule[0] == rule[1] and before.get("names") == after.get("names"):
        raise InputError(f"no. {number} changed neither a name nor the rule of {topic}")
    return former


def put_back(file: Path, text: str) -> Path:
    """Put `text` in the file's place in one step, with the same permissions. Returns where the file of now is kept."""
    kept = file.with_name(f"{file.name}.before-undo")
    shutil.copy2(file, kept)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "wb") as new:
        new.write(text.encode())
    shutil.copymode(file, name)
    Path(name).replace(file)
    return kept
