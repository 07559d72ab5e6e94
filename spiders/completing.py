"""A listing's item and its own page put together: one draft with the better of both. Pure, loads no parser."""

from dataclasses import replace

from core.model import Draft

_LEAD_MAX = 1_000  # a feed body up to this length is a lead, worth keeping as summary beside the page's text


def completed(listed: Draft, article: Draft) -> Draft:
    """What the listing said, completed from the page: the fuller text, and whatever the listing left out."""
    from_page = len(article.text) >= len(listed.text)
    lead = listed.text if from_page and len(listed.text) <= _LEAD_MAX else ""
    return replace(
        listed,
        url=article.url,
        title=_uncut(listed.title, article.title) if listed.titled else article.title or listed.title,
        text=article.text if from_page else listed.text,
        summary=listed.summary or lead or article.summary,
        published=listed.published or article.published,
        published_raw=listed.published_raw if listed.published else article.published_raw or listed.published_raw,
        language=article.language or listed.language,
        authors=listed.authors or article.authors,
        image=listed.image or article.image,
        aliases=others(article.url, listed.url, *listed.aliases, *article.aliases),
        fetched=article.fetched,
    )


def others(url: str, *addresses: str) -> tuple[str, ...]:
    """The further addresses of what is known as `url`, each once."""
    return tuple(dict.fromkeys(address for address in addresses if address != url))


def _uncut(listed: str, found: str) -> str:
    stem = listed.rstrip(".… ")
    return found if listed.endswith(("…", "...")) and found.startswith(stem) else listed
