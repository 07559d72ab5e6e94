"""Which addresses may be connected to, and which host an address of the web means. Pure: nothing is looked up.

Whoever connects asks at the moment of connecting: spiders/guard.py for collecting, alerts/webhook.py for webhooks.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from core.errors import AddressRefused
from core.urls import is_web

_GLOBAL_UNICAST_6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
# Public by registry, yet never a publisher: a cloud's metadata address and the old 6to4 relays.
_NEVER = (ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.88.99.0/24"))
_DOCUMENTATION_6 = ipaddress.ip_network("3fff::/20")  # RFC 9637, later than Python 3.11's tables
_OWN_NAMES = (
    *(".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".private"),
    *(".home.arpa", ".in-addr.arpa", ".ip6.arpa", ".test", ".invalid"),
)
# A host whose last label is a number in any base is read as an address by one parser or another (WHATWG URL § 3.5).
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


def address_is_public(address: str) -> bool:
    """True for a unicast address of the public internet, whatever is wrapped around it.

    IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4, Teredo) is judged by the IPv4 address: `is_global` of
    Python 3.11 alone lets several of them through.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_public_4(ip)
    if wrapped := _wrapped(ip):
        return all(_is_public_4(inner) for inner in wrapped)
    return _is_public_6(ip)


def _is_public_6(ip: ipaddress.IPv6Address) -> bool:
    return ip in _GLOBAL_UNICAST_6 and ip not in _DOCUMENTATION_6 and ip.is_global and ip.scope_id is None


def _is_public_4(ip: ipaddress.IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and all(ip not in net for net in _NEVER)


def _wrapped(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if ip in _NAT64 or ip in _COMPATIBLE:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return ()


def host_of(url: str) -> str:
    """The host that a request to `url` would go to, without I/O. Raises AddressRefused with the reason."""
    if not url[:8].lower().startswith(("http://", "https://")):
        raise AddressRefused("refused: not http or https")
    if not is_web(url):
        raise AddressRefused("refused: malformed address")
    host = unicodedata.normalize("NFKC", urlsplit(url).hostname or "")
    if ":" not in host and _ENDS_IN_NUMBER.search(host) and not _is_dotted_quad(host):
        raise AddressRefused("refused: malformed address")
    return host


def _is_dotted_quad(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def is_ours(host: str) -> bool:
    """Whether a host is on this machine or in a network of its own by its spelling alone (RFC 6761, 6762, 8375)."""
    try:
        return not address_is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        pass
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith(_OWN_NAMES)
