"""The results of a search as stories: each once, where its newest match stands. Decides nothing about stories."""

from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from archive.inquiry import Inquiry, Narrow, conditions_of
from archive.rows import articles
from archive.schema import article, story
from archive.search import Found, cursor_of, matching
from core.rules.match import RuleSet


@dataclass(frozen=True, slots=True)
class StoryFound:
    """A whole story with its members of which the query is true, last seen first."""

    story: int
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Some of the stories in their order; `next` is where the following page begins, None after the last one."""

    stories: tuple[StoryFound, ...]
    next: str | None


def page(
    conn: Connection,
    rules: RuleSet,
    narrow: Narrow = Narrow(),  # noqa: B008  it is frozen
    *,
    limit: int = 20,
    cursor: str | None = None,
) -> StoryPage:
    """See `page_of`."""
    return page_of(Inquiry(conn, rules, narrow), limit=limit, cursor=cursor)


def page_of(inquiry: Inquiry, *, limit: int = 20, cursor: str | None = None) -> StoryPage:
    """One page of the stories, the one with the last seen match first. What arrives meanwhile moves no later page.

    A cursor is NEWEST.BEFORE: matches from NEWEST on were not there when the first page was made. Raises InputError
    for one that is none of ours.
    """
    newest, before = cursor_of(cursor)
    told: list[StoryFound] = []
    met: set[int] = set()
    with closing(matching(inquiry, before=before or None)) as each:
        for found in each:
            newest = newest or found.article.id + 1
            if found.article.story in met:
                continue
            met.add(found.article.story)
            members = _members(inquiry, found.article.story, newest)
            if before and members[0].article.id >= before:  # a page before has it
                continue
            if len(told) == limit:
                return StoryPage(tuple(told), f"{newest}.{found.article.id + 1}")
            told.append(StoryFound(found.article.story, members))
    return StoryPage(tuple(told), None)


def _members(inquiry: Inquiry, of: int, newest: int) -> tuple[Found, ...]:
    parts = select(story.c.id).where(or_(story.c.id == of, story.c.merged_into == of))
    within = conditions_of(inquiry.narrow)
    inside = select(article.c.id).where(article.c.story.in_(parts), article.c.id < newest, *within)
    spans = inquiry.spans(list(inquiry.conn.execute(inside).scalars()))
    return tuple(Found(each, spans[each.id]) for each in articles(inquiry.conn, list(spans)))
