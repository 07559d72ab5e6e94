"""One event, one story: over sources and languages, in whatever order its articles come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stories.bonds import Bond, Bonds
from core.stories.concepts import compile_concepts
from core.stories.fingerprints import own_words
from core.stories.kinship import across, kinship, within
from core.stories.pieces import Frequencies, Piece, piece, placed_concepts
from core.stories.story import LIVE, Link, Place, Stories

LEXICON = (Path(__file__).parents[3] / "lexicon" / "concepts.txt").read_text(encoding="utf-8")
CONCEPTS = compile_concepts(LEXICON)
NOON = datetime(2026, 5, 19, 12, tzinfo=UTC)

STRIKE_FA = "حمله پهپادی به فرودگاه اربیل؛ سه نفر زخمی شدند"
STRIKE_FA_2 = "سه زخمی در حمله پهپادی به فرودگاه اربیل عراق"
STRIKE_FA_3 = "منابع خبری: فرودگاه اربیل هدف حمله پهپادی قرار گرفت و سه نفر زخمی شدند"
STRIKE_AR = "هجوم بطائرة مسيرة على مطار أربيل وإصابة ثلاثة أشخاص"
STRIKE_AR_2 = "إصابة ثلاثة أشخاص في هجوم بمسيرة استهدف مطار أربيل"
STRIKE_EN = "Drone attack on Erbil airport wounds three"
TALKS_FA = "وزیر خارجه ترکیه برای گفتگو درباره گاز وارد بغداد شد"
TALKS_AR = "وزير الخارجية التركي يصل إلى بغداد لبحث ملف الغاز"
FLOOD_AR = "السيول تقطع الطريق بين دهوك وزاخو والدفاع المدني ينقذ عائلات"
FLOOD_FA = "سیلاب جاده دهوک به زاخو را بست و خانواده‌ها نجات یافتند"
NIGHT = (STRIKE_FA, STRIKE_AR, TALKS_FA, STRIKE_FA_2, TALKS_AR, FLOOD_AR, STRIKE_AR_2, FLOOD_FA)


def background() -> Iterator[tuple[str, str]]:
    """What else was in the news: it makes common words common."""
    places = {"ar": ["الموصل", "كركوك", "البصرة", "واسط"], "fa": ["تبریز", "اهواز", "شیراز", "مشهد"]}
    for count in range(240):
        yield "ar", f"أعلن مجلس {places['ar'][count % 4]} اليوم عن مشروع رقم {count} في المدينة على الطريق"
        yield "fa", f"شورای {places['fa'][count % 4]} امروز از طرح شماره {count} در شهر به مردم خبر داد و گفت شد"


def counted() -> Frequencies:
    frequencies = Frequencies()
    for language, text in background():
        words = own_words(text)
        frequencies.count(language, words, placed_concepts(words, language, CONCEPTS))
    return frequencies


FREQUENCIES = counted()


def language_of(text: str) -> str:
    if text.isascii():
        return "en"
    return "fa" if set(text) & set("پچژگکی") else "ar"


def weigh(article: int, text: str, *, minutes: float = 0) -> Piece:
    at = NOON + timedelta(minutes=minutes)
    return piece(article, language_of(text), at, own_words(text), (), CONCEPTS, FREQUENCIES)


class Desk:
    """Articles arrive one after another, a minute apart unless told otherwise."""

    def __init__(self) -> None:
        self.stories = Stories()
        self._count = 0

    def receives(self, text: str, *, minutes: float | None = None) -> Place:
        self._count += 1
        return self.stories.add(weigh(self._count, text, minutes=self._count if minutes is None else minutes))

    def story(self, place: Place) -> int:
        return self.stories.story_of(self.stories.leg_of[place.article])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_first_article_founds_a_story(desk: Desk) -> None:
    place = desk.receives(STRIKE_FA)
    assert (place.story, place.leg, place.sure, place.shared) == (1, 1, False, ())


def test_another_report_of_the_event_joins_it_and_says_why(desk: Desk) -> None:
    desk.receives(STRIKE_FA)
    place = desk.receives(STRIKE_FA_2)
    assert (place.story, place.sure) == (1, True)
    assert "w.drone" in place.shared or "l.erbil" in place.shared


def test_another_event_of_the_hour_does_not(desk: Desk) -> None:
    desk.receives(STRIKE_FA)
    assert desk.receives(TALKS_FA).story == 2


def test_arabic_and_persian_reports_become_one_story(desk: Desk) -> None:
    first, second = desk.receives(STRIKE_FA), desk.receives(STRIKE_AR)
    assert desk.story(first) == desk.story(second) == 1
    assert desk.stories.members(1) == (1, 2)


def test_english_is_linked_by_the_same_concepts(desk: Desk) -> None:
    desk.receives(STRIKE_FA)
    assert desk.receives(STRIKE_EN).story == 1


def test_each_event_of_two_languages_finds_its_own(desk: Desk) -> None:
    places = [desk.receives(text) for text in (STRIKE_FA, TALKS_FA, TALKS_AR, STRIKE_AR)]
    assert [desk.story(place) for place in places] == [1, 2, 2, 1]


def test_the_same_words_next_week_are_another_event(desk: Desk) -> None:
    desk.receives(STRIKE_FA, minutes=0)
    place = desk.receives(STRIKE_FA_2, minutes=7 * 24 * 60)
    assert place.story == 2


def test_a_link_gives_way_to_a_better_one(desk: Desk) -> None:
    """A reaction is linked for want of better; the event itself then takes its place."""
    desk.receives(STRIKE_FA)
    weaker = desk.receives("إدانة الهجوم بمسيرة على أربيل وإصابة أشخاص في بيان وزير الخارجية التركي في بغداد")
    better = desk.receives(STRIKE_AR)
    linked = desk.stories.links[1]
    assert list(linked) == [desk.stories.leg_of[better.article]]
    assert desk.stories.leg_of[weaker.article] in {better.leg, weaker.article}


def test_what_is_old_is_forgotten(desk: Desk) -> None:
    desk.receives(STRIKE_FA)
    desk.receives(STRIKE_AR)
    desk.stories.forget(NOON + LIVE + timedelta(hours=1))
    assert (desk.stories.legs, desk.stories.links, desk.stories.leg_of) == ({}, {}, {})


def test_a_restored_state_goes_on_where_it_was() -> None:
    """Pieces with their legs are all that an archive has to keep."""
    before, after = Desk(), Stories()
    for text in NIGHT:
        before.receives(text)
    for number, text in enumerate(NIGHT, 1):
        after.restore(weigh(number, text, minutes=number), before.stories.leg_of[number])
    new = weigh(99, STRIKE_FA_3, minutes=30)
    assert after.add(new).leg == before.stories.add(new).leg


def bridged() -> Stories:
    """Arabic and English reports that only a Persian one ties together."""
    stories = Stories()
    for number, text in enumerate((STRIKE_FA, STRIKE_AR, STRIKE_EN), 1):
        stories.restore(weigh(number, text, minutes=number), number)
    strict = Link(0.6, strict=True)
    stories.tie({(1, 2): strict, (1, 3): strict}, {})
    return stories


def test_a_story_outlives_the_leg_that_tied_it_together() -> None:
    stories = bridged()
    stories.take_out(1)
    assert [stories.story_of(leg) for leg in (2, 3)] == [1, 1]
    assert stories.take_changes().ruled == {(2, 3): True}


def test_a_ruling_holds_for_the_leg_into_which_another_is_merged() -> None:
    stories = Stories()
    for number, text in enumerate((STRIKE_FA, STRIKE_AR, STRIKE_FA_2), 1):
        stories.restore(weigh(number, text, minutes=number), number)
    stories.rule({(2, 3): False})
    assert stories.merge() == [(3, 1)]
    assert stories.story_of(1) != stories.story_of(2)
    assert stories.take_changes().ruled == {(1, 2): False}


def test_who_is_held_apart_does_not_meet_by_way_of_a_third() -> None:
    stories = bridged()
    stories.tie({(1, 2): Link(0.6, strict=True)}, {})
    stories.rule({(2, 3): False})
    stories.add(weigh(9, STRIKE_FA_2, minutes=9))
    assert stories.story_of(1) == stories.story_of(2) == 1
    assert stories.story_of(3) == 3


def test_small_legs_that_turn_out_to_be_one_are_merged() -> None:
    stories = Stories()
    stories.restore(weigh(1, STRIKE_FA), 1)
    stories.restore(weigh(2, STRIKE_FA_2, minutes=1), 2)
    stories.restore(weigh(3, STRIKE_AR, minutes=2), 3)
    assert stories.merge() == [(2, 1)]
    assert stories.leg_of == {1: 1, 2: 1, 3: 3}
    assert stories.story_of(3) == 1
    assert stories.merge() == []


def test_the_order_of_arrival_decides_nothing() -> None:
    """Four reports of two events, each with its time, in any order."""
    texts = dict(enumerate((STRIKE_FA, STRIKE_AR, TALKS_FA, TALKS_AR), 1))
    for order in permutations(texts):
        stories = Stories()
        for number in order:
            stories.add(weigh(number, texts[number], minutes=number))
        together = {number: frozenset(stories.members(stories.story_of(leg))) for number, leg in stories.leg_of.items()}
        assert together == {1: {1, 2}, 2: {1, 2}, 3: {3, 4}, 4: {3, 4}}


texts = st.sampled_from(NIGHT)


@given(texts, texts, st.floats(0, 5000))
def test_kinship_has_no_direction_and_fades(one: str, other: str, minutes: float) -> None:
    left, right, later = weigh(1, one), weigh(2, other), weigh(2, other, minutes=minutes)
    assert kinship(left, right) == kinship(right, left)
    assert 0 <= kinship(left, later) <= kinship(left, right) <= 1


def test_one_shared_concept_proves_nothing() -> None:
    assert across(weigh(1, "فرودگاه شهر"), weigh(2, "مطار البلدة")) == 0.0


def test_the_same_text_is_its_own_closest() -> None:
    assert within(weigh(1, STRIKE_FA), weigh(2, STRIKE_FA)) > within(weigh(1, STRIKE_FA), weigh(2, STRIKE_FA_2))


@given(st.lists(texts, max_size=25))
def test_every_live_article_stands_in_one_leg_of_its_language(arriving: list[str]) -> None:
    desk = Desk()
    for text in arriving:
        desk.receives(text)
    desk.stories.merge()
    held = [piece.article for leg in desk.stories.legs.values() for piece in leg.pieces]
    assert sorted(held) == sorted(desk.stories.leg_of)
    assert all(piece.language == leg.language for leg in desk.stories.legs.values() for piece in leg.pieces)
    for leg, others in desk.stories.links.items():
        assert all(desk.stories.links[other][leg] == link for other, link in others.items())


def test_bonds_keep_the_two_best() -> None:
    bonds = Bonds()
    bonds.tell(1, 2, [Bond(0.2, 11, 21), Bond(0.9, 11, 22)])
    bonds.tell(2, 1, [Bond(0.5, 12, 21), Bond(0.9, 11, 22)])
    assert bonds.of(1) == {2: 0.7} and bonds.of(2) == {1: 0.7}
    bonds.tell(3, 2, [Bond(0.1, 21, 31)])
    bonds.unite(1, 3)
    assert bonds.of(2) == {1: 0.7} and bonds.of(3) == {}
