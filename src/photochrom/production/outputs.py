"""The output folder: where results are put for people, and what of it is ours."""

from __future__ import annotations

from pathlib import Path

from photochrom.engine import Ledger, publish
from photochrom.errors import ProductionError
from photochrom.files import sweep_parts
from photochrom.production.file import ProductionFile


class Outputs:
    """Puts the results of a build where people look for them.

    Args:
        file: The production.
        ledger: Knows which files are ours.
        force: Replace even what somebody else has put or changed there.
    """

    def __init__(self, file: ProductionFile, ledger: Ledger, force: bool):
        self._file = file
        self._swept: set[Path] = set()
        self._ledger = ledger
        # What goes elsewhere passes through a cache, in which nobody but we has anything to change.
        self._force = force or file.far_folder is not None

    def put(self, source: Path, target: Path) -> bool:
        """Makes `target` a copy of a file of the store, unless it is one already.

        Returns:
            Whether it was put there now.

        Raises:
            PhotochromError: Something that is not ours lies there, or it cannot be written.
        """
        self._spare_originals(target)
        if target.parent not in self._swept:
            self._swept.add(target.parent)
            sweep_parts(target.parent)
        owner = str(self._file.path.resolve())
        return publish(source, target, self._ledger, force=self._force, owner=owner)

    def _spare_originals(self, target: Path) -> None:
        """Not even by force, nor by another name, does a result take the place of a scan."""
        for entry in self._file.production.photographs:
            original = self._file.scan(entry).file
            if target.exists() and original.exists() and target.samefile(original):
                raise ProductionError(
                    "is a scan, which is never replaced",
                    where=target,
                    fix="choose another output folder or another id",
                )
