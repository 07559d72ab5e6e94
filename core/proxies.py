"""A proxy as it is written, and the users that proxies know us by. Pure: nothing is connected, no file is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, urlsplit

# Scheme → the port where none is written. socks5 is given an address, socks5h the name.
SCHEMES: Mapping[str, int] = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy of the operator: the only thing that may stand at a private address. Prints without its password."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def address(self) -> str:
        """With its password, for a library that wants it there: not to be printed."""
        user = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return str(self).replace("://", f"://{user}", 1)

    @property
    def asks_names(self) -> bool:
        """Whether it is told the name of a site, and looks it up where it stands."""
        return self.scheme != "socks5"


def read_proxy(url: str) -> Proxy | None:
    """The proxy at SCHEME://[USER:PASSWORD@]HOST[:PORT]; None for "". Raises ValueError, its message without `url`."""
    if not url:
        return None
    wrong = ValueError(f"must be SCHEME://HOST:PORT, with {', '.join(SCHEMES)}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.count("@") > 1
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0 or beyond or re.search(r"[\s\x00-\x1f]", url):
        raise wrong
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(parts.scheme, parts.hostname, port or SCHEMES[parts.scheme], user, password)


class Users:
    """Who we are at which proxy."""

    def __init__(self, text: str = "") -> None:
        """`text`: a proxy with user and password a line. Raises ValueError with the number of a line that is wrong."""
        self._known: dict[tuple[str, int], Proxy] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                try:
                    proxy = read_proxy(line.strip())
                except ValueError as error:
                    raise ValueError(f"line {number}: {error}; other signs of a password as %40") from None
                if proxy is not None:
                    self._known[proxy.host, proxy.port] = proxy

    def at(self, url: str) -> Proxy | None:
        """The proxy at `url` with our user there. Raises ValueError as read_proxy does."""
        proxy = read_proxy(url)
        known = self._known.get((proxy.host, proxy.port)) if proxy else None
        return replace(proxy, user=known.user, password=known.password) if proxy and known else proxy
