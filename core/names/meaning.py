"""Who is meant: a name's forms, its weak forms that need a rank or a context, its rivals, and what is somebody else.

    form      is the name wherever it stands, unless a `not` covers it and while its dates hold
    weak      is the name after a rank or title, near a context, or in an article that also names it in full
    rivals    share the surname: a weak form counts for the one whose context is there, else it is ambiguous

A name may contain others (forms = ["@asaib", …]); a circle of them is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Generic, NamedTuple, TypeVar

from core.model import Form, NameSet
from core.names.bearers import GIVEN, is_anothers, is_compound, titled
from core.rules.lexicon import Document, Lexicon, Mention
from core.rules.patterns import name_entry
from core.rules.refusals import refused
from core.rules.syntax import Place
from core.text import tokenise

T = TypeVar("T")

NEARBY = 25
"""Words between a weak form and the context that licenses it."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    """A leaf of the lexicon or the id of another name, with the days on which it holds."""

    of: T
    since: datetime | None
    until: datetime | None

    def holds(self, published: datetime | None) -> bool:
        """An undated article is taken for a current one: what has ended does not hold in it."""
        if published is None:
            return self.until is None
        return (self.since is None or self.since <= published) and (self.until is None or published < self.until)


@dataclass(frozen=True, slots=True)
class _Spellings:
    leaves: Mapping[int, tuple[_Entry[int], ...]]
    names: tuple[_Entry[str], ...]


@dataclass(frozen=True, slots=True)
class _Name:
    forms: _Spellings
    weak: _Spellings
    not_: _Spellings
    context: _Spellings
    rivals: tuple[str, ...]
    surnames: frozenset[str]  # its forms of one word; a vocabulary has none: «قتل» is nobody's family
    own: frozenset[str]  # folded words of its forms and contexts: among them the first names of the one who is meant


@dataclass(frozen=True, slots=True)
class Sighting:
    """The mentions of one name in one article, those that may be a rival's apart."""

    sure: tuple[Mention, ...] = ()
    ambiguous: tuple[Mention, ...] = ()


class Ground(NamedTuple):
    """What makes a mention count, or not: full | context | rank; not | first name. With the words that say so."""

    kind: str
    words: Mention | None = None


class Names:
    """The compiled name sets over a lexicon. Raises QueryError for an unknown @name or a circle."""

    def __init__(self, names: Mapping[str, NameSet], lexicon: Lexicon) -> None:
        _refuse_circles(names)
        self._names = {id_: _compile(name, names, lexicon) for id_, name in names.items()}
        self._named_by: dict[int, list[str]] = {}
        for id_ in (id_ for id_, name in names.items() if name.title):
            for leaf in self.leaves(id_):
                self._named_by.setdefault(leaf, []).append(id_)
        self._order = {id_: place for place, id_ in enumerate(names)}

    def require(self, id_: str, at: Place) -> None:
        """Raises QueryError at the place when there is no such name."""
        require(id_, self._names, at)

    def leaves(self, id_: str) -> tuple[int, ...]:
        """The leaves of which one must occur where the name is mentioned."""
        name = self._names[id_]
        own = dict.fromkeys((*name.forms.leaves, *name.weak.leaves))
        inner = (leaf for other in name.forms.names + name.weak.names for leaf in self.leaves(other.of))
        return tuple(own | dict.fromkeys(inner))

    def possible(self, document: Document) -> list[str]:
        """The names with a title that may be mentioned: a form or weak form occurs. In the configuration's order."""
        found = {id_ for leaf in document.hits for id_ in self._named_by.get(leaf, ())}
        return sorted(found, key=self._order.__getitem__)

    def sightings(self, document: Document) -> "Sightings":
        return Sightings(self._names, document)


