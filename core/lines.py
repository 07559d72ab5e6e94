"""The article JSON line: the format of import, export, match and read. Pure text ⇄ values, no files."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import InputError
from core.language import detect
from core.model import Article, Draft, KeptPost, Matches, NameHit, Post, Span

_TEXTS = ("url", "title", "text", "summary", "language", "source", "image", "published")

EXPORT_COLUMNS = (
    "id", "url", "title", "text", "summary", "published", "language", "source", "authors", "image",
    "fetched", "recorded", "duplicate_of", "story", "related", "topics", "names", "revision", "sha256",
    "withdrawn", "revised", "post",
)  # fmt: skip
POST_COLUMNS = tuple(KeptPost.__dataclass_fields__)
CSV_COLUMNS = (*EXPORT_COLUMNS[:-1], *(f"post_{name}" for name in POST_COLUMNS))


def read_line(raw: str) -> Draft:
    """One JSON line → a draft; `url` is "" and `source` is "" where the line has none. Null and missing are equal.

    Bytes that are no UTF-8 are expected as lone surrogates (errors="surrogateescape").
    Raises InputError with what is wrong in one sentence, without the line's number.
    """
    if any("\udc80" <= char <= "\udcff" for char in raw):
        raise InputError("not UTF-8")
    try:
        value = json.loads(raw.rstrip("\r\n"))
    except (json.JSONDecodeError, RecursionError) as error:
        column = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"not JSON{column}") from None
    if not isinstance(value, dict):
        raise InputError("not a JSON object")
    texts = {key: _text(value, key) for key in _TEXTS}
    if not (texts["title"] or texts["text"] or texts["summary"]):
        raise InputError("no title, text or summary")
    return Draft(
        source=texts["source"],
        url=texts["url"],
        title=texts["title"],
        text=texts["text"],
        summary=texts["summary"],
        language=texts["language"] or detect(f"{texts['title']}\n{texts['text'] or texts['summary']}"),
        image=texts["image"] or None,
        published=_time(texts["published"]),
        published_raw=texts["published"],
        authors=_authors(value.get("authors")),
    )


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InputError(f'"{key}" must be text or null, not {type(text).__name__}')
    return text


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f'"published" is not an ISO 8601 time: {text[:40]}') from None
    # A time without an offset is taken as UTC: a guess by machine or by config would differ between two imports.
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _authors(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(author, str) for author in value):
        raise InputError('"authors" must be a list of texts')
    return tuple(value)


def draft_record(draft: Draft) -> dict[str, Any]:
    """The line that `rasad read` prints for a draft; of a channel's post with what it shows beside its text."""
    record = {
        "url": draft.url or None,
        "title": draft.title,
        "text": draft.text,
        "summary": draft.summary,
        "published": iso(draft.published),
        "language": draft.language,
        "source": draft.source or None,
        "authors": list(draft.authors),
        "image": draft.image,
    }
    return record if draft.post is None else record | {"post": _shown(draft.post)}


def _shown(post: Post) -> dict[str, Any]:
    return {
        "number": post.id,
        "last": post.last,
        "views": post.views,
        "edited": post.edited,
        "forwarded_from": post.forwarded_from or None,
        "forwarded_url": post.forwarded_url,
        "links": list(post.links),
        "media": list(post.media),
    }


def article_record(article: Article) -> dict[str, Any]:
    """The line that `rasad export` prints, with the columns of EXPORT_COLUMNS in their order."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "summary": article.summary,
        "published": iso(article.published),
        "language": article.language,
        "source": article.source,
        "authors": list(article.authors),
        "image": article.image,
        "fetched": iso(article.fetched),
        "recorded": iso(article.recorded),
        "duplicate_of": article.duplicate_of,
        "story": article.story,
        "related": list(article.related),
        "topics": [hit.topic for hit in article.matches.topics],
        "names": [hit.name for hit in article.matches.names],
        "revision": article.revision,
        "sha256": article.sha256,
        "withdrawn": iso(article.withdrawn),
        "revised": iso(article.revised),
        "post": _kept(article.post) if article.post is not None else None,
    }


def _kept(post: KeptPost) -> dict[str, Any]:
    """The post's fields with the keys of POST_COLUMNS in their order."""
    return {
        "number": post.number,
        "last": post.last,
        "views_first": post.views_first,
        "views": post.views,
        "views_at": iso(post.views_at),
        "edited": iso(post.edited),
        "forwarded_from": post.forwarded_from or None,
        "forwarded_url": post.forwarded_url,
        "links": list(post.links),
        "media": list(post.media),
    }


def csv_record(article: Article) -> dict[str, str]:
    """The row that `rasad export --format csv` writes, with the columns of CSV_COLUMNS in their order."""
    record = article_record(article)
    post = record.pop("post") or dict.fromkeys(POST_COLUMNS)
    return {name: csv_cell(value) for name, value in (record | {f"post_{k}": v for k, v in post.items()}).items()}


def matches_record(url: str, matches: Matches) -> dict[str, Any]:
    """The line that `rasad match` prints for an article."""
    return {
        "url": url or None,
        "names": _named(matches.names),
        "topics": [
            {"topic": hit.topic, "level": hit.level, "spans": spans_record(hit.spans)} for hit in matches.topics
        ],
        "ambiguous": _named(matches.ambiguous),
    }


def _named(hits: Iterable[NameHit]) -> list[dict[str, Any]]:
    return [{"name": hit.name, "spans": spans_record(hit.spans)} for hit in hits]


def spans_record(spans: Iterable[Span]) -> list[list[Any]]:
    """[[field, start, end], …] in code points of the original field."""
    return [[span.field, span.start, span.end] for span in spans]


def iso(time: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, seconds precision unless there are fractions."""
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def dump_line(record: Mapping[str, Any]) -> str:
    """One line of JSON, letters as they are. U+2028 and its kin are escaped: some readers end a line there."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    for separator in "\u0085\u2028\u2029":
        text = text.replace(separator, f"\\u{ord(separator):04x}")
    return text


def csv_cell(value: Any) -> str:
    """A value as a spreadsheet shows it. What a spreadsheet would run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


# What begins a formula: full-width forms as well in an East Asian spreadsheet, and the apostrophe that says it is none.
_FORMULA = (*"=+-@＝＋－＠\t\r\n'",)


def csv_text(cell: str) -> str:
    """The text of a cell that `csv_cell` made."""
    return cell.removeprefix("'")
