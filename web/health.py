"""For machines that watch the monitor: /healthz, /readyz, and /metrics in Prometheus' text. Judges nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive import status as archive_status
from archive.migrate import HEAD
from archive.monitors import SILENT
from archive.status import Status
from core.errors import ArchiveError
from web.site import Site

METRICS: Mapping[str, str] = {
    "rasad_info": "1; labels say the versions of the program, the schema and the database",
    "rasad_monitor_up": "1 when a monitor was heard of in the last 90 seconds",
    "rasad_config_edition": "number of the active config",
    "rasad_config_last_reload_ok": "0 while the edited config.toml cannot be used",
    "rasad_condition": "1 for each thing that is wrong with the monitor itself, by name",
    "rasad_sources": "sources, by state",
    "rasad_sources_failing": "watched sources whose last visit failed",
    "rasad_articles": "archived articles",
    "rasad_stories": "archived stories",
    "rasad_newest_article_age_seconds": "since the last article was recorded",
    "rasad_latency_seconds": "of the last 24 hours, by stage and quantile",
    "rasad_outbox": "messages, by state",
    "rasad_oldest_unsent_seconds": "how long the oldest unsent message has waited; 0 when none waits",
    "rasad_sending_blocked": "1 while a channel refuses everything, such as after its token was revoked",
    "rasad_braked_topics": "topics whose alerts are held by the brake",
    "rasad_subscribers": "subscribers, by state",
    "rasad_archive_bytes": "size of the database",
    "rasad_evidence_bytes": "size of the evidence",
}
"""Every metric and what it says; all are gauges, read from the archive when they are asked for."""

Samples = Iterable[tuple[str, Mapping[str, str], float]]
"""Name, labels, value."""


def healthz(_request: Request) -> Response:
    """/healthz: this process answers."""
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    """/readyz: the archive can be read and a monitor is at work; else 503 with what is missing."""
    site: Site = request.app.state.site
    try:
        with site.reading() as conn:
            ready = archive_status.is_watched(conn, site.now())
    except ArchiveError:
        return PlainTextResponse("the archive cannot be read\n", 503)
    return PlainTextResponse("ready\n") if ready else PlainTextResponse("no monitor is at work\n", 503)


def metrics(request: Request) -> Response:
    """/metrics: how the whole stands. Never public."""
    site: Site = request.app.state.site
    if site.settings.web.mode == "public":
        raise HTTPException(404)
    now = site.now()
    with site.reading() as conn:
        seen = archive_status.status(conn, now)
    registry = CollectorRegistry()
    registry.register(_Gauges(_samples(seen, now)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Gauges(Collector):
    """Samples as families of gauges."""

    def __init__(self, samples: Samples) -> None:
        self._samples = list(samples)

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for name, labels, value in self._samples:
            family = families.get(name)
            if family is None:
                family = families[name] = GaugeMetricFamily(name, METRICS[name], labels=list(labels))
            family.add_metric(list(labels.values()), value)
        return families.values()


def _samples(seen: Status, now: datetime) -> Samples:
    yield "rasad_info", {"version": version("rasad"), "schema": HEAD, "database": seen.database}, 1
    yield "rasad_monitor_up", {}, any(now - each.seen < SILENT for each in seen.monitors)
    yield "rasad_config_edition", {}, seen.edition or 0
    yield "rasad_config_last_reload_ok", {}, all(each.name != "config_refused" for each in seen.conditions)
    yield from (("rasad_condition", {"name": each.name}, 1) for each in seen.conditions)
    yield from (("rasad_sources", {"state": state}, count) for state, count in seen.sources.items())
    yield "rasad_sources_failing", {}, seen.sources_failing
    yield "rasad_articles", {}, seen.articles
    yield "rasad_stories", {}, seen.stories
    if seen.last_article is not None:
        yield "rasad_newest_article_age_seconds", {}, (now - seen.last_article).total_seconds()
    for each in seen.latency:
        yield "rasad_latency_seconds", {"stage": each.stage, "quantile": "0.5"}, each.p50
        yield "rasad_latency_seconds", {"stage": each.stage, "quantile": "0.95"}, each.p95
    yield from (("rasad_outbox", {"state": state}, count) for state, count in seen.queue.items())
    yield "rasad_oldest_unsent_seconds", {}, (now - seen.oldest_unsent).total_seconds() if seen.oldest_unsent else 0
    yield "rasad_sending_blocked", {}, any(each.trouble for each in seen.senders)
    yield "rasad_braked_topics", {}, len(seen.brakes)
    yield from (("rasad_subscribers", {"state": state}, count) for state, count in seen.subscribers.items())
    yield "rasad_archive_bytes", {}, seen.size
    yield "rasad_evidence_bytes", {}, seen.evidence
