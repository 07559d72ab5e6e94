"""What makes two addresses one site: the registered name, whatever stands before it, and no network to know it."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.sites import is_front, same_site, site


@pytest.mark.parametrize(
    ("url", "registered"),
    [
        ("https://www.khabar.example/1", "khabar.example"),
        ("https://ar.news.khabar.co.uk/", "khabar.co.uk"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("https://خبر.ایران/", "خبر.ایران"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("http://[::1]/x", "::1"),
        ("http://localhost/", "localhost"),
        ("https://[", ""),
        ("not an address", ""),
    ],
)
def test_a_site_is_what_is_registered(url: str, registered: str) -> None:
    assert site(url) == registered


def test_addresses_without_a_host_are_no_site_together() -> None:
    assert not same_site("a", "b")
    assert not same_site("http://10.0.0.1/", "http://11.0.0.1/")


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,3}", fullmatch=True))
def test_a_name_before_the_registered_one_changes_nothing(host: str) -> None:
    registered = site(f"https://{host}/")
    assert same_site(f"https://m.{registered}/", f"http://{registered}/x") or "." not in registered


def test_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "getaddrinfo")
    assert same_site("https://a.gov.iq/", "https://b.a.gov.iq/")


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/", "https://a.example/ar/", "https://a.example/index.php"]
)
def test_a_front_page_in_any_language_is_one(url: str) -> None:
    assert is_front(url)
    assert not is_front(f"{url.rstrip('/')}/news/1?x=1")
