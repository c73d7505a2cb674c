"""The output folder: where results are put for people, and what of it is ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.engine import Ledger, Store, publish
from photochrom.errors import ProductionError
from photochrom.production.file import ProductionFile


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Says in one line which file or folder cannot be used.

    Args:
        folder: The one that is meant where the system does not say which.

    Raises:
        ProductionError: Something within could not be read or written.
    """
    try:
        yield
    except OSError as error:
        raise ProductionError(
            f"cannot be used ({error.strerror or type(error).__name__})",
            where=error.filename or folder,
            fix="check its permissions and the free space",
        ) from error


class Outputs:
    """Puts the results of a build where people look for them.

    Args:
        file: The production.
        store: Where results are kept.
        ledger: Knows which files are ours.
        force: Replace even what somebody else has put or changed there.

    Attributes:
        published: Digest of each file that lies there now, by its path.
    """

    def __init__(self, file: ProductionFile, store: Store, ledger: Ledger, force: bool):
        self.published: dict[str, str] = {}
        self._file = file
        self._store = store
        self._ledger = ledger
        self._force = force

    def put(self, source: Path, target: Path) -> bool:
        """Makes `target` a copy of a file of the store, unless it is one already.

        Returns:
            Whether it was put there now.

        Raises:
            PhotochromError: Something that is not ours lies there, or it cannot be written.
        """
        self._spare_originals(target)
        put = publish(source, target, self._store, self._ledger, force=self._force)
        self.published[str(target.absolute())] = self._ledger.digest(target)
        return put

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
