"""What each address of the API tells: a request → values. The pages' own questions to the archive; no HTML."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive import alert_log, annotations, front, mentions, outlets, reactions, story_results, vocabulary
from archive import sources as archive_sources
from archive import status as archive_status
from archive.chronicle import chronicle
from archive.dossier import dossier
from archive.facets import facets as count_facets
from archive.search import Found, Order
from archive.search import page as results_page
from core.errors import InputError
from core.lines import article_record, spans_record
from core.model import Topic
from core.rules.query import parse
from web.api.answers import limit_of, paged
from web.counts import table, volumes
from web.pages.names import LOOKED_AT as MISSES_LOOKED_AT
from web.pages.names import named
from web.pages.topics import names_in, topic_of
from web.question import Question, question
from web.site import Site
from web.trying import tried

_ORDERS: tuple[Order, ...] = get_args(Order)


def articles(request: Request) -> Any:
    """Articles of which a query is true."""
    asked, order = _asked(request), request.query_params.get("order", "recent")
    if order not in _ORDERS:
        raise InputError(f"order is one of {', '.join(_ORDERS)}")
    chosen = next(each for each in _ORDERS if each == order)
    with _site(request).reading() as conn:
        cursor = request.query_params.get("cursor")
        found = results_page(conn, asked.rules, asked.narrow, order=chosen, limit=limit_of(request), cursor=cursor)
    return paged(request, map(_found, found.found), found.next)


def article(request: Request) -> Any:
    """One article with its texts, its evidence, who else has it, why it matched, what was written beside it."""
    id_, site = _number(request, "article"), _site(request)
    with site.reading() as conn:
        found = dossier(conn, id_)
        if found is None:
            raise HTTPException(404)
        written = annotations.of_article(conn, id_)
    why = site.explainer.explain(found.article, ())
    return {
        **article_record(found.article),
        "affiliation": found.affiliation,
        "aliases": found.aliases,
        "texts": found.texts,
        "carriers": found.carriers,
        "messages_sent": found.sent,
        "first_alert": found.article.first_alert,
        "published_as_printed": found.article.published_raw,
        "mentions": [{**_plain(each), "why": each.why} for each in why.mentions],
        "annotations": written,
    }


def stories(request: Request) -> Any:
    """Stories with articles of which a query is true."""
    asked = _asked(request)
    with _site(request).reading() as conn:
        cursor, limit = request.query_params.get("cursor"), limit_of(request, 20)
        found = story_results.page(conn, asked.rules, asked.narrow, limit=limit, cursor=cursor)
    told = ({"story": each.story, "articles": list(map(_found, each.found))} for each in found.stories)
    return paged(request, told, found.next)


def story(request: Request) -> Any:
    """One story: who told it when, who was first, copies, what is shared. `story` differs where it was merged."""
    with _site(request).reading() as conn:
        told = chronicle(conn, _number(request, "story"))
    if told is None:
        raise HTTPException(404)
    return told


def today(request: Request) -> Any:
    """The front page: stories by topic, volumes, what is unusual now."""
    site, hours = _site(request), request.query_params.get("hours", "24")
    if not (hours.isdecimal() and len(hours) < 4 and 1 <= int(hours) <= 720):
        raise InputError("hours is 1 to 720")
    settings, now = site.settings, site.now()
    with site.reading() as conn:
        since = now - timedelta(hours=int(hours))
        return {
            "topics": front.stories(conn, settings.topics, since=since, now=now),
            "days": volumes(site, "topic"),
            "unusual": front.unusual(conn, settings.topics, now),
        }


def topics(request: Request) -> Any:
    """Every topic with its rule and how it hits."""
    site = _site(request)
    with site.reading() as conn:
        return {"items": [_topic(conn, site, each) for each in site.settings.topics.values()]}


def topic(request: Request) -> Any:
    """One topic; with the rules of its levels and the names that its rule speaks of."""
    site, found = _site(request), topic_of(request)
    rule_names = [id_ for id_ in names_in(parse(found.match)) if id_ in site.settings.names]
    with site.reading() as conn:
        return _topic(conn, site, found) | {"level_rules": dict(found.levels), "names": rule_names}


def names(request: Request) -> Any:
    """Every name with its mentions per day."""
    site = _site(request)
    titles, days = site.settings.names, volumes(site, "name")
    with site.reading() as conn:
        last = mentions.last_seen(conn, "name", days)
    return {
        "items": [
            {"id": id_, "title": titles[id_].title, "days": each, "last": last.get(id_)} for id_, each in days.items()
        ]
    }


def name(request: Request) -> Any:
    """One name: forms, spellings seen, who appears beside it, latest stories."""
    site, found = _site(request), named(request)
    days = volumes(site, "name")[found.id]
    with site.reading() as conn:
        seen = mentions.portrait(conn, found.id)
    return {"name": found, "days": days, "usual_gap": mentions.usual_gap(days), "seen": seen}


def name_misses(request: Request) -> Any:
    """Mentions of a name that did not count, of the newest articles in which a form stands."""
    site, found = _site(request), named(request)
    with site.reading() as conn:
        missed = vocabulary.near_misses(conn, found, site.settings.names, limit_of(request, 20), most=MISSES_LOOKED_AT)
    told = ({"article": each, "mention": {**_plain(reason), "why": reason.why}} for each, reason in missed)
    return {"items": list(told)}


def sources(request: Request) -> Any:
    """How every source fares."""
    rows, days, gaps = table(_site(request))
    return {"items": [_source(row) | {"days": days.get(row.id), "usual_gap": gaps.get(row.id)} for row in rows]}


def source(request: Request) -> Any:
    """One source with its history and latest articles."""
    site, id_ = _site(request), request.path_params["source"]
    row = next((each for each in table(site)[0] if each.id == id_), None)
    if row is None:
        raise HTTPException(404)
    with site.reading() as conn:
        return _source(row) | {"known": outlets.outlet(conn, id_)}


def alerts(request: Request) -> Any:
    """The log of alerts with the states of their messages. Never public."""
    _refuse_public(request)
    with _site(request).reading() as conn:
        cursor, topic_ = request.query_params.get("cursor"), request.query_params.get("topic")
        log = alert_log.page(conn, topic=topic_ or None, limit=limit_of(request), cursor=cursor)
    return paged(request, log.alerts, log.next)


def status(request: Request) -> Any:
    """How the whole stands, as `rasad status` tells. Never public."""
    _refuse_public(request)
    with _site(request).reading() as conn:
        return archive_status.status(conn, _site(request).now())


def facets(request: Request) -> Any:
    """How the results of a query fall into days, sources, languages, topics and names."""
    asked = _asked(request)
    with _site(request).reading() as conn:
        return count_facets(conn, asked.rules, asked.narrow)


def backtest(request: Request) -> Any:
    """What a rule would have found, beside the rule of `topic`. Never public."""
    _refuse_public(request)
    site, asked = _site(request), request.query_params
    against = None
    if topic_ := asked.get("topic"):
        if topic_ not in site.settings.topics:
            raise InputError(f"there is no topic {topic_!r}")
        against = site.settings.topics[topic_].match
    found = tried(site, asked.get("rule", ""), against=against, days=asked.get("days", "30"))
    tallies = {"tally": found.tally, "gained": found.gained, "lost": found.lost}
    return {"looked": found.looked, "articles": found.articles} | {
        name: each and {**_plain(each), "samples": list(map(_found, each.samples))} for name, each in tallies.items()
    }


# --- what they share -----------------------------------------------------------------------------------------------


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _asked(request: Request) -> Question:
    asked = question(request.query_params, _site(request).settings)
    if asked is None:
        raise InputError("nothing is asked for: give q, or since, until, language, source, affiliation, topic or name")
    return asked


def _number(request: Request, parameter: str) -> int:
    number: int = request.path_params[parameter]
    if number >= 2**63:
        raise HTTPException(404)
    return number


def _refuse_public(request: Request) -> None:
    if request.state.caller.account is None:
        raise HTTPException(404)


def _found(found: Found) -> dict[str, Any]:
    return article_record(found.article) | {"spans": spans_record(found.spans)}


def _plain(it: Any) -> dict[str, Any]:
    return {field: getattr(it, field) for field in it.__dataclass_fields__}


def _source(row: archive_sources.SourceRow) -> dict[str, Any]:
    return asdict(row) | {"standing": outlets.standing(row), "advice": outlets.advice(row)}


def _topic(conn: Any, site: Site, found: Topic) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": dict(found.title),
        "rule": found.match,
        "level": found.level,
        "days": volumes(site, "topic")[found.id],
        "levels": mentions.levels(conn, found.id, site.now() - front.BASELINE),
        "last": mentions.last_seen(conn, "topic", [found.id]).get(found.id),
        "marks": {
            "analysts": mentions.precision(conn, [found.id])[found.id],
            "readers": mentions.Precision(*reactions.marks_by_topic(conn).get(found.id, (0, 0))),
        },
    }
