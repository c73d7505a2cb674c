"""What a plate recorded, as far as documented colors are asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colors import Seen
from photochrom.colorspace import lightness_from_gray, srgb_from_lab, srgb_to_linear
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps import color
from photochrom.steps.looks import averaged
from photochrom.steps.plate import Context, Plate

Light = NDArray[np.float32]

_LONGEST: Final = 1024
# Of the shorter side: a place is what is around it, not one grain.
_AROUND: Final = 0.012
# Columns and rows of the places that the network is asked about, how sure it has to be there, how
# far (in shares) they are from documented ones, and by how much it is wrong in them.
_GRID: Final = (6, 5)
_SURE: Final = 0.55
_APART: Final = 0.06
_WRONG: Final = 0.45


@dataclass(frozen=True)
class Recorded:
    """A plate with its tones restored.

    Attributes:
        light: (h, w) linear light, 0..1, the longer side at most 1,024.
        plate: The same on its way through the steps.
        scan: What it was measured on.
    """

    light: Light
    plate: Plate
    scan: Photograph


def recorded(photograph: Photograph, *, negative: bool = False) -> Recorded | None:
    """What a plate recorded: the light of a photograph with its tones restored.

    Args:
        photograph: The scan.
        negative: Whether it is of a negative.

    Returns:
        None of a photograph in color.
    """
    height, width = photograph.pixels.shape[:2]
    share = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = cv2.resize(photograph.pixels, size, interpolation=cv2.INTER_AREA)
    recipe = Recipe(name="tones", steps=("tone",))
    scan = Photograph.from_array(small)
    restored = restore(scan, recipe, negative=negative)
    if restored.record.in_color:
        return None
    return Recorded(srgb_to_linear(restored.plate.light), restored.plate, scan)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < _APART


def light_at(light: Light, at: tuple[float, float]) -> float:
    """What a plate recorded around a place, 0..1.

    Args:
        light: As `recorded` gives it.
        at: (x, y) in shares of width and height.
    """
    height, width = light.shape
    around = max(1, round(_AROUND * min(height, width)))
    row, column = min(int(at[1] * height), height - 1), min(int(at[0] * width), width - 1)
    rows = slice(max(0, row - around), row + around + 1)
    columns = slice(max(0, column - around), column + around + 1)
    return float(np.median(light[rows, columns]))


def beside(recorded: Recorded, emulsion: Emulsion, at: Sequence[tuple[float, float]]) -> list[Seen]:
    """What the color network is sure of in the same photograph.

    Args:
        recorded: The plate.
        emulsion: Which it is taken for.
        at: Where colors are documented; nothing is asked near them.
    """
    context = Context(Registry.default(), emulsion, measure(recorded.scan))
    answer = averaged(color.looked(recorded.plate, color.ColorParams(), context))
    height, width = answer.certainty.shape
    small = cv2.resize(recorded.plate.light, (width, height), interpolation=cv2.INTER_AREA)
    lightness = lightness_from_gray(np.clip(small, 0, 1)) + answer.tone
    found = []
    for rows in np.array_split(np.arange(height), _GRID[1]):
        for columns in np.array_split(np.arange(width), _GRID[0]):
            part = answer.certainty[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            row, column = divmod(int(part.argmax()), part.shape[1])
            row, column = row + int(rows[0]), column + int(columns[0])
            place = (column + 0.5) / width, (row + 0.5) / height
            near = any(_near(place, one) for one in at)
            if near or answer.certainty[row, column] < _SURE:
                continue
            lab = np.array([lightness[row, column], *answer.ab[row, column]], np.float32)
            red, green, blue = (round(float(x) * 255) for x in np.clip(srgb_from_lab(lab), 0, 1))
            found.append(Seen((red, green, blue), light_at(recorded.light, place), _WRONG))
    return found
