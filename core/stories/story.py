"""Which story an article belongs to: one pass in order of arrival, over sources and languages. Pure.

A story has at most one *leg* per language. An article joins the leg that it is closest to, or founds one; small legs
of a language that turn out to be one are merged now and then. Legs of two languages are *linked* when each is the
other's best. A link may be wrong and is undone when a better one appears, so only a strict link makes two legs one
story; below that they are related: shown together, and each alerts by itself.

Nothing is hidden here: `Place` says where an article stands and how sure that is. An archive keeps, per live article,
its piece and its leg, and per pair of linked legs the link; the rest is worked out again (`restore`, `tie`). What
changed beyond the place of a new article is told by `take_changes`. What is older than LIVE can be dropped at any time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest

from core.stories.bonds import Bond, Bonds
from core.stories.holders import Holders
from core.stories.kinship import across, within
from core.stories.pieces import Piece
from core.stories.shared_terms import shared_terms

LIVE = timedelta(hours=72)
JOIN = 0.36  # kinship with a leg, by which an article belongs to it
SURE = 0.43  # and by which it may stay silent
RELATED = 0.28  # kinship of two legs that are shown together
LINKED = 0.40  # and that are one story
SURE_LINK = 0.48  # and by which an article of the second may stay silent because of the first
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
    oldest: int = 0  # the lowest id of all legs that it speaks for: itself, and those that ended or were merged into it


@dataclass(frozen=True, slots=True)
class Link:
    """Two legs of different languages that are each other's best."""

    score: float
    strict: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands.

    `story` is the lowest id of the legs of its story, ended ones included, so that it stays. `sure`: an alert of that
    story may stand for one of this article. `related`: other stories that tell of the same, not surely.
    """

    article: int
    leg: int
    story: int
    sure: bool
    score: float  # kinship with its leg; 1 for the first of it
    related: tuple[int, ...] = ()
    shared: tuple[str, ...] = ()  # words and concepts that it shares with its leg, most telling first


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to legs: those whose links or story may be other ones, and (ended, heir) where one speaks on.

    `ruled`: pairs that hold from now on whatever their scores, since what held them together or apart has ended.
    """

    touched: frozenset[int]
    ended: tuple[tuple[int, int], ...]
    ruled: Mapping[tuple[int, int], bool]


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
        self._ruled: dict[int, dict[int, bool]] = {}  # leg → leg → together or apart, both ways
        self._newly_ruled: dict[tuple[int, int], bool] = {}
        self._unbound: set[int] = set()  # restored legs whose bonds are not worked out yet
        self._touched: set[int] = set()
        self._ended: list[tuple[int, int]] = []

    def add(self, piece: Piece, leg: int | None = None) -> Place:
        """Assign an article that arrives now. Its own time decides how much is left of a kinship.

        `leg`: where it belongs for certain, because it is built on an article there.
        """
        close = self._close_legs(piece)
        score, nearest = max(close, default=(0.0, 0))
        if leg is not None:
            score, nearest = 1.0, -leg
        founded = score < JOIN
        chosen = Leg(piece.article, piece.language, oldest=piece.article) if founded else self.legs[-nearest]
        self._note_near(chosen.id, close)
        shared = shared_terms(piece, chosen.pieces)
        self._enter(piece, chosen)
        self._bind(chosen.id, [piece])
        self._relink(chosen)
        story = self.story_of(chosen.id)
        sure = story != piece.article and (self._strongest(chosen.id) >= SURE_LINK if founded else score >= SURE)
        related = self.related(chosen.id)
        return Place(piece.article, chosen.id, story, sure, 1.0 if founded else score, related, shared)

    def restore(self, piece: Piece, leg: int, *, settled: bool = False) -> None:
        """Enter an article whose leg is known: from the archive, or because an analyst said so.

        `settled`: the last merge has seen it there. Links are told by `tie`.
        """
        if not settled:
            self._note_near(leg, self._close_legs(piece))
        self._enter(piece, self.legs.get(leg) or Leg(leg, piece.language, oldest=leg))
        self._unbound.add(leg)

    def weigh_anew(self, pieces: Iterable[Piece]) -> None:
        """The same articles with other weights: more is known of what is rare. The next merge looks at all of them.

        Links stay: there is nothing to be gained by judging them again.
        """
        for piece in pieces:
            self._holders.drop(self._pieces[piece.article])
            self._holders.enter(piece)
            held = self.legs[self.leg_of[piece.article]].pieces
            held[held.index(self._pieces[piece.article])] = piece
            self._pieces[piece.article] = piece
        for leg in self.legs.values():
            for piece in leg.pieces:
                self._note_near(leg.id, self._close_legs(piece))

    def tie(self, links: Mapping[tuple[int, int], Link], oldest: Mapping[int, int]) -> None:
        """The links of restored legs, all of them, and the lowest id that a leg speaks for where that is another's."""
        self.links = {}
        for (one, other), link in links.items():
            if one in self.legs and other in self.legs:
                self.links.setdefault(one, {})[other] = self.links.setdefault(other, {})[one] = link
        for leg in self.legs.values():
            leg.oldest = min(leg.id, oldest.get(leg.id, leg.id))

    def rule(self, together: Mapping[tuple[int, int], bool]) -> None:
        """Pairs of legs that are held together, or apart (False), whatever their scores; all of them."""
        self._ruled = {}
        for (one, other), held in together.items():
            self._hold(one, other, together=held)
        self._newly_ruled = {}

    def piece_of(self, article: int) -> Piece:
        """The piece of a live article."""
        return self._pieces[article]

    def take_out(self, article: int) -> None:
        """Drop a live article: it is no longer live, or stands elsewhere."""
        piece = self._pieces.pop(article)
        self._holders.drop(piece)
        leg = self.legs[self.leg_of.pop(article)]
        leg.pieces.remove(piece)
        if not leg.pieces:
            self._dissolve(leg)

    def take_changes(self) -> Changes:
        """What changed since this was last asked."""
        ruled = {pair: held for pair, held in self._newly_ruled.items() if self.legs.keys() >= set(pair)}
        changes = Changes(frozenset(self._touched), tuple(self._ended), ruled)
        self._touched, self._ended, self._newly_ruled = set(), [], {}
        return changes

    def story_of(self, leg: int) -> int:
        """The story of a leg: the lowest id that any leg speaks for which strict links tie to it."""
        return min(self.legs[tied].oldest for tied in self.tied(leg))

    def related(self, leg: int) -> tuple[int, ...]:
        """The stories that a leg is linked to without being one with them."""
        own = self.story_of(leg)
        return tuple(sorted({self.story_of(other) for other in self.links.get(leg, ())} - {own}))

    def members(self, leg: int) -> tuple[int, ...]:
        """The live articles of a leg's story in order of time."""
        pieces = [piece for tied in self.tied(leg) for piece in self.legs[tied].pieces]
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
                kept, gone = sorted((leg, other), key=lambda one: one.id)
                self._unite(kept, gone)
                done.append((gone.id, kept.id))
        return done

    def forget(self, now: datetime) -> None:
        """Drop what is no longer live."""
        for article in [article for article, piece in self._pieces.items() if now - piece.at > LIVE]:
            self.take_out(article)

    def tied(self, leg: int) -> set[int]:
        """The legs of a leg's story."""
        tied, waiting = {leg}, [leg]
        while waiting:
            found = self._joined(waiting.pop()) - tied
            tied |= found
            waiting += found
        return tied

    def _joined(self, leg: int) -> set[int]:
        """The legs that a strict link or a ruling ties to this one directly."""
        linked = {other for other, link in self.links.get(leg, {}).items() if link.strict}
        ruled = self._ruled.get(leg)
        if ruled:
            linked |= {other for other, together in ruled.items() if together and other in self.legs}
        return linked

    def _strongest(self, leg: int) -> float:
        """How close the leg is that this one is linked to best."""
        return max((link.score for link in self.links.get(leg, {}).values()), default=0.0)

    def _parted(self, leg: int) -> set[int]:
        """The legs with which no leg of a leg's story may become one."""
        ruled = (self._ruled.get(mine, _UNRULED) for mine in self.tied(leg)) if self._ruled else ()
        return {other for held in ruled for other, together in held.items() if not together}

    def _hold(self, one: int, other: int, *, together: bool) -> None:
        self._ruled.setdefault(one, {})[other] = self._ruled.setdefault(other, {})[one] = together
        self._newly_ruled[min(one, other), max(one, other)] = together

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
        scores = [within(piece, self._pieces[article]) for article in articles]
        if len(scores) == 1 and len(leg.pieces) > 1:
            others = (other for other in _recent(leg) if other.article not in articles)
            scores.append(max((within(piece, other) for other in others), default=0.0))
        elif len(scores) > 2:
            scores = sorted(scores, reverse=True)[:2]
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
        self._holders.enter(piece)

    def _bind(self, leg: int, pieces: Iterable[Piece] = ()) -> None:
        """Compare new articles of a leg with those of other languages; all of a leg that was restored."""
        if leg in self._unbound:
            self._unbound.remove(leg)
            pieces = self.legs[leg].pieces
        for piece in pieces:
            for language in self._holders.languages - {piece.language}:
                for other, articles in self._candidate_legs(piece, language).items():
                    self._bonds.tell(leg, other, (self._bond(piece, article) for article in articles))

    def _bond(self, piece: Piece, other: int) -> Bond:
        return Bond(across(piece, self._pieces[other]), *sorted((piece.article, other)))

    def _dissolve(self, leg: Leg) -> None:
        """A leg ends; one that is tied to it speaks on for its story, and those that it tied together stay so."""
        tied = sorted(self.tied(leg.id) - {leg.id})
        if tied:
            self._inherit(leg, self.legs[tied[0]])
        self._remove(leg.id)
        for other in tied[1:]:
            if other not in self.tied(tied[0]):
                self._hold(tied[0], other, together=True)
                self._touched |= {tied[0], other}

    def _inherit(self, leg: Leg, heir: Leg) -> None:
        heir.oldest = min(heir.oldest, leg.oldest)
        self._ended.append((leg.id, heir.id))
        self._touched.add(heir.id)

    def _remove(self, leg: int) -> None:
        del self.legs[leg]
        self._unbound.discard(leg)
        self._bonds.drop(leg)
        for other in self._ruled.pop(leg, _UNRULED):
            self._ruled[other].pop(leg, None)
        self._touched.add(leg)
        for other in self.links.pop(leg, {}):
            del self.links[other][leg]
            self._touched.add(other)

    def _relink(self, leg: Leg) -> None:
        """Judge a leg's links anew."""
        for language in self._holders.languages - {leg.language}:
            self._unlink(leg.id, language)
            best, score = self._best(leg.id, language)
            if best is not None and score >= RELATED and self._best(best, leg.language)[0] == leg.id:
                self._unlink(best, leg.language)
                link = Link(score, score >= LINKED)
                self.links.setdefault(leg.id, {})[best] = self.links.setdefault(best, {})[leg.id] = link
                self._touched |= {leg.id, best}

    def _unlink(self, leg: int, language: str) -> None:
        """A leg has at most one link into a language."""
        for other in [other for other in self.links.get(leg, ()) if self.legs[other].language == language]:
            del self.links[leg][other]
            del self.links[other][leg]
            self._touched |= {leg, other}

    def _best(self, leg: int, language: str) -> tuple[int | None, float]:
        """The leg of another language that is clearly the closest, and how close."""
        self._bind(leg)
        others = ((other, score) for other, score in self._bonds.of(leg).items() if self._speaks(other, language))
        parted = self._parted(leg)
        bonds = ((score, -other) for other, score in others if not parted or parted.isdisjoint(self.tied(other)))
        first, second = (*nlargest(2, bonds), _NOBODY, _NOBODY)[:2]
        if first is _NOBODY or first[0] < AHEAD * second[0]:
            return None, 0.0
        return -first[1], first[0]

    def _speaks(self, leg: int, language: str) -> bool:
        return self.legs[leg].language == language

    def _twin(self, leg: Leg, near: set[int]) -> Leg | None:
        parted = self._parted(leg.id)
        found = (id_ for id_ in near - {leg.id} if id_ in self.legs and parted.isdisjoint(self.tied(id_)))
        score, id_ = max(((_mean_within(leg, self.legs[id_]), -id_) for id_ in found), default=_NOBODY)
        return self.legs[-id_] if score >= MERGE else None

    def _unite(self, kept: Leg, gone: Leg) -> None:
        kept.pieces = sorted(kept.pieces + gone.pieces, key=lambda piece: (piece.at, piece.article))
        self.leg_of |= {piece.article: kept.id for piece in gone.pieces}
        self._bind(kept.id)
        self._bind(gone.id)
        self._bonds.unite(kept.id, gone.id)
        self._inherit(gone, kept)
        for other, together in dict(self._ruled.get(gone.id, _UNRULED)).items():
            if other in self.legs and other != kept.id:
                self._hold(kept.id, other, together=together)
        self._remove(gone.id)
        self._relink(kept)


_NOBODY = (0.0, 0)
_UNRULED: Mapping[int, bool] = {}


def _mean_within(one: Leg, other: Leg) -> float:
    scores = [within(left, right) for left in _recent(one) for right in _recent(other)]
    return sum(scores) / len(scores)


def _recent(leg: Leg) -> list[Piece]:
    return leg.pieces[-RECENT:]
