"""How the results of a search fall into days, sources, languages, topics and names. Counts in the index."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, String, cast, func, select

from archive.fetching import listed
from archive.inquiry import MOST, Inquiry, Narrow
from archive.schema import article, hit, source
from core.rules.match import RuleSet

SAMPLE = 50  # newest of those that the rule itself is asked about


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of the newest results, largest first; days in their order.

    They count what the index proposes; `share` is how much of a sample the rule is true of: where it is 1 they are the
    results, else at most these. `complete`: all results were counted and not only the newest MOST.
    """

    days: Mapping[str, int]  # of publication, or, without one, of recording, in UTC
    sources: Mapping[str, int]
    affiliations: Mapping[str, int]  # of the sources
    languages: Mapping[str, int]  # "": where it is not known
    topics: Mapping[str, int]
    names: Mapping[str, int]
    outlets: Mapping[str, str]  # of the sources by id, as they are called
    counted: int
    complete: bool
    share: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles the index proposes, counted up to MOST, and how much of a sample the rule is true of."""

    proposed: int
    complete: bool
    share: float


def count(conn: Connection, rules: RuleSet, narrow: Narrow = Narrow()) -> Count:  # noqa: B008  it is frozen
    """Of the articles that `rules` (of compile_query) may match: for whoever is still typing."""
    inquiry = Inquiry(conn, rules, narrow)
    ids = inquiry.newest()
    return Count(len(ids), len(ids) < MOST, _share(inquiry, ids[:SAMPLE]))


def facets(conn: Connection, rules: RuleSet, narrow: Narrow = Narrow()) -> Facets:  # noqa: B008  it is frozen
    """See `facets_of`."""
    return facets_of(Inquiry(conn, rules, narrow))


def facets_of(inquiry: Inquiry) -> Facets:
    """Of the articles that the rules may match."""
    conn, ids = inquiry.conn, inquiry.newest()
    counted = listed(conn, ids).subquery("counted")
    dated = func.coalesce(article.c.published, article.c.recorded)
    day = func.substr(cast(dated, String), 1, 10)
    values = (day, article.c.source, article.c.language)
    seen = select(*values, func.count()).join_from(counted, article, article.c.id == counted.c.value).group_by(*values)
    days, sources, languages, total = Counter[str](), Counter[str](), Counter[str | None](), 0
    for when, whose, language, number in conn.execute(seen.with_hint(article, "INDEXED BY article_facets", "sqlite")):
        days[when] += number
        sources[whose] += number
        languages[language] += number
        total += number
    hits = select(hit.c.kind, hit.c.what, func.count()).where(
        hit.c.article.in_(listed(conn, ids)), hit.c.kind != "watch"
    )
    topics, names = Counter[str](), Counter[str]()
    for kind, what, number in conn.execute(hits.group_by(hit.c.kind, hit.c.what)):
        if kind != "ambiguous":
            (topics if kind == "topic" else names)[what] = number
    outlets = conn.execute(select(source.c.id, source.c.name, source.c.affiliation).where(source.c.id.in_(sources)))
    titles, affiliations = dict[str, str](), Counter[str]()
    for id_, title, affiliation in outlets:
        titles[id_] = title
        affiliations[affiliation] += sources[id_]
    return Facets(
        days=dict(sorted(days.items())),
        sources=dict(sources.most_common()),
        languages={language or "": count for language, count in languages.most_common()},
        affiliations=dict(affiliations.most_common()),
        topics=dict(topics.most_common()),
        names=dict(names.most_common()),
        outlets=titles,
        counted=total,
        complete=total < MOST,
        share=_share(inquiry, ids[:SAMPLE]),
    )


def _share(inquiry: Inquiry, sample: Sequence[int]) -> float:
    """How much of these proposals the rule is true of."""
    return inquiry.true_of(sample) / len(sample) if sample else 1.0
