"""What is allowed in a rule but hardly meant. Warns; never refuses and never changes a meaning."""

from collections.abc import Iterator
from typing import NamedTuple

from core.rules.query import render
from core.rules.syntax import And, Node, Or, Phrase, Place, Term, children
from core.text import fold, tokenise

# Words that stand in almost every text, in their own spelling: what a rule's word must not turn into by folding.
_COMMON_WORDS = """
علي على إلى إلا ألا أن إن أو أي أم لا ما من في عن مع كل قد هو هي هم ذا ثم لم لن بل كان قال بعد قبل بين حتى هذا هذه ذلك
التي الذي كما عند أمام منذ حول خلال ضد غير اليوم
از به در با که را است این آن هم تا بر یک برای شد کرد شده خود او ما نیز اما یا هر چه اگر پس بود گفت می
the a an of to in and or is are was for on with as by at it its from that this be has have said will not
"""
_OPERATORS = {word: word.upper() for word in ("and", "or", "not", "near", "And", "Or", "Not", "Near")} | {
    word: f"[{word}]" for word in ("و", "أو", "او", "یا", "ليس", "نه", "قرب", "نزدیک")
}

_COMMON = frozenset(map(fold, _COMMON_WORDS.split()))


class Remark(NamedTuple):
    """One sentence about a place in a rule."""

    at: Place
    message: str


def lint_form(text: str) -> tuple[Remark, ...]:
    """The warnings about an entry of a name set, which is no rule: a text, =this spelling, {This Spelling} or @name."""
    plain = not text.startswith(("@", "=", "{"))
    return tuple(_common_words(text, (1, 1))) if plain else ()


def lint(tree: Node) -> tuple[Remark, ...]:
    """The warnings about a rule, in the order of its text."""
    return tuple(sorted(_warnings(tree)))


def _warnings(node: Node) -> Iterator[Remark]:
    match node:
        case Or(parts):
            for part in parts:
                if isinstance(part, And) and not part.grouped:
                    yield Remark(part.at, f"AND binds before OR: write ({_shortened(render(part))}) if that is meant")
        case And(parts):
            yield from _operators_as_words(parts)
        case Term(text, at) if text not in _OPERATORS:
            yield from _common_words(text, at)
        case Phrase(text, slop, at) if slop:
            for word in text.split():
                yield from _common_words(word, at)
        case Phrase(text, _, at):
            yield from _common_words(text, at)
        case _:
            pass
    for part in children(node):
        yield from _warnings(part)


def _operators_as_words(parts: tuple[Node, ...]) -> Iterator[Remark]:
    """An operator in small letters, or an Arabic or Persian one without brackets, is a word to be looked for."""
    for part in parts:
        if isinstance(part, Term) and part.text in _OPERATORS:
            meant = _OPERATORS[part.text]
            yield Remark(part.at, f"{part.text!r} is looked for as a word; the operator is written {meant}")


def _shortened(rule: str) -> str:
    return rule if len(rule) <= 60 else f"{rule[:50].rstrip()} …"


def _common_words(text: str, at: Place) -> Iterator[Remark]:
    tokens = tokenise(text)
    if len(tokens) == 1 and tokens[0].form in _COMMON:
        yield Remark(at, f"{text!r} is read as {tokens[0].form!r}, which stands in almost every text")
    elif len(tokens) > 1 and all(token.form in _COMMON for token in tokens):
        yield Remark(at, f"{text!r} consists of very common words")
