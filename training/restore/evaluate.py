"""How well the restore files find and fill damage that they have not seen.

`python -m training.restore.evaluate --sheet sheet.png` measures the files that ship.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from photochrom.aging import Plane, Worn, wear_out
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.steps.defects import decide
from photochrom.steps.holes import flowed_in
from photochrom.steps.repair import RepairParams
from training.loop import ROOT
from training.metrics import MaskScore, psnr, wider
from training.restore.data import crop_wear, unharmed
from training.restore.model import MULTIPLE
from training.shards import data_folder, decode, evaluation_files

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"

Find = Callable[[Plane], Plane]
Fill = Callable[[Plane, NDArray[np.bool_]], Plane]

# No training batch has a seed of this length.
_SEED = (7, 7, 7)


def finder(path: Path) -> Find:
    """What the file defects.onnx does: a gray picture to the probability of defects."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def find(gray: Plane) -> Plane:
        (mask,) = session.run(["mask"], {"gray": _padded(gray)})
        return np.asarray(mask[0, 0, : gray.shape[0], : gray.shape[1]])

    return find


def filler(path: Path) -> Fill:
    """What the file restore.onnx does: a gray picture and its defects to the clean picture.

    As in the repair step, light has flowed into the defects from their rims before.
    """
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def fill(gray: Plane, mask: NDArray[np.bool_]) -> Plane:
        told = _padded(mask.astype(np.float32))
        flowed = flowed_in(gray, mask)
        (clean,) = session.run(["clean"], {"gray": _padded(flowed), "mask": told})
        return np.asarray(clean[0, 0, : gray.shape[0], : gray.shape[1]])

    return fill


def _padded(plane: Plane) -> NDArray[np.float32]:
    """Filled up by mirroring to multiples of 16: (1, 1, H, W)."""
    height, width = plane.shape
    padding = ((0, -height % MULTIPLE), (0, -width % MULTIPLE))
    return np.pad(plane, padding, mode="symmetric")[None, None]


def truths(count: int) -> list[Plane]:
    """Photographs of the evaluation set as panchromatic grays."""
    paths = evaluation_files("colour")[:count]
    pictures = (decode(path.read_bytes()).astype(np.float32) / 255 for path in paths)
    return [expose(picture, weights(Emulsion.PANCHROMATIC)) for picture in pictures]


def worn(truth: Plane, number: int, *, harmed: bool = True) -> Worn:
    """Wear a photograph out as training does, with a seed that no training batch has."""
    rng = np.random.default_rng([*_SEED, number])
    wear = crop_wear(rng, framed=number % 4 == 0)
    return wear_out(truth, wear if harmed else unharmed(wear), rng, unit=rng.uniform(0.7, 1.8))


class Mean:
    """Means of named figures."""

    def __init__(self) -> None:
        self._sums: dict[str, list[float]] = {}

    def add(self, **figures: float) -> None:
        for name, value in figures.items():
            self._sums.setdefault(name, []).append(float(value))

    def results(self) -> dict[str, float]:
        return {
            name: round(float(np.mean(values)), 5 if "share" in name else 3)
            for name, values in self._sums.items()
        }


def evaluate_finder(find: Find, count: int = 60) -> dict[str, float]:
    """Measure how defects are found.

    Precision, recall and intersection over union (IoU) are those of the mask at 0.5 over all
    pixels of worn prints; `near` forgives a pixel at the rim. `untouched` is the share of pixels
    called a defect in photographs as they are, `noise` in prints with grain and blocks alone,
    `vintage` that of real old prints, nearly all of it sound, which the repair step would fill.
    """
    figures = Mean()
    score = MaskScore()
    for number, truth in enumerate(truths(count)):
        print_ = worn(truth, number)
        found = find(print_.light) > 0.5
        score.add(print_.mask, found)
        noisy = worn(truth, number, harmed=False).light
        figures.add(
            true_share=print_.mask.mean(),
            noise_false_share=(find(noisy) > 0.5).mean(),
            untouched_false_share=(find(truth) > 0.5).mean(),
        )
    for gray in scans("vintage_bw"):
        figures.add(vintage_false_share=filled_share(find, gray))
    rounded = {name: round(value or 0.0, 3) for name, value in score.figures().items()}
    return figures.results() | rounded


