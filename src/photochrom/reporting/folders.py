"""Restored photographs in a folder: every record in it, and pictures of ours that have none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from photochrom.cachedir import is_tagged
from photochrom.engine import Ledger
from photochrom.engine.machine import cache_folder
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import is_part
from photochrom.photograph import ENDINGS, made_by_us
from photochrom.record import BESIDE, ENDING, Record
from photochrom.reporting.finished import Finished
from photochrom.scans import is_system, natural_key

_PICTURES = frozenset(ENDINGS.values())
_BESIDE = tuple(BESIDE.values())


@dataclass(frozen=True)
class Folder:
    """The restored photographs in a folder and its subfolders.

    Attributes:
        root: The folder.
    """

    root: Path

    @cached_property
    def _records(self) -> list[Path]:
        """Where records lie; a path each is all that is held of them."""
        return [record for records, _ in self._walked() for record in records]

    @property
    def title(self) -> str:
        return self.root.resolve().name or str(self.root)

    @property
    def ledger(self) -> Ledger:
        return Ledger(cache_folder())

    def owner_of(self, path: Path) -> str:
        return ""

    def __len__(self) -> int:
        """How many records there are; strays come besides."""
        return len(self._records)

    def __iter__(self) -> Iterator[Finished]:
        """All, in the order of folders and names."""
        found = False
        for records, pictures in self._walked():
            for record in records:
                found = True
                yield Finished(self._name(record, ENDING), record)
            described = {name for record in records for name in _described(record)}
            others = (one for one in pictures if one.name not in described and made_by_us(one))
            for strays in _by_photograph(others):
                found = True
                yield Finished(self._name(strays[0]), strays[0], strays=strays)
        if not found:
            raise PhotographError(
                "there is no restored photograph in this folder",
                where=self.root,
                fix="name the folder that photochrom restore has written to, or a production.toml",
            )

    def _name(self, path: Path, ending: str = "") -> str:
        return str(path.relative_to(self.root)).removesuffix(ending)

    def _walked(self) -> Iterator[tuple[list[Path], list[Path]]]:
        """The records of each folder, and the files that have names as derivatives have them."""
        for place, folders, files in os.walk(self.root):
            here = Path(place)
            folders[:] = [
                name for name in folders if not is_system(name) and not is_tagged(here / name)
            ]
            folders.sort(key=natural_key)
            paths = [here / name for name in sorted(files, key=natural_key)]
            records = [path for path in paths if path.name.endswith(ENDING)]
            pictures = [path for path in paths if path.suffix in _PICTURES and not is_part(path)]
            yield records, pictures


def _by_photograph(pictures: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Pictures of a folder, those of one photograph together; sheets and masks come last."""
    groups: dict[str, list[Path]] = {}
    besides = []
    for picture in pictures:
        if picture.name.endswith(_BESIDE):
            besides.append(picture)
        else:
            groups.setdefault(picture.stem, []).append(picture)
    for picture in besides:
        ending = next(one for one in _BESIDE if picture.name.endswith(one))
        groups.setdefault(picture.name.removesuffix(ending), []).append(picture)
    return [tuple(group) for group in groups.values()]


def _described(record: Path) -> list[str]:
    """Names of the pictures that belong to a record, with its sheets and masks."""
    stem = record.name.removesuffix(ENDING)
    # `compare` makes sheets later than the record, which does not name them then.
    beside = [stem + ending for ending in BESIDE.values()]
    try:
        return [*Record.open(record).files, *beside]
    except PhotochromError:
        # Whatever it describes has its name.
        return [*(stem + ending for ending in _PICTURES), *beside]
