"""Why nothing came: the exceptions of Scrapy, Twisted and TLS as one plain sentence each. Fetches nothing."""

import errno

from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError
from twisted.web._newclient import ParseError, ResponseFailed

from core.errors import FetchError

MAX_BODY = 10 * 1024 * 1024  # bytes, packed and unpacked
MAX_REDIRECTS = 5

TOO_OFTEN = f"redirected more than {MAX_REDIRECTS} times"


def fetch_error(error: Exception, timeout: float) -> FetchError:
    """Scrapy's and Twisted's exceptions as one plain sentence each."""
    if isinstance(error, FetchError):
        return error
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    return FetchError(_reason(error, timeout))


def _reason(error: Exception, timeout: float) -> str:
    if isinstance(error, DownloadTimeoutError):
        return f"took longer than {timeout:g} s"
    if isinstance(error, DownloadFailedError):
        return _broken(error.__cause__)
    if isinstance(error, ConnectError):
        return _unconnected(error)
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), f"failed: {type(error).__name__}")


_TOO_LARGE = f"larger than {MAX_BODY // 1024**2} MiB"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "name not found"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadCancelledError, _TOO_LARGE),
    (ResponseDataLossError, "broke off before the end"),
    (ValueError, "redirected to a malformed address"),  # Scrapy's Request, on what a Location header held
)


def _ignored(message: str) -> FetchError:
    if "robots.txt" in message:
        return FetchError("refused by robots.txt", permanent=True)
    if "redirections" in message:
        return FetchError(TOO_OFTEN)
    return FetchError(_TOO_LARGE if "DOWNLOAD_MAXSIZE" in message else "ignored by the crawler")


def _broken(cause: BaseException | None) -> str:
    reasons = cause.reasons if isinstance(cause, ResponseFailed) else []
    if any(reason.check(TLSError, VerificationError) for reason in reasons):
        return "no secure connection"
    if said := next((reason.value for reason in reasons if reason.check(FetchError)), None):
        return str(said)
    if any(reason.check(ParseError, ValueError) for reason in reasons):
        return "answered no valid HTTP"
    return "connection broke off"


def _unconnected(error: ConnectError) -> str:
    no_line = (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)
    return "no network" if error.osError in no_line else "host unreachable"
