"""The page in a real browser: nothing scrolls sideways, nothing complains, keys suffice, hostile text runs nothing."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, expect, sync_playwright

import settings as config
from archive.database import Archive
from settings import Edition
from tests.archive.scene import NAMES, REPORT_EN, TOPICS, Scene
from tests.web.conftest import told_in_three_languages
from web.app import application
from web.site import Site

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
MUST = bool(os.environ.get("CI") or os.environ.get("RASAD_TESTS_SKIP_NOTHING"))
pytestmark = pytest.mark.skipif(not CHROMIUM and not MUST, reason="no Chromium is installed (Debian: chromium)")

PAGES = (
    "/", "/?topic=qaani&span=30d", "/search", "/search?q=%40qaani", "/search?q=%40qaani&view=stories", "/search?q=%22",
    "/search/days?q=x", "/stories/1", "/stories/1?view=languages", "/articles/1", "/articles/1/stored/1", "/compare/1/2",
    "/topics", "/topics/qaani", "/topics/qaani?rule=%40badr&days=7", "/topics/qaani/misses", "/names", "/names/qaani",
    "/sources", "/sources/courier", "/alerts", "/saved", "/help", "/nowhere",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A story in three languages with its evidence, told to somebody."""
    folder = tmp_path_factory.mktemp("browser")
    archive = Archive.open(f"sqlite:///{folder}/rasad.db", evidence=folder / "evidence")
    scene = Scene(archive)
    told_in_three_languages(scene)
    yield scene
    archive.close()


