"""Which addresses belong to one site. Pure, and without network: the list of public suffixes is the library's own."""

import re
from urllib.parse import urlsplit

import tldextract

_IP = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
# With the private part of the list: two blogs of one host are two sites.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def site(url: str) -> str:
    """What is registered of the address's host: one label and the public suffix; "" for no host, an IP for itself."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    if _IP.fullmatch(host):
        return host
    found = _suffixes(host)
    return f"{found.domain}.{found.suffix}" if found.suffix else ".".join(host.split(".")[-2:])


def same_site(one: str, other: str) -> bool:
    """Whether both addresses have a host, and the same site."""
    return site(one) == site(other) != ""


def is_front(url: str) -> bool:
    """Whether the address is a site's front page, in any of its languages."""
    parts = urlsplit(url)
    path = parts.path.strip("/").lower()
    return not parts.query and (path in _FRONTS or (len(path) == 2 and path.isalpha()))


_FRONTS = frozenset(
    {
        "",
        "index.html",
        "index.htm",
        "index.php",
        "default.asp",
        "default.aspx",
        "index.asp",
        "home",
        "ckb",
        "arabic",
        "english",
    }
)
