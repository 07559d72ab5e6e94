"""Which message a chat got first about a story, so that a turn or an edit can be its reply. Reads only."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from archive.schema import outbox, story


def first_messages(conn: Connection, asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """For each (subscriber, story) the id of the first message that told of it, or of what is one with it now.

    Those that nothing was told of are left out.
    """
    if not asked:
        return {}
    whole = func.coalesce(story.c.merged_into, story.c.id)
    parts = select(story.c.id, whole).where(story.c.id.in_({of for _, of in asked}))
    wholes = {row[0]: row[1] for row in conn.execute(parts)}
    told = (
        select(outbox.c.subscriber, whole, outbox.c.message_id)
        .join(story, story.c.id == outbox.c.story)
        .where(
            outbox.c.subscriber.in_({who for who, _ in asked}),
            whole.in_(set(wholes.values())),
            outbox.c.state == "sent",
            outbox.c.message_id.is_not(None),
        )
        .order_by(outbox.c.settled.desc())  # the earliest is put last, and stays
    )
    first = {(row[0], row[1]): int(row[2]) for row in conn.execute(told)}
    found = {(who, of): first.get((who, wholes.get(of, of))) for who, of in asked}
    return {each: number for each, number in found.items() if number is not None}
