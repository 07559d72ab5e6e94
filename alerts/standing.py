"""What an alert says of its story's standing: its weakness, its turn, what was edited, who carries it. Pure.

Must not take sides: it tells who carries a story and who is linked, never that it is true.
"""

from collections.abc import Iterator, Sequence

from alerts.catalogue import say
from alerts.typesetting import clip, isolate, safe
from core.messages import Card

_HEADLINE, _NAME, _NAMES = 200, 80, 5


def opening(card: Card, language: str) -> Iterator[str]:
    """The first lines: how the story turned, or that a grave claim has one source."""
    if card.turn is not None:
        yield say(language, f"turn.{card.turn}")
        if card.about:
            yield say(language, "turn.about", headline=_quoted(card.about, _HEADLINE))
    if card.unconfirmed:
        yield say(language, "unconfirmed", name=_quoted(card.unconfirmed, _NAME))
    if card.edit is not None:
        yield _edited(card, language)


def closing(card: Card, language: str) -> Iterator[str]:
    """The last lines: who carries it, and the weakness that was told before."""
    if card.outlets > 1:
        key, count = ("unlinked", card.unlinked) if card.unlinked > 1 else ("linked", card.outlets)
        carried = say(language, "carried", count=card.outlets)
        yield say(language, "comma").join((carried, say(language, key, count=count)))
    if card.denied_by:
        yield say(language, "denied", names=_names(card.denied_by, language))
    if card.formerly and card.formerly != card.unconfirmed:
        yield say(language, "formerly", name=_quoted(card.formerly, _NAME))


def _edited(card: Card, language: str) -> str:
    assert card.edit is not None
    told = []
    if card.edit.was:
        told.append(say(language, "edit.was", headline=_quoted(card.edit.was, _HEADLINE)))
    for key, names in (("edit.entered", card.edit.entered), ("edit.left", card.edit.left)):
        if names:
            told.append(say(language, key, names=_names(names, language)))
    return say(language, "edit", what=" · ".join(told) or say(language, "edit.text"))


def _names(names: Sequence[str], language: str) -> str:
    told = [_quoted(name, _NAME) for name in names[:_NAMES]] + ["…"] * (len(names) > _NAMES)
    return say(language, "comma").join(told)


def _quoted(text: str, limit: int) -> str:
    return isolate(clip(safe(text).strip() or "…", limit))
