"""Which stories are shown together without being one. Reads only."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from archive.schema import link, story


def related_to(conn: Connection, stories: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The stories that are shown with each of these whole ones, without being one with them."""
    found: dict[int, set[int]] = {each: set() for each in stories}
    for one, other in conn.execute(_RELATED, {"stories": list(found)}) if found else ():
        for mine, theirs in ((one, other), (other, one)):
            if mine in found and mine != theirs:
                found[mine].add(theirs)
    return {each: tuple(sorted(others)) for each, others in found.items()}


def _whole(row: ColumnElement[int]) -> ColumnElement[int]:
    part = story.alias()
    return select(func.coalesce(part.c.merged_into, part.c.id)).where(part.c.id == row).scalar_subquery()


_parts = select(story.c.id).where(
    or_(
        story.c.id.in_(bindparam("stories", expanding=True)),
        story.c.merged_into.in_(bindparam("stories", expanding=True)),
    )
)
_RELATED = select(_whole(link.c.one), _whole(link.c.other)).where(
    or_(link.c.one.in_(_parts), link.c.other.in_(_parts)), link.c.ruled.is_(False)
)
