"""Web addresses as text: which are addresses of the web at all, and which name the same article. Never any I/O."""

import contextlib
import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

LONGEST = 4_096  # a Persian headline percent-encoded in a path stays far below; what is longer is a trap

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_ESCAPED_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ALLOWED = frozenset("!$&'()*+,;=:@/?%[]|") | _UNRESERVED

# Parameters that say how a reader came, never what is read. Names that some site uses for its articles (id, sid,
# ref, source) are not among them.
_TRACKING = re.compile(
    r"""
    utm_\w+ | at_(medium|campaign|link_\w+|custom\d|format|bbc_team|ptr_\w+)
    | ns_(mchannel|source|campaign|linkname) | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid
    | yclid | ysclid | twclid | ttclid | igshid | igsh | mc_[ce]id | _hs(enc|mi) | __twitter_impression | _ga
    | _gl | ref_src | ref_url | referrer | cmpid | cmp | ocid | ito | icid | ncid | wt_z?mc | traffic_source
    | guccounter | guce_\w+ | rcmd_alg | feed(type|name) | phpsessid | jsessionid | aspsessionid\w* | amp
    | outputtype""",
    re.VERBOSE | re.IGNORECASE,
)
# Names that some site uses for its articles: a session's where the value is long and random.
_SESSION = re.compile(
    r"(s|sid|sess|session(_?id)?|oscsid|zenid|cfid|cftoken)=([0-9a-f]{24,}|(?=.*\d)(?=.*[a-z])[0-9a-z]{24,})",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
_VARIANT_HOST = re.compile(r"^((m|mobile|amp)\.)+(?=[^.]{3,}\.[^.]{2,})")
_AMP_PATH = re.compile(r"(?<=[^/])(/amp)+/?$|(\.amp)+(?=(\.html?)?$)")


def is_web(url: str) -> bool:
    """True for an absolute http(s) address with a host, no credentials, nothing that parsers read differently.

    What is refused here is never fetched, stored or shown: see RFC 3986 § 7 on addresses that mislead.
    """
    if len(url) > LONGEST or _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and "@" not in parts.netloc and port_fits


def absolute(base: str, link: str) -> str | None:
    """`link` as found on the page `base`, made absolute; None when that is no address of the web."""
    trimmed = re.sub(r"[\t\r\n]", "", link.strip(" \t\r\n\f\xa0\u200b\u200e\u200f\ufeff")).replace(" ", "%20")
    try:
        joined = urljoin(base, trimmed)
    except ValueError:
        return None
    return joined if trimmed and is_web(joined) else None


def canonical(url: str) -> str:
    """The one spelling under which an article is known: canonical(canonical(u)) == canonical(u).

    Lower-case scheme and host (punycode), no default port, fragment, tracking parameters or session ids; AMP and
    mobile variants folded; escapes normalised. The order of parameters, the case of the path and a slash at its end
    stay, for there are sites where they tell articles apart. What is no address of the web comes back as it is.
    """
    url = url.strip()
    if not is_web(url):
        return url
    parts = urlsplit(url)
    host = _host(parts)
    path = _SESSION_IN_PATH.sub("", _escaped(parts.path)) or "/"
    query = "&".join(pair for pair in _escaped(parts.query).split("&") if pair and not _is_tracking(pair))
    done = f"{parts.scheme}://{host}{_without_amp(path)}" + (f"?{query}" if query else "")
    return done if is_web(done) else url


def readable(url: str) -> str:
    """`url` for the eyes: escaped letters and digits beyond ASCII as themselves; browsers take both spellings.

    Everything else stays escaped: what divides, is invisible or steers direction would mislead, and the host is left as
    it is, in which letters can look like others. canonical(readable(url)) == canonical(url).
    """
    return _ESCAPED_LETTERS.sub(_letters, url)


def _letters(match: re.Match[str]) -> str:
    try:
        text = unquote_to_bytes(match[0]).decode()
    except UnicodeDecodeError:
        return match[0]
    return "".join(char if unicodedata.category(char)[0] in "LN" else quote(char) for char in text)


def _without_amp(path: str) -> str:
    """Until none is left: one marker may hide another (/a/amp.amp)."""
    while (shorter := _AMP_PATH.sub("", path)) != path:
        path = shorter
    return path


def _host(parts: SplitResult) -> str:
    host = unicodedata.normalize("NFKC", parts.hostname or "").lower().rstrip(".")
    with contextlib.suppress(UnicodeError):  # a name that no registry accepts stays as written
        host = host.encode("idna").decode() if not host.isascii() else host
    host = f"[{host}]" if ":" in host else _VARIANT_HOST.sub("", host)
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _is_tracking(pair: str) -> bool:
    return bool(_TRACKING.fullmatch(pair.partition("=")[0]) or _SESSION.fullmatch(pair))


def _escaped(text: str) -> str:
    """RFC 3986 § 6.2.2: escapes in upper case, none where none is needed, and everything else escaped."""
    decoded = _ESCAPE.sub(_shortest, text)
    return "".join(_percent(char) for char in decoded)


def _shortest(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _percent(char: str) -> str:
    return char if char in _ALLOWED else "".join(f"%{byte:02X}" for byte in char.encode())
