"""The simplest way to color: each lightness gets the mean color that it has in photographs.

The table was made of the training photographs' pixels by

    python -m bench.color.palette

and holds nothing but a mean a* and b* for each unit of the plate's L*, for each emulsion.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.steps.plate import Plane

FILE: Final = Path(__file__).with_name("palette.json")
_LEVELS: Final = 101
# Every so-manieth photograph, and every so-manieth row and column of it.
_PICTURES, _PIXELS = 8, 5


@dataclass(frozen=True)
class Palette:
    """Mean colors by lightness.

    Attributes:
        tables: By emulsion, (101, 2) a* and b* for L* of 0, 1 .. 100.
    """

    tables: dict[Emulsion, NDArray[np.float32]]

    def __call__(self, light: Plane, told: Emulsion) -> NDArray[np.float32]:
        """Color (H, W) sRGB-encoded light: (H, W, 2) a* and b*."""
        lightness = lightness_from_gray(np.clip(light, 0, 1))
        levels = np.arange(_LEVELS)
        table = self.tables[told]
        planes = [np.interp(lightness, levels, table[:, i]) for i in range(2)]
        return np.stack(planes, axis=-1).astype(np.float32)

    @classmethod
    def load(cls, file: Path = FILE) -> Palette:
        """Read the table."""
        content = json.loads(file.read_text())
        return cls({Emulsion(k): np.array(v, np.float32) for k, v in content["mean_ab"].items()})


def make(file: Path = FILE) -> None:
    """Count the training photographs' pixels and write the table."""
    from training.color.train import SHORT_SIDE
    from training.shards import color_shards, open_pictures

    pictures = open_pictures(color_shards(), short_side=SHORT_SIDE)
    kinds = [kind for kind in Emulsion if kind is not Emulsion.UNKNOWN]
    sums = {kind: np.zeros((_LEVELS, 3)) for kind in kinds}
    for i in range(0, len(pictures), _PICTURES):
        rgb = pictures[i][::_PIXELS, ::_PIXELS].reshape(-1, 3).astype(np.float32) / np.float32(255)
        ab = lab_from_srgb(rgb)[:, 1:]
        for kind in kinds:
            lightness = lightness_from_gray(expose(rgb, weights(kind)))
            level = np.clip(np.rint(lightness), 0, _LEVELS - 1).astype(np.intp)
            for column, values in enumerate((ab[:, 0], ab[:, 1], None)):
                sums[kind][:, column] += np.bincount(level, values, minlength=_LEVELS)
    tables = {
        kind.value: np.round(total[:, :2] / np.maximum(total[:, 2:], 1), 1).tolist()
        for kind, total in sums.items()
    }
    # What a plate of unknown kind is taken for, as the network takes it.
    tables[Emulsion.UNKNOWN.value] = tables[Emulsion.PANCHROMATIC.value]
    about = f"mean a*, b* by L* of the plate; every {_PICTURES}th training photograph"
    file.write_text(json.dumps({"about": about, "mean_ab": tables}) + "\n")


if __name__ == "__main__":
    make()
