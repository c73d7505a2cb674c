"""Worn prints, repaired and cleaned: photochrom beside what OpenCV offers.

    python -m bench.repair_and_clean

Public-domain photographs from scikit-image and Matplotlib are aged with fixed seeds; every way is
given the same worn gray picture and compared with the gray that was worn. Nobody is told where the
defects are. Needs the extra [demo].
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import skimage.data
from examples.demo import photograph
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from photochrom.aging import age
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.steps import STEPS
from photochrom.steps.plate import Context, Plate

Plane = NDArray[np.float32]
Way = Callable[[Plane], Plane]

SEEDS = (11, 12)
WEAR = 0.5


def photographs() -> dict[str, NDArray[np.uint8]]:
    """Photographs that ship inside packages, (H, W, 3) uint8."""
    named = {name: photograph(name) for name in ("hopper", "collins", "rocket")}
    return named | {"coffee": skimage.data.coffee(), "chelsea": skimage.data.chelsea()}


def ours(light: Plane) -> Plane:
    """The steps repair and clean as the recipe `faithful` has them."""
    scan = Photograph.from_array((light * 65535 + 0.5).astype(np.uint16))
    context = Context(Registry.default(), Emulsion.PANCHROMATIC, measure(scan), seed=1)
    recipe = Recipe.preset("faithful")
    plate = Plate(scan.gray())
    for name in ("repair", "clean"):
        plate, _ = STEPS[name].apply(plate, recipe.params[name], context)
    return plate.light


def opencv(strength: float) -> Way:
    """Specks by a median, noise by non-local means."""

    def run(light: Plane) -> Plane:
        levels = (light * 255 + 0.5).astype(np.uint8)
        smooth = cv2.medianBlur(levels, 5)
        specks = cv2.dilate((cv2.absdiff(levels, smooth) > 40).astype(np.uint8), np.ones((3, 3)))
        filled = cv2.inpaint(levels, specks, 3, cv2.INPAINT_TELEA)
        return cv2.fastNlMeansDenoising(filled, None, strength).astype(np.float32) / 255

    return run


WAYS: Mapping[str, Way] = {
    "as it came": lambda light: light,
    "photochrom": ours,
    "OpenCV, gentle": opencv(5),
    "OpenCV, strong": opencv(10),
}


def main() -> None:
    """Prints a row for each way: PSNR, SSIM, seconds a megapixel."""
    rows = {way: [0.0, 0.0, 0.0, 0.0] for way in WAYS}
    for pixels in photographs().values():
        for seed in SEEDS:
            worn = age(
                pixels.astype(np.float32) / 255,
                emulsion=Emulsion.PANCHROMATIC,
                wear=WEAR,
                seed=seed,
            )
            for way, run in WAYS.items():
                started = time.perf_counter()
                seen = run(worn.light)
                seconds = time.perf_counter() - started
                error = float(np.mean(np.square(seen - worn.clean), dtype=np.float64))
                likeness = structural_similarity(worn.clean, seen, data_range=1.0)
                megapixels = seen.size / 1e6
                for column, value in enumerate(
                    (-10 * np.log10(error), likeness, seconds, megapixels)
                ):
                    rows[way][column] += float(value)
    count = len(photographs()) * len(SEEDS)
    print("| way | PSNR, dB | SSIM | s a megapixel |\n| --- | --- | --- | --- |")
    for way, (psnr, ssim, seconds, megapixels) in rows.items():
        took = f"{seconds / megapixels:.2f}"
        print(f"| {way} | {psnr / count:.2f} | {ssim / count:.3f} | {took} |")


if __name__ == "__main__":
    main()
