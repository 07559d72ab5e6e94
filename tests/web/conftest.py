"""A reader before the archive page, whose archive is the archive tests' scene."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import settings as config
from archive.database import Archive
from settings import Edition
from tests.archive.conftest import template
from tests.archive.scene import DENIAL_AR, NAMES, REPORT_EN, RUMOUR_FA, TOPICS, Scene
from tests.archive.scene import page as fetched
from web.app import application
from web.gate import LOCAL, Rules
from web.site import Site

__all__ = ["template"]


def told_in_three_languages(scene: Scene) -> None:
    """A story in English, Persian and Arabic, the English one with its evidence, told to somebody."""
    scene.joins()
    scene.admit(scene.draft("courier", "Qaani in Baghdad", REPORT_EN, language="en"), page=fetched(b"<p>Qaani</p>"))
    scene.publishes("karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "نفي وصول قاآني", DENIAL_AR, language="ar")
    scene.visited("courier")


@pytest.fixture
def scene(tmp_path: Path, template: Path) -> Iterator[Scene]:
    """Four outlets before an empty archive on SQLite."""
    (tmp_path / "rasad.db").write_bytes(template.read_bytes())
    archive = Archive.open(f"sqlite:///{tmp_path}/rasad.db", evidence=tmp_path / "evidence")
    yield Scene(archive)
    archive.close()


@pytest.fixture
def site(scene: Scene, tmp_path: Path) -> Site:
    """The page over the scene's archive and rules, by the scene's clock."""
    plain = config.parse("[archive]\n", file="config.toml", folder=tmp_path)
    settings = replace(plain, names=NAMES, topics=TOPICS)
    edition = Edition(1, settings, scene.rules)
    return Site(scene.archive, lambda: edition, lambda: scene.now)


class Browser(TestClient):
    """A browser that shows a page's text and sends its forms."""

    def shows(self, path: str, status: int = 200) -> str:
        """The page at `path`, as HTML."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return str(answer.text)

    def sends(self, path: str, *, form_on: str, **fields: str) -> int:
        """Fill in the form of the page `form_on` and send it to `path`; the status of the answer."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.get(form_on).text)
        assert found, "that page has no form"
        body = {"form_token": found[1], **fields}
        answer = self.post(path, data=body, headers={"origin": "http://localhost"}, follow_redirects=False)
        return int(answer.status_code)


Opens = Callable[..., Browser]


@pytest.fixture
def opens(site: Site) -> Iterator[Opens]:
    """Open a browser on the page, reached by some rules, from some address."""
    opened: list[Browser] = []

    def open_(rules: Rules = LOCAL, *, address: str = "127.0.0.1", **headers: str) -> Browser:
        browser = Browser(
            application(site, rules),
            base_url="http://localhost",
            client=(address, 50000),
            headers={"accept": "text/html", **headers},
            raise_server_exceptions=False,
        )
        browser.__enter__()
        opened.append(browser)
        return browser

    yield open_
    for each in opened:
        each.__exit__()


@pytest.fixture
def browser(opens: Opens) -> Browser:
    """A browser on this machine."""
    return opens()
