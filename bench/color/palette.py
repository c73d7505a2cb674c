"""The simplest way to color: each lightness gets the mean color that it has in photographs.

The table was made of the training photographs' pixels by

    python -m bench.color.counting

and holds nothing but a mean a* and b* for each unit of the plate's L*, for each emulsion.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lightness_from_gray
from photochrom.emulsion import Emulsion
from photochrom.steps.plate import Plane

FILE: Final = Path(__file__).with_name("palette.json")
LEVELS: Final = 101


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
        levels = np.arange(LEVELS)
        table = self.tables[told]
        planes = [np.interp(lightness, levels, table[:, i]) for i in range(2)]
        return np.stack(planes, axis=-1).astype(np.float32)

    @classmethod
    def load(cls, file: Path = FILE) -> Palette:
        """Read the table."""
        content = json.loads(file.read_text())
        return cls({Emulsion(k): np.array(v, np.float32) for k, v in content["mean_ab"].items()})
