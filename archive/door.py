"""What every text passes on its way in: characters that a database refuses. Pure."""

from dataclasses import replace
from re import compile as pattern

from core.model import Draft

_REFUSED = pattern("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL; UTF-8 has no lone surrogates


def storable_text(text: str) -> str:
    """`text` with U+FFFD for each refused character: replaced, not removed, so that offsets stay right."""
    return _REFUSED.sub("\ufffd", text)


def storable(draft: Draft) -> Draft:
    """The draft with storable texts; spans found in the original fit it."""
    return replace(
        draft,
        url=storable_text(draft.url),
        title=storable_text(draft.title),
        text=storable_text(draft.text),
        summary=storable_text(draft.summary),
        guid=storable_text(draft.guid) if draft.guid else None,
        published_raw=storable_text(draft.published_raw),
        language=storable_text(draft.language) if draft.language else None,
        authors=tuple(map(storable_text, draft.authors)),
        image=storable_text(draft.image) if draft.image else None,
        aliases=tuple(map(storable_text, draft.aliases)),
        listing=storable_text(draft.listing),
    )
