"""The sheet as a picture that is made with derivatives (`orders.Beside`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.comparing.pair import Pair
from photochrom.comparing.sheet import CODE, FONTS, write_sheet
from photochrom.comparing.variants import CODE as VARIANTS
from photochrom.comparing.variants import write_variants
from photochrom.engine.keys import FRAMES, digest_of, versions
from photochrom.film.words.fonts import Fonts

if TYPE_CHECKING:
    from photochrom.restored import Restored


@dataclass(frozen=True)
class SheetBeside:
    """The original beside what was made of it.

    Attributes:
        facts: What its bytes depend on: how it is laid out, its fonts, what paints it.
        kind: As records name it.
    """

    facts: Mapping[str, Any]
    kind: str = "compare"

    @classmethod
    def current(cls) -> SheetBeside:
        """As it is made with what is installed."""
        return cls({"code": CODE, **_set_with()})

    def write(self, path: Path, restored: Restored, scan: Path, derivative: Path) -> str:
        """Writes it; see `orders.Beside`."""
        return write_sheet(path, Pair.open(scan, derivative))


@dataclass(frozen=True)
class VariantsBeside:
    """The picture in all colors that the network thought likely.

    Attributes:
        facts: What its bytes depend on, as of `SheetBeside`, and how many variants it shows at
            `most`.
        kind: As records name it.
    """

    facts: Mapping[str, Any]
    kind: str = "variants"

    @classmethod
    def current(cls, most: int) -> VariantsBeside:
        """As it is made with what is installed.

        Args:
            most: How many variants it shows, if there are so many.
        """
        return cls({"code": VARIANTS, "most": most, **_set_with()})

    def write(self, path: Path, restored: Restored, scan: Path, derivative: Path) -> str:
        """Writes it; see `orders.Beside`."""
        return write_variants(path, restored)


def _set_with() -> dict[str, Any]:
    """What type is set with, and paper painted."""
    known = versions()
    libraries = digest_of({name: known[name] for name in FRAMES})
    return {"fonts": Fonts().digest(*FONTS), "libraries": libraries}
