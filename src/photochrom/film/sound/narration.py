"""Narration in words: what is said in a film, whether it is recorded, and who spoke it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from photochrom.film.storyboard import Storyboard
from photochrom.film.storyboard.sound import Narration


def narrations(storyboard: Storyboard) -> Iterator[Narration]:
    """All narrations of a film: the whole film's, and those of shots and cards in order."""
    for one in (storyboard.film.sound, *storyboard.shots):
        if one.narration is not None:
            yield one.narration


def unspoken(storyboard: Storyboard) -> list[str]:
    """The texts that nobody has recorded, each once."""
    return list(dict.fromkeys(one.text for one in narrations(storyboard) if one.file is None))


def recorded(storyboard: Storyboard, record: Callable[[str], Path]) -> Storyboard:
    """The film with a recording for each text that had none.

    Args:
        storyboard: The film.
        record: Gives the recording of a text.
    """
    sound = storyboard.film.sound
    film = storyboard.film.model_copy(update={"sound": _recorded(sound, record)})
    shots = tuple(_recorded(item, record) for item in storyboard.shots)
    return storyboard.model_copy(update={"film": film, "shots": shots})


def _recorded(one: Any, record: Callable[[str], Path]) -> Any:
    narration = one.narration
    if narration is None or narration.file is not None:
        return one
    spoken = narration.model_copy(update={"file": str(record(narration.text))})
    return one.model_copy(update={"narration": spoken})
