"""A newsroom on loopback with the vocabulary of a scene: outlets publish, edit, withdraw and fail.

It must never reach outside loopback, and knows nothing of the monitor that reads it.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from demo.channel import Channel
from demo.outlet import Item, Outlet
from demo.press import FeedFormat, FeedText, LinkStyle, Masthead, Theme
from demo.server import Request, Response, Server

__all__ = ["BEAT", "Channel", "Item", "Newsroom", "Outlet", "Seen"]

AnyOutlet = TypeVar("AnyOutlet", bound=Outlet)

# A small beat in three scripts, for scenes that need rules but not the shipped ones.
BEAT = """\
[names.qaani]
title = { en = "Esmail Qaani", ar = "إسماعيل قاآني", fa = "اسماعیل قاآنی" }
forms = ["Qaani", "Ghaani", "قاآني", "قاآنی"]

[names.quds_force]
title = { en = "Quds Force", ar = "فيلق القدس", fa = "نیروی قدس" }
forms = ["Quds Force", "فيلق القدس", "نیروی قدس"]

[topics.qaani]
title = { en = "Esmail Qaani", ar = "إسماعيل قاآني", fa = "اسماعیل قاآنی" }
match = "@qaani"
level = "breaking"

[topics.quds_force]
title = { en = "Quds Force", ar = "فيلق القدس", fa = "نیروی قدس" }
match = "@quds_force"
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answered request: of which outlet, for what, with what result."""

    outlet: str
    method: str
    target: str
    headers: Mapping[str, str]
    status: int
    at: datetime


class Newsroom:
    """`with Newsroom() as newsroom:` starts it; leaving the block closes every connection.

    `port`: where the first outlet listens, and the others at the same port of their own loopback addresses;
    0 means a free one. OSError when the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._server = Server(port)
        self._outlets: dict[str, Outlet] = {}
        self._heard = threading.Condition()
        self._requests: list[Seen] = []

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def outlet(
        self,
        id: str,  # noqa: A002  the word of the config file
        *,
        name: str = "",
        language: str = "en",
        format: FeedFormat = "rss",  # noqa: A002  the word of the trade
        feed_text: FeedText = "summary",
        link_style: LinkStyle = "plain",
        theme: Theme = "portal",
        encoding: str = "utf-8",
        declared: str | None = "utf-8",
        timezone: str = "Asia/Baghdad",
        **source: str | bool,
    ) -> Outlet:
        """Found an outlet on an origin of its own. `source`: further keys of its [[sources]] table.

        feed_text: what the feed carries beside titles. link_style: how it writes links: plain, with tracking
        parameters, to AMP pages, or through a redirect. encoding: what the bytes are; declared: what the site
        says they are.
        """
        site = Masthead(
            id, name or id, language, "", format, feed_text, link_style, theme, encoding, declared, timezone
        )
        return self._opened(Outlet(site, source))

    def channel(self, id: str, *, name: str = "", language: str = "ar", **source: str | bool) -> Channel:  # noqa: A002
        """Found an outlet that is a public channel, its preview on an origin of its own."""
        zone = "Asia/Baghdad"
        site = Masthead(id, name or id, language, "", "rss", "full", "plain", "portal", "utf-8", "utf-8", zone)
        return self._opened(Channel(site, source))

    def _opened(self, outlet: AnyOutlet) -> AnyOutlet:
        if outlet.id in self._outlets:
            raise ValueError(f"the newsroom has an outlet {outlet.id} already")
        origin = self._server.listen(lambda request: self._answer(outlet, request))
        outlet.site = replace(outlet.site, origin=origin)
        self._outlets[outlet.id] = outlet
        return outlet

    @property
    def outlets(self) -> Mapping[str, Outlet]:
        return dict(self._outlets)

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Everything that was asked so far, in the order of the answers' beginning."""
        with self._heard:
            return tuple(self._requests)

    def requests_for(self, outlet: Outlet, path: str | None = None) -> tuple[Seen, ...]:
        """What was asked of one outlet; with `path`, only that path, whatever its query."""
        return tuple(
            seen for seen in self.requests if seen.outlet == outlet.id and path in (None, seen.target.partition("?")[0])
        )

    def polls(self, outlet: Outlet) -> tuple[Seen, ...]:
        """The requests for one outlet's feed."""
        return self.requests_for(outlet, urlsplit(outlet.feed_url).path)

    def forget_requests(self) -> None:
        with self._heard:
            self._requests.clear()

    def wait_until(self, condition: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Block until the condition holds, looking again after each request; False when time ran out."""
        with self._heard:
            return self._heard.wait_for(condition, seconds)

    def config(
        self,
        sections: str = BEAT,
        *,
        data: str = "data",
        collect: Mapping[str, Any] | None = None,
        listen: str | None = None,
        keep: Callable[[Outlet], bool] = lambda _outlet: True,
    ) -> str:
        """A ready config file: all outlets as sources, loopback allowed, no politeness delay.

        sections: TOML put in as it is ([names], [topics], [telegram] …). data: folder of the archive, seen
        from the file. collect: keys of [collect] over the defaults here. listen: where the archive page is; None:
        nowhere. keep: which outlets are sources.
        """
        collecting: dict[str, Any] = {"every": "2m", "host_delay": "0s", "allow_private_networks": True}
        head = [
            _table("[rasad]", {"timezone": "Asia/Baghdad"}),
            _table("[archive]", {"url": f"sqlite:///{data}/rasad.db"}),
            _table("[collect]", collecting | dict(collect or {})),
            _table("[web]", {"listen": listen} if listen else {"mode": "off"}),
        ]
        sources = [_table("[[sources]]", outlet.source) for outlet in self._outlets.values() if keep(outlet)]
        return "\n".join([*head, sections, *sources])

    def _answer(self, outlet: Outlet, request: Request) -> Response:
        response = outlet.answer(request)
        seen = Seen(outlet.id, request.method, request.target, request.headers, response.status, outlet.clock())
        with self._heard:
            self._requests.append(seen)
            self._heard.notify_all()
        return response


def _table(header: str, values: Mapping[str, Any]) -> str:
    """A TOML table of strings, booleans and numbers: JSON writes those three as TOML reads them."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([header, *lines]) + "\n"
