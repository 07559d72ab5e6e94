"""An archived article as a reference: text, Markdown, BibTeX, RIS. Pure; the caller knows where the archive is reached.

Each tells outlet, headline as printed, address, the date as printed and in UTC, when it was fetched, the SHA-256 of
what was fetched, the permanent address in the archive, and which text of the article it was.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from core.model import Article

STYLES = ("text", "markdown", "bibtex", "ris")
SUFFIXES: Mapping[str, str] = {"text": "txt", "markdown": "md", "bibtex": "bib", "ris": "ris"}


def cite(article: Article, style: str, permalink: str) -> str:
    """The reference in one of STYLES."""
    return _STYLES[style](article, permalink)


def _text(article: Article, permalink: str) -> str:
    told = f"{_who(article)}“{_title(article)}”. {_outlet(article)}, {_published(article)}."
    return f"{told} {_line(article.url)} {_archived(article, permalink)}"


def _markdown(article: Article, permalink: str) -> str:
    linked = f"[{_escaped(_title(article), _MARKDOWN)}](<{_line(article.url).replace('<', '%3C').replace('>', '%3E')}>)"
    who, outlet = (_escaped(part, _MARKDOWN) for part in (_who(article), _outlet(article)))
    told = _escaped(_published(article), _MARKDOWN)
    return f"{who}{linked}. *{outlet}*, {told}. {_archived(article, f'<{permalink}>')}"


def _bibtex(article: Article, permalink: str) -> str:
    fields = {
        "author": " and ".join(f"{{{_bib(author)}}}" for author in article.authors) or f"{{{_bib(_outlet(article))}}}",
        "title": f"{{{_bib(_title(article))}}}",
        "organization": _bib(_outlet(article)),
        "date": f"{article.published:%Y-%m-%d}" if article.published else "",
        "url": _bib(_line(article.url)),
        "urldate": f"{article.fetched:%Y-%m-%d}",
        "langid": {"ar": "arabic", "fa": "persian", "en": "english"}.get(article.language or "", ""),
        "note": _bib(f"{_published(article)}. {_archived(article, permalink)}"),
    }
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{rasad{article.id}r{article.revision},\n{told}\n}}\n"


def _ris(article: Article, permalink: str) -> str:
    dated = f"{article.published:%Y/%m/%d/%H:%M}" if article.published else ""
    tags = [
        ("TY", "NEWS"),
        ("ID", f"rasad{article.id}r{article.revision}"),
        *(("AU", _line(author)) for author in article.authors),
        ("TI", _title(article)),
        ("T2", _outlet(article)),
        ("DA", dated),
        ("LA", article.language or ""),
        ("UR", _line(article.url)),
        ("L2", permalink),
        ("Y2", f"{article.fetched:%Y/%m/%d/%H:%M}"),
        ("N1", f"{_published(article)}. {_archived(article, permalink)}"),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value or tag == "ER")


_STYLES: Mapping[str, Callable[[Article, str], str]] = {
    "text": _text,
    "markdown": _markdown,
    "bibtex": _bibtex,
    "ris": _ris,
}


def _title(article: Article) -> str:
    """The headline as printed; where there is none, how the text begins."""
    opening = _line(article.text or article.summary)
    cut = opening[:80].rsplit(" ", 1)[0] + " …" if len(opening) > 80 else opening
    return _line(article.title) or cut or _line(article.url)


def _who(article: Article) -> str:
    return f"{', '.join(map(_line, article.authors))}. " if article.authors else ""


def _outlet(article: Article) -> str:
    return _line(article.source_name) or article.source


def _published(article: Article) -> str:
    printed = f"published “{_line(article.published_raw)}”" if article.published_raw.strip() else "published"
    return f"{printed} ({_utc(article.published)})" if article.published else f"{printed} (no date that can be read)"


def _archived(article: Article, permalink: str) -> str:
    digest = f", SHA-256 {article.sha256}" if article.sha256 else ""
    return f"Archived: {permalink}, revision {article.revision}, fetched {_utc(article.fetched)}{digest}."


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _line(text: str) -> str:
    """On one line: a headline can end no field."""
    return " ".join(text.split())


_MARKDOWN = {ord(each): f"\\{each}" for each in "\\`*_[]<>#|~"}
_BIBTEX = {ord(each): f"\\{each}" for each in "&%$#_{}"} | {
    ord("\\"): r"\textbackslash{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
}


def _escaped(text: str, how: dict[int, str]) -> str:
    return text.translate(how)


def _bib(text: str) -> str:
    return _escaped(_line(text), _BIBTEX)
