"""What a single value of the config may be. Pure: each check returns the value or raises ValueError with a sentence."""

import difflib
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from core.durations import parse_duration, render_duration
from core.proxies import read_proxy

_ID = re.compile(r"[a-z0-9_-]+")


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """' (did you mean every?)', or nothing where no choice is close."""
    choices, word = list(choices), word.lower()
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if not close and len(word) > 2:
        close = [choice for choice in choices if choice.startswith(word) or word.startswith(choice)]
    return f" (did you mean {close[0]}?)" if close else ""


def text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value):
        raise ValueError("must not hold control characters")
    return value


def identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("an id is made of a-z, 0-9, _ and -")
    return value


def language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}", value):
        raise ValueError('a language is a code of two or three letters, such as "ar", "fa", "en", "ckb"')
    return value


def choice(value: Any, choices: Iterable[str]) -> str:
    choices = tuple(choices)
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"must be one of: {', '.join(choices)}" + did_you_mean(str(value), choices))
    return value


def web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError("an address begins with http:// or https:// and has a host")
    return value


def duration(value: Any, least: str, most: str) -> timedelta:
    if isinstance(value, timedelta):
        return value
    length = parse_duration(value if isinstance(value, str) else "")
    if not parse_duration(least) <= length <= parse_duration(most):
        raise ValueError(f"must be between {least} and {most}, not {render_duration(length)}")
    return length


def timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of names
        names = {name.lower(): name for name in available_timezones()}
        close = difflib.get_close_matches(value.lower(), names, n=1)
        hint = f" (did you mean {names[close[0]]}?)" if close else ""
        raise ValueError("no such time zone" + hint) from None
    return value


def archive_url(value: str) -> str:
    if not re.match(r"sqlite:///.|postgresql(\+psycopg)?://.", value):
        raise ValueError('must be "sqlite:///FILE" or "postgresql://USER@HOST/NAME"')
    return value


def listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError('must be "HOST:PORT", such as "127.0.0.1:8765"')
    return value


def proxy(value: str) -> str:
    """The value is never part of the message: it may hold a password."""
    if "@" in value:
        raise ValueError("a user and password must not stand here: see collect.proxy_file")
    try:
        read_proxy(value)
    except ValueError as error:
        raise ValueError(f'{error}, or ""') from None
    return value


def http_proxy(value: str) -> str:
    if proxy(value) and not value.startswith(("http://", "https://")):
        raise ValueError('must be http://HOST:PORT or https://HOST:PORT, or ""')
    return value


def user_agent(value: str) -> str:
    if not value.isascii() or not value.isprintable() or re.search(r"\{(?!version\})|(?<!\{version)\}", value):
        raise ValueError("must be printable ASCII; {version} is the only thing in braces")
    return value


def enabled(value: Any) -> Any:
    if not isinstance(value, bool) and value != "probe":
        raise ValueError('must be true, false or "probe"')
    return value


def level(value: Any, levels: Iterable[str]) -> Any:
    """A level's word, or a table of rules by level that is not looked into here."""
    return value if isinstance(value, dict) else choice(value, levels)
