"""Parts that are installed only where they are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from photochrom.errors import PhotochromError


@contextmanager
def wanting(extra: str) -> Iterator[None]:
    """Around imports of what needs an extra.

    Args:
        extra: Its name.

    Raises:
        PhotochromError: It is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "photochrom"):
            raise  # A mistake of ours.
        raise PhotochromError(
            f"this needs {missing}, which is not installed",
            fix=f"pip install 'photochrom[{extra}]'",
        ) from None
