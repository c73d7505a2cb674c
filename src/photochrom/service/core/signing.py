"""What the service signs: links to results that run out.

A link says what it opens and until when; whoever has it may open that, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock

from photochrom.files import part_of
from photochrom.service.core.clock import now

_BYTES = 32


class Signer:
    """Signs with a secret.

    Args:
        secret: At least 32 bytes.
    """

    def __init__(self, secret: bytes):
        self._secret = secret

    def link(self, what: str, lasts: timedelta) -> tuple[str, datetime]:
        """A signature for something, and when it runs out."""
        until = (now() + lasts).replace(microsecond=0)
        return f"{int(until.timestamp())}.{self._of(what, int(until.timestamp()))}", until

    def opens(self, what: str, signature: str) -> bool:
        """Whether a signature is one for this, and has not run out."""
        until, _, mac = signature.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 12):
            return False
        whole = hmac.compare_digest(mac.encode(), self._of(what, int(until)).encode())
        return whole and now().timestamp() < int(until)

    def _of(self, what: str, until: int) -> str:
        mac = hmac.new(self._secret, f"{until}\n{what}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def secret_in(file: Path) -> bytes:
    """The secret in a file that only its owner can read; made when there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Of two that begin in a new folder at once, both are to sign with the same.
    with FileLock(file.with_name(f".{file.name}.lock")):
        if file.exists():
            return file.read_bytes()
        with part_of(file) as part:
            part.touch(mode=0o600)
            part.write_bytes(secrets.token_hex(_BYTES).encode())
            part.chmod(0o600)
    return file.read_bytes()


def token() -> str:
    """A text that nobody can guess (256 bits)."""
    return secrets.token_urlsafe(_BYTES)


def token_digest(token: str) -> str:
    """What is kept of a token. It is too long to be tried out, so that a plain digest does."""
    return hashlib.sha256(token.encode()).hexdigest()
