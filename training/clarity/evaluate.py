"""How close a clarity file comes to sharp photographs it has not seen, beside plain enlargements.

`python -m training.clarity.evaluate src/photochrom/nets/weights/clarity-x2.onnx --sheet sheet.png`
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from photochrom.emulsion import Emulsion, expose, weights
from training.clarity.data import Print, soften
from training.metrics import psnr
from training.shards import data_folder, decode, evaluation_files

Plane = NDArray[np.float32]
Enlarge = Callable[[Plane], Plane]


def truths(count: int, scale: int) -> list[Plane]:
    """Photographs of the evaluation set as panchromatic grays, cut to multiples of the scale."""
    found = []
    for path in evaluation_files("colour")[:count]:
        picture = decode(path.read_bytes()).astype(np.float32) / 255
        height, width = (side // scale * scale for side in picture.shape[:2])
        found.append(expose(picture[:height, :width], weights(Emulsion.PANCHROMATIC)))
    return found


def network(path: Path, character: str = "clear") -> Enlarge:
    """The enlargement that an ONNX file does, of one of its characters."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def enlarge(small: Plane) -> Plane:
        (found,) = session.run([character], {"gray": small[None, None]})
        return np.clip(found[0, 0], 0, 1)

    return enlarge


def plain(way: int, scale: int) -> Enlarge:
    """An OpenCV enlargement."""

    def enlarge(small: Plane) -> Plane:
        size = (small.shape[1] * scale, small.shape[0] * scale)
        return np.clip(cv2.resize(small, size, interpolation=way), 0, 1)

    return enlarge


def evaluate(path: Path, scale: int, count: int = 60) -> dict[str, float]:
    """Return PSNR (dB) and SSIM of the file's two characters, of cubic and of Lanczos enlargement.

    The small pictures are softened as in training, with seeds that no training batch has.
    """
    ways: Mapping[str, Enlarge] = {
        "network": network(path),
        "crisp": network(path, "crisp"),
        "cubic": plain(cv2.INTER_CUBIC, scale),
        "lanczos": plain(cv2.INTER_LANCZOS4, scale),
    }
    sums = {f"{figure}_{way}": 0.0 for way in ways for figure in ("psnr", "ssim")}
    pictures = truths(count, scale)
    for number, truth in enumerate(pictures):
        small = soften(truth, scale, np.random.default_rng([1, number]), Print())
        for way, enlarge in ways.items():
            seen = enlarge(small)
            sums[f"psnr_{way}"] += psnr(truth, seen)
            sums[f"ssim_{way}"] += float(structural_similarity(truth, seen, data_range=1.0))
    return {name: round(total / len(pictures), 3) for name, total in sums.items()}


def sheet(path: Path, scale: int, pictures: list[Plane]) -> NDArray[np.uint8]:
    """Rows of a picture's middle: cubic on the left, then what is clear, and what is crisp."""
    rows = []
    for picture in pictures:
        top, left = ((side - 160) // 2 for side in picture.shape)
        small = np.ascontiguousarray(picture[max(0, top) :, max(0, left) :][:160, :160])
        ways = (plain(cv2.INTER_CUBIC, scale), network(path), network(path, "crisp"))
        row = np.concatenate([enlarge(small) for enlarge in ways], axis=1)
        size = (480 * len(ways), 480)
        rows.append(cv2.resize(row, size, interpolation=cv2.INTER_NEAREST))
    return (np.concatenate(rows) * 255 + 0.5).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--scale", type=int, choices=(2, 4), required=True)
    parser.add_argument("--sheet", type=Path, help="draw real vintage photographs")
    args = parser.parse_args()
    for name, value in evaluate(args.file, args.scale).items():
        print(f"{name:<16}{value}")
    if args.sheet:
        folder = data_folder() / "eval-dev" / "vintage_bw"
        scans = [
            cv2.imread(str(scan), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
            for scan in sorted(folder.iterdir())[:5]
        ]
        cv2.imwrite(str(args.sheet), sheet(args.file, args.scale, scans))


if __name__ == "__main__":
    main()
