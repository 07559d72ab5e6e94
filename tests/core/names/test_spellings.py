"""Spellings of one name, and words that only look like it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names.spellings import one_edit_apart, skeleton, sounds_like, transliterations
from core.text import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qaani", "قاآني"),
        ("Ghaani", "قاآنی"),
        ("Qaani", "Ghaani"),
        ("Soleimani", "سليماني"),
        ("Suleimani", "Soleymani"),
        ("Khamenei", "خامنئي"),
        ("Sistani", "السيستاني"),
        ("Maliki", "المالكي"),
        ("Halbousi", "الحلبوسي"),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert sounds_like(fold(one), fold(other))
    assert sounds_like(fold(other), fold(one))


@pytest.mark.parametrize(
    ("one", "other"), [("Qaani", "كان"), ("Maliki", "milk"), ("Sistani", "سلطان"), ("Badr", "باب")]
)
def test_other_words_are_none(one: str, other: str) -> None:
    assert not sounds_like(fold(one), fold(other))


def test_transliterations_exchange_one_sound() -> None:
    assert {"qays", "kais", "ghais"} <= set(transliterations("Qais"))
    assert {"soleymani", "suleimani", "soleimany"} <= set(transliterations("Soleimani"))
    assert "qais" not in transliterations("Qais")


@given(st.text("abcdبپت", max_size=6), st.text("abcdبپت", max_size=6))
def test_one_edit_is_the_same_seen_from_either_side(one: str, other: str) -> None:
    assert one_edit_apart(one, other) == one_edit_apart(other, one)
    assert not one_edit_apart(one, one)
    assert one_edit_apart(one, one + "x")


@given(st.text(max_size=20))
def test_a_skeleton_never_repeats_a_sound(text: str) -> None:
    sounds = skeleton(fold(text))
    assert all(a != b for a, b in pairwise(sounds))
