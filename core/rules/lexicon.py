"""All word sequences that a set of rules asks for, and reading an article for them in one pass.

A trie of folded words. Each distinct word of a text is folded, stripped of its clitics and looked up once in the
life of a lexicon; after that a word that no rule asks for costs one dictionary lookup.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, compress
from typing import NamedTuple

from core.clitics import lookups, surfaces
from core.model import FIELDS, Readable, Span
from core.rules.patterns import CASED, EXACT, WILD, Sequence
from core.rules.wildcards import Wildcard
from core.text import ARTICLES, GLUE, LONGEST_COMPOUND, LONGEST_WORD, WORD, fold, fold_word, glued, spelling, trimmed

WILD_START = 3  # letters by which the patterns for a word are found
_SMALL_VOCABULARY = 1_000  # words
_LONGEST_MEMO = 300_000  # distinct words remembered before starting anew


class Mention(NamedTuple):
    """Words [start, end) of a zone: 0 title, 1 lead, 2 body."""

    zone: int
    start: int
    end: int

    def overlaps(self, other: "Mention") -> bool:
        return self.zone == other.zone and self.start < other.end and other.start < self.end

    def inside(self, other: "Mention") -> bool:
        """Whether the other is longer and covers this one."""
        return self != other and self.zone == other.zone and other.start <= self.start and self.end <= other.end

    def distance(self, other: "Mention") -> int | None:
        """Words between the two, 0 when they touch or overlap; None across zones."""
        if self.zone != other.zone:
            return None
        return max(self.start - other.end, other.start - self.end, 0)


class _Node:
    """A place in the trie: what ends here, and how it goes on."""

    __slots__ = ("children", "leaves")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.leaves: tuple[int, ...] = ()


_GLANCE, _GLANCED = 400, 1_200  # characters of a piece, of all pieces of a field
_FEW = 6  # words of a zone whose places are looked for one by one


class Document:
    """An article as the lexicon read it. `hits` maps a leaf to its mentions in the article's order."""

    def __init__(self, readable: Readable, zones: tuple[list[str], ...]) -> None:
        self.readable = readable
        self.zones = zones
        self.hits: dict[int, list[Mention]] = {}
        self._starts: dict[int, dict[int, int]] = {}
        self._every: dict[int, list[int]] = {}
        self._sentences: dict[int, list[int]] = {}
        self._spans: dict[Mention, Span] = {}
        self._spans_of: dict[tuple[int, ...], tuple[Span, ...]] = {}

    def mentions(self, leaf: int) -> list[Mention]:
        return self.hits.get(leaf, [])

    def start(self, zone: int, at: int) -> int:
        """Where a word of a zone begins in the original: for a few words each by itself, from then on for all.

        Looking for it again is exact: nothing of a word stands between words, so it stands in the text as often as in
        its words.
        """
        if (every := self._every.get(zone)) is not None:
            return every[at]
        starts = self._starts.setdefault(zone, {})
        if at not in starts:
            if len(starts) == _FEW:
                return self._every_start(zone)[at]
            words, find = self.zones[zone], getattr(self.readable, FIELDS[zone]).index
            word, end = words[at], 0
            for _ in range("\n".join(words[:at]).count(word) + 1):
                starts[at] = find(word, end)
                end = starts[at] + len(word)
        return starts[at]

    def end(self, zone: int, at: int) -> int:
        """Where it ends, glue and possessive included."""
        return self.start(zone, at) + len(self.zones[zone][at])

    def sentences(self, zone: int) -> list[int]:
        """The number of the sentence in which each word of a zone stands."""
        if zone not in self._sentences:
            self._every_start(zone)
            numbers = [0]
            for at, word in enumerate(self.zones[zone][:-1]):
                numbers.append(numbers[-1] + _ends_sentence(word, self.gap(zone, at, at + 1)))
            self._sentences[zone] = numbers
        return self._sentences[zone]

    def _every_start(self, zone: int) -> list[int]:
        """Where each word of a zone begins, one looked for behind the other."""
        starts, find, end = list[int](), getattr(self.readable, FIELDS[zone]).index, 0
        for word in self.zones[zone]:
            starts.append(start := find(word, end))
            end = start + len(word)
        self._every[zone] = starts
        return starts

    def span(self, mention: Mention) -> Span:
        """Without the half-space or possessive of its last word."""
        span = self._spans.get(mention)
        if span is None:
            zone, first, end = mention
            start = last = self.start(zone, first)
            if end > first + 1:
                last = self.start(zone, end - 1)
            span = self._spans[mention] = Span(FIELDS[zone], start, last + trimmed(self.zones[zone][end - 1]))
        return span

    def before(self, mention: Mention) -> str:
        """The character in front of a mention, empty at the beginning."""
        start = self.span(mention).start
        text: str = getattr(self.readable, FIELDS[mention.zone])
        return text[start - 1 : start] if start else ""

    def gap(self, zone: int, first: int, last: int) -> str:
        """The text between two words of a zone, the words between them included."""
        text: str = getattr(self.readable, FIELDS[zone])
        return text[self.end(zone, first) : self.start(zone, last)]

    def forms(self, mention: Mention) -> tuple[str, ...]:
        """The words of a mention as one, in the forms under which it is looked up."""
        return lookups("".join(map(fold, self.zones[mention.zone][mention.start : mention.end])))

    def spans_of(self, leaves: tuple[int, ...]) -> tuple[Span, ...]:
        """The spans of leaves that occur; made once, since many rules share a word."""
        spans = self._spans_of.get(leaves)
        if spans is None:
            each = [self.hits[leaf] for leaf in leaves]
            spans = self._spans_of[leaves] = self.spans(each[0] if len(each) == 1 else list(chain(*each)))
        return spans

    def spans(self, mentions: list[Mention] | tuple[Mention, ...]) -> tuple[Span, ...]:
        """The original's offsets, in its order, each place once: of mentions inside one another the longest."""
        if len(mentions) == 1:
            return (self._spans.get(mentions[0]) or self.span(mentions[0]),)
        kept: list[Mention] = []
        for mention in sorted(set(mentions)):
            if kept and kept[-1].zone == mention.zone and mention.end <= kept[-1].end:
                continue
            if kept and kept[-1][:2] == mention[:2]:
                kept.pop()
            kept.append(mention)
        return tuple(map(self.span, kept))


