"""Which story an article belongs to: one pass in order of arrival, over sources and languages. Pure.

A story has at most one *leg* per language. An article joins the leg that it is closest to, or founds one; small legs
of a language that turn out to be one are merged now and then. Legs of two languages are *linked* when each is the
other's best. A link may be wrong and is undone when a better one appears, so only a strict link makes two legs one
story; below that they are related: shown together, and each alerts by itself.

Nothing is hidden here: `Place` says where an article stands and how sure that is. The state is explicit; an archive
that keeps it in tables stores, per live article, its piece (words, concepts, time, language) and its leg, and per pair
of linked legs the score and whether it is strict; the rest is worked out again by adding the pieces with their legs
(`restore`). What is older than LIVE can be dropped at any time.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest

from core.stories.bonds import Bonds
from core.stories.holders import Holders
from core.stories.kinship import across, within
from core.stories.pieces import Piece
from core.stories.shared_terms import shared_terms

LIVE = timedelta(hours=72)
JOIN = 0.36  # kinship with a leg, by which an article belongs to it
SURE = 0.43  # and by which it may stay silent
RELATED = 0.28  # kinship of two legs that are shown together
LINKED = 0.40  # and that are one story
AHEAD = 1.05  # how far the best leg must be ahead of the runner-up
MERGE = 0.32  # mean kinship of all articles of two legs of a language that are one
SMALL = 6  # articles of a leg that may be merged into another

RECENT = 12  # articles of a leg that stand for all of it


@dataclass(slots=True)
class Leg:
    """The live articles of one language on one event, in order of arrival. Its id is that of its first article."""

    id: int
    language: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """Two legs of different languages that are each other's best."""

    score: float
    strict: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands.

    `story` is the id of the first leg of its story. `sure`: an alert of that story may stand for one of this article.
    `related`: other stories that tell of the same, not surely.
    """

    article: int
    leg: int
    story: int
    sure: bool
    score: float  # kinship with its leg; 1 for the first of it
    related: tuple[int, ...] = ()
    shared: tuple[str, ...] = ()  # words and concepts that it shares with its leg, most telling first


class Stories:
    """The live stories. Not for use by several threads."""

    def __init__(self) -> None:
        self.legs: dict[int, Leg] = {}
        self.links: dict[int, dict[int, Link]] = {}  # leg → leg, both ways
        self.leg_of: dict[int, int] = {}  # article → leg
        self._pieces: dict[int, Piece] = {}
        self._holders = Holders()
        self._bonds = Bonds()
        self._near: dict[int, set[int]] = {}  # legs that grew since the last merge → legs that may be one with them

    def add(self, piece: Piece) -> Place:
        """Assign an article that arrives now. Its own time decides how much is left of a kinship."""
        close = self._close_legs(piece)
        score, nearest = max(close, default=(0.0, 0))
        founded = score < JOIN
        leg = Leg(piece.article, piece.language) if founded else self.legs[-nearest]
        self._note_near(leg.id, close)
        shared = shared_terms(piece, leg.pieces)
        self._enter(piece, leg)
        self._relink(leg)
        story = self.story_of(leg.id)
        sure = story != piece.article and (founded or score >= SURE)
        return Place(piece.article, leg.id, story, sure, 1.0 if founded else score, self.related(leg.id), shared)

    def restore(self, piece: Piece, leg: int) -> None:
        """Enter an article whose leg is known: from the archive, or because an analyst said so."""
        self._note_near(leg, self._close_legs(piece))
        self._enter(piece, self.legs.get(leg) or Leg(leg, piece.language))

    def story_of(self, leg: int) -> int:
        """The story of a leg: the first of all legs that strict links tie to it."""
        return min(self._tied(leg), key=lambda id_: (self.legs[id_].pieces[0].at, id_))

    def related(self, leg: int) -> tuple[int, ...]:
        """The stories that a leg is linked to without being one with them."""
        own = self.story_of(leg)
        return tuple(sorted({self.story_of(other) for other in self.links.get(leg, ())} - {own}))

    def members(self, story: int) -> tuple[int, ...]:
        """The live articles of a story in order of time."""
        pieces = [piece for leg in self._tied(story) for piece in self.legs[leg].pieces]
        return tuple(piece.article for piece in sorted(pieces, key=lambda piece: (piece.at, piece.article)))

    def merge(self) -> list[tuple[int, int]]:
        """Unite small legs that turn out to be one; (gone, kept) for each. To be called every hundred articles or so.

        A merge comes after the alerts: it groups, and silences nothing.
        """
        near, self._near, done = self._near, {}, []
        for id_ in sorted(near):
            leg = self.legs.get(id_)
            other = self._twin(leg, near[id_]) if leg is not None and len(leg.pieces) <= SMALL else None
            if leg is not None and other is not None:
                kept, gone = sorted((leg, other), key=lambda one: (one.pieces[0].at, one.id))
                self._unite(kept, gone)
                done.append((gone.id, kept.id))
        return done

    def forget(self, now: datetime) -> None:
        """Drop what is no longer live."""
        for article in [article for article, piece in self._pieces.items() if now - piece.at > LIVE]:
            self._drop(article)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _close_legs(self, piece: Piece) -> list[tuple[float, int]]:
        """Legs of the article's language that may be close: the mean of the two closest articles, and the id negated.

        So the highest pair is the closest leg, and of equals the oldest.
        """
        return [
            (self._kinship(piece, self.legs[id_], articles), -id_)
            for id_, articles in self._candidate_legs(piece, piece.language).items()
        ]

    def _kinship(self, piece: Piece, leg: Leg, articles: list[int]) -> float:
        """The mean of the two best scores with a leg's articles, of which those given promise most."""
        scores = nlargest(2, (within(piece, self._pieces[article]) for article in articles))
        if len(scores) == 1 and len(leg.pieces) > 1:
            others = (other for other in _recent(leg) if other.article not in articles)
            scores.append(max((within(piece, other) for other in others), default=0.0))
        return sum(scores) / len(scores)

    def _note_near(self, leg: int, close: list[tuple[float, int]]) -> None:
        """Remember which legs `merge` has to look at."""
        for score, id_ in close:
            if score >= MERGE / 2:
                self._near.setdefault(leg, set()).add(-id_)
                self._near.setdefault(-id_, set()).add(leg)

    def _candidate_legs(self, piece: Piece, language: str) -> dict[int, list[int]]:
        """The legs of a language that may be close, with those of their articles that may."""
        legs: dict[int, list[int]] = {}
        for article in self._holders.candidates(piece, language):
            legs.setdefault(self.leg_of[article], []).append(article)
        return legs

    def _enter(self, piece: Piece, leg: Leg) -> None:
        self.legs[leg.id] = leg
        leg.pieces.append(piece)
        self._pieces[piece.article] = piece
        self.leg_of[piece.article] = leg.id
        for language in self._holders.languages - {piece.language}:
            for other, articles in self._candidate_legs(piece, language).items():
                self._bonds.tell(leg.id, other, (across(piece, self._pieces[article]) for article in articles))
        self._holders.enter(piece)

    def _drop(self, article: int) -> None:
        piece = self._pieces.pop(article)
        self._holders.drop(piece)
        leg = self.legs[self.leg_of.pop(article)]
        leg.pieces.remove(piece)
        if not leg.pieces:
            self._dissolve(leg.id)

    def _dissolve(self, leg: int) -> None:
        del self.legs[leg]
        self._bonds.drop(leg)
        for other in self.links.pop(leg, {}):
            del self.links[other][leg]

    def _relink(self, leg: Leg) -> None:
        """Judge a leg's links anew."""
        for language in self._holders.languages - {leg.language}:
            self._unlink(leg.id, language)
            best, score = self._best(leg.id, language)
            if best is not None and score >= RELATED and self._best(best, leg.language)[0] == leg.id:
                self._unlink(best, leg.language)
                link = Link(score, score >= LINKED)
                self.links.setdefault(leg.id, {})[best] = self.links.setdefault(best, {})[leg.id] = link

    def _unlink(self, leg: int, language: str) -> None:
        """A leg has at most one link into a language."""
        for other in [other for other in self.links.get(leg, ()) if self.legs[other].language == language]:
            del self.links[leg][other]
            del self.links[other][leg]

    def _best(self, leg: int, language: str) -> tuple[int | None, float]:
        """The leg of another language that is clearly the closest, and how close."""
        bonds = ((score, -other) for other, score in self._bonds.of(leg).items() if self._speaks(other, language))
        first, second = (*nlargest(2, bonds), _NOBODY, _NOBODY)[:2]
        if first is _NOBODY or first[0] < AHEAD * second[0]:
            return None, 0.0
        return -first[1], first[0]

    def _speaks(self, leg: int, language: str) -> bool:
        return self.legs[leg].language == language

    def _twin(self, leg: Leg, near: set[int]) -> Leg | None:
        found = (id_ for id_ in near if id_ != leg.id and id_ in self.legs)
        score, id_ = max(((_mean_within(leg, self.legs[id_]), -id_) for id_ in found), default=_NOBODY)
        return self.legs[-id_] if score >= MERGE else None

    def _unite(self, kept: Leg, gone: Leg) -> None:
        kept.pieces = sorted(kept.pieces + gone.pieces, key=lambda piece: (piece.at, piece.article))
        self.leg_of |= {piece.article: kept.id for piece in gone.pieces}
        self._bonds.unite(kept.id, gone.id)
        self._dissolve(gone.id)
        self._relink(kept)

    def _tied(self, leg: int) -> set[int]:
        """The legs of a leg's story."""
        tied, waiting = {leg}, [leg]
        while waiting:
            for other, link in self.links.get(waiting.pop(), {}).items():
                if link.strict and other not in tied:
                    tied.add(other)
                    waiting.append(other)
        return tied


_NOBODY = (0.0, 0)


def _mean_within(one: Leg, other: Leg) -> float:
    scores = [within(left, right) for left in _recent(one) for right in _recent(other)]
    return sum(scores) / len(scores)


def _recent(leg: Leg) -> list[Piece]:
    return leg.pieces[-RECENT:]
