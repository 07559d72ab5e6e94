"""The scene of the alert tests: an archive, articles that match, subscribers, and Telegram as an HTTP double."""

import atexit
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from sqlalchemy import Connection, select

from alerts.delivery import Delivery
from alerts.limits import Rates
from alerts.telegram import TelegramChannel
from archive import brake, outbox, senders, sources, subscribers
from archive.cards import Telling
from archive.database import Archive
from archive.intake import admit
from archive.schema import outbox as outbox_table
from core.messages import Subscriber
from core.model import Arrival, Draft
from core.rules.match import compile_rules
from monitor.opening import rules_of
from settings import Edition, parse
from tests.bot_api import BotApi
from tests.fakes import Clock

T = TypeVar("T")

CONFIG = """
[rasad]
timezone = "Asia/Baghdad"
[telegram]
api_url = "{url}"
access = "{access}"
admins = {admins}
[topics.bridge]
title = {{ en = "The bridge", ar = "الجسر", fa = "پل" }}
match = "bridge OR الجسر OR پل"
level = "breaking"
[topics.council]
title = {{ en = "The council", ar = "المجلس", fa = "شورا" }}
match = "council OR المجلس OR شورا"
[names.qaani]
title = {{ en = "Esmail Qaani", ar = "إسماعيل قاآني", fa = "اسماعیل قاآنی" }}
forms = ["Qaani", "قاآني", "قاآنی"]
[names.grave]
forms = ["killed", "مقتل", "کشته"]
[[sources]]
id = "morning"
name = "The Morning Paper"
kind = "feed"
url = "https://morning.example/feed"
language = "en"
affiliation = "private"
"""


