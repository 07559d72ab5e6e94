"""What an alert is about, as it is written down: a configured topic as topic:ID, a reader's own watch as watch:N.

To the rules and to the decision a watch is a topic called watch:N; no configured id has a colon.
"""

from core.model import Topic

WATCH = "watch:"
HITS = ("topic", "watch")  # kinds of hits that alert; those of watches are their readers' own and shown nowhere else


def subject_of(topic: str) -> str:
    """The subject of a topic's alerts."""
    return topic if topic.startswith(WATCH) else f"topic:{topic}"


def topic_of(subject: str) -> str:
    """And back."""
    return subject.removeprefix("topic:")


def is_watch(topic: str) -> bool:
    """Whether the topic is a reader's own rule."""
    return topic.startswith(WATCH)


def number_of(topic: str) -> int:
    """Which watch it is."""
    return int(topic.removeprefix(WATCH))


def as_topic(number: int, title: str, query: str) -> Topic:
    """A watch as the topic that the rules try."""
    return Topic(id=f"{WATCH}{number}", title={"": title}, match=query)
