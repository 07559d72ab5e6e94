"""What the Bot API demands of a call: required parameters, known ones, lengths, markup. Pure, our own table.

Written after https://core.telegram.org/bots/api, for the methods that Rasad uses. A test compares it with the
published machine-readable description where that is present.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Method:
    """`limits` counts UTF-16 units, after entities are parsed where the text is formatted; `most` counts entries."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


METHODS: Mapping[str, Method] = {
    "getMe": Method(),
    "getUpdates": Method(optional=_names("offset limit timeout allowed_updates")),
    "deleteWebhook": Method(optional=_names("drop_pending_updates")),
    "setWebhook": Method(
        required=_names("url"),
        optional=_names("certificate ip_address max_connections allowed_updates drop_pending_updates secret_token"),
    ),
    "sendMessage": Method(
        required=_names("chat_id text"),
        optional=_names(
            "business_connection_id message_thread_id direct_messages_topic_id parse_mode entities "
            "link_preview_options disable_notification protect_content allow_paid_broadcast message_effect_id "
            "suggested_post_parameters reply_parameters reply_markup"
        ),
        limits={"text": (1, 4096)},
    ),
    "editMessageText": Method(
        optional=_names(
            "business_connection_id chat_id message_id inline_message_id text parse_mode entities "
            "link_preview_options rich_message reply_markup"
        ),
        limits={"text": (1, 4096)},
    ),
    "deleteMessages": Method(required=_names("chat_id message_ids"), most={"message_ids": 100}),
    "answerCallbackQuery": Method(
        required=_names("callback_query_id"),
        optional=_names("text show_alert url cache_time"),
        limits={"text": (0, 200)},
    ),
    "setMyCommands": Method(
        required=_names("commands"), optional=_names("scope language_code"), most={"commands": 100}
    ),
    "getChatMember": Method(required=_names("chat_id user_id")),
}
# Texts inside of other parameters: their length in UTF-16 units, callback data in bytes.
COMMAND, DESCRIPTION, CALLBACK_DATA = (1, 32), (1, 256), (1, 64)

_TAGS = _names("b strong i em u ins s strike del tg-spoiler a code pre blockquote span")
_MARKUP = re.compile(r"<(?P<close>/?)(?P<tag>[a-z-]+)(?P<attributes>\s[^<>]*)?>|<|&(?P<entity>lt|gt|amp|quot|#\d+);|&")


class RuleBrokenError(Exception):
    """A call that the Bot API would refuse, with the words it would use where they matter."""


def check(method: str, parameters: Mapping[str, Any]) -> None:
    """Raises RuleBrokenError for the first thing wrong with a call."""
    rule = METHODS.get(method)
    if rule is None:
        raise RuleBrokenError(f"method {method} is not in the table")
    for name in sorted(rule.required - parameters.keys()):
        raise RuleBrokenError(f"{method}: {name} is missing")
    for name in sorted(parameters.keys() - rule.required - rule.optional):
        raise RuleBrokenError(f"{method}: unknown parameter {name}")
    if method == "editMessageText" and not {"chat_id", "message_id", "text"} <= parameters.keys():
        raise RuleBrokenError("editMessageText: chat_id, message_id and text belong together")
    for name, (least, most) in rule.limits.items():
        if name in parameters:
            _check_length(f"{method}.{name}", visible_text(parameters, name), least, most)
    for name, most in rule.most.items():
        if len(parameters[name]) > most:
            raise RuleBrokenError(f"{method}: more than {most} {name}")
    _check_contents(parameters)


def _check_contents(parameters: Mapping[str, Any]) -> None:
    for button in _buttons(parameters):
        _check_button(button)
    for command in parameters.get("commands", []):
        _check_length("command", command["command"], *COMMAND)
        _check_length("description", command["description"], *DESCRIPTION)
        if not re.fullmatch(r"[a-z0-9_]+", command["command"]):
            raise RuleBrokenError(f"BOT_COMMAND_INVALID {command['command']}")
    if not re.fullmatch(r"([a-z]{2})?", parameters.get("language_code", "")):
        raise RuleBrokenError("language_code must have two letters")


def _buttons(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in parameters.get("reply_markup", {}).get("inline_keyboard", []):
        yield from row


def _check_button(button: Mapping[str, Any]) -> None:
    if not button.get("text"):
        raise RuleBrokenError("a button without text")
    kinds = button.keys() & {"url", "callback_data"}
    if len(kinds) != 1:
        raise RuleBrokenError(f"a button does exactly one thing, not {sorted(kinds)}")
    if "url" in button and not re.match(r"(https?|tg)://\S+$", button["url"]):
        raise RuleBrokenError(f"BUTTON_URL_INVALID {button['url']!r}")
    least, most = CALLBACK_DATA
    if "callback_data" in button and not least <= len(button["callback_data"].encode()) <= most:
        raise RuleBrokenError("BUTTON_DATA_INVALID")


def _check_length(what: str, text: str, least: int, most: int) -> None:
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length < least:
        raise RuleBrokenError(f"{what}: text must be non-empty")
    if length > most:
        raise RuleBrokenError(f"{what}: message is too long, {length} of {most}")


def visible_text(parameters: Mapping[str, Any], name: str = "text") -> str:
    """The text as readers see it."""
    text = str(parameters[name])
    return parsed_html(text)[0] if parameters.get("parse_mode") == "HTML" else text


def parsed_html(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The visible text of Telegram's HTML and its (tag, text) entities. Raises RuleBrokenError like the real parser."""
    visible, entities, at = "", [], 0
    stack: list[tuple[str, int]] = []
    for found in _MARKUP.finditer(text):
        visible += text[at : found.start()]
        at = found.end()
        if found["entity"]:
            visible += html.unescape(found.group())
        elif not found["tag"] or found["tag"] not in _TAGS:
            raise RuleBrokenError(f"can't parse entities: unsupported start tag at {found.start()}")
        elif not found["close"]:
            if found["tag"] == "a" and not re.match(r'\shref="[^"]+"$', found["attributes"] or ""):
                raise RuleBrokenError("can't parse entities: a link without an address")
            stack.append((found["tag"], len(visible)))
        elif not stack or stack[-1][0] != found["tag"]:
            raise RuleBrokenError(f"can't parse entities: unmatched end tag at {found.start()}")
        else:
            tag, begin = stack.pop()
            entities.append((tag, visible[begin:]))
    if stack:
        raise RuleBrokenError("can't parse entities: can't find end tag")
    return visible + text[at:], entities


def decoded(form: Mapping[str, str]) -> dict[str, Any]:
    """Form fields as the Bot API reads them: numbers, booleans, lists and objects are JSON."""
    return {name: _decoded(name, value) for name, value in form.items()}


def _decoded(name: str, value: str) -> Any:
    if name in {"text", "callback_query_id", "language_code", "parse_mode"}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