class Scene:
    """One small newsroom's worth of alerts. Time is the clock's."""

    def __init__(
        self, folder: Path, telegram: BotApi, *, access: str = "open", admins: Sequence[int] = (), webhook: str = ""
    ) -> None:
        self.telegram = telegram
        self.clock = Clock()
        self.file = folder / "config.toml"
        shutil.copy(_empty_archive(), folder / "rasad.db")
        self.archive = Archive.open(f"sqlite:///{folder}/rasad.db")
        hook = f'[telegram]\nwebhook = "{webhook}"\nwebhook_listen = "127.0.0.1:{_free_port()}"\n'
        config = CONFIG.replace("[telegram]\n", hook) if webhook else CONFIG
        text = config.format(url=telegram.url, access=access, admins=list(admins))
        self.file.write_text(text, encoding="utf-8")
        settings = parse(text, file="config.toml", folder=folder)
        self._edition = Edition(1, settings, compile_rules(settings.names, settings.topics))
        with self.archive.writing() as conn:
            sources.sync(conn, settings.sources, self.clock.now())
            brake.expect(conn, dict.fromkeys(settings.topics, 1e6), self.clock.now())  # nothing here is too much
        self._published = 0

    def edition(self) -> Edition:
        return self._edition

    def channel(self, *, patience: float = 5, token: str | None = None) -> TelegramChannel:
        """The real channel, against the double."""
        timeout = timedelta(seconds=patience)
        return TelegramChannel(token or self.telegram.token, self.telegram.url, read_timeout=timeout)

    def delivery(
        self, *, patience: float = 5, rates: Rates | None = None, token: str | None = None, owner: str = "delivery"
    ) -> Delivery:
        """A delivery on the scene's clock. `patience`: seconds until an unanswered call is given up."""
        channel = self.channel(patience=patience, token=token)
        return Delivery(self.archive, channel, self.edition, owner=owner, rates=rates, clock=self.clock)

    def follows(self, chat: int, *, language: str = "en", timezone: str = "Asia/Baghdad") -> Subscriber:
        """A subscriber of all topics."""
        with self.archive.writing() as conn:
            return subscribers.join(
                conn, channel="telegram", chat=chat, language=language, timezone=timezone, now=self.clock.now()
            )

    def administers(self, chat: int) -> Subscriber:
        """An admin who pressed /start and follows no topic."""
        who = self.follows(chat)
        with self.archive.writing() as conn:
            return subscribers.set_follow_all(conn, who.id, False)

    def publishes(
        self,
        title: str = "A bridge is closed",
        text: str = "",
        *,
        url: str | None = None,
        source: str = "morning",
        at: datetime | None = None,
    ) -> int:
        """An article is recorded, with its alerts. Returns how many rows wait now."""
        self._published += 1
        now = at or self.clock.now()
        draft = Draft(
            source=source,
            url=url or f"https://{source}.example/{self._published}",
            title=title,
            text=text or f"{title}. {_prose(self._published)}",
            language="en",
            published=now,
            fetched=now,
        )
        with self.archive.writing() as conn:
            admit(conn, draft, rules=self._edition.rules, arrival=Arrival("live"), now=now, edition=1)
            return sum(outbox.counts(conn).values())

    def lives_now(self) -> None:
        """The clock shows the real time, as the bot's does."""
        self.clock.advance(datetime.now(UTC) - self.clock.now())

    def takes_over_watches(self) -> None:
        """What a running monitor does within a second of a change."""
        self._edition = replace(self._edition, rules=rules_of(self.archive, self._edition.settings))

    def digests(self, who: Subscriber, articles: int) -> None:
        """The digest of the first `articles` waits for `who`."""
        tellings = [Telling(article + 1, (("bridge", "breaking"),)) for article in range(articles)]
        with self.archive.writing() as conn:
            outbox.enqueue_digest(conn, who.id, tellings, total=57, occasion="first_round", now=self.clock.now())

    def sender(self) -> senders.Sender:
        """Who sends, as status tells it."""
        with self.archive.reading() as conn:
            (seen,) = senders.listing(conn, self.clock.now())
            return seen

    def takes_over(self, owner: str) -> None:
        """Another process becomes the sender, as if this one were suspended."""
        now = self.clock.now()
        with self.archive.writing() as conn:
            key = self.channel().key
            assert senders.take(conn, key=key, channel="telegram", owner=owner, now=now, alive=lambda _owner: False)

    def rows(self) -> list[tuple[str, int, str]]:
        """State, spent attempts and reason of all rows, oldest first."""
        query = select(outbox_table.c.state, outbox_table.c.attempts, outbox_table.c.reason)
        with self.archive.reading() as conn:
            return [(row.state, row.attempts, row.reason) for row in conn.execute(query.order_by(outbox_table.c.id))]

    def states(self) -> list[str]:
        return [state for state, _, _ in self.rows()]

    def message_ids(self) -> list[int | None]:
        """Of all rows, oldest first."""
        query = select(outbox_table.c.message_id).order_by(outbox_table.c.id)
        return self.archive_says(lambda conn: list(conn.execute(query).scalars()))

    def archive_says(self, question: Callable[[Connection], T]) -> T:
        with self.archive.reading() as conn:
            return question(conn)

    def subscriber_state(self, chat: int) -> str:
        with self.archive.reading() as conn:
            return next(state for who, state, _ in subscribers.listing(conn) if who.chat == chat)

    def claims_and_dies(self) -> None:
        """A process claims everything that waits and is killed before settling."""
        now = self.clock.now()
        claim = partial(
            outbox.claim,
            channel="telegram",
            owner="dead",
            now=now,
            lease=timedelta(minutes=2),
            limit=100,
            answered_at=now,
        )
        with self.archive.writing() as conn:
            assert claim(conn)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _prose(number: int) -> str:
    """Words that no other report shares: each is an event of its own."""
    return " ".join(f"{stem}{number}{'abcdefghij'[number % 10]}" for stem in _STEMS) + "."


_STEMS = (
    *("ferry", "lorry", "timber", "harvest", "orchard", "lantern", "meadow", "granite", "saffron", "velvet"),
    *("copper", "walnut", "harbour", "cotton", "quarry", "willow", "barley", "marble", "cellar", "anchor"),
)


@cache
def _empty_archive() -> Path:
    """A migrated archive with nothing in it: copied for each scene, since migrating takes longer than most tests."""
    folder = Path(mkdtemp(prefix="rasad-alerts-"))
    atexit.register(shutil.rmtree, folder)
    file = folder / "empty.db"
    Archive.open(f"sqlite:///{file}").close()
    return file
