"""How stories stand, from their rows: what of them was told, and who claims or denies. Judges and writes nothing."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Text, bindparam, func, literal, select

from archive.identity import WAS_HEARD
from archive.rows import AnyRow
from archive.schema import alert, article, hit, source, story
from core.model import LEVELS, Level
from core.stories.dedup import Evidence
from core.stories.standing import Account, Match, Member, Standing

STORY_OF: ColumnElement[int] = func.coalesce(story.c.merged_into, story.c.id)
"""The story that a row of `story` is part of now."""

HELD = "held"  # how an article came whose source may be somebody else's, or is quarantined


def whole(conn: Connection, row: int) -> int:
    """The story that this one is part of now."""
    found = conn.execute(_WHOLE, {"row": row}).scalar()
    return row if found is None else int(found)


def standings(conn: Connection, stories: Collection[int]) -> dict[int, Standing]:
    """How these stories stand, by id; they are whole ones, part of no other."""
    return {each: _standing(conn, each) for each in stories}


def everybody(conn: Connection, of: int) -> Standing:
    """As in `standings`, with all members: by which a withdrawal is judged."""
    return _standing(conn, of, everybody=True)


def members_of(conn: Connection, stories: Collection[int]) -> dict[int, tuple[Member, ...]]:
    """All members of these stories, which are whole ones, in order of arrival: by whom sources are counted."""
    found: dict[int, list[Member]] = {each: [] for each in stories}
    for row in conn.execute(_OF_STORIES, {"wholes": list(stories)}):
        found[row.whole].append(_member(row))
    return {each: tuple(members) for each, members in found.items()}


def _standing(conn: Connection, of: int, *, everybody: bool = False) -> Standing:
    asked = {"whole": of}
    told = conn.execute(_TOLD, asked).all()
    alerts = [row for row in told if row.article]
    held = not told and conn.execute(_HEARD, asked).first() is None
    if not told and not everybody:
        return Standing(of, held=held)  # nothing of it is watched: nobody claims anything
    alerted = _highest((row.what.removeprefix("topic:"), row.level) for row in alerts)
    hits = ((row.what, row.level) for row in told if not row.article)
    speaking = conn.execute(_MEMBERS if everybody else _CLAIMANTS, asked)
    return Standing(
        of,
        topics=_highest([*hits, *alerted.items()]),
        alerted=alerted,
        told=frozenset(row.article for row in alerts),
        turns=frozenset(row.turn for row in alerts if row.turn),
        members=tuple(map(_member, speaking)),
        held=held,
    )


def _highest(found: Iterable[tuple[str, Level]]) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    for topic, level in found:
        levels[topic] = max(level, levels.get(topic, level), key=LEVELS.index)
    return levels


def _member(row: AnyRow) -> Member:
    return Member(
        article=row.id,
        source=row.source,
        outlet=row.name,
        owner=row.owner or row.source,
        affiliation=row.affiliation,
        language=row.language,
        published=row.published,
        printed=row.published_raw,
        absent=row.absent,
        seen=row.recorded,
        match=match_of(row),
        account=account_of(row.account),
        withdrawn=row.withdrawn is not None,
        quarantined=row.arrival == HELD or (row.quarantined is not None and row.recorded >= row.quarantined),
    )


def match_of(row: AnyRow) -> Match | None:
    """The proof that is kept of an article's match; `row` has the columns of `PROOF`."""
    if row.match is None:
        return None
    evidence = Evidence(row.tier, row.containment, row.shared, row.numbers, row.alone, row.why)
    return Match(row.match, row.match_story, evidence)


def account_of(kept: Any) -> Account:
    """An account as it is kept."""
    return Account(kept["grave"], kept["denies"], frozenset(kept["cites"])) if kept else Account()


# --- the questions ------------------------------------------------------------------------------------------------

_matched = article.alias("matched")
PROOF = (
    *(article.c[name] for name in ("match", "tier", "containment", "shared", "numbers", "alone", "why")),
    select(_matched.c.story).where(_matched.c.id == article.c.match).scalar_subquery().label("match_story"),
)

_WHOLE = select(STORY_OF).where(story.c.id == bindparam("row"))
_wholes: BindParameter[int] = bindparam("wholes", expanding=True)
PARTS_OF_ALL = select(story.c.id).where(story.c.id.in_(_wholes) | story.c.merged_into.in_(_wholes))
PARTS_OF = select(story.c.id).where((story.c.id == bindparam("whole")) | (story.c.merged_into == bindparam("whole")))
_IN_STORY = article.c.story.in_(PARTS_OF)

# What its articles hit, those of held sources aside, and what was alerted.
_TOLD = (
    select(
        hit.c.what,
        func.coalesce(hit.c.heard, hit.c.level).label("level"),
        literal(None, Text).label("turn"),
        literal(0).label("article"),
    )
    .distinct()
    .join_from(article, hit, hit.c.article == article.c.id)
    .where(_IN_STORY, WAS_HEARD, article.c.arrival != HELD)
    .union_all(select(alert.c.subject, alert.c.level, alert.c.turn, alert.c.article).where(alert.c.story.in_(PARTS_OF)))
)
_HEARD = select(article.c.id).where(_IN_STORY, article.c.arrival != HELD).limit(1)

_SAID = ("id", "source", "language", "published", "published_raw", "absent", "recorded", "withdrawn", "arrival")
_SAYING = (
    select(
        *(article.c[name] for name in (*_SAID, "account")),
        *(source.c[name] for name in ("name", "owner", "affiliation", "quarantined")),
        *PROOF,
        STORY_OF.label("whole"),
    )
    .join_from(article, source, source.c.id == article.c.source)
    .join(story, story.c.id == article.c.story)
    .order_by(article.c.id)
)
_MEMBERS = _SAYING.where(_IN_STORY)
_OF_STORIES = _SAYING.where(article.c.story.in_(PARTS_OF_ALL))
_CLAIMANTS = _MEMBERS.where(article.c.account.is_not(None))
