"""A topic that suddenly hits far too much is braked: the rest waits for a decision, and is never lost."""

import pytest

from archive import brake
from core.errors import InputError
from tests.archive.scene import Scene


def floods(scene: Scene, articles: int) -> None:
    """So many stories on one topic within minutes."""
    for number in range(articles):
        words = " ".join(f"{word}{number}" for word in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta"))
        scene.publishes("courier", f"Matter {number}", f"Qaani {words}")
        scene.later(seconds=30)


def test_what_goes_beyond_is_held_and_told_once(scene: Scene) -> None:
    scene.joins()
    floods(scene, brake.LEAST + 5)
    assert scene.states().count("new") == brake.LEAST
    assert scene.states().count("held") == 5
    (on,) = scene.ask(brake.present)
    assert (on.topic, on.held) == ("qaani", 5)
    for _ in range(2):
        scene.write(brake.look, admins=(1,), now=scene.now)
    assert scene.states().count("new") == brake.LEAST + 1, "the admin is told"


def test_what_is_breaking_is_counted_apart(scene: Scene) -> None:
    scene.joins()
    floods(scene, brake.LEAST + 2)
    scene.publishes("courier", "Qaani wounded", "Qaani theta iota kappa lambda mu nu xi")
    assert scene.states()[-3:] == ["held", "held", "new"]


def test_what_is_usual_is_never_braked(scene: Scene) -> None:
    scene.joins()
    scene.write(brake.expect, {"qaani": 10.0}, scene.now)
    floods(scene, brake.LEAST + 5)
    assert scene.ask(brake.present) == []


def test_released_it_is_one_digest(scene: Scene) -> None:
    scene.joins()
    floods(scene, brake.LEAST + 5)
    assert scene.write(brake.release, "qaani", scene.now) == 5
    assert scene.states().count("joined") == 5
    assert scene.ask(brake.present) == []
    scene.publishes("courier", "Another", "Qaani theta iota kappa lambda mu nu xi")
    assert scene.states()[-1] == "new", "the count begins anew"


def test_discarded_it_is_told_to_nobody(scene: Scene) -> None:
    scene.joins()
    floods(scene, brake.LEAST + 5)
    assert scene.write(brake.discard, "qaani", scene.now) == 5
    assert scene.states().count("cancelled") == 5
    with pytest.raises(InputError, match="topic qaani is not braked"):
        scene.write(brake.discard, "qaani", scene.now)


def test_undecided_it_goes_out_after_an_hour(scene: Scene) -> None:
    scene.joins()
    floods(scene, brake.LEAST + 2)
    scene.later(minutes=61)
    scene.write(brake.look, admins=(), now=scene.now)
    assert scene.states().count("joined") == 2
