"""An edit, word by word: nothing lost, nothing made up, in any script and at any length."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worddiff import Change, diff

TEXT = st.text(max_size=200) | st.lists(st.sampled_from(["a", "b", " ", "قاآني", "قاآنی\u200cها", ".", "\n"])).map(
    "".join
)


def told(old: str, new: str) -> str:
    """The edit as one line: [removed] {added}."""
    signs = {"same": "{}", "removed": "[{}]", "added": "{{{}}}"}
    return "".join(signs[change.kind].format(change.text) for change in diff(old, new))


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    changes = diff(old, new)
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new
    assert all(change.text for change in changes)
    assert all(one.kind != other.kind for one, other in pairwise(changes))


@given(TEXT)
def test_the_same_text_is_one_stretch(text: str) -> None:
    assert diff(text, text) == [Change("same", text)] * bool(text)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Three killed in Baghdad", "Five killed in Baghdad", "[Three]{Five} killed in Baghdad"),
        ("He came.", "He came to Basra.", "He came{ to Basra}."),
        ("one two", "three four", "[one two]{three four}"),
        ("مقتل قاآني في بغداد", "إصابة قاآني في بغداد", "[مقتل]{إصابة} قاآني في بغداد"),
        ("سردار قاآنی به بغداد رفت", "قاآنی به بغداد می\u200cرود", "[سردار ]قاآنی به بغداد [رفت]{می\u200cرود}"),
        ("قُتل قائد", "قُتلت قائدة", "[قُتل قائد]{قُتلت قائدة}"),  # vowel signs do not tear a word
    ],
)
def test_an_edit_reads_as_a_person_would_mark_it(old: str, new: str, shown: str) -> None:
    assert told(old, new) == shown


def test_a_moved_paragraph_leaves_the_rest_in_place() -> None:
    parts = [" ".join(f"w{part}x{n}" for n in range(300)) for part in range(4)]
    changes = diff(" ".join(parts), " ".join((parts[0], parts[2], parts[1], parts[3])))
    same = sum(len(change.text) for change in changes if change.kind == "same")
    assert same > 0.7 * len(" ".join(parts))


@pytest.mark.parametrize("word", ["w{} ", "same "], ids=["every word once", "one word for ever"])
def test_a_long_text_takes_memory_in_proportion_to_it(word: str) -> None:
    old = "".join(word.format(n) for n in range(6_000))
    new = old[: len(old) // 2].replace("w7", "v7") + "an edit in the middle " + old[len(old) // 2 :]
    tracemalloc.start()
    changes = diff(old, new)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert peak < 150 * len(old)
