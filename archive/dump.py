"""The archive's rows as JSON lines, and back, in one form for both databases. Knows no file.

The full-text index is left out, for it is made anew; so are processes and logins, which belong to one machine.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from archive.schema import Moment, metadata, monitor, session

ROWS = 500  # of a chunk: a few megabytes of articles

TABLES = tuple(table for table in metadata.sorted_tables if table not in (monitor, session))
"""In the order in which rows may be inserted: what is referred to comes first."""


def counts(conn: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES}


def chunks(conn: Connection) -> Iterator[tuple[str, bytes]]:
    """All rows: the table's name, and up to 500 of its rows, after a line with the names of the columns."""
    for table in TABLES:
        head = [column.name for column in table.columns]
        every = select(table).order_by(*table.primary_key).execution_options(yield_per=ROWS)
        for rows in conn.execute(every).partitions():
            yield table.name, b"".join(map(_line, [head, *(list(row) for row in rows)]))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: object) -> str:
    """What JSON has no form for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no form in a backup")


# --- and back ----------------------------------------------------------------------------------------------------


def tables_there(conn: Connection) -> dict[str, Table]:
    """The tables as they stand in the database, which may be of an earlier schema than this program."""
    found = MetaData()
    event.listen(found, "column_reflect", _as_here)
    found.reflect(conn, only=lambda name, _: name in metadata.tables)
    return {table.name: table for table in found.sorted_tables}


def _as_here(_inspector: object, _table: object, column: Any) -> None:
    """Both databases give the types of their own for what schema describes once."""
    if isinstance(column["type"], DateTime):
        column["type"] = Moment()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=True)


def clear(conn: Connection, tables: Mapping[str, Table]) -> None:
    """Take out what a new archive begins with."""
    for table in reversed(list(tables.values())):
        conn.execute(delete(table))


def load(conn: Connection, table: Table, chunk: bytes) -> int:
    """Insert the rows of a chunk; how many. Raises ValueError for one that is not whole."""
    lines = chunk.split(b"\n")
    if lines.pop():
        raise ValueError("its last line has no end")
    names, *rows = map(json.loads, lines)
    kinds = [(name, _reader(table.c[name].type)) for name in names]
    given = [{name: kind(value) for (name, kind), value in zip(kinds, row, strict=True)} for row in rows]
    conn.execute(insert(table), given)
    return len(given)


def _reader(type_: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(type_, Moment):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(type_, LargeBinary):
        return lambda value: None if value is None else b64decode(value)
    return lambda value: value


def number_on(conn: Connection) -> None:
    """New rows are numbered from where the loaded ones end; stories have their ids from the articles' numbers."""
    if conn.dialect.name != "postgresql":
        return
    for table in TABLES:
        keys = list(table.primary_key)
        sequence = conn.execute(_SEQUENCE, {"of": f'"{table.name}"', "key": keys[0].name}).scalar()
        if sequence is not None:
            newest = conn.execute(select(func.max(keys[0]))).scalar()
            if table.name == "article":
                newest = max(newest or 0, conn.execute(select(func.max(metadata.tables["story"].c.id))).scalar() or 0)
            if newest:
                conn.execute(_NUMBER, {"sequence": sequence, "newest": newest})


_SEQUENCE = text("SELECT pg_get_serial_sequence(:of, :key)")
_NUMBER = text("SELECT setval(CAST(:sequence AS regclass), :newest)")
