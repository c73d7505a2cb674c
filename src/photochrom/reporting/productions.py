"""The restored photographs of a production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import Ledger
from photochrom.engine.publish import other_owner
from photochrom.errors import ProductionError
from photochrom.nets import Registry
from photochrom.orders import key_for, label_key
from photochrom.production import ProductionFile
from photochrom.production.pictures import order_for
from photochrom.record import ENDING
from photochrom.reporting.finished import Finished


@dataclass(frozen=True)
class Production:
    """The photographs of a production and where it puts them.

    Attributes:
        file: The production.
    """

    file: ProductionFile

    def __post_init__(self) -> None:
        if self.file.far_folder is not None:
            raise ProductionError(
                f"puts its pictures elsewhere, in {self.file.far_folder}",
                where=self.file.where,
                fix="bring that folder to this machine and name it instead",
            )

    @property
    def title(self) -> str:
        return self.file.production.title or self.file.path.stem

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.file.cache)

    def owner_of(self, path: Path) -> str:
        return other_owner(path, self.ledger, str(self.file.path.resolve()))

    def __len__(self) -> int:
        return len(self.file.production.photographs)

    def __iter__(self) -> Iterator[Finished]:
        """All, in the order of the production."""
        for index, entry in enumerate(self.file.production.photographs):
            yield Finished(
                entry.id,
                self.file.folder / "pictures" / f"{entry.id}{ENDING}",
                scan=self.file.scan(entry),
                wanted=self._wanted(index),
                caption=entry.caption,
                alt=entry.alt,
            )

    def _wanted(self, index: int) -> Callable[[str], str]:
        def key(sha256: str) -> str:
            order = order_for(self.file, index, sha256)
            made = key_for(order, Registry.default())
            return label_key(order, made) or made

        return key
