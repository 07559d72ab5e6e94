"""How close the live legs of different languages are: for each pair of legs the two best pairs of their articles.

Pure bookkeeping, kept up as articles arrive, so that nobody has to compare whole legs again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Bond(NamedTuple):
    """How close two articles are, the lower id first: told twice it counts once."""

    score: float
    one: int
    other: int


Best = tuple[Bond, ...]
"""Up to two bonds, closest first."""

NOBODY: Mapping[int, Best] = {}


class Bonds:
    """Symmetric: what is told of legs (a, b) holds for (b, a)."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Best]] = {}

    def tell(self, leg: int, other: int, bonds: Iterable[Bond]) -> None:
        """Articles of two legs were compared."""
        held = self._of.get(leg, NOBODY).get(other, ())
        best = tuple(sorted({*held, *bonds}, reverse=True)[:2])
        self._of.setdefault(leg, {})[other] = best
        self._of.setdefault(other, {})[leg] = best

    def of(self, leg: int) -> Mapping[int, float]:
        """The mean of the two best scores with each other leg; the one where there is but one."""
        return {
            other: sum(bond.score for bond in best) / len(best)
            for other, best in self._of.get(leg, NOBODY).items()
            if best
        }

    def unite(self, kept: int, gone: int) -> None:
        """What held for one leg now holds for the other."""
        for other, best in list(self._of.get(gone, NOBODY).items()):
            if other != kept:
                self.tell(kept, other, best)
        self.drop(gone)

    def drop(self, leg: int) -> None:
        for other in self._of.pop(leg, {}):
            del self._of[other][leg]
