"""Batches for the color network: color photographs as old plates would have seen them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.colorspace import lab_from_srgb, linear_to_srgb, srgb_to_linear
from photochrom.emulsion import Emulsion, jittered_weights
from training.color.bins import Bins
from training.shards import Pictures

KINDS: Final = tuple(Emulsion)
_LINEAR: Final = srgb_to_linear(np.arange(256) / 255)
# Weights of pictures by the start of their subject hint. Modern sport is 31 % of the photographs
# and its kit is louder than anything a vintage print shows; portraits are what people restore.
_SUBJECT_WEIGHTS: Final = (("sport", 0.4), ("face portrait", 2.0), ("person", 1.5))


@dataclass(frozen=True)
class Recipe:
    """How batches are made.

    Attributes:
        sizes: Sides of the square crops, multiples of 32: one after the other, each for an equal
            part of the run. Small ones teach the most a minute, large ones look most like use.
        steps: Length of the run.
        pictures: Different pictures in a batch.
        again: How many of them are shown a second time, on another emulsion.
        told: Share of crops whose emulsion the network is told; the others are "unknown".
        hinted: Share of crops with pins.
        seed: Of everything random.
    """

    sizes: tuple[int, ...] = (160,)
    steps: int = 1
    pictures: int = 12
    again: int = 4
    told: float = 0.75
    hinted: float = 0.3
    seed: int = 0


def picture_weights(about: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Return how often each picture is to be drawn; sums to 1."""
    weights = np.ones(len(about))
    for i, entry in enumerate(about):
        for start, weight in _SUBJECT_WEIGHTS:
            if str(entry.get("subject_hint", "")).startswith(start):
                weights[i] = weight
    return weights / weights.sum()


class Batches:
    """Makes the batch of a step; the same step gives the same batch."""

    def __init__(self, pictures: Pictures, bins: Bins, recipe: Recipe):
        self._pictures, self._bins, self._recipe = pictures, bins, recipe
        self._weights = picture_weights(pictures.about)

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Return tensors `gray`, `emulsion`, `hints`, `ab`, `bins`, `shares` of a batch."""
        recipe = self._recipe
        rng = np.random.default_rng([recipe.seed, step])
        chosen = rng.choice(len(self._pictures), recipe.pictures, replace=False, p=self._weights)
        size = recipe.sizes[min(step * len(recipe.sizes) // recipe.steps, len(recipe.sizes) - 1)]
        crops = [random_crop(self._pictures[int(i)], size, rng) for i in chosen]
        samples = [self._sample(crop, rng) for crop in crops + crops[: recipe.again]]
        return {k: torch.from_numpy(np.stack([s[k] for s in samples])) for k in samples[0]}

    def _sample(self, rgb: NDArray[np.uint8], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        kind = KINDS[int(rng.integers(3))]
        gray = worn_tones(expose_fast(rgb, kind, rng), rng)
        told = KINDS.index(kind if rng.random() < self._recipe.told else Emulsion.UNKNOWN)
        ab = quarter_ab(rgb)
        bins, shares = self._bins.assign(np.moveaxis(ab, 0, -1))
        hinted = rng.random() < self._recipe.hinted
        return {
            "gray": gray[None],
            "emulsion": np.eye(len(KINDS), dtype=np.float32)[told],
            "hints": random_hints(ab, rng) if hinted else np.zeros((3, *gray.shape), np.float32),
            "ab": ab,
            "bins": np.moveaxis(bins, -1, 0),
            "shares": np.moveaxis(shares, -1, 0),
        }


def random_crop(
    picture: NDArray[np.uint8], size: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Cut a square of half to all of the short side, shrink or stretch it to `size`, maybe flip."""
    height, width = picture.shape[:2]
    side = round(min(height, width) * rng.uniform(0.5, 1.0))
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    square = picture[top : top + side, left : left + side]
    how = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    square = np.asarray(cv2.resize(square, (size, size), interpolation=how), np.uint8)
    return square[:, ::-1] if rng.random() < 0.5 else square


def expose_fast(
    rgb: NDArray[np.uint8], kind: Emulsion, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Photograph 8-bit color on a plate of a kind: (H, W) sRGB-encoded gray, 0..1."""
    shares = np.array(jittered_weights(kind, rng), np.float32)
    return linear_to_srgb(_LINEAR[rgb] @ shares)


def worn_tones(gray: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Give a gray picture the tones, softness and grain of a print that was restored well."""
    gray = np.clip(gray, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.5:
        black, white = rng.uniform(0, 0.12), rng.uniform(0.85, 1)
        gray = np.float32(black) + np.float32(white - black) * gray
    if rng.random() < 0.3:
        gray = cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.5:
        grain = rng.standard_normal(gray.shape, dtype=np.float32)
        if rng.random() < 0.5:
            grain = 2 * cv2.GaussianBlur(grain, (0, 0), 0.8)
        gray = gray + np.float32(rng.uniform(0, 0.05)) * grain
    return np.clip(gray, 0, 1)


def quarter_ab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (2, H/4, W/4) a* and b* of a picture."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    lab = lab_from_srgb(small.astype(np.float32) / np.float32(255))
    return np.ascontiguousarray(np.moveaxis(lab[..., 1:], -1, 0))


def random_hints(ab: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Pin true colors at 1 to 30 random places, mostly few: (3, H, W).

    A weak pin is one whose color is not quite right: by up to 20 CIELAB units at strength 0.
    """
    height, width = ab.shape[1] * 4, ab.shape[2] * 4
    hints = np.zeros((3, height, width), np.float32)
    for _ in range(int(np.exp(rng.uniform(0, np.log(31))))):
        y, x = int(rng.integers(height)), int(rng.integers(width))
        radius = int(rng.integers(5))
        strength = 1.0 if rng.random() < 0.6 else rng.uniform(0.3, 1)
        color = ab[:, y // 4, x // 4] + rng.normal(0, 20 * (1 - strength), 2)
        patch = hints[:, max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        patch[:2] = (color / 110)[:, None, None]
        patch[2] = strength
    return hints
