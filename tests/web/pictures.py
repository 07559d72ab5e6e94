"""The pictures of README, made anew: `python -m tests.web.pictures`; with a FOLDER, every page into it. No test.

The demonstration's outlets and texts before the shipped rules, by a clock that stands: the same machine makes the same
pictures again. It needs Chromium and the fonts Noto Sans and Noto Naskh Arabic, and opens loopback only.
"""

import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

import settings as config
from archive import sources
from archive.database import Archive
from archive.first_round import end_first_round
from core.model import Source
from demo.newsroom import Newsroom
from demo.scene import OPENING, OUTLETS, TIMELINE, Copy, Edit, Publish
from demo.show import compose
from settings import Edition
from tests.archive.scene import Scene, page
from tests.web.test_browser import CHROMIUM
from web.app import application
from web.site import Site

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
README = {"front": "/", "story": "/stories/{rumour}"}
PAGES = README | {
    "languages": "/stories/{rumour}?view=languages",
    "search": "/search?q=%40qaani",
    "found": "/search?q=%40qaani&view=stories",
    "blank": "/search",
    "wrong": "/search?q=%22",
    "nothing": "/search?q=zzzz&language=ar",
    "article": "/articles/{denial}",
    "post": "/articles/{post}",
    "edited": "/articles/{rumour}",
    "compare": "/compare/{rumour}/{first_copy}",
    "sources": "/sources",
    "source": "/sources/namuneh",
    "topics": "/topics",
    "topic": "/topics/qaani",
    "names": "/names",
    "name": "/names/qaani",
    "alerts": "/alerts",
    "saved": "/saved",
    "days": "/search/days?q=x",
    "help": "/help",
}
WIDE, PHONE = (1200, 560), (360, 740)
CURTAIN = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)
MINUTES_A_STEP = 7  # a step of the scene lies so far after the one before


def _told(scene: Scene) -> dict[str, int]:
    """Tell the demonstration's story; the articles by the scene's keys."""
    drafts, deeds = {}, [*OPENING, *(step.deed for step in TIMELINE)]
    for number, deed in enumerate(deeds):
        scene.now = CURTAIN + timedelta(minutes=MINUTES_A_STEP * (number - len(OPENING)))
        match deed:
            case Publish(outlet=outlet, key=key, text=text, age=age):
                scene.now -= age
                printed = f"{scene.now - timedelta(minutes=5):%a, %d %b %Y %H:%M} GMT"
                drafts[key] = scene.draft(outlet, text.title, text.body, authors=text.authors, published_raw=printed)
            case Copy(outlet=outlet, key=key, of=of, title=title):
                drafts[key] = scene.draft(outlet, title, drafts[of].text, published_raw=drafts[of].published_raw)
            case Edit(of=key, title=title):
                drafts[key] = replace(drafts[key], title=title, fetched=scene.now, listing="another")
            case _:
                continue
        draft = drafts[key] = replace(drafts[key], language=_LANGUAGE[drafts[key].source])
        scene.admit(draft, page=replace(page(draft.text.encode(), draft.url), fetched=scene.now))
        scene.visited(draft.source, new=1)
    scene.later(minutes=MINUTES_A_STEP)
    return {key: scene.article(draft.url).id for key, draft in drafts.items()}


_LANGUAGE = {each.id: each.language for each in OUTLETS}


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Where the page is served, and the articles by their keys."""
    with Newsroom() as newsroom:  # only for its config: nothing is fetched
        settings = config.parse(compose(newsroom), file="config.toml", folder=folder)
    archive = Archive.open(f"sqlite:///{folder}/rasad.db", evidence=folder / "evidence")
    scene = Scene(archive)
    scene.now, scene.rules = CURTAIN - timedelta(days=1), settings.rules
    outlets = [
        Source(each.id, each.name, "feed", f"https://{each.id}.example/rss", each.language, each.affiliation, each.id)
        for each in OUTLETS
    ]
    scene.write(lambda conn: conn.exec_driver_sql("DELETE FROM source"))  # the scene's own
    scene.write(sources.sync, outlets, scene.now)
    for each in outlets:
        scene.visited(each.id)
    scene.write(end_first_round, scene.now)
    scene.joins()
    articles, edition = _told(scene), Edition(1, settings, settings.rules)
    door = socket.create_server(("127.0.0.1", 0))
    site = application(Site(archive, lambda: edition, lambda: scene.now))
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}", articles
    finally:
        server.should_exit = True
        thread.join()
        door.close()
        archive.close()


def _take(browser: Browser, address: str, path: str, size: tuple[int, int], to: Path, *, whole: bool = False) -> None:
    tab = browser.new_page(base_url=address, viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    tab.goto(path, wait_until="networkidle")  # charts are drawn after the page
    tab.screenshot(path=to, full_page=whole)
    tab.close()


def main(folder: Path | None) -> None:
    """README's pictures, or every page into `folder`, in three languages, wide and on a phone."""
    to = folder or DOCS
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, _served(Path(made)) as (address, articles), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-lcd-text"])
        for name, path in (PAGES if folder else README).items():
            for language in ("en", "ar", "fa") if folder else ("en", "ar"):
                asked = f"{path.format(**articles)}{'&' if '?' in path else '?'}lang={language}"
                _take(browser, address, asked, WIDE, to / f"{name}_{language}.png", whole=folder is not None)
                if folder:
                    _take(browser, address, asked, PHONE, to / f"{name}_{language}_phone.png", whole=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
