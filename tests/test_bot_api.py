"""The double of the Bot API: its table against the published description, and its own strictness."""

import json
import re
from pathlib import Path

import pytest

from tests.bot_api_rules import CALLBACK_DATA, DESCRIPTION, METHODS, RuleBrokenError, check, parsed_html

PUBLISHED = Path(__file__).parent.parent.parent / "shared" / "data" / "telegram-bot-api" / "api.json"
LENGTH = re.compile(r"(\d+)-(\d+) (?:characters|bytes)")


def test_the_table_agrees_with_the_published_description() -> None:
    if not PUBLISHED.exists():
        pytest.skip("not compared: ../shared/data/telegram-bot-api/api.json is not here")
    published = json.loads(PUBLISHED.read_text("utf-8"))
    for name, method in METHODS.items():
        fields = {field["name"]: field for field in published["methods"][name].get("fields", [])}
        assert method.required == {each for each, field in fields.items() if field["required"]}, name
        assert method.optional == {each for each, field in fields.items() if not field["required"]}, name
        for parameter, limits in method.limits.items():
            found = LENGTH.search(fields[parameter]["description"])
            assert found, (name, parameter)
            assert limits == (int(found[1]), int(found[2])), (name, parameter)
        for parameter, most in method.most.items():
            assert re.search(rf"At most {most} |1-{most} ", fields[parameter]["description"])
    types = {
        (kind, field["name"]): field["description"]
        for kind in ("InlineKeyboardButton", "BotCommand")
        for field in published["types"][kind]["fields"]
    }
    assert "{}-{} bytes".format(*CALLBACK_DATA) in types["InlineKeyboardButton", "callback_data"]
    assert "{}-{} characters".format(*DESCRIPTION) in types["BotCommand", "description"]


def under(button: dict[str, str]) -> dict[str, object]:
    """A message with one button."""
    return {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"} | button]]}}


@pytest.mark.parametrize(
    ("method", "parameters", "complaint"),
    [
        ("sendMessage", {"chat_id": 5}, "text is missing"),
        ("sendMessage", {"chat_id": 5, "text": "x", "colour": "red"}, "unknown parameter colour"),
        ("sendMessage", {"chat_id": 5, "text": ""}, "non-empty"),
        ("sendMessage", {"chat_id": 5, "text": "😀" * 2049}, "too long"),
        ("sendMessage", {"chat_id": 5, "text": "<b>x", "parse_mode": "HTML"}, "can't find end tag"),
        ("sendMessage", {"chat_id": 5, "text": "a < b", "parse_mode": "HTML"}, "can't parse"),
        ("sendMessage", {"chat_id": 5, "text": "<img>", "parse_mode": "HTML"}, "can't parse"),
        ("editMessageText", {"chat_id": 5, "text": "x"}, "belong together"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "too long"),
        ("sendPhoto", {"chat_id": 5}, "not in the table"),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "sendMessage",
            {
                "chat_id": 5,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "ب" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        ("sendMessage", under({"callback_data": "ب" * 33}), "BUTTON_DATA_INVALID"),
        ("sendMessage", under({"url": "javascript:1"}), "BUTTON_URL_INVALID"),
    ],
)
def test_what_the_double_refuses(method: str, parameters: dict[str, object], complaint: str) -> None:
    with pytest.raises(RuleBrokenError, match=re.escape(complaint)):
        check(method, parameters)


def test_what_readers_see_of_html() -> None:
    text, entities = parsed_html('<b>a &lt; b</b> &amp; <a href="https://x.example/?a=1&amp;b=2">here</a>')
    assert text == "a < b & here"
    assert entities == [("b", "a < b"), ("a", "here")]
