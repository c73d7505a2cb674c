"""The photographs whose worn prints are restored, and the prints.

Two sets: `eval-dev`, the evaluation photographs (third parties', see `bench/photographs.py`), and
`packages`, the public-domain photographs that ship inside scikit-image and Matplotlib, so that
whoever lacks the former can measure on the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import skimage.data
from examples.demo import photograph
from numpy.typing import NDArray
from training.shards import data_folder, decode

from bench.photographs import files
from bench.prints.scans import Levels, Plane, levels, light
from photochrom.aging import Wear, age, draw_wear, wear_out
from photochrom.emulsion import Emulsion, expose, weights

SETS: Final = ("eval-dev", "packages")
# Wear of the prints at full size, in turn; of those that are enlarged.
WEAR: Final = (0.3, 0.5, 0.7)
SMALL_WEAR: Final = 0.25
# Longest side of a truth to enlarge to, by scale: keeps Real-ESRGAN x4plus within minutes.
_SIDES: Final = {4: 512, 2: 256}
# The first part of every seed; training draws its prints from other seeds.
_SEED: Final = 1889


@dataclass(frozen=True)
class Print:
    """A worn print and its truth.

    Attributes:
        name: Of the photograph.
        scan: (h, w) uint8 gray: what every way is given.
        truth: (h, w) or larger, light: the same print with the same tones, unharmed.
        mask: (h, w) bool: the true defects.
    """

    name: str
    scan: Levels
    truth: Plane
    mask: NDArray[np.bool_]


def reason_missing(which: str) -> str | None:
    """Why a set cannot be measured, or None."""
    if which == "packages" or (data_folder() / "eval-dev" / "index.json").exists():
        return None
    return "the evaluation photographs are not here (training/README.md)"


@dataclass(frozen=True)
class Photograph:
    """A photograph of a set.

    Attributes:
        which: The set.
        name: The photograph's.
        number: Its place among those that are measured; decides the seeds of its prints.
        file: Where it lies; None for those of packages.
    """

    which: str
    name: str
    number: int
    file: Path | None

    def color(self) -> NDArray[np.float32]:
        """(H, W, 3) sRGB-encoded color 0..1."""
        pixels = _PACKAGED[self.name]() if self.file is None else decode(self.file.read_bytes())
        return pixels.astype(np.float32) / np.float32(255)

    def gray(self) -> Plane:
        """Its panchromatic gray."""
        return expose(self.color(), weights(Emulsion.PANCHROMATIC))


_PACKAGED: Final[Mapping[str, Callable[[], NDArray[np.uint8]]]] = {
    **{name: partial(photograph, name) for name in ("hopper", "collins", "rocket")},
    "coffee": skimage.data.coffee,
    "chelsea": skimage.data.chelsea,
}


def photographs(which: str, count: int | None = None) -> list[Photograph]:
    """At most `count` photographs of a set."""
    if which == "packages":
        names = list(_PACKAGED)[:count]
        return [Photograph(which, name, number, None) for number, name in enumerate(names)]
    found = enumerate(files("colour", count))
    return [Photograph(which, file.stem, number, file) for number, file in found]


def seeds(task: str, which: str) -> tuple[int | None, ...]:
    """Seeds of the prints that a task makes of each photograph; None: by its number."""
    return (11, 12) if (task, which) == ("repair", "packages") else (None,)


def printed(task: str, one: Photograph, seed: int | None = None) -> Print:
    """A print of a photograph for a task."""
    if task == "repair":
        return aged(one, seed)
    if task == "enlarge_worn":
        return small_print(one.name, one.gray(), 4, np.random.default_rng([_SEED, 2, one.number]))
    if task == "leave_alone":
        scan = levels(one.gray())
        return Print(one.name, scan, light(scan), np.zeros(scan.shape, bool))
    return _small_clean(one, int(task.removeprefix("enlarge_clean_")))


def aged(one: Photograph, seed: int | None = None) -> Print:
    """A worn print at full size.

    Photographs of `eval-dev` count as cut from larger scans (a fine line is 0.7 to 1.8 pixels
    wide) and are worn by 0.3, 0.5 and 0.7 in turn; those of `packages` are whole prints as
    `photochrom age` makes them, worn by 0.5, each with two seeds.
    """
    wear, unit = WEAR[1], None
    if seed is None:
        unit = float(np.random.default_rng([_SEED, 1, one.number]).uniform(0.7, 1.8))
        wear, seed = WEAR[one.number % 3], _SEED * 1000 + one.number
    worn = age(one.color(), emulsion=Emulsion.PANCHROMATIC, wear=wear, seed=seed, unit=unit)
    return Print(one.name, levels(worn.light), worn.clean, worn.mask)


def small_print(name: str, gray: Plane, scale: int, rng: np.random.Generator) -> Print:
    """A small worn print: a photograph made smaller (mean of each block), then worn.

    The truth is the photograph at its full size with the tones of the print (paper, vignette,
    fading), but with none of its softness: that is for the enlargement to undo. Fading from one
    side and inscriptions, which belong to the print but whose random forms have no counterpart at
    the full size, are left out.
    """
    truth = middle(gray, _SIDES[scale], scale)
    wear = replace(draw_wear(SMALL_WEAR, rng), side_fade=0.0, writing=0, stamps=0)
    worn = wear_out(shrunk(truth, scale), wear, rng, unit=0.6)
    return Print(name, levels(worn.light), _printed(truth, wear), worn.mask)


def _printed(truth: Plane, wear: Wear) -> Plane:
    """The truth with the tones of a print and nothing else."""
    tones = Wear(
        gamma=wear.gamma,
        contrast=wear.contrast,
        vignette=wear.vignette,
        black=wear.black,
        white=wear.white,
    )
    return wear_out(truth, tones, np.random.default_rng(0)).clean


def _small_clean(one: Photograph, scale: int) -> Print:
    """A small unharmed picture: a photograph made smaller, and nothing else."""
    truth = middle(one.gray(), _SIDES[scale], scale)
    scan = levels(shrunk(truth, scale))
    return Print(one.name, scan, truth, np.zeros(scan.shape, bool))


def middle(gray: Plane, side: int, multiple: int = 1) -> Plane:
    """Cut the middle of a picture: at most so long, both sides a multiple."""
    height, width = (min(length, side) // multiple * multiple for length in gray.shape)
    top, left = (gray.shape[0] - height) // 2, (gray.shape[1] - width) // 2
    return np.ascontiguousarray(gray[top : top + height, left : left + width])


def shrunk(gray: Plane, scale: int) -> Plane:
    """Make a picture smaller: the mean of each block, in sRGB-encoded gray."""
    size = (gray.shape[1] // scale, gray.shape[0] // scale)
    small: Plane = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return small
