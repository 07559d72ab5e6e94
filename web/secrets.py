"""Passwords, session cookies, API tokens: made, hashed, compared. Keeps nothing and knows no request."""

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()  # argon2id, RFC 9106's second recommendation
_NOBODYS = _HASHER.hash(secrets.token_urlsafe())
SHORTEST = 10  # characters of a password


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _HASHER.hash(password)


def is_password(password: str, hash_: str | None) -> bool:
    """Whether the password matches. Takes as long for an account that does not exist (None)."""
    try:
        return _HASHER.verify(hash_ or _NOBODYS, password) and hash_ is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """A secret that cannot be guessed: of a session, or of the API."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token. Its entropy makes a slow hash needless."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def form_token(secret: str) -> str:
    """What a form of the page must bring back, tied to the reader's own cookie."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
