"""How close the live legs of different languages are: for each pair of legs the two best pairs of their articles.

Pure bookkeeping, kept up as articles arrive, so that nobody has to compare whole legs again.
"""

from collections.abc import Iterable, Mapping

Best = tuple[float, ...]
"""Up to two scores, highest first."""

NOBODY: Mapping[int, Best] = {}


class Bonds:
    """Symmetric: what is told of (a, b) holds for (b, a)."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Best]] = {}

    def tell(self, one: int, other: int, scores: Iterable[float]) -> None:
        """Articles of two legs were compared with these scores."""
        held = self._of.get(one, NOBODY).get(other, ())
        best = tuple(sorted((*held, *scores), reverse=True)[:2])
        self._of.setdefault(one, {})[other] = best
        self._of.setdefault(other, {})[one] = best

    def of(self, leg: int) -> Mapping[int, float]:
        """The mean of the two best scores with each other leg; the one where there is but one."""
        return {other: sum(best) / len(best) for other, best in self._of.get(leg, NOBODY).items() if best}

    def unite(self, kept: int, gone: int) -> None:
        """What held for one leg now holds for the other."""
        for other, best in list(self._of.get(gone, NOBODY).items()):
            if other != kept:
                self.tell(kept, other, best)
        self.drop(gone)

    def drop(self, leg: int) -> None:
        for other in self._of.pop(leg, {}):
            del self._of[other][leg]
