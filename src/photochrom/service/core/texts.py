"""Texts that people send, and numbers: what no database can hold is kept from all of them."""

from __future__ import annotations

import re
from typing import Any

from pydantic import AfterValidator


def _without_zeros(text: str) -> str:
    if "\0" in text:
        raise ValueError("has a character in it that no text has (U+0000)")
    return text


PLAIN = AfterValidator(_without_zeros)
"""For texts of which the answer is to say which one is wrong: `Annotated[str, PLAIN]`. Of others
the database says that one is (`unfit`)."""

NAME = r"\S"
"""Pattern of names: they hold more than spaces."""

_LARGEST = 2**63

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL has no room for the first, and no encoding for the others."""


def clean(text: str) -> str:
    """A text that somebody else's program or file has made, as it can be kept and sent."""
    return _NO_TEXT.sub("\ufffd", text)


def unfit(value: Any) -> str | None:
    """What is wrong with a value for a database; None if nothing is.

    Args:
        value: As it is handed to a driver: plain, or several in a list, tuple or dict.
    """
    if isinstance(value, str):
        return "has a character in it that no text has" if _NO_TEXT.search(value) else None
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        return "is a number that is too large"
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        return next((wrong for one in value if (wrong := unfit(one)) is not None), None)
    return None
