"""What comes of restoring a photograph: the picture and its record, and how they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import PhotographError
from photochrom.files import write_text
from photochrom.photograph import Known, Photograph, save_rows, several_times
from photochrom.record import Record, record_path
from photochrom.steps.compose import LuminanceChange, Rows, compose
from photochrom.steps.plate import Plate
from photochrom.steps.strips import strips
from photochrom.trimming.cutting import cut


@dataclass(frozen=True)
class Restored:
    """A restored photograph that is not written to a file yet.

    Attributes:
        plate: Light, chroma, certainty and mask, as the steps left them.
        record: What was done. Its `derivatives` are filled in by `save`.
        original: The photograph it was made from.
    """

    plate: Plate
    record: Record
    original: Photograph

    @cached_property
    def photograph(self) -> Photograph:
        """The result: (H, W, 3) uint16 if colored, else (H, W) uint16."""
        return Photograph.from_array(np.concatenate(list(compose(self.plate))))

    @cached_property
    def gray(self) -> Photograph:
        """The restored black-and-white picture in the plate's own light: (H, W) uint16."""
        return Photograph.from_array(np.concatenate(list(compose(self._own_light))))

    @property
    def mask(self) -> NDArray[np.uint8] | None:
        """(H, W) uint8, 255 where a defect was filled; None if `repair` did not run."""
        return self.plate.mask

    @property
    def certainty(self) -> NDArray[np.float32] | None:
        """(h, w) float32, 0 (a guess) .. 1 (sure), small; None if nothing was colored."""
        chroma = self.plate.chroma
        return None if chroma is None or chroma.measured else chroma.certainty

    @property
    def notices(self) -> tuple[str, ...]:
        """What people may want to look at, a line each."""
        return tuple(self.record.original["notices"])

    @property
    def shows_own_light(self) -> bool:
        """Whether the result is what the plate recorded: no color but its own, no eye's tones."""
        chroma = self.plate.chroma
        return (chroma is None or chroma.measured) and self.plate.eye is None

    @property
    def _own_light(self) -> Plate:
        return replace(self.plate, chroma=None, eye=None)

    def save(
        self,
        path: str | Path,
        *others: str | Path,
        quality: int = 92,
        known: Known | None = None,
        strip: Collection[str] = (),
        order: str = "",
    ) -> Record:
        """Writes the picture and, beside it, its record (`portrait.tif`, `portrait.record.json`).

        All metadata of the scan is in it, but for what speaks of the scan's pixels.

        Args:
            path: Its ending decides the format: .tif, .png, .jp2 (16 bits), .jpg, .webp (8 bits).
            others: Further files with the same picture, in other formats; it is composed once. The
                record lies beside the first and describes all.
            quality: For JPEG and WebP.
            known: What is known of the photograph besides what its file says; it is written into
                the picture.
            strip: What is left out: "location" is where on earth it was taken, in coordinates.
            order: Key of the order that this was made for, if it was ordered.

        Returns:
            The record as written.

        Raises:
            PhotographError: The place cannot be written to, or holds the original.
        """
        paths = [Path(one) for one in (path, *others)]
        change = LuminanceChange()
        rows = compose(self.plate, change=change)
        height, width = self.plate.light.shape
        shape = (height, width) if self.plate.chroma is None else (height, width, 3)
        with several_times(rows, len(paths), folder=paths[0].parent) as copies:
            digests = [
                self._write(one, shape, copy, quality, self.record, known, strip)
                for one, copy in zip(paths, copies, strict=True)
            ]
        result: dict[str, Any] = {"width": width, "height": height}
        result["luminance_change"] = change.to_json()
        if strip:
            result["left_out"] = sorted(strip)
        record = replace(
            self.record,
            result=result,
            derivatives=[
                {"file": one.name, "sha256": digest}
                for one, digest in zip(paths, digests, strict=True)
            ],
            order=order,
        )
        write_text(record_path(paths[0]), record.to_json())
        return record

    def save_scan(self, path: str | Path) -> str:
        """Writes the scan as the picture shows it, trimmed likewise and not restored; no record.

        Returns:
            The SHA-256 of the file, hexadecimal.
        """
        geometry, scan = self.record.geometry, self.original
        if geometry is not None:
            scan = Photograph.from_array(cut(scan.pixels, geometry), info=scan.info)
        return scan.save(path)

    def save_mask(self, path: str | Path) -> str:
        """Writes what was filled as a picture, white on black; no record.

        Args:
            path: Its ending decides the format; one without loss keeps it exact.

        Returns:
            The SHA-256 of the file, hexadecimal.

        Raises:
            PhotographError: `repair` did not run; or as `save`.
        """
        if self.mask is None:
            what = "there is no mask: the recipe does not repair"
            raise PhotographError(what, where=path, fix="add the step repair, or ask for no mask")
        said = {"mask": "white is what was filled", "statement": self.record.statement()}
        return save_rows(
            path,
            shape=self.mask.shape,
            rows=(self.mask[strip] for strip in strips(*self.mask.shape, of=(self.mask,))),
            provenance={**said, "original_sha256": str(self.record.original["sha256"])},
            forbidden=self.original.info.path,
        )

    def save_gray(self, path: str | Path, *, quality: int = 92) -> None:
        """Writes the restored black-and-white picture in the plate's own light; no record."""
        plate = self._own_light
        gray = replace(self.record, steps=[one for one in self.record.steps if one.name != "color"])
        self._write(Path(path), plate.light.shape, compose(plate), quality, gray)

    def _write(
        self,
        path: Path,
        shape: tuple[int, ...],
        rows: Iterable[Rows],
        quality: int,
        record: Record,
        known: Known | None = None,
        strip: Collection[str] = (),
    ) -> str:
        return save_rows(
            path,
            shape=shape,
            rows=rows,
            quality=quality,
            info=self.original.info,
            provenance={
                "digital_source_type": record.digital_source_type,
                "statement": record.statement(),
                "original_sha256": str(record.original["sha256"]),
                "recipe": f"{record.recipe['name']} {record.recipe['digest']}",
            },
            known=known,
            strip=strip,
            forbidden=self.original.info.path,
        )
