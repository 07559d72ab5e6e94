"""Every fault of the newsroom does what its name says, at its place, and ends when the outlet recovers."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import BadStatusLine, HTTPConnection, IncompleteRead
from urllib.parse import urljoin, urlsplit

import pytest

from demo.newsroom import Newsroom, Outlet
from tests.demo.conftest import ask

BODY = "نص طويل بما يكفي ليكون له وسط.\n" * 20


@pytest.fixture
def outlet(newsroom: Newsroom) -> Outlet:
    outlet = newsroom.outlet("outlet", language="ar")
    outlet.publish("عنوان", BODY)
    return outlet


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
def test_a_status(outlet: Outlet, status: int) -> None:
    outlet.answers(status, retry_after=120)
    answer = ask(outlet.feed_url)
    assert (answer.status, answer.headers["retry-after"]) == (status, "120")
    assert ask(outlet.items[0].url).status == 200, "the pages are well"
    outlet.recovers()
    assert ask(outlet.feed_url).status == 200


def test_a_fault_for_a_number_of_answers(outlet: Outlet) -> None:
    outlet.answers(500, times=2)
    assert [ask(outlet.feed_url).status for _ in range(4)] == [500, 500, 200, 200]


def test_a_fault_has_its_place(newsroom: Newsroom, outlet: Outlet) -> None:
    first, second = outlet.items[0], outlet.publish("ثان", BODY)
    outlet.answers(500, on=first)
    assert (ask(first.url).status, ask(first.amp).status, ask(second.url).status) == (500, 500, 200)
    outlet.recovers()
    outlet.answers(500, on="pages")
    assert (ask(first.url).status, ask(second.url).status, ask(outlet.feed_url).status) == (500, 500, 200)
    outlet.answers(403, on="all")
    outlet.answers(404, on="robots")
    assert ask(outlet.feed_url).status == 403
    assert ask(f"{outlet.site.origin}/robots.txt").status == 404


def test_a_stall_is_late_and_others_go_on(newsroom: Newsroom, outlet: Outlet) -> None:
    other = newsroom.outlet("other")
    outlet.stalls(0.3)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(ask, outlet.feed_url)
        assert ask(other.feed_url).status == 200
        assert time.monotonic() - began < 0.3
        assert late.result().status == 200
    assert time.monotonic() - began >= 0.3


def test_a_stall_outlasts_an_impatient_reader(outlet: Outlet) -> None:
    outlet.stalls(60)
    with pytest.raises(TimeoutError):
        ask(outlet.feed_url, seconds=0.2)


def test_any_bytes_under_any_type(outlet: Outlet) -> None:
    outlet.sends(b"\x1f\x8bnot gzip", content_type="application/xml", headers={"Content-Encoding": "gzip"})
    answer = ask(outlet.feed_url)
    assert answer.body == b"\x1f\x8bnot gzip"
    assert (answer.headers["content-type"], answer.headers["content-encoding"]) == ("application/xml", "gzip")


def test_garbage_is_no_text_and_the_same_each_time(outlet: Outlet) -> None:
    outlet.sends_garbage()
    first, second = ask(outlet.feed_url), ask(outlet.feed_url)
    assert first.body == second.body
    assert first.headers["content-type"].startswith("application/rss+xml")
    with pytest.raises(UnicodeDecodeError):
        first.body.decode()


def test_a_wrong_charset(outlet: Outlet) -> None:
    outlet.declares("iso-8859-1")
    answer = ask(outlet.feed_url)
    assert answer.headers["content-type"] == "application/rss+xml; charset=iso-8859-1"
    assert "عنوان" in answer.text
    outlet.declares(None)
    assert ask(outlet.feed_url).headers["content-type"] == "application/rss+xml"


def test_a_redirect_and_a_redirect_loop(outlet: Outlet) -> None:
    outlet.redirects_to("http://169.254.169.254/latest", status=301)
    answer = ask(outlet.feed_url)
    assert (answer.status, answer.headers["location"]) == (301, "http://169.254.169.254/latest")
    outlet.loops()
    url = outlet.feed_url
    for _ in range(10):
        answer = ask(url)
        assert answer.status == 302
        url = urljoin(url, answer.headers["location"])


def test_a_giant_body_begins_as_the_right_one(outlet: Outlet) -> None:
    healthy = ask(outlet.feed_url).body
    outlet.swells()
    giant = ask(outlet.feed_url).body
    assert len(giant) == 11 << 20
    assert giant.startswith(healthy)


def test_a_truncated_body_is_shorter_than_promised(outlet: Outlet) -> None:
    outlet.truncates(0.5)
    with pytest.raises(IncompleteRead) as caught:
        ask(outlet.feed_url)
    assert caught.value.partial.startswith(b"<?xml")


def test_a_reset(outlet: Outlet) -> None:
    outlet.resets(times=1)
    with pytest.raises(ConnectionResetError):
        ask(outlet.feed_url)
    assert ask(outlet.feed_url).status == 200


def test_a_slow_drip_is_complete_in_the_end(outlet: Outlet) -> None:
    healthy = ask(outlet.feed_url).body
    outlet.drips(len(healthy) // 4, 0.05)
    began = time.monotonic()
    assert ask(outlet.feed_url).body == healthy
    assert time.monotonic() - began >= 0.2


def test_a_body_without_an_end(outlet: Outlet) -> None:
    outlet.never_ends(b"x" * 1000)
    connection = HTTPConnection(urlsplit(outlet.feed_url).netloc, timeout=5)
    connection.request("GET", "/rss.xml")
    response = connection.getresponse()
    assert len(response.read(1 << 20)) == 1 << 20
    response.close()
    connection.close()


def test_bytes_that_are_no_http(outlet: Outlet) -> None:
    outlet.sends_raw(b"hello, this is not HTTP\r\n\r\n")
    with pytest.raises(BadStatusLine):
        ask(outlet.feed_url)


def test_a_client_that_does_not_speak_http_disturbs_nobody(outlet: Outlet) -> None:
    parts = urlsplit(outlet.feed_url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as strange:
        strange.sendall(b"what?\r\n\r\n")
        assert strange.recv(100) == b""
    assert ask(outlet.feed_url).status == 200


def test_closing_the_newsroom_ends_even_a_stalled_answer() -> None:
    with Newsroom() as newsroom:
        outlet = newsroom.outlet("outlet")
        outlet.stalls(60)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ask, outlet.feed_url)
            assert newsroom.wait_until(lambda: bool(newsroom.polls(outlet)))
            newsroom.__exit__(None, None, None)
            with pytest.raises(ConnectionError):
                waiting.result(5)
