"""`python -m training.negative SHARD...`: weighs the figures that tell a negative from a positive.

Of every fifth photograph of the shards (tar files of WebP pictures) a plate of one of four
sensitivities is made, its asymmetries are measured, and a logistic model without a constant is
fitted: a negative's figures are a positive's with the other sign. Prints the weights for
`photochrom.measure.negative`, and how many of a kept-back fifth come out right.
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.measure.asymmetry import asymmetries

PLATES = ((0, 0.1, 0.9), (0, 0.46, 0.54), (0.3, 0.59, 0.11), (0.33, 0.33, 0.34))
EVERY, RIDGE, ROUNDS = 5, 0.02, 30

Floats = NDArray[np.float64]


def plates(shards: list[str]) -> Iterator[NDArray[np.float32]]:
    """Gray pictures, 0..1, as plates recorded them."""
    rng = np.random.default_rng(0)
    number = 0
    for shard in shards:
        with tarfile.open(shard) as archive:
            for member in archive:
                if not member.name.endswith(".webp"):
                    continue
                number += 1
                file = archive.extractfile(member)
                if number % EVERY or file is None:
                    continue
                picture = Image.open(io.BytesIO(file.read())).convert("RGB")
                picture = picture.resize((picture.width // 2, picture.height // 2), Image.BOX)
                linear = (np.asarray(picture, np.float32) / 255) ** 2.2
                exponent = np.exp(rng.normal(0, 0.25)) / 2.2
                light = linear @ np.array(PLATES[rng.integers(4)], np.float32)
                yield (light**exponent).astype(np.float32)


def fitted(figures: Floats) -> Floats:
    """Weights (k,) under which the figures (n, k) of positives come out negative (Newton)."""
    scale = np.sqrt((figures**2).mean(axis=0)) + 1e-6
    z = -figures / scale
    weights = np.zeros(z.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(z @ weights, -30, 30)))
        gradient = -z.T @ (1 - p) / len(z) + RIDGE * weights
        curvature = (z * (p * (1 - p))[:, None]).T @ z / len(z) + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    result: Floats = weights / scale
    return result


def main() -> None:
    figures = np.array([asymmetries(light) for light in plates(sys.argv[1:])])
    figures = figures[np.random.default_rng(0).permutation(len(figures))]
    kept = len(figures) // 5
    right = (figures[:kept] @ fitted(figures[kept:]) < 0).mean()
    print(f"{len(figures)} photographs; right of {kept} kept back: {right:.3f}")
    print(", ".join(f"{weight:.4g}" for weight in fitted(figures)))


if __name__ == "__main__":
    main()
