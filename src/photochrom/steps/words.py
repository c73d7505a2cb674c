"""What people call the strength of a step, and what recipes write for it.

A recipe may have the word in the place of the step's table: `repair = "gentle"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from photochrom.errors import RecipeError

WORDS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = MappingProxyType(
    {
        "repair": {
            # Only what is surely damage, and no specks: hair, eyebrows and collars stay.
            "gentle": {
                "threshold": 0.9,
                "grow": 1,
                "feather": 1,
                "smallest": 8,
                "largest_share": 0.1,
            },
            "normal": {
                "threshold": 0.5,
                "grow": 1,
                "feather": 1,
                "smallest": 4,
                "largest_share": 0.25,
            },
            # What is likely damage, with a wider rim.
            "strong": {
                "threshold": 0.3,
                "grow": 2,
                "feather": 2,
                "smallest": 4,
                "largest_share": 0.4,
            },
        },
        "color": {
            "quiet": {"saturation": 0.75, "vibrance": 0.0, "caution": 0.4},
            "natural": {"saturation": 1.12, "vibrance": 0.0, "caution": 0.15},
            "vivid": {"saturation": 1.12, "vibrance": 0.85, "caution": 0.15},
        },
    }
)
"""Parameters by step and word; what a word does not name stays as the recipe has it."""


def in_words(step: str, word: str, where: object = "recipe") -> dict[str, Any]:
    """The parameters that a word stands for.

    Args:
        step: The step.
        word: One of `WORDS[step]`.
        where: What to call the place in errors.

    Raises:
        RecipeError: The step has no such word, or none at all.
    """
    known = WORDS.get(step)
    if known is None:
        raise RecipeError(f"{step!r} must be a table", where=str(where))
    if word not in known:
        said = f"{step!r} cannot be {word!r}"
        raise RecipeError(said, where=str(where), fix=f"choose from {', '.join(known)}")
    return dict(known[word])
