"""What is cut out of text before anybody sees it."""

import pytest

from core.redaction import redact


@pytest.mark.parametrize(
    "secret",
    [
        "socks5h://me:s3cr3t@127.0.0.1:9050",
        "http://s3cr3t@proxy.example:3128",  # a key for a user, no password
        "http://s3cr3t:@proxy.example:3128",
        "postgresql://rasad:s3cr3t@db.example/rasad",
        "https://api.telegram.org/bot123456789:s3cr3tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe",
    ],
)
def test_users_passwords_and_tokens_are_cut_out_of_addresses(secret: str) -> None:
    told = redact(f"cannot reach {secret} now")
    assert "s3cr3t" not in told
    assert told.startswith("cannot reach ") and told.endswith(" now")


@pytest.mark.parametrize(
    "text", ["write to a@b.example", "https://a.example/@name", "see http://a.example, or b@c.example"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text