_SENTENCE_END = re.compile(r"[!?؟।\n]|\.(?=\s|$|[»”\"')])|[؛;]\s")


def _ends_sentence(word: str, gap: str) -> bool:
    """A full stop after an initial or a short title (U. S., Gen.) ends nothing."""
    abbreviated = word.isascii() and len(word) <= 3 and word[:1].isupper() and gap.startswith(".") and "\n" not in gap
    return bool(_SENTENCE_END.search(gap)) and not abbreviated


class _Start(NamedTuple):
    """Where a word leads from the root of the trie; `glued` when a half-space ties it to the next word."""

    nodes: tuple[_Node, ...]
    glued: bool
    ends: tuple[int, ...] | None  # the leaves of a word with which nothing goes on: most of them


class _Memo:
    """What was worked out about words of texts. Threads share it: entries are only added, and the whole is replaced."""

    __slots__ = ("barren", "keys", "seen", "starts")

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.starts: dict[str, _Start] = {}  # of those seen, the words that a rule may begin with
        self.keys: dict[str, tuple[str, ...]] = {}
        self.barren: set[str] = set()  # half-spaced pairs that answer to nothing


class Lexicon:
    """Grows while rules are compiled; afterwards it only reads."""

    def __init__(self) -> None:
        self.leaves: list[frozenset[Sequence]] = []
        self._known: dict[frozenset[Sequence], int] = {}
        self._root = _Node()
        self._vocabulary: set[str] = set()
        self._spelled = False  # whether a rule asks for spellings at all
        self._wild: dict[str, dict[str, Wildcard]] = {}  # by the first letters of what they match
        self._surfaces: frozenset[str] | None = None  # of a small vocabulary, every form that answers to it
        self._memo = _Memo()

    # --- compiling -----------------------------------------------------------------------------------------------

    def leaf(self, sequences: frozenset[Sequence]) -> int:
        """The number under which mentions of any of the sequences are found."""
        if sequences not in self._known:
            self._known[sequences] = len(self.leaves)
            self.leaves.append(sequences)
            for sequence in sequences:
                self._insert(sequence, self._known[sequences])
        return self._known[sequences]

    def seal(self) -> None:
        """To be called when compiling has ended. A small vocabulary is turned round: a search reads few texts, and

        to ask whether a form is among those that answer costs a tenth of asking which forms a word may answer to.
        """
        if len(self._vocabulary) <= _SMALL_VOCABULARY and not self._spelled and not self._wild:
            self._surfaces = frozenset(form for key in self._vocabulary for form in surfaces(key)) | ARTICLES | {""}

    def _insert(self, sequence: Sequence, leaf: int) -> None:
        node = self._root
        for key in sequence:
            node = node.children.setdefault(key, _Node())
            if key not in self._vocabulary:
                self._admit(key)
        node.leaves += (leaf,)

    def _admit(self, key: str) -> None:
        self._vocabulary.add(key)
        if key[0] in (EXACT, CASED):
            self._spelled = True
        elif key[0] == WILD:
            wildcard = Wildcard(key[1:])
            start = wildcard.start[:WILD_START]
            self._wild.setdefault(start if len(start) == WILD_START else "", {})[key] = wildcard

    def cost(self, frequencies: Mapping[str, int]) -> Callable[[int], float]:
        """How often a leaf may be expected: as often as the rarest word of each of its sequences, taken together."""

        def word(key: str) -> float:
            return frequencies.get(key, 0) if frequencies else 100 / len(key) ** 2

        @cache
        def leaf(number: int) -> float:
            return sum(min(map(word, sequence)) for sequence in self.leaves[number])

        return leaf

    # --- reading -------------------------------------------------------------------------------------------------

    def read(self, readable: Readable) -> Document:
        """Every mention of every leaf in title, summary and text."""
        memo = self._memo
        if len(memo.seen) > _LONGEST_MEMO:
            memo = self._memo = _Memo()
        zones = tuple(WORD.findall(getattr(readable, field)) for field in FIELDS)
        document = Document(readable, zones)
        for zone, words in enumerate(zones):
            self._read(zone, words, memo, document.hits)
        for leaf, mentions in document.hits.items():
            if len(mentions) > 1:
                document.hits[leaf] = sorted(set(mentions))
        return document

    def glances(self, readable: Readable) -> Iterator[Iterable[int]]:
        """The leaves in pieces of the beginning of title, summary and text: some of what `read` finds, sooner."""
        for zone, field in enumerate(FIELDS):
            text: str = getattr(readable, field)
            for start in range(0, min(len(text), _GLANCED), _GLANCE):
                hits: dict[int, list[Mention]] = {}
                words = WORD.findall(text[start : start + _GLANCE])
                last = len(words) - (start + _GLANCE < len(text))  # what a cut goes through may be half a word
                self._read(zone, words[start > 0 : last], self._memo, hits)
                yield hits

    def _read(self, zone: int, words: list[str], memo: _Memo, hits: dict[int, list[Mention]]) -> None:
        if not memo.seen.issuperset(words):
            self._learn(words, memo)
        for first in compress(range(len(words)), map(memo.starts.__contains__, words)):
            start = memo.starts[words[first]]
            if start.ends is not None:
                mention = Mention(zone, first, first + 1)
                for leaf in start.ends:
                    hits.setdefault(leaf, []).append(mention)
                continue
            found = [(node, first + 1) for node in start.nodes]
            if start.glued and first + 1 < len(words) and words[first] + words[first + 1] not in memo.barren:
                found += self._joined(self._root, words, first, memo)
            while found:
                node, following = found.pop()
                if node.leaves:
                    mention = Mention(zone, first, following)
                    for leaf in node.leaves:
                        hits.setdefault(leaf, []).append(mention)
                if node.children and following < len(words):
                    word = words[following]
                    if memo.keys.get(word, _UNKNOWN) or word[-1] in GLUE:  # most words lead nowhere
                        found += self._through(node, words, following, memo)

    def _through(self, node: _Node, words: list[str], at: int, memo: _Memo) -> list[tuple[_Node, int]]:
        """The places of the trie that the word at a position leads to, each with the position after it."""
        word, children = words[at], node.children
        keys = self._look_up(word, memo)
        found = [] if children.keys().isdisjoint(keys) else [(children[k], at + 1) for k in keys if k in children]
        passed = 0
        while _PASSED_OVER in keys and passed < _MOST_PASSED_OVER and at + passed + 1 < len(words):
            passed += 1
            keys = self._look_up(words[at + passed], memo)
            found += [(children[k], at + passed + 1) for k in keys if k in children]
        if word[-1] in GLUE:
            found += self._joined(node, words, at, memo)
        return found

    def _joined(self, node: _Node, words: list[str], at: int, memo: _Memo) -> list[tuple[_Node, int]]:
        """The same for the words that a half-space ties together here, as one."""
        found: list[tuple[_Node, int]] = []
        for whole, following in _wholes(words, at):
            keys = self._look_up(whole, memo)
            found += [(node.children[key], following) for key in keys if key in node.children]
            if not keys and not glued(whole) and following == at + 2:
                memo.barren.add(whole)
        return found

    def _learn(self, words: list[str], memo: _Memo) -> None:
        """Look each new word up: most begin nothing and cost one set membership from now on."""
        children = self._root.children
        new = set(words) - memo.seen
        if max(map(len, new)) > LONGEST_WORD:
            new = {word for word in new if len(word) <= LONGEST_WORD}
        memo.seen |= new
        if (surfaces_ := self._surfaces) is not None:
            tied = {word for word in new if glued(word)} if _holds_glue("".join(new)) else set()
            new = tied.union(compress(new, map(surfaces_.__contains__, map(fold_word, new))))
        for word in new:
            nodes = tuple(children[key] for key in self._look_up(word, memo) if key in children)
            if nodes or glued(word):
                goes_on = glued(word) or any(node.children for node in nodes)
                ends = None if goes_on else tuple(leaf for node in nodes for leaf in node.leaves)
                memo.starts[word] = _Start(nodes, glued(word), ends)

    def _look_up(self, word: str, memo: _Memo) -> tuple[str, ...]:
        """The keys of the vocabulary that a word answers to."""
        keys = memo.keys.get(word)
        if keys is None and len(word) > LONGEST_WORD:
            return ()
        if keys is None:
            form = fold(word)
            if self._surfaces is not None and form not in self._surfaces:
                return ()
            forms = lookups(form)
            asked = (*forms, *self._spellings(word), *self._patterns(forms))
            keys = tuple(key for key in dict.fromkeys(asked) if key in self._vocabulary)
            if not form or form in ARTICLES:
                keys += (_PASSED_OVER,)
            memo.keys[word] = keys
        return keys

    def _spellings(self, word: str) -> Iterator[str]:
        if self._spelled:
            plain = spelling(word)
            yield EXACT + plain.lower()
            yield CASED + plain

    def _patterns(self, forms: tuple[str, ...]) -> Iterator[str]:
        """The patterns that a word fits, found by its first letters; those without a start are tried on all words."""
        if self._wild:
            for form in forms:
                for start in {form[:WILD_START], ""}:
                    yield from (key for key, wild in self._wild.get(start, {}).items() if wild.matches(form))


def _holds_glue(text: str) -> bool:
    return any(map(text.__contains__, GLUE))


_UNKNOWN = ("",)  # stands for the keys of a word that was not looked up yet
_PASSED_OVER = ""  # the key of what stands between words and is none: al-, a lone tatweel
_MOST_PASSED_OVER = 3  # of them in a row


def _wholes(words: list[str], position: int) -> Iterator[tuple[str, int]]:
    """The half-spaced words that begin here, as one."""
    whole, last = words[position], position + LONGEST_COMPOUND - 1
    while glued(whole) and position + 1 < len(words) and position < last:
        position += 1
        whole += words[position]
        yield whole, position + 1