@pytest.fixture(scope="module")
def address(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served."""
    plain = config.parse("[archive]\n", file="config.toml", folder=tmp_path_factory.mktemp("settings"))
    edition = Edition(1, replace(plain, names=NAMES, topics=TOPICS), scene.rules)
    site = Site(scene.archive, lambda: edition, lambda: scene.now)
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(site), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    door.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    assert CHROMIUM, "no Chromium is installed, and nothing may be skipped here"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A reader's browser."""
    made = chromium.new_context(base_url=address, locale="en")
    yield made
    made.close()


class Watched:
    """A tab that keeps what the browser complained of and what was asked of other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._says)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else self._strays(asked.url))
        page.on("dialog", self._asks)

    def _says(self, message: ConsoleMessage) -> None:
        status = "the server responded with a status of"  # 400 and 404 are among the pages
        if message.type in ("error", "warning") and status not in message.text:
            self.complaints.append(message.text)

    def _asks(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def _strays(self, url: str) -> None:
        self.complaints.append(f"asked for {url}")


@pytest.fixture
def tab(context: BrowserContext, address: str) -> Watched:
    return Watched(context.new_page(), address)


# The level of WCAG that public bodies are held to; its rules are what axe counts as serious or critical.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"], "iframes": False}


def test_every_page_fits_a_phone_complains_of_nothing_and_is_easy_to_use_by_axe_s_rules(tab: Watched) -> None:
    tab.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    for language, paths in (("ar", PAGES), ("en", PAGES[::3]), ("fa", PAGES[1::3])):
        for path in paths:
            where = f"{path} in {language}"
            tab.page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}", wait_until="load")
            width = tab.page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{where} is {width} wide"
            direction = tab.page.evaluate("getComputedStyle(document.body).direction")
            assert direction == ("ltr" if language == "en" else "rtl")
            assert tab.complaints == [], where
            if language == "ar":
                assert _hard_to_use(tab.page) == [], where
    tab.page.set_content("<p>a picture: <img src='data:,'>")
    assert _hard_to_use(tab.page), "axe finds nothing where something is wrong"


def test_from_right_to_left_nothing_sticks_out_of_a_wide_window(tab: Watched) -> None:
    tab.page.set_viewport_size({"width": 1200, "height": 740})
    for path in ("/stories/1", "/stories/1?view=languages", "/articles/1", "/topics/qaani", "/search?q=%40qaani"):
        tab.page.goto(f"{path}{'&' if '?' in path else '?'}lang=ar")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 1200, path


def _hard_to_use(page: Page) -> list[str]:
    """What axe finds that somebody could not get past, and where."""
    found = Axe().run(page, options=AXE).response["violations"]
    grave = (each for each in found if each["impact"] in ("serious", "critical"))
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in grave]


def test_a_search_by_keyboard_alone(tab: Watched) -> None:
    page = tab.page
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("@qaani")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=%40qaani")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/articles/2?*")
    expect(page.locator("mark").first).to_have_text("قاآنی")
    assert tab.complaints == []


def test_every_link_of_the_head_is_reached_by_tab(tab: Watched) -> None:
    page = tab.page
    page.goto("/sources")
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name"))
    assert reached[0] == "#content"
    assert {"/topics", "/names", "/sources", "/alerts", "q"} <= set(reached)


def test_a_rule_is_tried_by_hand(tab: Watched) -> None:
    page = tab.page
    page.goto("/topics/qaani")
    page.get_by_label("Rule").last.fill("@qani")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("alert").locator("mark.wrong")).to_have_text("@qani")
    page.get_by_label("Rule").last.fill("@qaani lang:ar")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_text("No longer found: 2")).to_be_visible()
    assert tab.complaints == []


def test_a_chart_is_drawn_over_its_table(tab: Watched) -> None:
    tab.page.goto("/")
    tab.page.locator("details.volume summary").first.click()
    expect(tab.page.locator("details.volume canvas").first).to_be_visible()
    for begins_open in ("/topics/qaani", "/names/qaani"):
        tab.page.goto(begins_open)
        expect(tab.page.locator("details.volume canvas")).to_be_visible()
    assert tab.complaints == []


def test_an_article_is_starred_and_noted(tab: Watched) -> None:
    page = tab.page
    page.goto("/articles/3")
    page.locator("form[action$='/annotations'] button[value=star]").click()
    expect(page.locator("#beside button[name=remove]")).to_be_visible()  # sent, before the next page is asked for
    page.goto("/saved")
    expect(page.locator("a[href='/articles/3#beside']")).to_have_count(1)
    assert tab.complaints == []


def test_without_scripts_every_page_stands(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("input[type=search]").fill("@qaani")
    page.locator("header .ask button").click()
    expect(page.locator("article.card")).to_have_count(3)
    page.goto("/names/qaani")
    page.locator("details.numbers summary").click()
    expect(page.locator("tr[data-day]")).to_have_count(30)
    context.close()


# --- hostile text --------------------------------------------------------------------------------------------------

# ruff: noqa: E501  # payloads stand as they are
_EVENTS = (
    "onerror",
    "onload",
    "onfocus autofocus",
    "onmouseover",
    "onanimationstart",
    "ontoggle",
    "onbegin",
    "onpointerenter",
)
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "input",
    "details open",
    "video src=x",
    "audio src=x",
    "iframe",
    "object data=x",
    "marquee",
)
_FIXED = (
    "<script>window.ran=1</script>", "</title><script>window.ran=1</script>", "</textarea><script>window.ran=1</script>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>", "<math><mtext><mglyph><style><img src onerror=window.ran=1>",
    '"><svg/onload=window.ran=1>', "'-window.ran=1-'", "javascript:window.ran=1", "java\tscript:window.ran=1",
    "data:text/html,<script>window.ran=1</script>", "<a xlink:href='javascript:window.ran=1'>x", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example'</style>", "&lt;script&gt;window.ran=1&lt;/script&gt;", "<form action=//evil.example><button>",
    "{{constructor.constructor('window.ran=1')()}}", "<img src=//evil.example/x.png>", "<div hx-get=//evil.example hx-trigger=load>",
    "<div hx-on::load='window.ran=1'>", "<svg><script>window.ran=1</script></svg>", "\u202e<script>window.ran=1</script>",
    "<x/onclick=window.ran=1>", "<noscript><p title='</noscript><img src=x onerror=window.ran=1>'>",
    "<template><script>window.ran=1</script></template>", "<svg><use href='data:image/svg+xml,<svg onload=window.ran=1>'/>",
    "<embed src='javascript:window.ran=1'>", "\\u003cscript\\u003ewindow.ran=1", "<scr<script>ipt>window.ran=1</script>",
)  # fmt: skip
PAYLOADS = [
    *_FIXED,
    *(f"<{tag} {event}=window.ran=1>" for tag in _TAGS for event in _EVENTS),
    *(
        f"{quote}><{tag} {event}=window.ran=1 x={quote}"
        for quote in "\"'"
        for tag in _TAGS[:9]
        for event in _EVENTS[:5]
    ),
]


def test_of_200_hostile_texts_none_runs(scene: Scene, tab: Watched) -> None:
    assert len(PAYLOADS) >= 200
    ids = [
        scene.publishes("gazette", f"Qaani {number}", f"{REPORT_EN} {number} {'x' * number}").id for number in range(25)
    ]
    scene.write(lambda conn: conn.exec_driver_sql("UPDATE source SET name = ? WHERE id = 'gazette'", (PAYLOADS[0],)))
    for start in range(0, len(PAYLOADS), len(ids)):
        rows = [(f"Qaani {each}", each, f"{each} Qaani. {each}", json.dumps([each]), each, id_)
                for each, id_ in zip(PAYLOADS[start:], ids, strict=False)]  # fmt: skip
        scene.write(lambda conn, rows=rows: conn.exec_driver_sql(HOSTILE_ROW, rows))
        _runs_nothing(tab, "/search?q=%40qaani", len(ids))
        _runs_nothing(tab, f"/articles/{ids[start // len(ids)]}", 1)
    for path in (
        "/?topic=qaani",
        "/alerts",
        "/names/qaani",
        "/sources",
        "/sources/gazette",
        "/topics/qaani?rule=gazette",
    ):
        _runs_nothing(tab, path)


HOSTILE_ROW = "UPDATE article SET title = ?, summary = ?, text = ?, authors = ?, published_raw = ? WHERE id = ?"


def _runs_nothing(tab: Watched, path: str, cards: int = 0) -> None:
    """No script of a page runs, and its texts are shown: so many cards of them."""
    tab.page.goto(path, wait_until="load")
    assert tab.page.evaluate("window.ran") is None, path
    assert tab.complaints == [], path
    if cards:
        expect(tab.page.locator("article.card")).to_have_count(cards)
