"""The bytes that were fetched are kept once, and told when they are damaged."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import evidence
from archive.database import Archive
from archive.schema import evidence as kept
from core.errors import ArchiveError
from tests.archive.scene import WEATHER_EN, Scene, page

BODY = "<html dir=rtl>قاآني في بغداد</html>".encode() * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def test_the_bytes_of_each_text_are_kept(scene: Scene, folder: Path) -> None:
    draft = scene.draft()
    scene.admit(draft, page=page(BODY))
    scene.admit(replace(draft, text=WEATHER_EN), page=page(b"later"))
    scene.admit(replace(draft, text=WEATHER_EN), page=page(b"seen again, not kept"))
    rows = scene.ask(lambda conn: conn.execute(select(kept).order_by(kept.c.revision)).all())
    assert [(row.revision, row.sha256, row.size, row.status) for row in rows] == [
        (1, sha256(BODY).hexdigest(), len(BODY), 200),
        (2, sha256(b"later").hexdigest(), 5, 200),
    ]
    assert rows[0].headers == {"content-type": "text/html"}
    assert evidence.read(folder, rows[0].sha256) == BODY
    assert scene.article(draft.url).sha256 == rows[1].sha256
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def test_the_same_bytes_are_one_file(scene: Scene, folder: Path) -> None:
    for outlet in ("courier", "gazette"):
        scene.admit(scene.draft(outlet), page=page(BODY))
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    assert file == evidence.file_of(folder, sha256(BODY).hexdigest())
    assert file.stat().st_size < len(BODY) / 10


def test_a_damaged_file_is_told(scene: Scene, folder: Path) -> None:
    scene.admit(scene.draft(), page=page(BODY))
    digest = sha256(BODY).hexdigest()
    file = evidence.file_of(folder, digest)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ArchiveError, match=r"cannot be read|damaged"):
        evidence.read(folder, digest)
    with pytest.raises(ArchiveError, match="cannot be read"):
        evidence.read(folder, "00" * 32)


def test_without_a_folder_nothing_is_kept(url: str) -> None:
    archive = Archive.open(url)
    scene = Scene(archive)
    draft = scene.draft()
    scene.admit(draft, page=page(BODY))
    assert scene.article(draft.url).sha256 is None
    archive.close()


def test_a_folder_that_cannot_be_written_is_told(opened: Callable[[], Archive], folder: Path) -> None:
    folder.write_text("a file stands here")
    scene = Scene(opened())
    with pytest.raises(ArchiveError, match="cannot be written"):
        scene.admit(scene.draft(), page=page(BODY))
    assert scene.count("article") == 0


def test_headers_that_no_database_stores_are_stored(scene: Scene) -> None:
    strange = replace(page(BODY), headers={"x": "a\x00\udc80"}, url="https://courier.example/\x00")
    scene.admit(scene.draft(), page=strange)
    assert scene.count("evidence") == 1
