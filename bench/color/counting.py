"""Makes the palette by lightness of the training photographs' pixels; see `bench.color.palette`.

python -m bench.color.counting
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from training.color.train import SHORT_SIDE
from training.shards import color_shards, open_pictures

from bench.color.palette import FILE, LEVELS
from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.emulsion import Emulsion, expose, weights

# Every so-manieth photograph, and every so-manieth row and column of it.
_PICTURES, _PIXELS = 8, 5


def make(file: Path = FILE) -> None:
    """Count the training photographs' pixels and write the table."""
    pictures = open_pictures(color_shards(), short_side=SHORT_SIDE)
    kinds = [kind for kind in Emulsion if kind is not Emulsion.UNKNOWN]
    sums = {kind: np.zeros((LEVELS, 3)) for kind in kinds}
    for i in range(0, len(pictures), _PICTURES):
        rgb = pictures[i][::_PIXELS, ::_PIXELS].reshape(-1, 3).astype(np.float32) / np.float32(255)
        ab = lab_from_srgb(rgb)[:, 1:]
        for kind in kinds:
            lightness = lightness_from_gray(expose(rgb, weights(kind)))
            level = np.clip(np.rint(lightness), 0, LEVELS - 1).astype(np.intp)
            for column, values in enumerate((ab[:, 0], ab[:, 1], None)):
                sums[kind][:, column] += np.bincount(level, values, minlength=LEVELS)
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