def filled_share(find: Find, gray: Plane) -> float:
    """The share of a print that the repair step fills by what a finder says."""
    suspected = (np.clip(find(gray), 0, 1) * 255 + 0.5).astype(np.uint8)
    mask, _, _ = decide(suspected, RepairParams())
    return float((mask > 0).mean())


def evaluate_filler(find: Find, fill: Fill, count: int = 60) -> dict[str, float]:
    """Measure what becomes of the picture.

    PSNR (dB) and SSIM are those of whole worn prints before and after, `inside` is within the true
    defects: as worn, filled where the finder says, filled where the true mask says, and inpainted
    there by OpenCV (Telea). `untouched` is the root mean square change, in 1/255, of photographs
    as they are.
    """
    figures = Mean()
    for number, truth in enumerate(truths(count)):
        print_ = worn(truth, number)
        clean = fill(print_.light, wider(find(print_.light) > 0.5))
        for when, seen in (("before", print_.light), ("after", clean)):
            ssim = structural_similarity(print_.clean, seen, data_range=1.0)
            figures.add(**{f"psnr_{when}": psnr(print_.clean, seen), f"ssim_{when}": float(ssim)})
        if print_.mask.any():
            levels = (print_.light * 255 + 0.5).astype(np.uint8)
            hole = wider(print_.mask).astype(np.uint8)
            ways = {
                "before": print_.light,
                "after": clean,
                "told": fill(print_.light, hole > 0),
                "telea": cv2.inpaint(levels, hole, 3, cv2.INPAINT_TELEA).astype(np.float32) / 255,
            }
            for way, seen in ways.items():
                inside = psnr(print_.clean[print_.mask], seen[print_.mask])
                figures.add(**{f"inside_{way}": inside})
        noisy = worn(truth, number, harmed=False)
        nothing = np.zeros(truth.shape, bool)
        change = fill(truth, nothing) - truth
        figures.add(
            noise_before=psnr(noisy.clean, noisy.light),
            noise_after=psnr(noisy.clean, fill(noisy.light, nothing)),
            untouched_rms=255 * float(np.sqrt(np.mean(np.square(change)))),
        )
    return figures.results()


def sheet(find: Find, fill: Fill, pictures: list[Plane], side: int = 480) -> NDArray[np.uint8]:
    """One row for each picture: as it is, defects in red, filled there only, and clean all over."""
    rows = []
    for gray in pictures:
        scale = min(1.0, side / max(gray.shape))
        size = (round(gray.shape[1] * scale), round(gray.shape[0] * scale))
        harm = wider(find(gray) > 0.5)
        clean = fill(gray, harm)
        red = np.stack([np.where(harm, c, gray) for c in (0.1, 0.1, 1.0)], axis=-1)
        filled = np.where(harm, clean, gray)
        cells = [gray, red, filled, clean]
        row = np.full((side, side * len(cells), 3), 40, np.uint8)
        for i, cell in enumerate(cells):
            small = cv2.resize(cell, size, interpolation=cv2.INTER_AREA)
            small = small if small.ndim == 3 else np.repeat(small[..., None], 3, axis=-1)
            row[: size[1], i * side : i * side + size[0]] = np.clip(small, 0, 1) * 255 + 0.5
        rows.append(row)
    return np.concatenate(rows)


def scans(*folders: str) -> list[Plane]:
    """Real old photographs of the evaluation set, gray."""
    paths = [path for f in folders for path in sorted((data_folder() / "eval-dev" / f).iterdir())]
    return [cv2.imread(str(p), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255 for p in paths]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=WEIGHTS, help="where the files are")
    parser.add_argument("--count", type=int, default=60, help="photographs to measure")
    parser.add_argument("--sheet", type=Path, help="draw real damaged and vintage photographs")
    args = parser.parse_args()
    find, fill = finder(args.folder / "defects.onnx"), filler(args.folder / "restore.onnx")
    results = evaluate_finder(find, args.count) | evaluate_filler(find, fill, args.count)
    for name, value in results.items():
        print(f"{name:<24}{value}")
    if args.sheet:
        drawn = sheet(find, fill, scans("damaged", "vintage_bw"))
        cv2.imwrite(str(args.sheet), drawn)


if __name__ == "__main__":
    main()
