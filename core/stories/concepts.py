"""What a text speaks of, as ids that are the same in every language: from folded words to concepts. Pure.

A concept has words, prefixes and phrases for each language, and a word counts only in a text of that language:
Persian «مهر» is no Arabic word. Number words and digits are one concept (#12), and so is a name of the configuration
(@qaani) in all its spellings. It does not know what is news: weights are the caller's business.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from core.clitics import lookups
from core.errors import ConfigError, Fault
from core.model import NameSet
from core.rules.patterns import writings
from core.stories.numerals import number
from core.text import tokenise

T = TypeVar("T")

LANGUAGES = ("ar", "fa", "en")
NAME_KINDS = frozenset("clpow@")
"""First letters of the ids that name something: states, places, people, bodies, weapons, configured names."""

_SHORTEST_PREFIX = 2
_REMEMBERED = 200_000  # distinct words of a language


class Mention(NamedTuple):
    """A concept, and the word of the text at which it begins."""

    position: int
    concept: str


class _Phrase(NamedTuple):
    rest: tuple[str, ...]  # folded words after the first
    open: bool  # the last of them is a prefix
    concept: str


@dataclass(slots=True)
class _Forms:
    """The forms of one language."""

    words: dict[str, list[str]] = field(default_factory=dict)
    prefixes: dict[str, list[str]] = field(default_factory=dict)
    phrases: dict[str, list[_Phrase]] = field(default_factory=dict)  # by first word
    titles: dict[str, str] = field(default_factory=dict)  # by concept: its first form, as written
    memo: dict[str, tuple[tuple[str, ...], tuple[_Phrase, ...]]] = field(default_factory=dict)

    def add(self, form: str, concept: str) -> None:
        """Register a form as a lexicon writes it."""
        open_ = form.endswith("*")
        self.titles.setdefault(concept, form.rstrip("*"))
        words = tuple(token.form for token in tokenise(form.rstrip("*")))
        if len(words) == 1:
            _append(self.prefixes if open_ else self.words, words[0], concept)
        elif words:
            _append(self.phrases, words[0], _Phrase(words[1:], open_, concept))
            _append(self.prefixes if open_ else self.words, "".join(words), concept)  # خامنه‌ای is also written joined

    def of(self, word: str) -> tuple[tuple[str, ...], tuple[_Phrase, ...]]:
        """The concepts of a word on its own, and the phrases that may begin with it."""
        found = self.memo.get(word)
        if found is None:
            if len(self.memo) >= _REMEMBERED:
                self.memo.clear()
            variants = lookups(word)
            single = dict.fromkeys(concept for variant in variants for concept in self._single(variant))
            phrases = tuple(phrase for variant in variants for phrase in self.phrases.get(variant, ()))
            found = self.memo[word] = (tuple(single), phrases)
        return found

    def _single(self, word: str) -> Iterator[str]:
        yield from self.words.get(word, ())
        for length in range(_SHORTEST_PREFIX, len(word) + 1):
            yield from self.prefixes.get(word[:length], ())


class Concepts:
    """A compiled lexicon. Deterministic; the same words give the same concepts."""

    def __init__(self, forms: Mapping[str, _Forms]) -> None:
        self._forms = forms

    def find(self, words: Sequence[str], language: str | None) -> list[Mention]:
        """The mentions in folded words, in their order. An unknown language is taken for all of them."""
        spoken = (language,) if language is not None and language in self._forms else tuple(self._forms)
        found: dict[Mention, None] = {}
        for position, word in enumerate(words):
            value = number(word)
            if value is not None:
                found[Mention(position, f"#{value}")] = None
            for name in spoken:
                concepts, phrases = self._forms[name].of(word)
                for concept in concepts:
                    found[Mention(position, concept)] = None
                for phrase in phrases:
                    if _continues(words, position + 1, phrase):
                        found[Mention(position, phrase.concept)] = None
        return _named_once(found)

    def title(self, concept: str, language: str) -> str:
        """A word of a language for a concept, to be shown; of any language, or the number, where it has none."""
        held = (self._forms[name].titles.get(concept) for name in (language, *LANGUAGES) if name in self._forms)
        return next(filter(None, held), concept.lstrip("#@"))


def compile_concepts(text: str, names: Mapping[str, NameSet] | None = None, *, file: str = "concepts.txt") -> Concepts:
    """A lexicon from its text, with the sure forms of the configured names. Raises ConfigError with all faults."""
    forms = {language: _Forms() for language in LANGUAGES}
    faults = [fault for place, line in _lines(text) if (fault := _read(line, place, forms))]
    if faults:
        raise ConfigError(file, tuple(faults))
    for name in (names or {}).values():
        entries = (form.text for form in name.forms if not form.text.startswith("@"))
        for form in (writing for entry in entries for writing in writings(entry)):
            for spoken in forms.values():
                spoken.add(form, f"@{name.id}")
    return Concepts(forms)


def _named_once(found: Iterable[Mention]) -> list[Mention]:
    """A configured name stands for the person or body of the lexicon that the same word names."""
    mentions = list(found)
    configured = {mention.position for mention in mentions if mention.concept[0] == "@"}
    if not configured:
        return mentions
    return [each for each in mentions if each.position not in configured or each.concept[0] not in "po"]


def is_name(concept: str) -> bool:
    """Whether a concept names somebody or something, rather than tells what happens."""
    return concept[0] in NAME_KINDS


def _lines(text: str) -> Iterable[tuple[int, str]]:
    return ((place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#")


def _read(line: str, place: int, forms: Mapping[str, _Forms]) -> Fault | None:
    """Add a line's forms, or say what is wrong with it."""
    concept, *columns = (column.strip() for column in line.split("|"))
    if not concept or len(columns) != len(LANGUAGES):
        return Fault(place, 1, "a concept is written: id | Arabic | Persian | English", line)
    for language, column in zip(LANGUAGES, columns, strict=True):
        for form in filter(None, map(str.strip, column.split(","))):
            forms[language].add(form, concept)
    return None


def _continues(words: Sequence[str], start: int, phrase: _Phrase) -> bool:
    end = start + len(phrase.rest)
    if end > len(words):
        return False
    *middle, last = zip(words[start:end], phrase.rest, strict=True)
    said, wanted = last
    ends = said.startswith(wanted) if phrase.open else wanted in lookups(said)
    return ends and all(wanted in lookups(said) for said, wanted in middle)


def _append(forms: dict[str, list[T]], key: str, value: T) -> None:
    held = forms.setdefault(key, [])
    if value not in held:
        held.append(value)
