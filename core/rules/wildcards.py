"""Wildcards of a term: `*` for any letters, `?` for one. Bounded by the length of a word; no regular expressions.

Patterns are folded like words. Enough letters must stand, or a pattern would mean half of the language.
"""

import re
from dataclasses import dataclass

from core.rules.refusals import refused
from core.text import LONGEST_WORD, fold

_TRAILING, _LEADING = 3, 4  # letters that must stand before, or after, the star


def has_wildcard(text: str) -> bool:
    """Whether a star or an question mark before a letter."""
    return bool(re.search(r"[^\W_]\*|\*[^\W_]|\?[^\W_]", text))


def fold_pattern(word: str) -> str:
    """The pattern with its letters folded. Raises QueryError when too little of it stands."""
    pattern = "".join(part if part in "*?" else fold(part) for part in re.split(r"([*?])", word))
    pattern = re.sub(r"\*[*?]*", "*", pattern)
    letters = len(pattern) - pattern.count("*") - pattern.count("?")
    wanted = _LEADING if pattern[:1] in "*?" else _TRAILING
    if letters < wanted or pattern.startswith("?"):
        raise refused("wildcard", text=word, count=wanted)
    if "*" in pattern[1:] and len(re.split(r"[*?]", pattern)[0]) < _TRAILING and not pattern.startswith("*"):
        raise refused("wildcard before", text=word, count=_TRAILING)
    return pattern


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A folded pattern. `start` is what every match begins with."""

    pattern: str

    @property
    def start(self) -> str:
        return re.split(r"[*?]", self.pattern)[0]

    def matches(self, form: str) -> bool:
        """Greedy with one point of return, as for file names: each star is widened only where the last one stood."""
        if len(form) > LONGEST_WORD:
            return False
        at, place, star, resumed = 0, 0, -1, 0
        while at < len(form):
            if place < len(self.pattern) and self.pattern[place] in ("?", form[at]):
                at, place = at + 1, place + 1
            elif place < len(self.pattern) and self.pattern[place] == "*":
                star, resumed, place = place, at, place + 1
            elif star >= 0:
                resumed += 1
                at, place = resumed, star + 1
            else:
                return False
        return self.pattern[place:].strip("*") == ""
