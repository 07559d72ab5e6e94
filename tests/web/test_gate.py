"""Who comes in, by mode; and what a page is never talked into."""

from datetime import UTC, datetime

import pytest

from archive import accounts
from tests.archive.scene import Scene
from tests.web.conftest import Browser, Opens
from web.app import application
from web.gate import LOCAL_NAMES, Rules
from web.secrets import hash_password
from web.site import Site

PASSWORD = "a long enough password"
WITH_PASSWORD = Rules("password")
PUBLIC = Rules("public")
PROXY = Rules("proxy", proxies=frozenset({"10.0.0.5"}))


@pytest.fixture
def layla(scene: Scene) -> str:
    """An account."""
    scene.write(accounts.save, "layla", hash_password(PASSWORD), datetime(2026, 5, 1, tzinfo=UTC))
    return "layla"


def test_local_is_for_this_machine_under_its_own_names(opens: Opens) -> None:
    assert opens().get("/search").status_code == 200
    assert opens(address="192.0.2.7").get("/search").status_code == 403
    assert opens(host="rebound.example").get("/search").status_code == 400
    assert opens(host="rasad.example", **{"x-forwarded-host": "localhost"}).get("/search").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_is_looked_at(browser: Browser, method: str) -> None:
    assert browser.request(method, "/search").status_code == 405


def test_every_address_is_closed_without_a_session(opens: Opens, site: Site) -> None:
    stranger = opens(WITH_PASSWORD, accept="*/*")
    paths = [getattr(route, "path", "") for route in application(site).routes]
    for path in [*paths, "/nowhere", "/api/v1/articles", "/..%2f..%2fetc/passwd"]:
        for method in ("GET", "HEAD", "POST"):
            answer = stranger.request(method, path.replace("{article:int}", "1"), follow_redirects=False)
            open_ = path in ("/healthz", "/readyz") or (method != "POST" and path in ("/login", "/static"))
            assert open_ or answer.status_code in (401, 403), (method, path, answer.status_code)


def test_a_password_opens_and_logging_out_closes_for_good(opens: Opens, layla: str) -> None:
    reader = opens(WITH_PASSWORD)
    first = reader.get("/search?q=qaani", follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/login?next=/search%3Fq%3Dqaani")
    assert reader.sends("/login", form_on="/login", name=layla, password="wrong") == 403
    assert reader.sends("/login", form_on="/login", name=layla, password=PASSWORD, next="//evil.example") == 303
    assert reader.get("/search").status_code == 200
    cookie = reader.cookies["rasad_session"]
    assert reader.sends("/logout", form_on="/search") == 303
    thief = opens(WITH_PASSWORD, accept="*/*", cookie=f"rasad_session={cookie}")
    assert thief.get("/search").status_code == 401


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/\tevil"]
)
def test_after_login_the_way_leads_home_not_elsewhere(opens: Opens, layla: str, next_: str) -> None:
    reader = opens(WITH_PASSWORD)
    page = reader.get("/login").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    answer = reader.post(
        "/login",
        data={"form_token": token, "name": layla, "password": PASSWORD, "next": next_},
        headers={"origin": "http://localhost"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/"


def test_guessing_passwords_is_slowed_down(opens: Opens, layla: str) -> None:
    guesser = opens(WITH_PASSWORD, address="192.0.2.99")
    tries = [guesser.sends("/login", form_on="/login", name=layla, password=f"guess {n}") for n in range(6)]
    assert tries == [403] * 5 + [429]


def test_a_form_from_elsewhere_or_without_our_token_is_refused(opens: Opens, layla: str) -> None:
    reader = opens(WITH_PASSWORD)
    right = {"name": layla, "password": PASSWORD}
    reader.get("/login")
    assert reader.post("/login", data=right, headers={"origin": "http://evil.example"}).status_code == 403
    assert reader.post("/login", data=right).status_code == 403
    assert reader.post("/login", data=right, headers={"origin": "http://localhost"}).status_code == 403
    assert (
        reader.post("/login", data=right, headers={"origin": "null", "sec-fetch-site": "cross-site"}).status_code == 403
    )
    assert reader.post("/login", content=b"x" * 70_000, headers={"origin": "http://localhost"}).status_code == 413


def test_only_a_listed_proxy_names_the_reader(opens: Opens) -> None:
    named = {"x-remote-user": "layla"}
    assert opens(PROXY, address="10.0.0.5", **named).get("/search").status_code == 200
    assert opens(PROXY, address="10.0.0.5").get("/search").status_code == 403
    assert opens(PROXY, address="10.0.0.6", **named).get("/search").status_code == 403


def test_the_public_reads_and_changes_nothing(opens: Opens) -> None:
    anybody = opens(PUBLIC, address="192.0.2.7")
    assert anybody.get("/search").status_code == 200
    assert anybody.post("/logout", headers={"origin": "http://localhost"}).status_code == 403


def test_every_answer_forbids_foreign_content(browser: Browser) -> None:
    for path in ("/search", "/nowhere", "/static/rasad.css"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_page_can_be_asked_for_by_other_names_when_they_are_listed(opens: Opens) -> None:
    rules = Rules("public", hosts=LOCAL_NAMES | {"rasad.example"})
    assert opens(rules, host="rasad.example:8443").get("/search").status_code == 200
