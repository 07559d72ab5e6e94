"""Whatever fails and whenever: nothing is half-written, and the next try succeeds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from archive.asking import articles_with
from core.model import Draft
from core.rules.candidates import AnyOf, Word
from tests.archive.scene import REPORT_EN, WEATHER_EN, Scene, page


class DiskFullError(Exception):
    """What the n-th statement raises."""


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """The statement `number` (from 1) of whatever connection fails; yields the statements that came."""
    statements: list[str] = []

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)
        if len(statements) == number:
            raise DiskFullError

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def indexed(scene: Scene) -> set[int]:
    """The articles that the full-text index finds."""
    wanted = AnyOf((Word(("cabinet",)), Word(("dust",))))
    return set(scene.ask(lambda conn: [each for ids in articles_with(conn, wanted) for each in ids]))


def new(_: Draft, fresh: Draft) -> Draft:
    return replace(fresh, text=f"{WEATHER_EN} The cabinet will meet Qaani.", aliases=("https://courier.example/a",))


def copy(_: Draft, fresh: Draft) -> Draft:
    return replace(fresh, source="gazette")


def revision(known: Draft, _: Draft) -> Draft:
    return replace(known, title="Qaani, again", text=f"{WEATHER_EN} Badr Organization.", listing="changed")


def seen_again(known: Draft, _: Draft) -> Draft:
    return replace(known, url="https://courier.example/moved", listing="changed")


@pytest.mark.parametrize(
    ("arrives", "action"), [(new, "new"), (copy, "copy"), (revision, "revision"), (seen_again, "known")]
)
def test_no_statement_of_record_leaves_half(
    scene: Scene, arrives: Callable[[Draft, Draft], Draft], action: str
) -> None:
    scene.joins(1)
    scene.joins(2, topics=["badr"])
    known = scene.draft(text=REPORT_EN)
    scene.admit(known, page=page())
    draft = arrives(known, scene.draft(text=REPORT_EN))
    before = (scene.census(), scene.article(known.url), indexed(scene))
    number = 0
    while True:
        number += 1
        with failing_at(number) as statements:
            try:
                verdict = scene.admit(draft, page=page(b"other bytes"))
                break
            except DiskFullError:
                pass
        assert (scene.census(), scene.article(known.url), indexed(scene)) == before
    assert (
        verdict.action
        == {"new": "new", "copy": "copy", "revision": "revision", "seen_again": "known"}[arrives.__name__]
    )
    assert number >= len(statements) + 1 >= 8  # after some of the failures the live stories are read again
    assert (scene.census(), scene.article(known.url), indexed(scene)) != before or verdict.action == "known"
    assert scene.admit(draft).action == "known"
