"""The restored photographs of a production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from photochrom.engine import Ledger
from photochrom.engine.publish import other_owner
from photochrom.errors import ProductionError
from photochrom.files import sha256_of
from photochrom.nets import Registry
from photochrom.orders import Order, key_for, label_key
from photochrom.production import ProductionFile
from photochrom.production.agreeing import agreeing, companions
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
            registry = Registry.default()
            order = self._ordered(index, sha256, registry)
            made = key_for(order, registry)
            return label_key(order, made) or made

        return key

    def _ordered(self, index: int, sha256: str, registry: Registry) -> Order:
        """What is ordered of a photograph, and of those that it agrees with."""
        entries = self.file.production.photographs
        orders = {entries[index].id: order_for(self.file, index, sha256)}
        for other in companions(self.file.production, index):
            with suppress(OSError):  # One that cannot be read lends nothing.
                orders[entries[other].id] = order_for(self.file, other, self._digest(other))
        return agreeing(self.file.production, orders, registry)[entries[index].id]

    def _digest(self, index: int) -> str:
        """Of a scan that others agree with; each is read once."""
        if index not in self._digests:
            entry = self.file.production.photographs[index]
            self._digests[index] = sha256_of(self.file.scan(entry).file)
        return self._digests[index]

    @cached_property
    def _digests(self) -> dict[int, str]:
        return {}
