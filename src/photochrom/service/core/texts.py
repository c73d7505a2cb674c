"""Texts that people send."""

from __future__ import annotations

from pydantic import AfterValidator


def _without_zeros(text: str) -> str:
    if "\0" in text:
        raise ValueError("has a character in it that no text has (U+0000)")
    return text


PLAIN = AfterValidator(_without_zeros)
"""What every text is asked for: `Annotated[str, PLAIN]`. PostgreSQL has no room for others."""
