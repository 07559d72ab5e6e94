"""What stands where a listing should, and letters that were read by the wrong table."""

from datetime import UTC, datetime

import pytest

from core.health.signs import is_garbled, refusal, wall
from core.model import Page

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def page(body: str, **headers: str) -> Page:
    url = "https://daily.example/rss"
    return Page(url, url, 200, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode(), NOW)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<title>Just a moment...</title>", "asks whether a human"),
        ("<div class='g-recaptcha'></div>", "asks whether a human"),
        ("<p>أثبت أنك لست روبوت</p>", "asks whether a human"),
        ("<p>تأیید کنید که ربات نیستید</p>", "asks whether a human"),
        ("<h1>This domain is for sale</h1>", "for sale"),
        ("<p>این دامنه به فروش می‌رسد</p>", "for sale"),
        ('<iframe src="http://10.10.34.35/"></iframe>', "a network puts"),
        ("<title>404 - Page not found</title>", "says that there is none"),
        ("<title>الصفحة غير موجودة | الوكالة</title>", "says that there is none"),
        ("<title>\n صفحه مورد نظر یافت نشد</title>", "says that there is none"),
    ],
)
def test_walls_are_told_apart(body: str, what: str) -> None:
    assert what in wall(page(f"<html>{body}</html>"))


def test_a_challenge_is_known_by_its_header() -> None:
    assert wall(page("", cf_mitigated="challenge"))


@pytest.mark.parametrize(
    "body", ["", "<html><title>The Daily</title><p>Nothing here</p>", '<?xml version="1.0"?><rss/>']
)
def test_what_is_no_wall_is_none(body: str) -> None:
    assert wall(page(body)) == ""


def test_refusals() -> None:
    assert [refusal(status) for status in (401, 403, 410, 404, 429, 500)] == ["blocked", "blocked", "gone", "", "", ""]


@pytest.mark.parametrize("text", ["قاآني يصل إلى بغداد", "ورود سردار قاآنی به بغداد", "Überraschung im «Café» – naïve"])
def test_letters_read_by_the_wrong_table_are_seen(text: str) -> None:
    assert not is_garbled(text * 3)
    wrong = (text * 3).encode().decode("cp1252", "replace")
    assert is_garbled(wrong)
    assert is_garbled((text * 3).encode().decode("latin-1"))
