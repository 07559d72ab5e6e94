"""What analysts write beside articles: stars, tags, notes, and whether a match was meant. It changes no article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from archive.rows import AnyRow
from archive.schema import annotation, article
from core.errors import InputError

Kind = Literal["star", "tag", "note", "relevant", "noise"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST: dict[Kind, int] = {"tag": 60, "note": 4_000}  # code points; the other kinds say all by themselves
_MARKS = ("relevant", "noise")  # of which an account holds one at most


@dataclass(frozen=True, slots=True)
class Annotation:
    """What somebody wrote beside an article."""

    id: int
    article: int
    account: str
    kind: Kind
    text: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An annotated article as a list shows it."""

    annotation: Annotation
    title: str
    url: str


def of_article(conn: Connection, article_id: int) -> list[Annotation]:
    """Everybody's annotations of an article, oldest first."""
    rows = conn.execute(select(annotation).where(annotation.c.article == article_id).order_by(annotation.c.id))
    return [_annotation(row) for row in rows]


def add(conn: Connection, article_id: int, account: str, kind: Kind, text: str, now: datetime) -> None:
    """Write it; what stands already is not written twice, and relevant takes the place of noise, or the reverse.

    Raises InputError for a tag or note without words or with too many.
    """
    said = _said(kind, text)
    conn.execute(delete(annotation).where(_mine(article_id, account), _same(kind, said)))
    row = {"article": article_id, "account": account, "kind": kind, "text": said, "made": now}
    conn.execute(insert(annotation), row)


def remove(conn: Connection, article_id: int, account: str, id_: int) -> bool:
    """Take one's own annotation away. False where there is none."""
    chosen = delete(annotation).where(_mine(article_id, account), annotation.c.id == id_)
    return conn.execute(chosen).rowcount > 0


def kept(conn: Connection, account: str, *, limit: int = 200) -> Sequence[Kept]:
    """What an account annotated, newest first."""
    chosen = (
        select(annotation, article.c.title, article.c.url)
        .join(article, article.c.id == annotation.c.article)
        .where(annotation.c.account == account)
        .order_by(annotation.c.id.desc())
        .limit(limit)
    )
    return [Kept(_annotation(row), row.title, row.url) for row in conn.execute(chosen)]


def _said(kind: Kind, text: str) -> str:
    if kind not in LONGEST:
        return ""
    said = text.replace("\0", "").strip() if kind == "note" else " ".join(text.replace("\0", "").split()).lstrip("#")
    if not said:
        raise InputError(f"a {kind} needs words")
    if len(said) > LONGEST[kind]:
        raise InputError(f"a {kind} has at most {LONGEST[kind]} characters, this one has {len(said)}")
    return said


def _mine(article_id: int, account: str) -> ColumnElement[bool]:
    return and_(annotation.c.article == article_id, annotation.c.account == account)


def _same(kind: Kind, text: str) -> ColumnElement[bool]:
    if kind in _MARKS:
        return annotation.c.kind.in_(_MARKS)
    return and_(annotation.c.kind == kind, annotation.c.text == text)


def _annotation(row: AnyRow) -> Annotation:
    return Annotation(row.id, row.article, row.account, row.kind, row.text, row.made)
