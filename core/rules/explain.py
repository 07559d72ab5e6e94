"""Why a name was or was not seen in an article, and why a rule was true or not: the engine's own grounds in words.

Decides nothing: what counts is asked of the same sightings and conditions that core.rules.match uses.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from core.model import Form, NameSet, Readable, Span, Topic
from core.names.meaning import NEARBY, Ground, Names, Sightings
from core.rules.compiler import Compiler
from core.rules.conditions import Found, Reading
from core.rules.lexicon import Document, Lexicon, Mention
from core.rules.patterns import name_entry
from core.rules.query import parse, render
from core.rules.syntax import And, Name, Node, children

DEEPEST = 3  # parts of parts of a rule that are told

Counts = Literal["yes", "no", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One mention: the form that found it, whether it counts, and why."""

    name: str
    span: Span
    form: str
    counts: Counts
    weak: bool  # it is a weak form that found it
    ground: str  # a key of GROUNDS: what made it count or not; "" where the form says all
    words: str = ""  # of the text, or the ids of rivals, that the ground speaks of

    @property
    def why(self) -> str:
        """The ground in English."""
        return ("a weak form" if self.weak else "a form") + GROUNDS[self.ground].format(words=self.words)


GROUNDS: Mapping[str, str] = {
    "": "",
    "full": ": the article names it in full: «{words}»",
    "context": ": the context «{words}» is near",
    "rank": ": a rank or title stands before it",
    "not": ", but it is part of «{words}», which is listed under not",
    "first name": ", but somebody else's first name stands before it",
    "rivals": " that rivals share ({words}), without the context of one",
    "inside": " inside a longer mention that counts",
    "date": " that is not valid on the article's date",
    "somebody else": ", but the article names only somebody else so",
    "rival near": ", but a rival's context is near or it is half of another word",
    "unlicensed": f" without a rank before it or a context within {NEARBY} words",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A rule or a part of it: whether it is true, the words that made it so, and what it consists of."""

    rule: str
    true: bool
    words: tuple[str, ...]
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one article: every mention of a name, and every rule under the id of its topic (levels as ID.LEVEL)."""

    mentions: tuple[Reason, ...]
    rules: Mapping[str, Part]


def explanation_record(found: Explanation) -> dict[str, Any]:
    """What `rasad match --explain` adds to its line."""
    mentions = [
        {
            "name": r.name,
            "span": [r.span.field, r.span.start, r.span.end],
            "form": r.form,
            "counts": r.counts,
            "why": r.why,
        }
        for r in found.mentions
    ]
    return {"mentions": mentions, "rules": {id_: _part_record(part) for id_, part in found.rules.items()}}


def _part_record(part: Part) -> dict[str, Any]:
    record: dict[str, Any] = {"rule": part.rule, "true": part.true}
    if part.words:
        record["words"] = list(part.words)
    if part.parts:
        record["parts"] = [_part_record(inner) for inner in part.parts]
    return record


class Explainer:
    """Names and topics ready to be explained. Raises QueryError like core.match.compile_rules."""

    def __init__(self, names: Mapping[str, NameSet], topics: Mapping[str, Topic]) -> None:
        self._sets = names
        self._lexicon = Lexicon()
        self._names = Names(names, self._lexicon)
        matches = {id_: parse(topic.match) for id_, topic in topics.items()}
        self._compiler = Compiler(self._lexicon, self._names, matches)
        levels = {f"{t.id}.{level}": parse(rule) for t in topics.values() for level, rule in t.levels.items()}
        self._rules = matches | levels
        self._compiled, self._beside = cache(self._compiler.compile), cache(self._compiler.beside)
        for tree in self._rules.values():
            self._compiled(tree)

    def explain(self, readable: Readable, topics: Collection[str] | None = None) -> Explanation:
        """Every mention, and the rules of these topics; of all of them without a choice."""
        document = self._lexicon.read(readable)
        sightings = self._names.sightings(document)
        reasons = (
            reason for id_ in self._names.possible(document) for reason in self._reasons(id_, sightings, document)
        )
        reading = Reading(document, sightings)
        rules = {
            id_: self._part(tree, reading, DEEPEST)
            for id_, tree in self._rules.items()
            if topics is None or id_.partition(".")[0] in topics
        }
        return Explanation(tuple(sorted(reasons, key=lambda reason: reason.span)), rules)

    # --- names -----------------------------------------------------------------------------------------------------

    def _reasons(self, id_: str, sightings: Sightings, document: Document) -> Iterator[Reason]:
        name, told = self._sets[id_], set[Mention]()
        for form, weak in (*((f, False) for f in name.forms), *((f, True) for f in name.weak)):
            for mention in self._mentions(form, sightings, document):
                if mention not in told:
                    told.add(mention)
                    counts, ground, words = self._verdict(id_, mention, form, weak, sightings, document)
                    yield Reason(id_, document.span(mention), form.text, counts, weak, ground, words)

    def _mentions(self, form: Form, sightings: Sightings, document: Document) -> list[Mention]:
        if form.text.startswith("@"):
            return list(sightings.of(form.text[1:]).sure)
        return document.mentions(self._lexicon.leaf(name_entry(form.text)))

    def _verdict(
        self, id_: str, mention: Mention, form: Form, weak: bool, sightings: Sightings, document: Document
    ) -> tuple[Counts, str, str]:
        """Whether it counts, the ground, and its words."""
        seen = sightings.of(id_)
        if mention in seen.sure:
            licence = sightings.licence(id_, mention) if weak else None
            return ("yes", *(_said(licence, document) if licence else ("", "")))
        if mention in seen.ambiguous:
            return "ambiguous", "rivals", ", ".join(self._sets[id_].rivals)
        if refusal := sightings.refusal(id_, mention):
            return ("no", *_said(refusal, document))
        return "no", self._against(id_, mention, form, weak, sightings, document), ""

    def _against(
        self, id_: str, mention: Mention, form: Form, weak: bool, sightings: Sightings, document: Document
    ) -> str:
        if any(mention.overlaps(other) for other in sightings.of(id_).sure):
            return "inside"
        if not _holds(form, document.readable):
            return "date"
        if not weak:
            return "somebody else"
        return "rival near" if sightings.licence(id_, mention) else "unlicensed"

    # --- rules -----------------------------------------------------------------------------------------------------

    def _part(self, node: Node, reading: Reading, depth: int) -> Part:
        return self._judged(node, self._compiled(node).find(reading), reading, depth)

    def _judged(self, node: Node, found: Found | None, reading: Reading, depth: int) -> Part:
        document = reading.document
        words = tuple(dict.fromkeys(_text(document, span) for span in document.spans(found))) if found else ()
        return Part(render(node), found is not None, words, tuple(self._parts(node, reading, depth)) if depth else ())

    def _parts(self, node: Node, reading: Reading, depth: int) -> Iterator[Part]:
        if isinstance(node, And):
            for index, part in enumerate(node.parts):  # beside its neighbours, a word may be half of another
                found = self._beside(node.parts, index).find(reading)
                yield self._judged(part, found, reading, depth - 1)
        elif not isinstance(node, Name):
            for part in children(node):
                yield self._part(part, reading, depth - 1)


def _holds(form: Form, readable: Readable) -> bool:
    if readable.published is None:
        return form.until is None
    return (form.since or readable.published) <= readable.published and not (
        form.until and readable.published >= form.until
    )


def _said(ground: Ground, document: Document) -> tuple[str, str]:
    return ground.kind, _text(document, document.span(ground.words)) if ground.words else ""


def _text(document: Document, span: Span) -> str:
    text: str = getattr(document.readable, span.field)
    return text[span.start : span.end]
