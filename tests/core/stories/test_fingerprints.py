"""Which words of a text are its own, and under which hashes the archive finds those who share them."""

from hypothesis import given
from hypothesis import strategies as st

from core.stories.fingerprints import (
    BITS,
    FEWEST,
    LOOKED_UP,
    SHARE,
    enough_shared,
    fingerprints,
    line_keys,
    looked_up,
    own_words,
)

SIGNATURE = frozenset({"نبض النهر"})
words = st.lists(st.text("abcdeابپت", min_size=1, max_size=5), max_size=300)


def many(count: int, *, of: str = "w") -> list[str]:
    return [f"{of}{place}" for place in range(count)]


def test_addresses_and_handles_are_nobodys_words() -> None:
    assert own_words("افتتح المجلس الجسر\n@river_news https://t.me/river_news/12") == ("افتتح", "المجلس", "الجسر")


def test_a_channels_signature_is_dropped_from_the_end_only() -> None:
    text = "نبض النهر\nافتتح المجلس الجسر\nنبض النهر"
    assert own_words(text, SIGNATURE.__contains__) == ("نبض", "النهر", "افتتح", "المجلس", "الجسر")


def test_a_long_boilerplate_line_is_dropped_wherever_it_stands() -> None:
    advice = "برای دریافت خبرها برنامه را نصب کنید"
    text = f"پل تازه باز شد\n{advice}\nمردم از آن گذشتند"
    assert "نصب" not in own_words(text, frozenset(line_keys(advice)).__contains__)


def test_lines_are_counted_by_their_folded_words() -> None:
    assert list(line_keys("Read  MORE here\n\n  قناةُ النهر ")) == ["read more here", "قناه النهر"]


def test_spelling_makes_no_difference_to_fingerprints() -> None:
    one = own_words("أعلن المجلسُ افتتاح الجسر على نهر دجلة")
    other = own_words("اعلن المجلس إفتتاح الجسر على نهر دجله")
    assert fingerprints(one) == fingerprints(other)


@given(words)
def test_fingerprints_rise_and_are_as_many_as_promised(text: list[str]) -> None:
    found = fingerprints(text)
    shingles = len({tuple(text[place : place + 3]) for place in range(max(0, len(text) - 2))}) or bool(text)
    assert list(found) == sorted(set(found))
    assert len(found) == min(shingles, max(FEWEST, shingles // SHARE))
    assert all(0 <= value < 1 << BITS for value in found)


def test_the_order_of_words_makes_another_text() -> None:
    assert fingerprints(["a", "b", "c"]) != fingerprints(["c", "b", "a"])


@given(words, words)
def test_a_passage_is_found_wherever_it_stands(before: list[str], after: list[str]) -> None:
    """Of a passage's shingles the whole text keeps only such as the passage keeps by itself."""
    passage = many(100)
    whole = set(fingerprints([*(f"x{word}" for word in before[:140]), *passage, *(f"y{word}" for word in after[:140])]))
    shingles = {fingerprints(passage[place : place + 3])[0] for place in range(98)}
    assert whole & shingles <= set(fingerprints(passage))


def test_a_wire_report_inside_a_longer_piece_is_brought_up() -> None:
    report = many(120)
    longer = [*many(60, of="before"), *report, *many(100, of="after")]
    asked = fingerprints(longer)
    assert enough_shared(len(set(fingerprints(report)) & set(looked_up(asked))), len(longer))


def test_a_long_text_is_looked_up_by_a_quarter_of_its_hashes() -> None:
    asked = looked_up(fingerprints(many(3000)))
    assert asked and max(asked) < LOOKED_UP


def test_a_short_text_is_looked_up_by_all_of_them() -> None:
    prints = fingerprints(many(10))
    assert looked_up(prints) == prints
    assert enough_shared(1, 10)
    assert not enough_shared(1, 2000)


def test_a_text_without_words_has_none() -> None:
    assert fingerprints([]) == ()
    assert len(fingerprints(["عاجل"])) == 1
