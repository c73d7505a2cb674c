"""The folder in which a production is built: what it names, brought there from the blobs."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from photochrom.files import linked, part_of
from photochrom.service.context import Context
from photochrom.service.core.scratch import WORK
from photochrom.service.photographs import names
from photochrom.service.photographs.tables import Photograph
from photochrom.service.productions.tables import Asset
from photochrom.service.shelf import folder_of

_COLUMNS = ("file", "caption", "date", "place", "people", "credit", "license", "source")
_SCANS = "photographs"


@dataclass(frozen=True)
class Stage:
    """A folder of this machine for one film. It is made again whenever it is gone.

    Attributes:
        context: The service.
        organization: Whose it is.
        root: The folder.
    """

    context: Context
    organization: str
    root: Path

    @classmethod
    def of(cls, context: Context, organization: str, film: str) -> Stage:
        """The folder of a film: another one of the same production may be made beside it."""
        return cls(context, organization, folder_of_stages(context) / film)

    @property
    def cache(self) -> Path:
        """Where results are kept: with those of all else that the organization has."""
        return folder_of(self.context, self.organization).resolve()

    def photographs(self, rows: Iterable[Photograph]) -> dict[str, str]:
        """Brings photographs, each into a folder of its own.

        Returns:
            Where each lies below the root, by its id.
        """
        found = {}
        for row in rows:
            near = f"{_SCANS}/{row.id}/{row.name}"
            self._bring(names.original(self.organization, row.id, row.name), near, row.bytes)
            found[row.id] = near
        return found

    def assets(self, rows: Iterable[Asset]) -> None:
        """Brings the other files, as the production names them."""
        for row in rows:
            # One of the same name and size may have been replaced.
            (self.root / row.name).unlink(missing_ok=True)
            self._bring(row.blob, row.name, row.size)

    def to_draft(self, rows: Iterable[Photograph]) -> tuple[Path, Mapping[str, str]]:
        """Brings photographs into one folder, with a table of what is known of them.

        Returns:
            The folder, and the id of each photograph by the name of its file there.
        """
        folder = self.root / "draft"
        shutil.rmtree(folder, ignore_errors=True)
        known: dict[str, Photograph] = {}
        for row in rows:
            path, number = Path(row.name), 1
            while path.name.casefold() in {name.casefold() for name in known}:
                number += 1
                path = path.with_name(f"{Path(row.name).stem}-{number}{path.suffix}")
            known[path.name] = row
            near = f"draft/{path.name}"
            self._bring(names.original(self.organization, row.id, row.name), near, row.bytes)
        with part_of(folder / "photographs.csv") as part:
            _write_table(part, known)
        return folder, {name: row.id for name, row in known.items()}

    def clear(self) -> None:
        """Removes the folder; what was made is among the results."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _bring(self, blob: str, near: str, size: int) -> None:
        target = self.root / near
        if target.is_file() and target.stat().st_size == size:
            return
        with self.context.blobs.near(blob) as path, part_of(target) as part:
            linked(path, part)


def folder_of_stages(context: Context) -> Path:
    """Where films are made, each in a folder of its own."""
    return context.settings.data / WORK


def _write_table(path: Path, known: Mapping[str, Photograph]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        for name, row in known.items():
            people = "; ".join(row.people)
            said = (row.caption or row.title, row.date, row.place, people)
            table.writerow((name, *said, row.credit, row.license, row.source))
