"""What variants of a picture are called: the same photograph in other colors that are likely."""

from __future__ import annotations

from typing import Final, Literal

Letter = Literal["a", "b", "c", "d"]

LETTERS: Final[tuple[Letter, ...]] = ("a", "b", "c", "d")
"""In order; the first is the one that is shown unless another is asked for."""
