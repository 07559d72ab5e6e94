"""Old stories go with their evidence; what is young, awaited or annotated stays, and nothing comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from archive import annotations, articles, evidence
from archive.identity import unseen
from archive.prune import Pruned, count, prune
from archive.search import search
from core.model import Draft
from core.rules.match import compile_query
from tests.archive.scene import NAMES, RUMOUR_FA, WEATHER_EN, Scene, page


def nobody(_done: float) -> None:
    """Who watches the progress."""


def old(scene: Scene, text: str, body: bytes = b"<html>old</html>", outlet: str = "courier") -> Draft:
    draft = scene.draft(outlet, text=text)
    scene.admit(draft, page=page(body, draft.url))
    return draft


def lets_go(scene: Scene, days: int = 30) -> Pruned:
    before = scene.now - timedelta(days=days)
    expected = scene.ask(count, before)
    gone = prune(scene.archive, before, progress=nobody)
    assert (gone.stories, gone.articles) == expected
    return gone


def test_an_old_story_goes_with_its_evidence_and_is_not_found(scene: Scene) -> None:
    old(scene, WEATHER_EN)
    scene.later(days=40)
    young = old(scene, RUMOUR_FA, b"<html>young</html>")
    gone = lets_go(scene)
    assert gone == Pruned(1, 1, 1)
    assert [each.url for each in scene.ask(lambda conn: list(articles.export(conn)))] == [young.url]
    assert scene.ask(search, compile_query("dust", NAMES)) == []
    assert scene.ask(evidence.stored)[0] == 1
    assert lets_go(scene) == Pruned(0, 0, 0)


def test_listed_again_it_is_not_new(scene: Scene) -> None:
    gone = old(scene, WEATHER_EN)
    scene.later(days=40)
    assert lets_go(scene).articles == 1
    again = Draft("courier", "https://courier.example/other", "Other", guid=gone.guid)
    elsewhere = Draft("gazette", gone.url.replace("https", "http"), gone.title)
    new = Draft("gazette", "https://gazette.example/new", "New", guid=gone.guid)
    assert scene.ask(unseen, "courier", [gone, again]) == []
    assert scene.ask(unseen, "gazette", [elsewhere, new]) == [new]
    assert scene.ask(articles.unknown, "courier", [gone, again]) == []


def test_a_document_that_another_needs_stays(scene: Scene) -> None:
    old(scene, WEATHER_EN, b"<html>shared</html>")
    scene.later(days=40)
    old(scene, RUMOUR_FA, b"<html>shared</html>")
    assert lets_go(scene) == Pruned(1, 1, 0)


@pytest.mark.parametrize("reason", ["young copy", "annotation", "message"])
def test_a_story_stays_as_long_as_somebody_needs_it(scene: Scene, reason: str) -> None:
    if reason == "message":
        scene.joins()
    draft = old(scene, RUMOUR_FA if reason == "message" else WEATHER_EN)
    if reason == "annotation":
        scene.write(note, scene.article(draft.url).id, scene)
    scene.later(days=29)
    if reason == "young copy":
        scene.publishes("gazette", text=WEATHER_EN)
    scene.later(days=11)
    assert lets_go(scene).articles == 0
    assert scene.count("article") == (2 if reason == "young copy" else 1)


def note(conn: Any, article: int, scene: Scene) -> None:
    annotations.add(conn, article, account="layla", kind="note", text="Keep", now=scene.now)