class Sightings:
    """Who is mentioned in one article; each name is worked out once, when it is asked for."""

    def __init__(self, names: Mapping[str, _Name], document: Document) -> None:
        self._names = names
        self._document = document
        self._bare: dict[str, list[Mention]] = {}
        self._not: dict[str, list[Mention]] = {}
        self._full: dict[str, list[Mention]] = {}
        self._sightings: dict[str, Sighting] = {}

    def sure(self, id_: str) -> tuple[Mention, ...]:
        """The mentions of a name that may not be configured: none then."""
        return self.of(id_).sure if id_ in self._names else ()

    def of(self, id_: str) -> Sighting:
        if id_ not in self._sightings:
            self._sightings[id_] = self._sighting(id_)
        return self._sightings[id_]

    def _sighting(self, id_: str) -> Sighting:
        name = self._names[id_]
        inner = [self.of(other) for other in self._others(name.forms)]
        sure = [*self.full(id_), *(mention for sighting in inner for mention in sighting.sure)]
        doubtful: list[Mention] = [mention for sighting in inner for mention in sighting.ambiguous]
        for mention in self._weak(id_):
            mine = self.licence(id_, mention) is not None
            theirs = any(self.licence(rival, mention) for rival in name.rivals)
            if mine and not theirs:
                sure.append(mention)
            elif name.rivals and mine == theirs:
                doubtful.append(mention)
        return Sighting(tuple(sorted(set(sure))), tuple(sorted(set(doubtful))))

    def full(self, id_: str) -> list[Mention]:
        """Mentions by a form of its own or of a name it contains, without those that are somebody else."""
        if id_ not in self._full:
            forms = self._names[id_].forms
            inner = {mention for other in self._others(forms) for mention in self.full(other)}
            self._full[id_] = self._mine(id_, sorted({*self._own(forms), *inner}))
        return self._full[id_]

    def bare(self, id_: str) -> list[Mention]:
        """Mentions by a form, whoever is meant: what contexts and `not` of other names refer to."""
        if id_ not in self._bare:
            self._bare[id_] = self._hits(self._names[id_].forms)
        return self._bare[id_]

    def _weak(self, id_: str) -> list[Mention]:
        full = self.full(id_)
        hits = self._hits(self._names[id_].weak)
        weak = [mention for mention in hits if not any(mention.overlaps(other) for other in full)]
        return [mention for mention in self._mine(id_, weak, full) if not is_compound(self._document, mention)]

    def _hits(self, spellings: _Spellings) -> list[Mention]:
        others = (mention for other in self._others(spellings) for mention in self.bare(other))
        return sorted({*self._own(spellings), *others})

    def _own(self, spellings: _Spellings) -> Iterator[Mention]:
        published = self._document.readable.published
        for leaf in spellings.leaves.keys() & self._document.hits.keys():
            if any(entry.holds(published) for entry in spellings.leaves[leaf]):
                yield from self._document.hits[leaf]

    def _others(self, spellings: _Spellings) -> Iterator[str]:
        published = self._document.readable.published
        return (entry.of for entry in spellings.names if entry.holds(published))

    def _mine(self, id_: str, mentions: list[Mention], full: Sequence[Mention] = ()) -> list[Mention]:
        """The mentions without those that are somebody else.

        A bare surname is somebody else's too where the article names only him by first name and surname.
        """
        mine = [mention for mention in mentions if not self.refusal(id_, mention)]
        if len(mine) == len(mentions) or not all(self._surname(id_, mention) for mention in (*mine, *full)):
            return mine
        taken = set().union(*(self._document.forms(mention) for mention in mentions if mention not in mine))
        return [mention for mention in mine if taken.isdisjoint(self._document.forms(mention))]

    def refusal(self, id_: str, mention: Mention) -> Ground | None:
        """Why a mention is somebody else's: the `not` that covers it, or another's first name before it.

        A `not` inside a longer form of the name says nothing: the longer one is meant.
        """
        if id_ not in self._not:
            self._not[id_] = self._hits(self._names[id_].not_)
        for other in self._not[id_]:
            if mention.overlaps(other) and not other.inside(mention):
                return Ground("not", other)
        if self._surname(id_, mention) and is_anothers(self._document, mention, self._names[id_].own):
            return Ground("first name")
        return None

    def _surname(self, id_: str, mention: Mention) -> bool:
        """Whether a mention is one word of its name, however it is set."""
        return not self._names[id_].surnames.isdisjoint(self._document.forms(mention))

    def licence(self, id_: str, mention: Mention) -> Ground | None:
        """Why a weak mention is this name's: by the name in full, by a context, or by a rank where no rival is."""
        name = self._names[id_]
        if full := self.full(id_):
            return Ground("full", full[0])
        for context in self._hits(name.context):
            if _near(mention, context):
                return Ground("context", context)
        return Ground("rank") if not name.rivals and titled(self._document, mention) else None


