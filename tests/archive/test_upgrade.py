"""A full archive of an earlier schema opens under the present one, and nothing is lost."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

import archive
from archive import articles, examination
from archive.database import Archive
from archive.engine import PATIENCE, connect
from archive.search import search
from core.rules.match import compile_query
from tests.archive.scene import NAMES, REPORT_EN, RUMOUR_FA, START, WEATHER_EN, Scene, rows

TEXTS = {1: REPORT_EN, 2: REPORT_EN, 3: RUMOUR_FA, 4: WEATHER_EN}
STORY_OF = {1: 1, 2: 1, 3: 2, 4: 3}  # story 2 is not that of article 2, which is a copy
NOW = "2026-05-14 06:30:00.000000"

SOURCE = """INSERT INTO source (id, name, state, kind, url, host, affiliation, owner, full_text, selectors, next_check,
    failures, reason, items, visits, channel_title, doubt) VALUES ('courier', 'The Courier', 'enabled', 'feed',
    'https://courier.example/atom', 'courier.example', 'exile', 'courier', true, '{}', :now, 0, '', 0, 3, '', '')"""
STORY = "INSERT INTO story (id, born) VALUES (:story, :now)"
ARTICLE = """INSERT INTO article (id, story, source, duplicate_of, arrival, edition, url, authors, published_raw,
    fetched, recorded, revision, revised, text_hash, content_hash, complete, title, summary, text)
    VALUES (:id, :story, 'courier', :copy, 'live', 1, :url, '[]', '', :now, :now, 1, :now, :url, :url, true, :title, '',
    :text)"""
ALERT = """INSERT INTO alert (story, subject, occasion, article, level, born)
    VALUES (:story, 'topic:qaani', 'first', :id, 'normal', :now)"""
SUBSCRIBER = """INSERT INTO subscriber (id, channel, chat, language, timezone, state, reason, follows_all, joined)
    VALUES (1, 'telegram', 7, 'ar', 'Asia/Baghdad', 'active', '', true, :now)"""
OUTBOX = """INSERT INTO outbox (subscriber, story, article, subject, occasion, level, priority, state, attempts, born,
    changed, reason) VALUES (1, :story, :id, 'topic:qaani', 'first', 'normal', 2, 'new', 0, :now, :now, '')"""


def fill(conn: Connection) -> None:
    """Four articles of three stories; two were alerted."""
    at = {"now": NOW}
    conn.execute(text(SOURCE), at)
    conn.execute(text(SUBSCRIBER), at)
    for story in (1, 2, 3):
        conn.execute(text(STORY), at | {"story": story})
    for id_, body in TEXTS.items():
        values: dict[str, Any] = at | {"id": id_, "story": STORY_OF[id_], "copy": 1 if id_ == 2 else None}
        values |= {"url": f"https://courier.example/{id_}", "title": f"Title {id_}", "text": body}
        conn.execute(text(ARTICLE), values)
        if id_ in (1, 3):
            conn.execute(text(ALERT), values)
            conn.execute(text(OUTBOX), values)
    if conn.dialect.name == "postgresql":
        for table in ("article", "story", "subscriber"):
            conn.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))


@pytest.fixture
def upgraded(empty_url: str) -> Any:
    """An archive that was filled at schema 0001 and had come to 0002."""
    engine = connect(empty_url, patience=PATIENCE)
    config = Config()
    config.set_main_option("script_location", str(Path(archive.__file__).parent / "migrations"))
    with engine.execution_options(writes=True).begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        fill(conn)
        command.upgrade(config, "0002")
    engine.dispose()
    opened = Archive.open(empty_url)
    yield opened
    opened.close()


def test_every_article_is_there_and_found(upgraded: Archive) -> None:
    with upgraded.reading() as conn:
        found = list(articles.export(conn))
        assert [(each.id, each.text, each.duplicate_of) for each in found] == [
            (id_, body, 1 if id_ == 2 else None) for id_, body in TEXTS.items()
        ]
        assert all(each.recorded == START for each in found)
        assert [each.article.id for each in search(conn, compile_query("@qaani", NAMES))] == [3, 2, 1]


def test_stories_have_the_ids_of_their_founders_and_alerts_follow(upgraded: Archive) -> None:
    with upgraded.reading() as conn:
        assert [each.story for each in articles.export(conn)] == [1, 1, 3, 4]
        assert rows(conn, "SELECT story, article FROM alert ORDER BY story") == [(1, 1), (3, 3)]
        assert rows(conn, "SELECT story, article FROM outbox ORDER BY story") == [(1, 1), (3, 3)]


def test_what_comes_after_goes_on_from_there(upgraded: Archive) -> None:
    scene = Scene(upgraded)
    new = scene.publishes("gazette", text=RUMOUR_FA)
    assert new.id == 5
    assert new.story == 5, "the old articles have no fingerprints yet: rasad restory makes them"


# --- archives of releases, as their own programs wrote them ---------------------------------------------------------

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("release", sorted(FIXTURES.glob("schema-*.db.gz")), ids=lambda file: file.name)
def test_the_archive_of_a_release_is_brought_here_whole(release: Path, tmp_path: Path) -> None:
    """Five imported lines in three scripts, one a copy, by the names and topics of their config."""
    database = tmp_path / "rasad.db"
    database.write_bytes(gzip.decompress(release.read_bytes()))
    former = release.name.removeprefix("schema-").removesuffix(".db.gz")
    for migrated_from in (former, None):
        opened = Archive.open(f"sqlite:///{database}")
        assert opened.migrated_from == migrated_from
        with opened.reading() as conn:
            found = list(articles.export(conn))
            assert [(each.id, each.duplicate_of) for each in found] == [
                (1, None),
                (2, 1),
                (3, None),
                (4, None),
                (5, None),
            ]
            assert {hit.topic for each in found[:4] for hit in each.matches.topics} == {"qaani"}
            assert {each.article.id for each in search(conn, compile_query("قاآني", NAMES))} == {3, 4}
            assert examination.broken(conn) == []
            assert examination.unindexed(conn) == 0
        opened.close()
