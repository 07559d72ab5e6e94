"""The API: what it tells, who may ask, and that its document says what there is."""

import csv
import gzip
import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from starlette.routing import Route

from archive import accounts
from core.lines import csv_text
from tests.archive.scene import DENIAL_AR, REPORT_EN, RUMOUR_FA, Scene
from tests.archive.scene import page as fetched
from tests.web.conftest import Browser, Opens
from web.api.openapi import ADDRESSES, ROOT, document
from web.app import application
from web.gate import Rules
from web.secrets import token_hash
from web.site import Site

PUBLIC, WITH_PASSWORD = Rules("public"), Rules("password")


@pytest.fixture
def press(scene: Scene) -> Scene:
    """Three reports in three languages, somebody told, the evidence of one kept."""
    scene.joins()
    scene.admit(scene.draft("courier", "Qaani in Baghdad", REPORT_EN, language="en"), page=fetched(b"<p>Qaani</p>"))
    scene.publishes("karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "نفي وصول قاآني", DENIAL_AR, language="ar")
    return scene


def asks(browser: Browser, path: str, status: int = 200, **headers: str) -> Any:
    answer = browser.get(path if path.startswith("/api") else ROOT + path, headers=headers)
    assert answer.status_code == status, answer.text[:1000]
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_articles_are_article_lines_with_the_words_that_matched(press: Scene, browser: Browser) -> None:
    items = asks(browser, "/articles?q=%40qaani")["items"]
    assert [item["language"] for item in items] == ["ar", "fa", "en"]
    assert items[0]["topics"] == ["cabinet", "qaani"]
    assert ["title", 9, 14] in items[0]["spans"]


def test_pages_follow_each_other_by_their_next_address(press: Scene, browser: Browser) -> None:
    seen, path = list[int](), f"{ROOT}/articles?q=%40qaani&limit=1"
    while path:
        answer = browser.get(path)
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        assert ("link" in answer.headers) == bool(page["next"])
        path = page["next"]
    assert seen == [3, 2, 1]


WRONG = (
    ("/articles?q=a%20%40qani", 400, 3),
    ("/articles?q=%22", 400, 1),
    ("/articles", 400, None),
    ("/articles?q=x&limit=0", 400, None),
    ("/articles?q=x&limit=%00", 400, None),
    ("/articles?q=x&cursor=..", 400, None),
    ("/articles?q=x&order=worst", 400, None),
    ("/stories?topic=nobody", 400, None),
    ("/articles/99", 404, None),
    ("/articles/99999999999999999999", 404, None),
    ("/stories/99", 404, None),
    ("/topics/nobody", 404, None),
    ("/names/nobody", 404, None),
    ("/sources/nobody", 404, None),
    ("/alerts?cursor=x", 400, None),
    ("/today?hours=x", 400, None),
    ("/backtest?rule=(", 400, 2),
    ("/backtest?rule=x&days=1000", 400, None),
    ("/nowhere", 404, None),
)


def test_what_is_wrong_is_told_with_its_column(press: Scene, browser: Browser) -> None:
    for asked, status, column in WRONG:
        told = asks(browser, asked, status)
        assert told["error"]
        assert told.get("column") == column, asked


def test_no_query_is_a_fault_of_ours(browser: Browser) -> None:
    for query in ('"', "C++", "NEAR(", "a:b", "(" * 3_000, "a\0b", "x" * 20_000, "(a+)+$", "\ud800"):
        for path in ("/articles", "/stories", "/facets"):
            assert browser.get(f"{ROOT}{path}?q={quote(query, errors='surrogatepass')}").status_code in (200, 400), (
                query
            )


def test_what_the_pages_show_can_be_had(press: Scene, browser: Browser) -> None:
    press.visited("courier")
    whole = asks(browser, "/articles/1")
    assert whole["texts"][0]["evidence"]["sha256"] == whole["sha256"]
    assert whole["mentions"][0]["form"] == "Qaani"
    story = asks(browser, f"/stories/{whole['story']}")
    assert [entry["language"] for entry in story["entries"]] == ["en", "fa", "ar"]
    assert asks(browser, "/stories?q=%40qaani")["items"][0]["story"] == whole["story"]
    assert asks(browser, "/today")["topics"]["qaani"][0]["articles"] == 3
    assert sum(asks(browser, "/topics/qaani")["days"].values()) == 3
    assert asks(browser, "/names/qaani")["seen"]["spellings"]["قاآني"] == 2
    assert asks(browser, "/sources/courier")["known"]["latest"][0]["id"] == 1
    assert asks(browser, "/alerts")["items"][-1]["states"] == {"new": 1}
    assert asks(browser, "/facets?q=%40qaani")["languages"] == {"ar": 1, "en": 1, "fa": 1}
    tried = asks(browser, "/backtest?rule=%40qaani%20lang%3Afa&topic=qaani&days=7")
    assert (tried["tally"]["count"], tried["lost"]["count"]) == (1, 2)
    assert asks(browser, "/status")["articles"] == 3


# --- who may ask ---------------------------------------------------------------------------------------------------


def grant(scene: Scene, *scopes: str) -> dict[str, str]:
    """A token with these scopes, as a header."""
    secret = f"secret of {scopes}"
    scene.write(accounts.grant, token_hash(secret), label="desk", name="desk", scopes=scopes, now=scene.now)
    return {"authorization": f"Bearer {secret}"}


def test_a_token_opens_the_api_and_nothing_else(press: Scene, opens: Opens) -> None:
    program = opens(WITH_PASSWORD, address="192.0.2.7", accept="*/*")
    assert asks(program, "/status", 401)["error"] == "Log in first."
    assert asks(program, "/status", 401, authorization="Bearer guessed")["error"]
    token = grant(press, "read")
    assert asks(program, "/status", 200, **token)["articles"] == 3
    assert program.get("/search", headers=token).status_code == 401
    (kept,) = press.ask(accounts.tokens)
    assert kept.used == press.now
    press.write(accounts.revoke, kept.id)
    asks(program, "/status", 401, **token)


def test_a_token_does_what_its_scopes_say(press: Scene, opens: Opens) -> None:
    program = opens(WITH_PASSWORD, accept="*/*")
    reader, writer = grant(press, "read"), grant(press, "annotate")
    place, mark = f"{ROOT}/articles/1/annotations", {"kind": "tag", "text": "desk"}
    assert program.post(place, json=mark, headers=reader).status_code == 403
    assert program.post(place, json=mark).status_code == 401
    answer = program.post(place, json=mark, headers=writer)
    assert (answer.status_code, answer.json()["items"][0]["text"]) == (201, "desk")
    asks(program, "/articles/1", 403, **writer)
    for wrong in (b"", b"[]", b'{"kind": "like"}', b'{"kind": "tag"}', b'{"kind": "tag", "text": 7}', b"[" * 9_000):
        assert program.post(place, content=wrong, headers=writer).status_code == 400
    assert program.post(place, content=b"x" * 70_000, headers=writer).status_code == 413
    assert program.post(f"{ROOT}/articles/9/annotations", json=mark, headers=writer).status_code == 404


def test_another_site_cannot_write_by_a_reader_s_browser(press: Scene, browser: Browser) -> None:
    mark = {"kind": "star"}
    place = f"{ROOT}/articles/1/annotations"
    assert browser.post(place, json=mark, headers={"origin": "http://evil.example"}).status_code == 403
    assert browser.post(place, json=mark, headers={"origin": "http://localhost"}).status_code == 403


def test_the_public_has_no_log_no_status_and_no_trials(press: Scene, opens: Opens) -> None:
    anybody = opens(PUBLIC, address="192.0.2.7")
    assert asks(anybody, "/topics")["items"]
    for path in ("/alerts", "/status", "/backtest?rule=x"):
        asks(anybody, path, 404)


# --- the document --------------------------------------------------------------------------------------------------


def test_document_and_routes_are_the_same_and_every_one_answers(press: Scene, site: Site, browser: Browser) -> None:
    told = asks(browser, "/openapi.json")
    assert told == document()
    served = {
        (re.sub(r":int\}", "}", route.path.removeprefix(ROOT)), method.lower())
        for route in application(site).routes
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == {(path, method) for path, operations in told["paths"].items() for method in operations}
    places = {"{article}": "1", "{story}": "1", "{topic}": "qaani", "{name}": "qaani", "{source}": "courier"}
    needed = {"/articles": "?q=qaani", "/stories": "?q=qaani", "/facets": "?q=qaani", "/backtest": "?rule=qaani"}
    for address in ADDRESSES:
        path = address.path
        for place, id_ in places.items():
            path = path.replace(place, id_)
        asks(browser, path + needed.get(address.path, ""))


def test_the_document_refers_to_nothing_that_is_not_there_and_ids_are_its_own() -> None:
    told = document()
    assert told["openapi"].startswith("3.1.")
    schemas = told["components"]["schemas"]
    for reference in re.findall(r"#/components/schemas/(\w+)", str(told)):
        assert reference in schemas
    operations = [each for methods in told["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    assert all(each["responses"] and each["summary"] for each in operations)
    for path, methods in told["paths"].items():
        for each in methods.values():
            inside = {it["name"] for it in each.get("parameters", ()) if it["in"] == "path"}
            assert inside == set(re.findall(r"\{(\w+)\}", path))


# --- files ---------------------------------------------------------------------------------------------------------


def test_results_leave_as_csv_that_no_spreadsheet_runs(scene: Scene, browser: Browser) -> None:
    titles = ["=cmd|' /C calc'!A0 Qaani", "+1 Qaani", "@SUM(1) Qaani", "-2 Qaani"]
    for number, title in enumerate(titles):
        scene.publishes("courier", title, f"{REPORT_EN} Number {number}.", authors=("=1+1",))
    answer = browser.get("/search.csv?q=%40qaani")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [csv_text(row["title"]) for row in rows] == titles[::-1]
    for row in rows:
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row.values())


def test_results_and_topics_are_feeds(press: Scene, browser: Browser) -> None:
    press.publishes("gazette", "Qaani <script>alert(1)</script>", REPORT_EN + " Again.")
    for path in ("/topics/qaani.atom", "/search.atom?q=%40qaani"):
        answer = browser.get(path)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.text)
        assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 4
    assert browser.get("/topics/nobody.atom").status_code == 404
    assert len(browser.get("/search.jsonl?q=%40qaani").text.splitlines()) == 4
    for path, status in (("/search.exe?q=x", 404), ("/search.csv?q=%22", 400), ("/search.csv", 400)):
        assert browser.get(path).status_code == status


def test_the_evidence_of_a_story_leaves_as_warc(press: Scene, browser: Browser) -> None:
    answer = browser.get("/stories/1/evidence.warc.gz")
    assert b"<p>Qaani</p>" in gzip.decompress(answer.content)
    assert browser.get("/stories/99/evidence.warc.gz").status_code == 404


def test_a_page_is_sent_small(scene: Scene, browser: Browser) -> None:
    for number in range(60):
        scene.publishes("courier", f"Qaani, day {number}", f"{REPORT_EN} Sitting {number} of the talks." * 3)
        scene.now += timedelta(minutes=1)
    first_paint = ("/", "/static/rasad.css", "/static/keys.js", "/static/htmx-2.0.11.min.js", "/static/charts.js")
    answers = [browser.get(path, headers={"accept-encoding": "gzip"}) for path in first_paint]
    assert {answer.headers.get("content-encoding") for answer in answers} == {"gzip"}
    assert sum(int(answer.headers["content-length"]) for answer in answers) <= 60 * 1024