def _near(mention: Mention, other: Mention) -> bool:
    distance = mention.distance(other)
    return distance is not None and distance <= NEARBY and not mention.overlaps(other)


# --- compiling -----------------------------------------------------------------------------------------------------


def _compile(name: NameSet, names: Mapping[str, NameSet], lexicon: Lexicon) -> _Name:
    def spellings(entries: Iterable[Form]) -> _Spellings:
        return _spellings(entries, lambda text: _leaf(text, lexicon))

    for other in (*references(name), *name.rivals):
        require(other, names)
    return _Name(
        forms=spellings(name.forms),
        weak=spellings(name.weak),
        not_=spellings(map(Form, name.not_)),
        context=spellings(map(Form, name.context)),
        rivals=name.rivals,
        surnames=frozenset(form for form in map(_one_word, name.forms + name.weak) if form and name.title),
        own=frozenset(token.form for text in _texts(name) for token in tokenise(text)),
    )


def _spellings(entries: Iterable[Form], leaf: Callable[[str], int]) -> _Spellings:
    own: dict[int, tuple[_Entry[int], ...]] = {}
    names: list[_Entry[str]] = []
    for entry in entries:
        if entry.text.startswith("@"):
            names.append(_Entry(entry.text[1:], entry.since, entry.until))
        else:
            found = _Entry(leaf(entry.text), entry.since, entry.until)
            own[found.of] = (*own.get(found.of, ()), found)
    return _Spellings(own, tuple(names))


def _leaf(text: str, lexicon: Lexicon) -> int:
    found = name_entry(text)
    if not found:
        raise refused("holds no word", text=text)
    return lexicon.leaf(found)


def _one_word(form: Form) -> str:
    """A form of one word as it is compared, half-spaces closed; empty when it has several."""
    tokens = tokenise(form.text.replace("al-", ""))
    several = (
        len(form.text.split()) > 1
        or "|" in form.text
        or form.text.startswith("@")
        or any(t.form in GIVEN for t in tokens[:-1])
    )
    return "" if several else "".join(token.form for token in tokens)


def _texts(name: NameSet) -> Iterator[str]:
    yield from (form.text for form in name.forms + name.weak)
    yield from name.context


def references(name: NameSet) -> tuple[str, ...]:
    """The names that a name set refers to with @."""
    texts = (*(form.text for form in name.forms + name.weak), *name.not_, *name.context)
    return tuple(text[1:] for text in texts if text.startswith("@"))


def require(id_: str, names: Mapping[str, object], at: Place = (1, 1)) -> None:
    """Raises QueryError with the nearest known name when there is no such name set."""
    if id_ not in names:
        nearest = get_close_matches(id_, names, 1)
        raise refused("no name", at, f"@{nearest[0]}" if nearest else None, text=id_)


def _refuse_circles(names: Mapping[str, NameSet]) -> None:
    """Only forms contain one another; `not` and `context` look at forms as they stand, so they may be mutual."""
    finished: set[str] = set()
    for id_ in names:
        _descend(id_, names, (), finished)


def _descend(id_: str, names: Mapping[str, NameSet], path: tuple[str, ...], finished: set[str]) -> None:
    if id_ in path:
        circle = " → ".join(f"@{name}" for name in (*path[path.index(id_) :], id_))
        raise refused("names in a circle", text=circle)
    if id_ in finished or id_ not in names:
        return
    for form in names[id_].forms + names[id_].weak:
        if form.text.startswith("@"):
            _descend(form.text[1:], names, (*path, id_), finished)
    finished.add(id_)
