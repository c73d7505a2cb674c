"""What the clarity networks learn from: sharp photographs and what a soft print keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
        clean: Share of pictures that nothing happened to but being made smaller.
    """

    blur: tuple[float, float] = (0.1, 0.9)
    grain: tuple[float, float] = (0.0, 0.015)
    jpeg: float = 0.25
    clean: float = 0.0


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
    size = (sharp.shape[1] // scale, sharp.shape[0] // scale)
    if print_.clean and rng.uniform() < print_.clean:
        return np.clip(cv2.resize(sharp, size, interpolation=cv2.INTER_AREA), 0, 1)
    sigma = rng.uniform(*print_.blur) * scale
    soft = cv2.GaussianBlur(sharp, (0, 0), sigma * rng.uniform(0.85, 1.15), sigmaY=sigma)
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


@dataclass(frozen=True)
class Lesson:
    """A soft print, the truth, and what a teacher makes of it (`teacher.py`).

    Attributes:
        small: (h, w) float16, 0..1.
        sharp: (4 h, 4 w) uint8, the truth.
        crisp: (4 h, 4 w) uint8, the teacher's.
    """

    small: NDArray[np.float16]
    sharp: NDArray[np.uint8]
    crisp: NDArray[np.uint8]


# What the networks are taught with: the same prints, and some that are merely small.
TAUGHT: Final = Print(jpeg=0.3, clean=0.3)


def cut(picture: NDArray[np.uint8], side: int, rng: np.random.Generator) -> Plane:
    """Cut a square somewhere out of a photograph, as gray on some emulsion; (side, side), 0..1."""
    top = int(rng.integers(picture.shape[0] - side + 1))
    left = int(rng.integers(picture.shape[1] - side + 1))
    crop = picture[top : top + side, left : left + side].astype(np.float32) / 255
    kinds = (Emulsion.PANCHROMATIC, Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC)
    return expose(crop, jittered_weights(kinds[int(rng.integers(3))], rng))


class Batches:
    """Batch number n: always the same crops, softened the same way.

    Args:
        pictures: Sharp photographs, (H, W, 3) uint8.
        lessons: What a teacher made of soft prints; half of the crops are theirs, if there are any.
        crop: Side of the small crops.
        size: Crops in a batch.
        print_: How much the small pictures lose.
        seed: Of everything random.
    """

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        lessons: Sequence[Lesson] = (),
        crop: int = 48,
        size: int = 12,
        print_: Print = TAUGHT,
        seed: int = 0,
    ):
        self._pictures, self._lessons = pictures, lessons
        self._crop, self._size, self._print, self._seed = crop, size, print_, seed

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Return crops, and what they should become.

        `small` is (N, 1, crop, crop); `sharp2` and `sharp4` are the truth two and four times as
        large. With lessons there are `crisp2` and `crisp4`, the teacher's, and `taught`, (N), 1
        where there is one; elsewhere they are the truth.
        """
        rng = np.random.default_rng([20 + self._seed, step])
        # Every other one, so that parts of a batch have as many.
        taught = np.arange(self._size) % 2 == (0 if self._lessons else 2)
        crops = [self._lesson(rng) if one else self._pair(rng) for one in taught]
        turned = [_turned(planes, rng) for planes in crops]
        small, sharp, crisp = (np.stack(planes)[:, None] for planes in zip(*turned, strict=True))
        batch = {"small": small, "sharp4": sharp, "sharp2": _halved(sharp)}
        if self._lessons:
            batch |= {"crisp4": crisp, "crisp2": _halved(crisp)}
            batch["taught"] = taught.astype(np.float32)
        return {name: torch.from_numpy(planes) for name, planes in batch.items()}

    def _pair(self, rng: np.random.Generator) -> tuple[Plane, Plane, Plane]:
        picture = self._pictures[int(rng.integers(len(self._pictures)))]
        sharp = cut(picture, self._crop * 4, rng)
        return soften(sharp, 4, rng, self._print), sharp, sharp

    def _lesson(self, rng: np.random.Generator) -> tuple[Plane, Plane, Plane]:
        lesson = self._lessons[int(rng.integers(len(self._lessons)))]
        top, left = (int(rng.integers(side - self._crop + 1)) for side in lesson.small.shape)
        place = (slice(top, top + self._crop), slice(left, left + self._crop))
        wide = (
            slice(4 * top, 4 * (top + self._crop)),
            slice(4 * left, 4 * (left + self._crop)),
        )
        scale = np.float32(1 / 255)
        return (
            lesson.small[place].astype(np.float32),
            lesson.sharp[wide] * scale,
            lesson.crisp[wide] * scale,
        )


def _turned(planes: Sequence[Plane], rng: np.random.Generator) -> list[Plane]:
    """Mirrored and transposed by chance, all of them alike."""
    mirrored, transposed = rng.uniform(size=2) < 0.5
    found = []
    for plane in planes:
        turned = plane[:, ::-1] if mirrored else plane
        found.append(np.ascontiguousarray(turned.T if transposed else turned))
    return found


def _halved(planes: Plane) -> Plane:
    """(N, 1, H, W) at half the size: the mean of each block."""
    halves = [cv2.resize(p[0], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for p in planes]
    return np.stack(halves)[:, None]
