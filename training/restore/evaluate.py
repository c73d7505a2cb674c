"""How well a restore file finds and fills damage that it has not seen.

`python -m training.restore.evaluate src/photochrom/nets/weights/restore.onnx --sheet sheet.png`
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
from training.restore.data import crop_wear, unharmed
from training.restore.model import MULTIPLE
from training.shards import data_folder, decode

Restore = Callable[[Plane], tuple[Plane, Plane]]

# No training batch has a seed of this length.
_SEED = (7, 7, 7)


def network(path: Path) -> Restore:
    """What an ONNX file does: a gray picture to the probability of defects and the clean picture.

    Sizes that are no multiple of 16 are filled up by mirroring.
    """
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def restore(gray: Plane) -> tuple[Plane, Plane]:
        height, width = gray.shape
        below, right = -height % MULTIPLE, -width % MULTIPLE
        padded = np.pad(gray, ((0, below), (0, right)), mode="symmetric")
        mask, clean = session.run(["mask", "clean"], {"gray": padded[None, None]})
        return mask[0, 0, :height, :width], clean[0, 0, :height, :width]

    return restore


def truths(count: int) -> list[Plane]:
    """Photographs of the evaluation set as panchromatic grays."""
    paths = sorted((data_folder() / "eval-dev" / "colour").glob("*.webp"))[:count]
    pictures = (decode(path.read_bytes()).astype(np.float32) / 255 for path in paths)
    return [expose(picture, weights(Emulsion.PANCHROMATIC)) for picture in pictures]


def worn(truth: Plane, number: int, *, harmed: bool = True) -> Worn:
    """Wear a photograph out as training does, with a seed that no training batch has."""
    rng = np.random.default_rng([*_SEED, number])
    wear = crop_wear(rng, framed=number % 4 == 0)
    return wear_out(truth, wear if harmed else unharmed(wear), rng, unit=rng.uniform(0.7, 1.8))


def psnr(truth: Plane, seen: Plane) -> float:
    """Peak signal-to-noise ratio in dB."""
    return float(-10 * np.log10(np.mean(np.square(truth - seen), dtype=np.float64) + 1e-10))


def evaluate(path: Path, count: int = 60) -> dict[str, float]:
    """Return figures of a file.

    PSNR (dB) and SSIM are those of the whole picture before and after; `inside` is within true
    defects. Precision, recall and intersection over union (IoU) are those of the mask at 0.5, over
    all pixels; `near` forgives a pixel at the rim. `untouched` is what happens to pictures without
    any wear: root mean square change in 1/255, and the share of pixels called a defect.
    """
    restore = network(path)
    sums: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        sums[name] = sums.get(name, 0.0) + value

    hits = false = missed = near_hits = near_misses = 0
    pictures = truths(count)
    for number, truth in enumerate(pictures):
        print_ = worn(truth, number)
        mask, clean = restore(print_.light)
        found = mask > 0.5
        hits += int((found & print_.mask).sum())
        false += int((found & ~print_.mask).sum())
        missed += int((~found & print_.mask).sum())
        near_hits += int((found & _wider(print_.mask)).sum())
        near_misses += int((print_.mask & ~_wider(found)).sum())
        for when, seen in (("before", print_.light), ("after", clean)):
            add(f"psnr_{when}", psnr(print_.clean, seen))
            ssim = structural_similarity(print_.clean, seen, data_range=1.0)
            add(f"ssim_{when}", float(ssim))
            if print_.mask.any():
                inside = psnr(print_.clean[print_.mask], seen[print_.mask])
                add(f"psnr_inside_{when}", inside)
        add("harmed", float(print_.mask.any()))

        noisy = worn(truth, number, harmed=False)
        mask, clean = restore(noisy.light)
        add("psnr_noise_before", psnr(noisy.clean, noisy.light))
        add("psnr_noise_after", psnr(noisy.clean, clean))
        add("false_share_noise", float((mask > 0.5).mean()))

        mask, clean = restore(truth)
        add("untouched_rms", 255 * float(np.sqrt(np.mean(np.square(clean - truth)))))
        add("untouched_false_share", float((mask > 0.5).mean()))
    harmed = sums.pop("harmed")
    results = {
        name: total / (harmed if "inside" in name else len(pictures))
        for name, total in sums.items()
    }
    results["precision"] = hits / max(hits + false, 1)
    results["recall"] = hits / max(hits + missed, 1)
    results["iou"] = hits / max(hits + false + missed, 1)
    results["precision_near"] = near_hits / max(hits + false, 1)
    results["recall_near"] = 1 - near_misses / max(hits + missed, 1)
    return {name: round(value, 5 if "share" in name else 3) for name, value in results.items()}


def _wider(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


def sheet(restore: Restore, pictures: list[Plane], side: int = 480) -> NDArray[np.uint8]:
    """One row for each picture: as it is, defects in red, filled there only, and clean all over."""
    rows = []
    for gray in pictures:
        scale = min(1.0, side / max(gray.shape))
        size = (round(gray.shape[1] * scale), round(gray.shape[0] * scale))
        mask, clean = restore(gray)
        harm = _wider(mask > 0.5)
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
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=60, help="photographs to measure")
    parser.add_argument("--sheet", type=Path, help="draw real damaged and vintage photographs")
    args = parser.parse_args()
    for name, value in evaluate(args.file, args.count).items():
        print(f"{name:<24}{value}")
    if args.sheet:
        drawn = sheet(network(args.file), scans("damaged", "vintage_bw"))
        cv2.imwrite(str(args.sheet), drawn)


if __name__ == "__main__":
    main()
