"""Articles as an Atom feed (RFC 4287): text in any script, its direction told. Pure text; it reads no feed."""

from datetime import datetime
from html import escape
from re import compile as pattern
from uuid import NAMESPACE_URL, uuid5

from core.lines import iso
from core.model import Article

END = "</feed>\n"

_RIGHT_TO_LEFT = ("ar", "fa", "ckb", "ur", "he")
_REFUSED = pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 has no way to say


def head(about: str, now: datetime) -> str:
    """The beginning of a feed. Feeds of the same question have the same id."""
    title = f"Rasad: {about}" if about else "Rasad"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{uuid5(NAMESPACE_URL, f'rasad:{about}').urn}</id>\n<title>{_text(title)}</title>\n"
        f"<updated>{iso(now)}</updated>\n<author><name>Rasad</name></author>\n"
    )


def entry(article: Article) -> str:
    """One article. Its topics, its names and that it was withdrawn are categories."""
    updated = max(filter(None, (article.recorded, article.revised, article.withdrawn)))
    language = f' xml:lang="{_text(article.language)}"' if article.language else ""
    parts = [
        f"<entry{language}>",
        f"<id>{_text(article.url)}</id>",
        f'<link rel="alternate" href="{_text(article.url)}"/>',
        f"<title>{_text(article.title or article.url)}</title>",
        f"<updated>{iso(updated)}</updated>",
        f"<published>{iso(article.published)}</published>" if article.published else "",
        *(f"<author><name>{_text(name)}</name></author>" for name in article.authors or (article.source_name,)),
        *(f'<category term="{_text(term)}"/>' for term in _terms(article)),
        f"<source><title>{_text(article.source_name)}</title></source>",
        f"<summary>{_text(article.summary)}</summary>" if article.summary else "",
        f'<content type="html">{_text(_body(article))}</content>' if article.text else "",
        "</entry>\n",
    ]
    return "\n".join(filter(None, parts))


def _terms(article: Article) -> list[str]:
    found = article.matches
    marks = ["withdrawn"] if article.withdrawn else []
    return [*(f"topic:{hit.topic}" for hit in found.topics), *(f"name:{hit.name}" for hit in found.names), *marks]


def _body(article: Article) -> str:
    """The text as HTML in its own direction, which a reader in another language could not know."""
    direction = "rtl" if article.language in _RIGHT_TO_LEFT else "auto"
    lines = (f"<p>{escape(line)}</p>" for line in article.text.splitlines() if line.strip())
    return f'<div dir="{direction}">{"".join(lines)}</div>'


def _text(text: str) -> str:
    return escape(_REFUSED.sub("", text))
