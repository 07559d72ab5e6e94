"""The topics: each with its rule, how often and how well it hits, what it just misses, what another would find."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import front, mentions, reactions, vocabulary
from core.errors import InputError
from core.model import Topic
from core.rules.query import parse
from core.rules.syntax import Name, Node, children
from web.counts import volumes
from web.pages.names import LOOKED_AT, MISSES
from web.question import fault_of
from web.rendering import page
from web.site import Site
from web.trying import MOST_DAYS, TooLong, tried


def topics(request: Request) -> Response:
    """/topics"""
    site: Site = request.app.state.site
    days = volumes(site, "topic")
    with site.reading() as conn:
        marks = mentions.precision(conn, list(days))
        last = mentions.last_seen(conn, "topic", days)
    return page(request, "topics.html", days=days, marks=marks, last=last)


def topic(request: Request) -> Response:
    """/topics/ID; with `rule` what that would find beside the present one in the last `days` days."""
    site: Site = request.app.state.site
    found = topic_of(request)
    rule, asked = request.query_params.get("rule", "").strip(), request.query_params.get("days", "30")
    may_try = request.state.caller.account is not None
    trial, fault, status = None, None, 200
    if rule and may_try:
        try:
            trial = tried(site, rule, against=found.match, days=asked)
        except TooLong as error:
            fault, status = fault_of(rule, InputError(str(error))), 503
        except InputError as error:
            fault, status = fault_of(rule, error), 400
    return page(request, "topic.html", status=status, **_figures(site, found), **{
        "topic": found, "rule": rule or found.match, "trial": trial, "fault": fault, "may_try": may_try,
        "asked_days": asked if asked.isdecimal() else "30", "most_days": MOST_DAYS,
    })  # fmt: skip


def _figures(site: Site, found: Topic) -> dict[str, object]:
    with site.reading() as conn:
        return {
            "days": volumes(site, "topic")[found.id],
            "levels": mentions.levels(conn, found.id, site.now() - front.BASELINE),
            "marks": mentions.precision(conn, [found.id])[found.id],
            "readers": mentions.Precision(*reactions.marks_by_topic(conn).get(found.id, (0, 0))),
            "rule_names": [id_ for id_ in names_in(parse(found.match)) if site.settings.names[id_].title],
            "names": site.settings.names,
        }


def topic_misses(request: Request) -> Response:
    """/topics/ID/misses: mentions of the rule's names that did not count, newest first."""
    site: Site = request.app.state.site
    found, names = topic_of(request), site.settings.names
    asked = names_in(parse(found.match))
    with site.reading() as conn:
        each = [vocabulary.near_misses(conn, names[id_], names, 5, most=LOOKED_AT // len(asked)) for id_ in asked]
    missed = sorted((pair for pairs in each for pair in pairs), key=lambda pair: -pair[0].id)[:MISSES]
    return page(request, "misses.html", missed=missed, about=found.title, id=found.id, back=f"/topics/{found.id}")


def names_in(node: Node) -> list[str]:
    """The names that a rule speaks of, in their order."""
    found = [node.id] if isinstance(node, Name) else [id_ for each in children(node) for id_ in names_in(each)]
    return list(dict.fromkeys(found))


def topic_of(request: Request) -> Topic:
    """The topic that is asked for. Raises HTTPException 404."""
    site: Site = request.app.state.site
    found = site.settings.topics.get(request.path_params["topic"])
    if found is None:
        raise HTTPException(404)
    return found
