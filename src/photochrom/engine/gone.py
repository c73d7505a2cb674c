"""Results that have gone between being asked for and being read: made anew by somebody, or removed.

Whoever reads is told by a `GoneError`, or by a file that is not there, and asks for them once more.
"""

from __future__ import annotations

from photochrom.errors import PhotochromError


class GoneError(PhotochromError):
    """A result that was in the store is not there any more; asked for once more, it is made."""


def has_gone(error: BaseException | None) -> bool:
    """Whether the reason of an error is a result, or another file, that is not there any more."""
    while error is not None:
        if isinstance(error, GoneError | FileNotFoundError):
            return True
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
    return False
