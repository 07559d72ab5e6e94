"""Cutting secrets out of text before it is logged, stored as a reason or shown. Pure."""

import re

# <bot id>:<35 letters>, as BotFather gives them; in URLs it follows "/bot".
_BOT_TOKEN = re.compile(r"\b(?:bot)?\d{5,16}:[A-Za-z0-9_-]{30,}")
_URL_USER = re.compile(r"(?<=://)[^\s/@\"'<>]+(?=@)")  # a user without a password is a key at many proxies

PLACEHOLDER = "[secret]"


def redact(text: str, *secrets: str) -> str:
    """`text` without bot tokens, without the user and password of addresses, and without the given `secrets`."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, PLACEHOLDER)
    return _URL_USER.sub(PLACEHOLDER, _BOT_TOKEN.sub(PLACEHOLDER, text))


def one_line(text: str) -> str:
    """`text` as a single log line: line ends and control characters are written as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
