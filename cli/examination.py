"""A trial visit of a source, step by step as text: what was asked, what came, what is in it, what would match."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from cli.screen import ago, out
from core.model import Draft, Page
from core.redaction import one_line
from core.rules.match import RuleSet

if TYPE_CHECKING:
    from spiders.trial import Examination

FIRST_WORDS = 300  # characters of the first article
MATCHES_SHOWN = 5


def show(examined: "Examination", rules: RuleSet, now: datetime) -> None:
    """Print every step that was reached."""
    for label, told in _steps(examined, rules, now):
        out.print(f"{label:<9} {told}")


def _steps(examined: "Examination", rules: RuleSet, now: datetime) -> Iterator[tuple[str, str]]:
    source = examined.source
    state = "enabled" if source.enabled else "probed" if source.probe else "disabled"
    yield "source", f"{source.id} · {source.name} · {source.kind} · {state}"
    yield "request", f"GET {source.url}" + (f" by way of {source.proxy}" if source.proxy else "")
    if examined.page is not None:
        yield from _answer(examined.page, examined.seconds, examined.charset)
    if examined.fault:
        yield "failed", examined.fault
        if examined.reach:
            yield "reach", examined.reach
        return
    for part in examined.parts:
        yield "part", part
    yield "items", _items(examined.drafts, now)
    yield from _article(examined)
    yield from _matching(examined, rules)


def _answer(page: Page, seconds: float, charset: str) -> Iterator[tuple[str, str]]:
    if page.url != page.requested:
        yield "address", f"{one_line(page.url)} in the end"
    yield "answer", f"status {page.status} in {seconds:.1f} s, {len(page.body):,} bytes"
    yield "type", f"{one_line(page.headers.get('content-type', '')) or 'none given'}, read as {charset}"


def _items(drafts: list[Draft], now: datetime) -> str:
    dates = sorted(draft.published for draft in drafts if draft.published)
    span = f", newest {ago(dates[-1], now)} ago, oldest {ago(dates[0], now)} ago" if dates else ""
    return f"{len(drafts)} listed, {len(dates)} with a date{span}"


def _article(examined: "Examination") -> Iterator[tuple[str, str]]:
    article = examined.article
    if article is None:
        if examined.article_fault:
            yield "article", f"{examined.article_fault}; what the listing says would be kept"
        return
    yield "article", article.url
    yield "title", article.title
    by = f" · by {', '.join(article.authors)}" if article.authors else ""
    when = article.published.strftime("%Y-%m-%d %H:%M UTC") if article.published else "undated"
    yield "about", f"{when} · {article.language or 'language unknown'}{by} · {len(article.text):,} characters"
    yield "text", " ".join(article.text.split())[:FIRST_WORDS] or "none"


def _matching(examined: "Examination", rules: RuleSet) -> Iterator[tuple[str, str]]:
    """What of the listing would match; the one article that was fetched by its full text, the others as listed."""
    first = examined.article
    drafts = [first if first and draft.url == examined.followed else draft for draft in examined.drafts]
    hits = [(draft, topics) for draft in drafts if (topics := rules.match(draft).topics)]
    yield "match", f"{len(hits)} of {len(drafts)} would match, by what the listing says of them"
    for draft, topics in hits[:MATCHES_SHOWN]:
        yield "", f"{', '.join(f'{hit.topic} ({hit.level})' for hit in topics)}: {draft.title}"
