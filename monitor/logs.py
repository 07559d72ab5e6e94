"""How the monitor logs: one line per event, on stderr, without secrets; as text for people or as JSON for machines."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal

from core.redaction import one_line, redact

Kind = Literal["text", "json"]


def configure(kind: Kind) -> None:
    """Log to stderr in this way."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if kind == "json" else LineFormatter(_TEXT, "%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for chatty in ("scrapy", "twisted", "httpx", "telegram", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a tick waits for the one before is as it should be


_TEXT = "%(asctime)s %(levelname)-7s %(message)s"


class LineFormatter(logging.Formatter):
    """A message is one line: line ends and control characters in it are escaped. A traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        record.message = one_line(redact(record.message))
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """An event is one JSON object: time, level, from, message, and error where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The event on one line."""
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": one_line(redact(record.getMessage())),
        }
        if record.exc_info:
            event["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


@asynccontextmanager
async def relayed(process: asyncio.subprocess.Process, name: str) -> AsyncIterator[None]:
    """What `process` writes on stderr, a pipe, is logged here line by line, as long as the context lasts."""
    assert process.stderr is not None
    relaying = asyncio.ensure_future(_relay(process.stderr, logging.getLogger(name)))
    try:
        yield
    finally:
        relaying.cancel()
        await asyncio.gather(relaying, return_exceptions=True)


async def _relay(lines: asyncio.StreamReader, to: logging.Logger) -> None:
    while True:
        try:
            line = await lines.readline()
        except ValueError:  # far too long a line, which the reader has dropped
            continue
        if not line:
            return
        level, _, text = line.decode(errors="replace").rstrip().partition(" ")
        known = logging.getLevelNamesMapping().get(level)
        to.log(known or logging.WARNING, "%s", text if known else f"{level} {text}".rstrip())


def for_the_monitor() -> None:
    """Log in a process whose stderr the monitor relays."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", force=True)
