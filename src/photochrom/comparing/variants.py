"""The sheet of variants: the same picture as often as the network thought of other colors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from photochrom.comparing.laying import NARROWEST, TALLEST, WIDE, WIDEST, Paper, write_paper
from photochrom.comparing.pair import Pixels, resized
from photochrom.steps.compose import compose
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plate
from photochrom.variant import LETTERS, Letter

if TYPE_CHECKING:
    from photochrom.record import Record
    from photochrom.restored import Restored

CODE = 1
"""Raised whenever the same variants give another sheet."""

_COLUMNS = 2


class VariantsSheet(Paper):
    """A sheet of variants, laid out.

    Args:
        pictures: By what they are called, each (H, W, 3) uint8; all of one size, at most
            `WIDEST` wide.
        note: The small print.
    """

    def __init__(self, pictures: Mapping[str, Pixels], note: str):
        high, wide = next(iter(pictures.values())).shape[:2]
        columns = 1 if wide / high > WIDE else min(_COLUMNS, len(pictures))
        widest = WIDEST * (2 if columns == 1 and wide / high > WIDE else 1)
        super().__init__(min(max(wide, NARROWEST), widest), widest)
        width, across = self.width(columns), max(1, min(self._across, round(TALLEST * wide / high)))
        down = max(1, min(TALLEST // len(pictures), round(across * high / wide)))
        top, ends = self._margin, [self._margin]
        for number, (label, pixels) in enumerate(pictures.items()):
            if number % columns == 0:
                top = max(ends)
            left = self._margin + number % columns * (self._across + self._gap)
            self.place(resized(pixels, (across, down)), left, top)
            ends.append(self.label(label, left, top + down))
        self.foot(note, width, max(ends))


def write_variants(path: Path, restored: Restored) -> str:
    """Write the sheet of a restored picture.

    Args:
        path: Its ending decides the format.
        restored: The picture, with its other variants.

    Returns:
        The SHA-256 of the file, hexadecimal.

    Raises:
        PhotographError: It cannot be written.
    """
    record = restored.record
    note = f"{_said(restored)} {record.statement()}"
    said = {
        "sheet": "variants",
        "statement": note,
        "digital_source_type": record.digital_source_type,
    }
    return write_paper(path, VariantsSheet(_pictures(restored), note), said)


def _pictures(restored: Restored) -> dict[str, Pixels]:
    """The variants by their letters, in order."""
    plate = _small(restored.plate)
    shown = _shown(restored.record)
    chromas = {shown: plate.chroma, **{one.letter: one.chroma for one in plate.others}}
    made = {}
    for letter in sorted(chromas):
        rows = list(compose(replace(plate, chroma=chromas[letter])))
        pixels = (np.concatenate(rows).astype(np.uint32) + 128) // 257
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        made[str(letter)] = pixels.astype(np.uint8)
    return made


def _small(plate: Plate) -> Plate:
    """The same in as many pixels as a sheet shows."""
    height, width = plate.light.shape
    share = min(1.0, WIDEST * (2 if width / height > WIDE else 1) / width)
    size = max(1, round(width * share)), max(1, round(height * share))
    light = cv2.resize(plate.light, size, interpolation=cv2.INTER_AREA)
    let_go(plate.light)
    return replace(plate, light=light, mask=None)


def _shown(record: Record) -> Letter:
    told = record.variant
    letter: Letter = LETTERS[0] if told is None else told["letter"]
    return letter


def _said(restored: Restored) -> str:
    """How likely the variants are, in words."""
    first = LETTERS[0]
    likely = [f"{one.letter} {one.likely:.2f}" for one in restored.plate.others]
    told = restored.record.variant
    if told is None or not likely:
        return "The network is not unsure enough of any of it to color it in another way."
    if told["letter"] != first:
        likely = sorted([*likely, f"{told['letter']} {told['likely']:.2f}"])
    named = [one for one in likely if not one.startswith(first)]
    return (
        f"In {100 * told['doubtful']:.0f} % of the picture the network was unsure, and thought "
        f"other colors likely, too. Times as likely there as {first}: {', '.join(named)}."
    )
