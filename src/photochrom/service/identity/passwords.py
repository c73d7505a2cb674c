"""Passwords: kept as Argon2id hashes, a few checked at a time, because each takes 64 MiB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from photochrom.service.core.problems import InvalidError, UnavailableError

SHORTEST, LONGEST = 10, 512
"""Characters. Long ones cost nothing here, and endless ones would."""

_WAIT = 10
"""Seconds that a sign-in waits for its turn."""


@dataclass(frozen=True)
class Checked:
    """What came of checking a password.

    Attributes:
        fits: Whether it is the right one.
        newer: What is to be kept of it from now on, if hashes are made otherwise by now.
    """

    fits: bool
    newer: str | None = None


class Passwords:
    """Makes and checks hashes.

    Args:
        at_once: How many at a time.
    """

    def __init__(self, at_once: int):
        self._hash = PasswordHash.recommended()
        self._turns = BoundedSemaphore(at_once)

    def hashed(self, password: str) -> str:
        """What is kept of a password.

        Raises:
            InvalidError: It is too short or too long.
            UnavailableError: Too many are asked at once.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise InvalidError(f"a password has {SHORTEST} to {LONGEST} characters")
        with self._turn():
            return self._hash.hash(password)

    def check(self, password: str, kept: str | None) -> Checked:
        """Whether a password is the one of a hash; None for nobody's, which none fits.

        Raises:
            UnavailableError: Too many are asked at once.
        """
        if len(password) > LONGEST:
            return Checked(False)
        with self._turn():
            nobody = self._nobody  # Made by whoever is checked first, known or not.
            fits, newer = self._hash.verify_and_update(password, kept or nobody)
        return Checked(fits, newer) if kept is not None else Checked(False)

    @cached_property
    def _nobody(self) -> str:
        """Somebody who does not exist takes as long as somebody who does."""
        return self._hash.hash("nobody has this password")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_WAIT):
            raise UnavailableError("too many people sign in at once")
        try:
            yield
        finally:
            self._turns.release()
