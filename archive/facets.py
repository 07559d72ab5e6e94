"""How the results of a search fall into days, sources, languages and topics. Counts in the index, reads no text."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection, String, cast, func, select

from archive.asking import articles_with, ids_with
from archive.schema import article, hit
from archive.search import Narrow, articles, conditions_of
from core.rules.match import RuleSet, candidates

MOST = 20_000  # newest results that are counted
SAMPLE = 50  # newest of those that the rule itself is asked about


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of the newest results, largest first; days in their order.

    They count what the index proposes; `share` is how much of a sample the rule is true of: where it is 1 they are the
    results, else at most these. `complete`: all results were counted and not only the newest MOST.
    """

    days: Mapping[str, int]  # of publication, or, without one, of recording, in UTC
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    topics: Mapping[str, int]
    counted: int
    complete: bool
    share: float


def facets(conn: Connection, rules: RuleSet, narrow: Narrow = Narrow()) -> Facets:  # noqa: B008  it is frozen
    """Of the articles that `rules` (of compile_query) may match."""
    ids = ids_with(conn, candidates(rules), conditions=conditions_of(narrow))
    if ids is None:
        return Facets({}, {}, {}, {}, 0, complete=True, share=1.0)
    proposed = ids.limit(MOST).subquery("proposed")
    key = next(iter(proposed.c))
    dated = func.coalesce(article.c.published, article.c.recorded)
    day = func.substr(cast(dated, String), 1, 10)
    joined = proposed.join(article, article.c.id == key)
    seen = select(day, article.c.source, article.c.language).select_from(joined)
    rows = conn.execute(seen.with_hint(article, "INDEXED BY article_facets", "sqlite")).all()
    days, sources, languages = (Counter(row[place] for row in rows) for place in range(3))
    of_topic = select(hit.c.what, func.count()).where(hit.c.kind == "topic", hit.c.article.in_(select(key)))
    topics: Counter[str] = Counter({row[0]: row[1] for row in conn.execute(of_topic.group_by(hit.c.what))})
    return Facets(
        days=dict(sorted(days.items())),
        sources=dict(sources.most_common()),
        languages={language or "": count for language, count in languages.most_common()},
        topics=dict(topics.most_common()),
        counted=len(rows),
        complete=len(rows) < MOST,
        share=_share(conn, rules, narrow, len(rows)),
    )


def _share(conn: Connection, rules: RuleSet, narrow: Narrow, counted: int) -> float:
    """How much of the newest proposals the rule is true of."""
    if not counted:
        return 1.0
    proposed = articles_with(conn, candidates(rules), conditions=conditions_of(narrow))
    with closing(proposed) as pages:
        sample = articles(conn, next(pages, [])[:SAMPLE])
    return sum(bool(rules.match(each).topics) for each in sample) / (len(sample) or 1)
