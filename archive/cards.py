"""What a message tells of an article, gathered from the archive. Decides nothing and renders nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from archive import watches
from archive.rows import AnyRow, spans_of
from archive.schema import alert, article, hit, source, story
from archive.standing import members_of, whole
from archive.subjects import HITS
from core.messages import Card
from core.model import Edit, Level, Span
from core.stories.carriage import Carriage, carriage


@dataclass(frozen=True, slots=True)
class Telling:
    """An article to be told, and the topics for which its reader gets it."""

    article: int
    topics: tuple[tuple[str, Level], ...]
    occasions: tuple[str, ...] = ()  # for which it gets it


@dataclass(frozen=True, slots=True)
class _Story:
    """What the cards of one story share."""

    carried: Carriage
    denials: Carriage  # who carries a denial of it
    deniers: frozenset[int]  # articles
    claimants: Mapping[int, str]  # article that claims something grave → its outlet
    claims: int  # how many of these are unlinked
    alerts: Sequence[AnyRow]  # of the whole story, oldest first, each with the headline that it told


def cards_of(conn: Connection, tellings: Sequence[Telling]) -> list[Card]:
    """A card for each telling, in their order; each article is read once."""
    ids = {telling.article for telling in tellings}
    rows = {row.id: row for row in _articles(conn, ids)}
    spans = _spans(conn, ids)
    called = watches.titles(conn, {topic for telling in tellings for topic, _ in telling.topics})
    stories = {of: _story(conn, of) for of in {row.story for row in rows.values()}}
    return [_card(rows[each.article], each, spans, stories[rows[each.article].story], called) for each in tellings]


def telling_of(conn: Connection, article_id: int) -> Telling | None:
    """What a reader of all topics is told by this article: its alerts, else the topics it hits; None without any."""
    born = select(alert.c.subject, alert.c.level, alert.c.occasion).where(alert.c.article == article_id)
    alerts = conn.execute(born.order_by(alert.c.born, alert.c.subject)).all()
    if alerts:
        topics = {row.subject.removeprefix("topic:"): row.level for row in alerts}
        return Telling(article_id, tuple(topics.items()), tuple({row.occasion: None for row in alerts}))
    met = select(hit.c.what, hit.c.level).where(hit.c.article == article_id, hit.c.kind == "topic")
    hits = tuple((row.what, row.level) for row in conn.execute(met.order_by(hit.c.what)))
    return Telling(article_id, hits) if hits else None


def _card(
    row: AnyRow,
    telling: Telling,
    spans: dict[tuple[int, str], tuple[Span, ...]],
    told: _Story,
    called: Mapping[str, tuple[str, int | None]],
) -> Card:
    marked = {span for topic, _ in telling.topics for span in spans.get((row.id, topic), ())}
    carried = told.denials if row.id in told.deniers else told.carried
    fields = row._asdict()
    return Card(
        article=fields.pop("id"),
        **fields,
        topics=telling.topics,
        watches=tuple((topic, called[topic][0]) for topic, _ in telling.topics if topic in called),
        thread=next((called[topic][1] for topic, _ in telling.topics if topic in called), None),
        spans=tuple(sorted(marked)),
        also=tuple(name for name in carried.outlets if name != row.source_name),
        outlets=len(carried.outlets),
        unlinked=carried.unlinked,
        denied_by=carried.denied_by,
        **_standing(row.id, telling, told),
    )


def _standing(article_id: int, telling: Telling, told: _Story) -> dict[str, Any]:
    """How the story turned by this article, what was edited, and whether a grave claim is still one source's."""
    asked = [each for each in told.alerts if each.article == article_id and each.occasion in telling.occasions]
    turn = next((each.turn for each in asked if each.turn), None)
    edit = next((each.edit for each in asked if each.edit), None)
    claimed = (each.unconfirmed for each in told.alerts if each.unconfirmed)
    weak = next(claimed, told.claimants.get(article_id, ""))
    alone = turn is None and told.claims < 2
    return {
        "turn": turn,
        "about": told.alerts[0].title if turn is not None else "",
        "edit": Edit(edit["was"], tuple(edit["entered"]), tuple(edit["left"])) if edit else None,
        "unconfirmed": weak if alone else "",
        "formerly": "" if alone else weak,
    }


def _story(conn: Connection, row: int) -> _Story:
    of = whole(conn, row)
    members = members_of(conn, [of])[of]
    rows = select(story.c.id).where((story.c.id == of) | (story.c.merged_into == of))
    alerts = conn.execute(
        select(alert, article.c.title)
        .join(article, article.c.id == alert.c.article)
        .where(alert.c.story.in_(rows))
        .order_by(alert.c.born, alert.c.article)
    ).all()
    claims = [member for member in members if member.account.grave]
    denials = [member for member in members if member.account.denies] if claims else []
    return _Story(
        carried=carriage(members),
        denials=carriage(denials),
        deniers=frozenset(member.article for member in denials),
        claimants={member.article: member.outlet for member in claims},
        claims=carriage(claims).unlinked,
        alerts=alerts,
    )


_COLUMNS = ("id", "story", "title", "summary", "text", "url", "language", "source", "published", "fetched", "recorded")


def _articles(conn: Connection, ids: Collection[int]) -> Iterable[AnyRow]:
    columns = [article.c[name] for name in _COLUMNS]
    named = select(*columns, source.c.name.label("source_name"), source.c.affiliation)
    return conn.execute(named.join(source, source.c.id == article.c.source).where(article.c.id.in_(ids)))


def _spans(conn: Connection, ids: Collection[int]) -> dict[tuple[int, str], tuple[Span, ...]]:
    """The marked words by article and topic."""
    found = select(hit.c.article, hit.c.what, hit.c.spans).where(hit.c.article.in_(ids), hit.c.kind.in_(HITS))
    return {(row.article, row.what): spans_of(row.spans) for row in conn.execute(found)}
