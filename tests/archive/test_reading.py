"""What analysts write beside articles and keep for themselves."""

import pytest

from archive import annotations, saved_searches
from core.errors import InputError
from tests.archive.scene import Scene


def written(scene: Scene, article: int) -> list[tuple[str, str, str]]:
    return [(each.account, each.kind, each.text) for each in scene.ask(annotations.of_article, article)]


def test_annotations_stand_once_and_one_mark_takes_the_place_of_the_other(scene: Scene) -> None:
    it = scene.publishes()
    for kind, text in (
        ("star", "ignored"),
        ("star", ""),
        ("tag", "#سلاح  ودولة"),
        ("note", "call the\ndesk"),
        ("noise", ""),
        ("relevant", ""),
    ):
        scene.write(annotations.add, it.id, "layla", kind, text, scene.now)
    scene.write(annotations.add, it.id, "omar", "noise", "", scene.now)
    assert written(scene, it.id) == [
        ("layla", "star", ""),
        ("layla", "tag", "سلاح ودولة"),
        ("layla", "note", "call the\ndesk"),
        ("layla", "relevant", ""),
        ("omar", "noise", ""),
    ]


@pytest.mark.parametrize(("kind", "text"), [("tag", " # "), ("tag", "x" * 61), ("note", ""), ("note", "x" * 4001)])
def test_what_says_nothing_or_too_much_is_refused(scene: Scene, kind: annotations.Kind, text: str) -> None:
    it = scene.publishes()
    with pytest.raises(InputError):
        scene.write(annotations.add, it.id, "layla", kind, text, scene.now)


def test_everybody_takes_away_their_own(scene: Scene) -> None:
    it = scene.publishes(title="Kept")
    scene.write(annotations.add, it.id, "layla", "tag", "desk", scene.now)
    (tag,) = scene.ask(annotations.kept, "layla")
    assert (tag.title, tag.annotation.text) == ("Kept", "desk")
    assert not scene.write(annotations.remove, it.id, "omar", tag.annotation.id)
    assert scene.write(annotations.remove, it.id, "layla", tag.annotation.id)
    assert written(scene, it.id) == []


def test_searches_are_kept_by_account_and_name(scene: Scene) -> None:
    scene.write(saved_searches.save, "layla", "desk", "@qaani", scene.now)
    scene.write(saved_searches.save, "layla", "desk", "@qaani NOT @badr", scene.now)
    scene.write(saved_searches.save, "omar", "", "قاآني", scene.now)
    (mine,) = scene.ask(saved_searches.of_account, "layla")
    assert (mine.name, mine.query) == ("desk", "@qaani NOT @badr")
    (his,) = scene.ask(saved_searches.of_account, "omar")
    assert his.name == "قاآني"
    assert not scene.write(saved_searches.remove, "layla", his.id)
    assert scene.write(saved_searches.remove, "omar", his.id)
    assert scene.ask(saved_searches.get, his.id) is None
    assert scene.ask(saved_searches.get, mine.id) == mine


def test_an_account_keeps_so_many_searches(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_searches, "MOST", 2)
    for name in "ab":
        scene.write(saved_searches.save, "layla", name, "qaani", scene.now)
    with pytest.raises(InputError):
        scene.write(saved_searches.save, "layla", "c", "qaani", scene.now)
    scene.write(saved_searches.save, "layla", "a", "badr", scene.now)
