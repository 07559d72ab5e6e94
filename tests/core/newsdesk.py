"""A desk for matching tests: articles and rules in one line, hits as the words that a reader would see marked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.model import Draft, Form, NameHit, NameSet, TopicHit
from core.rules.match import RuleSet, compile_query, compile_rules


def article(text: str = "", *, title: str = "", summary: str = "", **known: object) -> Draft:
    base = Draft("wire", "https://wire.example/1", title, text, summary)
    return replace(base, **known)  # type: ignore[arg-type]  # the fields of Draft


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def name(  # the table [names.ID] of a config
    id_: str,
    forms: Sequence[str | Form],
    *,
    not_: Sequence[str] = (),
    weak: Sequence[str] = (),
    context: Sequence[str] = (),
    rivals: Sequence[str] = (),
    title: str = "shown",
) -> NameSet:
    spelled = tuple(form if isinstance(form, Form) else Form(form) for form in forms)
    shown = {"en": title} if title else {}
    return NameSet(id_, shown, spelled, tuple(not_), tuple(map(Form, weak)), tuple(context), tuple(rivals))


def named(*names: NameSet) -> RuleSet:
    return compile_rules({each.id: each for each in names}, {})


def marked(found: NameHit | TopicHit | None, text: Draft) -> list[str]:
    """The words of the article under the spans of a hit."""
    return [getattr(text, s.field)[s.start : s.end] for s in found.spans] if found else []


def finds(rule: str, text: Draft | str, *names: NameSet) -> list[str] | None:
    """What a rule marks in an article; None when it is not true of it."""
    draft = article(text) if isinstance(text, str) else text
    topics = compile_query(rule, {each.id: each for each in names}).match(draft).topics
    return marked(topics[0], draft) if topics else None


def sees(rules: RuleSet, text: Draft | str) -> dict[str, list[str]]:
    """Who is named in an article: id → the words marked."""
    draft = article(text) if isinstance(text, str) else text
    return {hit.name: marked(hit, draft) for hit in rules.match(draft).names}


def doubts(rules: RuleSet, text: Draft | str) -> dict[str, list[str]]:
    """Who may be named in an article."""
    draft = article(text) if isinstance(text, str) else text
    return {hit.name: marked(hit, draft) for hit in rules.match(draft).ambiguous}
