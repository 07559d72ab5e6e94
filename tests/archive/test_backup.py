"""A backup of either database is restored into either: everything is there, and nobody is told anything twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import articles, backup, catch_up, dump, evidence, outbox, restore, schema
from archive.backup import back_up
from archive.conflict import add_missing
from archive.database import Archive
from archive.search import search
from core.errors import ArchiveError, InputError
from core.rules.match import compile_query
from tests.archive.postgresql import Server
from tests.archive.scene import DENIAL_AR, NAMES, RUMOUR_FA, Scene, page
from tests.archive.test_stories import publish_all

CONFIG = "# پیکربندی\n[archive]\n".encode()


def nobody(_done: float) -> None:
    """Who watches the progress."""


def saved(scene: Scene, folder: Path) -> Path:
    file = folder / "rasad.backup"
    back_up(scene.archive, file, config=CONFIG, now=scene.now, progress=nobody)
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another machine's database, empty."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        with server.database("template1") as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path}/new/rasad.db"


def bring_back(scene: Scene, file: Path, url: str, folder: Path, *, force: bool = False) -> restore.Restored:
    return restore.restore(file, url, folder, force=force, now=scene.now, progress=nobody)


def everything(archive: Archive) -> tuple[object, ...]:
    with archive.reading() as conn:
        found = list(articles.export(conn))
        hits = [each.article.id for each in search(conn, compile_query("@qaani", NAMES))]
        rows = {name: count for name, count in dump.counts(conn).items() if name not in {"milestone", "live"}}
        return found, hits, rows


def test_everything_comes_back(scene: Scene, new_url: str, tmp_path: Path) -> None:
    scene.joins()
    publish_all(scene)
    draft = scene.draft("karun", "خبر", RUMOUR_FA)
    scene.admit(draft, page=page("صفحه".encode()))
    scene.admit(scene.draft("tigris", "نفي", DENIAL_AR), page=page(b"y" * 9999))
    before = everything(scene.archive)
    file = saved(scene, tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    done = bring_back(scene, file, new_url, tmp_path / "new" / "evidence")
    assert done.missing == ()
    archive = Archive.open(new_url, evidence=tmp_path / "new" / "evidence")
    try:
        assert everything(archive) == before
        with archive.reading() as conn:
            kept = [evidence.read(tmp_path / "new" / "evidence", each) for each in evidence.named(conn)]
        assert sorted(kept) == sorted(["صفحه".encode(), b"y" * 9999])
        newest = max(each.id for each in before[0])  # type: ignore[attr-defined]  # the articles of everything()
        assert Scene(archive).publishes("gazette", "Next").id > newest, "its numbers go on"
    finally:
        archive.close()


def test_the_config_comes_with_it(scene: Scene, tmp_path: Path) -> None:
    header, config = restore.look(saved(scene, tmp_path))
    assert (header.taken, config) == (scene.now, CONFIG)


def test_a_backup_of_twenty_hours_ago_pings_nobody_and_makes_one_digest(
    scene: Scene, new_url: str, tmp_path: Path
) -> None:
    scene.write(add_missing, schema.milestone, [{"name": "first_round", "reached": scene.now}])
    scene.joins()
    for outlet in ("tigris", "karun", "courier", "gazette"):
        scene.visited(outlet)
    scene.publishes("courier", "Waits")
    file = saved(scene, tmp_path)
    scene.later(hours=20)
    bring_back(scene, file, new_url, tmp_path / "new" / "evidence")
    archive = Archive.open(new_url)
    try:
        new = Scene(archive)
        new.now = scene.now
        assert new.claims() == [], "the sender alone sends nothing"
        assert new.write(catch_up.begin, new.now)
        new.publishes("karun", "قاآنی", RUMOUR_FA)
        new.publishes("tigris", "title Qaani", DENIAL_AR)
        assert new.claims() == [], "breaking ones wait too"
        new.later(minutes=1)
        for outlet in ("tigris", "karun", "courier", "gazette"):
            new.visited(outlet)
        assert new.write(catch_up.end, new.now) == 1
        (digest,) = new.claims()
        assert digest.kind == "digest"
        assert digest.repeats
        new.write(outbox.sent, digest, 7, new.now)
        new.later(hours=8)
        assert new.claims() == []
        assert new.publishes("gazette", "Qaani again", "Qaani left Baghdad for Tehran at dawn, airport staff said.")
        assert [each.kind for each in new.claims()] == ["alert"], "then it goes on as ever"
    finally:
        archive.close()


def test_an_archive_in_the_way_stays_unless_forced(scene: Scene, url: str, tmp_path: Path) -> None:
    scene.publishes("courier")
    file = saved(scene, tmp_path)
    scene.publishes("courier", "Later", "Another text, of rain in the north and of what bread costs there.")
    with pytest.raises(InputError, match="--force"):
        bring_back(scene, file, url, tmp_path / "evidence")
    assert scene.count("article") == 2
    scene.archive.close()
    bring_back(scene, file, url, tmp_path / "evidence", force=True)
    archive = Archive.open(url)
    try:
        with archive.reading() as conn:
            assert dump.counts(conn)["article"] == 1
    finally:
        archive.close()


@pytest.mark.parametrize("spoil", ["cut", "flipped", "other", "empty"])
def test_what_is_not_whole_leaves_nothing_behind(scene: Scene, new_url: str, tmp_path: Path, spoil: str) -> None:
    publish_all(scene)
    file = saved(scene, tmp_path)
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :]
    file.write_bytes({"cut": whole[:middle], "flipped": flipped, "other": b"PK\x03\x04", "empty": b""}[spoil])
    with pytest.raises(InputError, match="backup"):
        bring_back(scene, file, new_url, tmp_path / "new" / "evidence")
    archive = Archive.open(new_url)
    try:
        with archive.reading() as conn:
            assert conn.execute(select(schema.article.c.id)).all() == []
    finally:
        archive.close()


def test_a_backup_that_cannot_be_restored_is_none(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.publishes("courier")
    earlier = saved(scene, tmp_path).read_bytes()
    monkeypatch.setattr("archive.dump.chunks", lambda _conn: iter(()))
    with pytest.raises(ArchiveError, match="rows are missing"):
        saved(scene, tmp_path)
    assert (tmp_path / "rasad.backup").read_bytes() == earlier
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_common_evidence_is_copied_once(scene: Scene, new_url: str, tmp_path: Path) -> None:
    common = tmp_path / "backups" / restore.FOLDER

    def once(name: str) -> backup.Written:
        file = common.parent / name
        return back_up(scene.archive, file, config=b"", now=scene.now, progress=nobody, common=common)

    common.mkdir(parents=True)
    scene.admit(scene.draft("karun", "خبر", RUMOUR_FA), page=page(b"one"))
    assert once("1").added == 1
    scene.admit(scene.draft("tigris", "نفي", DENIAL_AR), page=page(b"two"))
    second = once("2")
    assert (second.documents, second.added) == (2, 1)
    done = bring_back(scene, second.file, new_url, tmp_path / "new" / "evidence")
    assert done.missing == ()


def test_a_document_that_is_gone_is_told(scene: Scene, new_url: str, tmp_path: Path) -> None:
    scene.admit(scene.draft("karun", "خبر", RUMOUR_FA), page=page(b"gone"))
    (digest,) = scene.ask(evidence.named)
    evidence.file_of(tmp_path / "evidence", digest).unlink()
    told = back_up(scene.archive, tmp_path / "b", config=b"", now=scene.now, progress=nobody)
    assert told.missing == (digest,)
    assert bring_back(scene, tmp_path / "b", new_url, tmp_path / "new" / "evidence").missing == (digest,)


def test_what_others_write_meanwhile_is_not_in_it(scene: Scene, tmp_path: Path) -> None:
    scene.publishes("courier")
    wrote: list[object] = []

    def meanwhile(_done: float) -> None:
        if not wrote:
            wrote.append(scene.publishes("karun", "خبر", RUMOUR_FA))

    back_up(scene.archive, tmp_path / "b", config=b"", now=scene.now, progress=meanwhile)
    header, _ = restore.look(tmp_path / "b")
    assert wrote
    assert header.rows["article"] == 1
    assert scene.count("article") == 2
