"""Which results of a cache are needed: each production leaves a note of their keys there.

The note is written before the work begins, so that what a killed build has made is not taken for
something that nobody wants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from photochrom.engine.keys import digest_of
from photochrom.files import write_text

_FOLDER = "needed"


class Needed:
    """The results that a production needs for one purpose.

    Args:
        cache: The folder of results.
        production: Its file; once that is gone, it needs nothing.
        purpose: "build", "preview" or "shots".
    """

    def __init__(self, cache: Path, production: Path, purpose: str):
        self._production = str(production.resolve())
        name = digest_of([self._production, purpose])
        self._note = cache / _FOLDER / f"{name}.json"
        self._keys: set[str] = set()

    def add(self, keys: Iterable[str]) -> None:
        """Notes that these are needed, besides those that were."""
        new = set(keys) - self._keys
        self._keys |= new
        if not new <= (noted := _keys_in(self._note)):
            self._write(noted | new)

    def settle(self) -> None:
        """Notes that nothing else is needed any more than what was added since the beginning."""
        if self._keys != _keys_in(self._note):
            self._write(self._keys)

    def _write(self, keys: set[str]) -> None:
        data = {"production": self._production, "keys": sorted(keys)}
        write_text(self._note, json.dumps(data, indent=1))


def needed_in(cache: Path) -> set[str]:
    """Keys of all that the productions need that share a cache and still exist."""
    notes = sorted((cache / _FOLDER).glob("*.json"))
    return {key for note in notes for key in _keys_in(note, existing=True)}


def _keys_in(note: Path, *, existing: bool = False) -> set[str]:
    try:
        said = json.loads(note.read_bytes())
        there = not existing or Path(said["production"]).is_file()
        return set(said["keys"]) if there else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
