"""Keeps a bot token out of every log record of the process, whichever library wrote it and whoever prints it.

httpx logs each URL, with the token, at INFO; python-telegram-bot puts it into the text of InvalidToken. A filter on
a logger misses its children and one on a handler misses the next handler, so records are cleaned where they are made.
"""

import logging
import traceback
from typing import Any

from core.redaction import redact

_secrets: set[str] = set()


def keep_secret(token: str) -> None:
    """From now on `token` is in no log record: neither its message, nor its arguments, nor its traceback."""
    if not token:
        return
    if not _secrets:
        _clean_at_birth()
    _secrets.add(token)


def _clean_at_birth() -> None:
    born = logging.getLogRecordFactory()

    def cleaned(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = born(*args, **kwargs)
        _clean(record)
        return record

    logging.setLogRecordFactory(cleaned)


def _clean(record: logging.LogRecord) -> None:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # wrong arguments: logging tells of it when the record is printed
        message = f"{record.msg} {record.args}"
        if not _betrays(message):
            return
    if _betrays(message):
        record.msg, record.args = redact(message, *_secrets), ()
    if record.exc_info and record.exc_info[0] is not None:
        told = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if _betrays(told):
            record.exc_text, record.exc_info = redact(told, *_secrets), None


def _betrays(text: str) -> bool:
    return any(secret in text for secret in _secrets)
