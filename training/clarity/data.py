"""What the clarity networks learn from: sharp photographs and what a soft print keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.emulsion import Emulsion, expose, jittered_weights

Plane = NDArray[np.float32]

_SHRINKINGS = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


@dataclass(frozen=True)
class Print:
    """How much a print loses, as ranges that are drawn from.

    Attributes:
        blur: Standard deviation of the softness, in pixels of the small picture.
        grain: Standard deviation of grain, 0..1, in the small picture.
        jpeg: Share of pictures that went through JPEG.
    """

    blur: tuple[float, float] = (0.1, 0.9)
    grain: tuple[float, float] = (0.0, 0.015)
    jpeg: float = 0.25


def soften(sharp: Plane, scale: int, rng: np.random.Generator, print_: Print) -> Plane:
    """Make the small soft picture that a scan of a print would be.

    Args:
        sharp: (scale h, scale w) float32, 0..1.
        scale: How many times smaller the result is.
        rng: Where the randomness comes from.
        print_: How much is lost.

    Returns:
        (h, w) float32, 0..1.
    """
    sigma = rng.uniform(*print_.blur) * scale
    soft = cv2.GaussianBlur(sharp, (0, 0), sigma * rng.uniform(0.85, 1.15), sigmaY=sigma)
    size = (sharp.shape[1] // scale, sharp.shape[0] // scale)
    # Cubic and Lanczos shrinking look at too few pixels to shrink what is not soft already.
    way = _SHRINKINGS[int(rng.integers(len(_SHRINKINGS)))] if sigma > 0.4 * scale else 3
    small = cv2.resize(soft, size, interpolation=way)
    sigma = rng.uniform(*print_.grain) * rng.uniform()
    grain = rng.normal(0, 1, small.shape).astype(np.float32)
    if rng.uniform() < 0.5:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.6) * 2.1
    small = small + np.float32(sigma) * grain
    if rng.uniform() < print_.jpeg:
        levels = (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8)
        quality = int(rng.integers(55, 96))
        _, file = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        small = cv2.imdecode(file, cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    return np.clip(small, 0, 1).astype(np.float32)


class Batches:
    """Batch number n: always the same crops, softened the same way.

    Args:
        pictures: Sharp photographs, (H, W, 3) uint8.
        crop: Side of the small crops.
        size: Crops in a batch.
        print_: How much the small pictures lose.
        seed: Of everything random.
    """

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        crop: int = 36,
        size: int = 16,
        print_: Print | None = None,
        seed: int = 0,
    ):
        self._pictures, self._crop, self._size = pictures, crop, size
        self._print, self._seed = print_ or Print(), seed

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Return `small`, (N, 1, crop, crop), and the truth two and four times as large."""
        rng = np.random.default_rng([20 + self._seed, step])
        pairs = [self._pair(rng) for _ in range(self._size)]
        small, sharp = (np.stack(planes)[:, None] for planes in zip(*pairs, strict=True))
        half = [cv2.resize(s[0], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for s in sharp]
        return {
            "small": torch.from_numpy(small),
            "sharp2": torch.from_numpy(np.stack(half)[:, None]),
            "sharp4": torch.from_numpy(sharp),
        }

    def _pair(self, rng: np.random.Generator) -> tuple[Plane, Plane]:
        side = self._crop * 4
        picture = self._pictures[int(rng.integers(len(self._pictures)))]
        top = int(rng.integers(picture.shape[0] - side + 1))
        left = int(rng.integers(picture.shape[1] - side + 1))
        crop = picture[top : top + side, left : left + side].astype(np.float32) / 255
        kinds = (Emulsion.PANCHROMATIC, Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC)
        weights = jittered_weights(kinds[int(rng.integers(3))], rng)
        sharp = expose(crop, weights)
        if rng.uniform() < 0.5:
            sharp = sharp[:, ::-1]
        if rng.uniform() < 0.5:
            sharp = sharp.T
        sharp = np.ascontiguousarray(sharp)
        return soften(sharp, 4, rng, self._print), sharp
