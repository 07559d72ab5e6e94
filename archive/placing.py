"""Where a draft stands among what is archived: whose text it shares, and in which story. Decides by core.stories only.

`look` before the judgement, `keep` after the article is written, in one transaction under the lock JUDGING.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, select

from archive.boilerplate import count_lines
from archive.copies import Reading, best_match, keep_fingerprints, read, readings
from archive.living import Living
from archive.recording import Founded, Seat
from archive.schema import article
from archive.standing import standings, whole
from core.model import Draft, Neighbours, Verdict
from core.rules.match import RuleSet
from core.stories.concepts import Concepts
from core.stories.dedup import Evidence
from core.stories.kinship import within
from core.stories.pieces import Piece, piece
from core.stories.standing import Match
from core.stories.story import Place

BUILT_ON = 0.2  # kinship with the article that a text is derived from: below, they share background of days ago
COUNTED_WORDS = 120  # of a text, for how rare words are


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a draft before it was judged. `article` is the id that it will have."""

    article: int
    reading: Reading
    piece: Piece | None = None  # of a copy there is none
    place: Place | None = None


def living(conn: Connection) -> Living:
    """The live stories of the process that writes through `conn`."""
    found: Living = conn.get_execution_options()["living"]
    return found


def look(
    conn: Connection, draft: Draft, near: Neighbours, rules: RuleSet, now: datetime, article_id: int | None = None
) -> tuple[Sight, Neighbours]:
    """Read and place a draft that is no archived article, or is `article_id`, which is to be placed anew.

    With it what was found of its neighbours, for the judgement.
    """
    live = living(conn)
    concepts = live.concepts(rules.names)
    reading = read(conn, draft, concepts)
    live.weigh = partial(_weighed, concepts=concepts)
    sight = Sight(article_id or live.next_id(conn), reading)
    found = best_match(conn, reading, live.samples, now) if near.twin is None else None
    match = _match(conn, *found) if found else None
    if near.twin is None and (match is None or match.evidence.tier != "copy"):
        at = min(draft.published or now, now)
        frequencies = live.frequencies(conn).known
        one = piece(sight.article, reading.language, at, reading.title, reading.body, concepts, frequencies)
        live.catch_up(conn)
        place = live.place(conn, one, _leg_of(live, match, one))
        sight = replace(sight, piece=one, place=place)
    return sight, _told(conn, near, match, sight)


def look_again(conn: Connection, near: Neighbours) -> Neighbours:
    """What judging needs of an article that is archived already."""
    assert near.same is not None
    of = whole(conn, near.same.story)
    return replace(near, same=replace(near.same, story=of), standings=standings(conn, [of]))


def seat_of(conn: Connection, sight: Sight, verdict: Verdict) -> Seat:
    """Under which ids a new article is written: a copy with its original, a sure member with its leg, else alone.

    One that speaks for itself beside a leg is part of that leg's story all the same: merged after it was judged.
    """
    original = verdict.duplicate_of.article if verdict.duplicate_of else verdict.match.article if verdict.match else 0
    place = sight.place
    if place is None:
        return Seat(sight.article, conn.execute(_STORY_ROW, {"article": original}).scalar_one())
    if place.leg != place.article and (place.sure or verdict.story == place.story):
        return Seat(sight.article, place.leg)
    leg = None if place.leg == place.article else place.leg
    into = None if place.story == place.article else place.story
    return Seat(sight.article, sight.article, Founded(leg, into))


def keep(conn: Connection, sight: Sight, verdict: Verdict, now: datetime, *, counted: bool = False) -> None:
    """Write what the article is found and placed by from now on. `counted`: its words and lines were counted before."""
    live = living(conn)
    if not counted:
        count_lines(conn, sight.reading.lines, now)
    if sight.piece is None or sight.place is None:
        return
    if not counted:
        _count(conn, live, sight.reading, sight.piece)
    live.keep(conn, sight.piece, sight.place.leg)
    keep_fingerprints(conn, sight.article, sight.reading.prints)
    live.samples.put(sight.article, verdict.fingerprint.content, sight.reading.sample)


def read_again(conn: Connection, draft: Draft, article_id: int, rules: RuleSet, now: datetime) -> None:
    """An article has another text: it is found by that one too, and stands in its story with it."""
    live = living(conn)
    concepts = live.concepts(rules.names)
    reading = read(conn, draft, concepts)
    count_lines(conn, reading.lines, now)
    live.catch_up(conn)
    if article_id not in live.stories.leg_of:
        return
    held = live.stories.piece_of(article_id)
    frequencies = live.frequencies(conn).known
    keep_fingerprints(conn, article_id, reading.prints)
    live.rewrite(conn, piece(article_id, held.language, held.at, reading.title, reading.body, concepts, frequencies))


def _weighed(conn: Connection, articles: Sequence[int], concepts: Concepts) -> Iterator[Piece]:
    """Live articles as they weigh by what is known of rarity now."""
    held = living(conn).stories
    return weigh(conn, {each: held.piece_of(each).at for each in articles}, concepts)


def weigh(conn: Connection, articles: Mapping[int, datetime], concepts: Concepts) -> Iterator[Piece]:
    """The pieces of archived articles, each with its time."""
    frequencies = living(conn).frequencies(conn).known
    for each in readings(conn, sorted(articles), concepts):
        yield piece(each.article, each.language, articles[each.article], each.title, each.body, concepts, frequencies)


def _match(conn: Connection, of: int, evidence: Evidence) -> Match:
    row = conn.execute(_STORY_ROW, {"article": of}).scalar_one()
    return Match(of, whole(conn, row), evidence)


def _leg_of(live: Living, match: Match | None, one: Piece) -> int | None:
    """The leg of the article that a text is built on, where that is live and tells of something like it."""
    leg = live.stories.leg_of.get(match.article) if match is not None else None
    if match is None or leg is None or live.stories.legs[leg].language != one.language:
        return None
    return leg if within(one, live.stories.piece_of(match.article)) >= BUILT_ON else None


def _told(conn: Connection, near: Neighbours, match: Match | None, sight: Sight) -> Neighbours:
    """The neighbours with what is known of the stories near the draft."""
    place, twin = sight.place, near.twin
    if twin is not None:
        twin = replace(twin, story=whole(conn, twin.story))
    stories = {each.story for each in (match, twin) if each is not None}
    if place is not None:
        stories |= {place.story, *place.related} - {place.article}
    return replace(near, twin=twin, match=match, place=place, standings=standings(conn, stories))


def _count(conn: Connection, live: Living, reading: Reading, one: Piece) -> None:
    """Count the words and concepts of a new text."""
    words = (*reading.title, *reading.body)[:COUNTED_WORDS]
    counted = live.frequencies(conn)
    counted.count(one.language, set(words), set(one.concepts))
    if counted.is_due:
        counted.flush(conn)


_STORY_ROW = select(article.c.story).where(article.c.id == bindparam("article"))
