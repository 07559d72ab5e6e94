"""The bytes that were fetched are kept once, and told when they are damaged."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from archive import articles, evidence
from archive.database import Archive
from archive.evidence import Kept
from archive.schema import evidence as kept
from core.errors import ArchiveError
from core.model import Page
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


# --- a source's own document, which resembles the one before -----------------------------------------------------


LISTING = [f'<div class="post" id="{n}">خبر رقم {n * n % 977} من مراسلنا في المدينة</div>' for n in range(400)]


def listing(first: int, last: int) -> Page:
    """The courier's own page, which shows some of its posts."""
    return page("".join(LISTING[first:last]).encode(), url="https://courier.example/atom?before=9")


def kept_rows(scene: Scene) -> list[Kept]:
    ids = [each.id for each in scene.ask(lambda conn: list(articles.export(conn)))]
    return scene.ask(evidence.kept, ids)


def test_a_listing_is_kept_as_what_is_new_since_the_one_before(scene: Scene, folder: Path) -> None:
    for number in range(3):
        scene.admit(scene.draft(), page=listing(number, 300 + number))
    whole, *later = kept_rows(scene)
    assert [each.reference for each in (whole, *later)] == [None, whole.sha256, whole.sha256]
    assert whole.stored is not None
    assert all(each.stored and each.stored < whole.stored / 4 for each in later)
    for number, each in enumerate((whole, *later)):
        assert evidence.read(folder, each.sha256) == listing(number, 300 + number).body


def test_a_listing_that_has_become_another_one_is_kept_whole_and_what_follows_refers_to_it(scene: Scene) -> None:
    other = replace(page(sha256(b"x").digest() * 40), url="https://courier.example/atom")
    noise = b"".join(sha256(str(n).encode()).digest() for n in range(400))
    for each in (listing(0, 300), replace(other, requested=other.url, body=noise)):
        scene.admit(scene.draft(), page=each)
    scene.admit(scene.draft(), page=replace(other, requested=other.url, body=noise + b"more"))
    first, second, third = kept_rows(scene)
    assert (first.reference, second.reference, third.reference) == (None, None, second.sha256)


def test_pages_of_articles_and_other_sources_stand_by_themselves(scene: Scene) -> None:
    scene.admit(scene.draft(), page=listing(0, 300))
    scene.admit(scene.draft("gazette"), page=listing(1, 301))
    scene.admit(scene.draft(), page=replace(listing(2, 302), requested="https://courier.example/7"))
    assert [each.reference for each in kept_rows(scene)] == [None, None, None]


def test_the_same_listing_for_many_articles_is_one_file(scene: Scene, folder: Path) -> None:
    for number in (0, 1, 1, 1):
        scene.admit(scene.draft(), page=listing(number, 300 + number))
    assert len({each.sha256 for each in kept_rows(scene)}) == len(list(folder.rglob("*.zst"))) == 2
    assert [each.reference is None for each in kept_rows(scene)] == [True, False, False, False]
    assert scene.ask(evidence.stored) == (2, sum(file.stat().st_size for file in folder.rglob("*.zst")))


def test_without_its_reference_a_listing_is_told_and_the_next_one_is_whole(scene: Scene, folder: Path) -> None:
    for number in range(2):
        scene.admit(scene.draft(), page=listing(number, 300 + number))
    whole, later = kept_rows(scene)
    evidence.file_of(folder, whole.sha256).unlink()
    with pytest.raises(ArchiveError, match="cannot be read"):
        evidence.read(folder, later.sha256)
    scene.admit(scene.draft(), page=listing(2, 302))
    assert kept_rows(scene)[2].reference is None
    evidence.file_of(folder, whole.sha256).write_bytes(evidence.file_of(folder, later.sha256).read_bytes())
    with pytest.raises(ArchiveError, match="damaged"):  # a reference that refers to itself leads in no circle
        evidence.read(folder, later.sha256)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=6))
def test_whatever_a_source_sends_is_read_back(template: Path, bodies: list[bytes]) -> None:
    with TemporaryDirectory() as place:
        shutil.copy(template, f"{place}/rasad.db")
        archive = Archive.open(f"sqlite:///{place}/rasad.db", evidence=Path(place) / "evidence")
        try:
            scene = Scene(archive)
            for body in bodies:
                scene.admit(scene.draft(), page=replace(listing(0, 1), body=body))
                assert evidence.read(Path(place) / "evidence", sha256(body).hexdigest()) == body
        finally:
            archive.close()


# --- faults ------------------------------------------------------------------------------------------------------


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
