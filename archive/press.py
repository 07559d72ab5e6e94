"""Who the outlets are, as judging needs it: names, owners, and how others spell them. Held in memory, read seldom.

A source that is renamed or changes its owner is known so after READ_AGAIN articles at the latest.
"""

from dataclasses import replace

from sqlalchemy import Connection, select

from archive.lexicon import outlets_of
from archive.schema import source
from core.model import Neighbours
from core.stories.attribution import Outlets

READ_AGAIN = 500  # articles


class Press:
    """The sources of an archive as they were read last."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, str]] = {}  # id → name, owner
        self._outlets: Outlets | None = None
        self._asked = 0

    def introduce(self, conn: Connection, near: Neighbours, source_id: str) -> Neighbours:
        """What is known of a draft's neighbours, with who tells it and whom it may cite."""
        self._asked += 1
        if source_id not in self._names or self._asked > READ_AGAIN:
            self._read(conn)
        name, owner = self._names.get(source_id, (source_id, source_id))
        return replace(near, outlet=name, owner=owner, outlets=self._outlets)

    def _read(self, conn: Connection) -> None:
        rows = conn.execute(_SOURCES).all()
        self._names = {row.id: (row.name, row.owner or row.id) for row in rows}
        self._outlets = outlets_of(tuple((row.id, row.name, row.kind, row.url) for row in rows))
        self._asked = 0


_SOURCES = select(source.c.id, source.c.name, source.c.owner, source.c.kind, source.c.url).order_by(source.c.id)
