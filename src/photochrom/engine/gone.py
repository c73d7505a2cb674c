"""Results that go between being asked for and being read, because others replace or remove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from photochrom.errors import PhotochromError

Answer = TypeVar("Answer")


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


def _never(answer: object) -> bool:
    return False


def twice(do: Callable[[], Answer], lost: Callable[[Answer], bool] = _never) -> Answer:
    """Does something that asks for results and reads them; once more, if one has gone meanwhile.

    What is still there is not made again, so the second time takes as long as what has gone.

    Args:
        do: What is done.
        lost: Whether what it gives says that something has gone.

    Raises:
        Whatever `do` raises, the second time at the latest.
    """
    try:
        answer = do()
    except (PhotochromError, OSError) as error:
        if not has_gone(error):
            raise
    else:
        if not lost(answer):
            return answer
    return do()
