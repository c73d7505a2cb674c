"""Find where the finder that ships takes for damage what belongs to a photograph.

`python -m training.restore.mine` shows it the training photographs, with which nothing is wrong,
and writes the places down in `hard.csv`. Training shows those places more often.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion, expose, weights
from training.crops import open_hires, open_small
from training.restore.evaluate import WEIGHTS, Find, finder
from training.restore.hard import FILE, Place, save
from training.shards import Pictures

# Smaller ones matter little: repair leaves specks alone, or fills them with what lies around.
_LEAST_AREA: Final = 14
_MOST_A_PICTURE: Final = 3


def mistaken(pictures: Pictures, find: Find) -> Iterator[Place]:
    """Yield the places in photographs, all of them sound, that a finder takes for damage."""
    seen = weights(Emulsion.PANCHROMATIC)
    for key, picture in zip(pictures.keys, pictures, strict=True):
        found = find(expose(picture.astype(np.float32) / np.float32(255), seen)) > 0.5
        for y, x in places_in(found):
            yield Place(key, round(y / found.shape[0], 3), round(x / found.shape[1], 3))


def places_in(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield a pixel, (y, x), of each of the largest pieces of a mask."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    for label in 1 + np.argsort(-areas)[:_MOST_A_PICTURE]:
        if stats[label, cv2.CC_STAT_AREA] < _LEAST_AREA:
            break
        ys, xs = np.nonzero(labels == label)
        yield int(ys[len(ys) // 2]), int(xs[len(ys) // 2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--finder", type=Path, default=WEIGHTS / "defects.onnx")
    args = parser.parse_args()
    find = finder(args.finder)
    places = [
        place for pictures in (open_hires(), open_small()) for place in mistaken(pictures, find)
    ]
    save(places)
    print(f"{len(places)} places in {len({place.key for place in places})} photographs: {FILE}")


if __name__ == "__main__":
    main()
