"""What a job needs and does not answer now: such a job waits, and is to blame for nothing."""

from __future__ import annotations

from photochrom.errors import EngineError, PlaceError
from photochrom.files import is_full
from photochrom.service.core.problems import FullError, UnavailableError


def away_of(error: Exception) -> str | None:
    """What does not answer now, for people; None if an error would be the same another time.

    Where the service keeps things is nobody's business: that is in the log.
    """
    if isinstance(error, UnavailableError):
        return error.what
    if is_full(error) or (isinstance(error, PlaceError) and error.kind == "full"):
        return FullError().what
    if isinstance(error, PlaceError) and error.transient:
        return "the storage does not answer now"
    if isinstance(error, EngineError):
        return "the machines that do the work do not answer now"
    return None
