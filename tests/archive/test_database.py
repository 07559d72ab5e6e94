"""Opening, migrating, refusing: the archive tells in one sentence what is wrong."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

import archive
from archive import editions
from archive.database import Archive
from archive.locks import JUDGING, lock
from archive.migrate import HEAD
from archive.schema import metadata, milestone
from core.errors import ArchiveError
from tests.archive.postgresql import Server
from tests.archive.scene import START, Scene

SHORT = timedelta(milliseconds=200)


def refusal(url: str, patience: timedelta = SHORT) -> str:
    """The sentence with which opening fails."""
    with pytest.raises(ArchiveError) as caught:
        Archive.open(url, patience=patience).close()
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_an_archive_is_made_with_its_folder_and_found_again(empty_url: str) -> None:
    for _ in range(2):
        opened = Archive.open(empty_url)
        with opened.reading() as conn:
            assert conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == HEAD
        opened.close()
        opened.close()


def test_migrations_make_what_the_schema_says(opened: Callable[[], Archive]) -> None:
    def is_ours(_object: object, name: str | None, *_: object) -> bool:
        return not (name or "").startswith("article_words")  # the full-text index: see fulltext.py

    with opened().reading() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration() -> None:
    folder = Path(archive.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_a_newer_schema_is_left_alone(url: str, opened: Callable[[], Archive]) -> None:
    with opened().writing() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer Rasad" in refusal(url)


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x" * 4096)
    assert "is not a database" in refusal(f"sqlite:///{tmp_path}/file")
    assert "cannot be made: Not a directory" in refusal(f"sqlite:///{tmp_path}/file/data/rasad.db")
    assert "cannot be opened" in refusal(f"sqlite:///{tmp_path}")
    assert "in memory" in refusal("sqlite://")
    assert "must begin with sqlite:/// or postgresql://" in refusal("mysql://host/db")
    assert "must begin with sqlite:/// or postgresql://" in refusal("rasad.db")


def test_an_unreachable_server_is_told_without_its_password() -> None:
    sentence = refusal("postgresql://rasad:canary@127.0.0.1:1/rasad")
    assert "nothing answers at that address" in sentence
    assert "canary" not in sentence


@contextmanager
def nobody() -> Iterator[None]:
    """Without root's right to write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_only_be_read_is_told() -> None:
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
        with nobody():
            assert "cannot be opened; check that its folder exists" in refusal(f"sqlite:///{folder}/rasad.db")
            assert "cannot be made: Permission denied" in refusal(f"sqlite:///{folder}/data/rasad.db")
        folder.chmod(stat.S_IRWXU)


def test_a_file_that_may_only_be_read_is_told() -> None:
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        Archive.open(f"sqlite:///{folder}/rasad.db").close()
        for path in (*folder.iterdir(), folder):
            path.chmod(0o555)
        with nobody(), pytest.raises(ArchiveError, match="is read-only"):
            archive = Archive.open(f"sqlite:///{folder}/rasad.db")
            try:
                with archive.writing() as conn:
                    editions.publish(conn, "x", START)
            finally:
                archive.close()
        folder.chmod(0o777)


def test_a_locked_archive_is_told(url: str, opened: Callable[[], Archive]) -> None:
    other = Archive.open(url, patience=SHORT)
    with opened().writing() as conn:
        lock(conn, JUDGING)
        with pytest.raises(ArchiveError, match="is locked by another process"), other.writing() as late:
            lock(late, JUDGING)
        with other.reading() as reader:
            assert editions.active(reader) is None
    other.close()


def test_what_is_raised_undoes_the_transaction(scene: Scene) -> None:
    with pytest.raises(KeyError), scene.archive.writing() as conn:
        conn.execute(insert(milestone).values(name="x", reached=START))
        raise KeyError
    assert scene.count("milestone") == 0


MOMENTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=MOMENTS)
def test_times_come_back_the_same_and_in_utc(scene: Scene, moment: datetime) -> None:
    with scene.archive.writing() as conn:
        conn.execute(milestone.delete())
        conn.execute(insert(milestone).values(name="x", reached=moment))
        found = conn.execute(select(milestone.c.reached).where(milestone.c.reached == moment)).scalar_one()
    assert found == moment
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(scene: Scene) -> None:
    naive = datetime(2026, 5, 14)  # noqa: DTZ001  that is the point
    with pytest.raises(StatementError, match="without a zone"), scene.archive.writing() as conn:
        conn.execute(insert(milestone).values(name="x", reached=naive))


def test_times_sort_by_time(scene: Scene) -> None:
    moments = [START + timedelta(microseconds=n) for n in (0, 1, 10, 999_999, 1_000_000)]
    with scene.archive.writing() as conn:
        for number, moment in enumerate(reversed(moments)):
            conn.execute(insert(milestone).values(name=str(number), reached=moment))
        assert list(conn.execute(select(milestone.c.reached).order_by(milestone.c.reached)).scalars()) == moments


def test_an_edition_has_one_number(scene: Scene) -> None:
    texts = ["a", "a", "b", "a", "a"]
    assert [scene.write(editions.publish, text, scene.now) for text in texts] == [1, 1, 2, 3, 3]
    assert scene.ask(editions.active) == 3


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_script_is_refused_in_one_sentence(server: Server, encoding: str) -> None:
    with server.database("template0", encoding=encoding) as url, pytest.raises(ArchiveError) as refused:
        Archive.open(url)
    assert f"is a database in {encoding}, not UTF8" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_an_archive_whose_file_is_taken_away_says_so(tmp_path: Path) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path}/rasad.db")
    assert archive.is_there()
    (tmp_path / "rasad.db").rename(tmp_path / "elsewhere.db")
    assert not archive.is_there()
    (tmp_path / "rasad.db").write_bytes(b"another one")
    assert not archive.is_there()
    archive.close()


def test_a_servers_database_is_always_there(scene: Scene) -> None:
    assert scene.archive.is_there()
