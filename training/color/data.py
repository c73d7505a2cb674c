"""Batches for the color network: color photographs as old plates would have seen them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.colorspace import (
    LUMINANCE,
    lab_from_srgb,
    lightness_from_gray,
    linear_to_srgb,
    srgb_from_lab,
    srgb_to_linear,
)
from photochrom.emulsion import Emulsion, jittered_weights
from photochrom.steps.plate import Pin
from training.color.bins import Bins
from training.color.hints import painted
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
        emulsion: Every plate is of this kind; None for one of the three, by chance.
        told: Share of crops whose emulsion the network is told; the others are "unknown".
        hinted: Share of crops with pins.
        spread: Share of those whose pins are spread over what they lie on, as the color step does.
        seed: Of everything random.
    """

    sizes: tuple[int, ...] = (160,)
    steps: int = 1
    pictures: int = 10
    again: int = 6
    emulsion: Emulsion | None = None
    told: float = 0.8
    hinted: float = 0.3
    spread: float = 0.6
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
        """Return tensors `gray`, `emulsion`, `hints`, `ab`, `tone`, `bins`, `shares` of a batch."""
        recipe = self._recipe
        rng = np.random.default_rng([recipe.seed, step])
        chosen = rng.choice(len(self._pictures), recipe.pictures, replace=False, p=self._weights)
        size = recipe.sizes[min(step * len(recipe.sizes) // recipe.steps, len(recipe.sizes) - 1)]
        crops = [random_crop(self._pictures[int(i)], size, rng) for i in chosen]
        kinds = [int(kind) for kind in rng.integers(3, size=len(crops))]
        # Shown again, a picture is on another emulsion than before: what differs is the emulsion.
        others = [(kind + int(rng.integers(1, 3))) % 3 for kind in kinds[: recipe.again]]
        if recipe.emulsion is not None:
            kinds = [KINDS.index(recipe.emulsion)] * len(kinds)
            others = kinds[: recipe.again]
        samples = [
            self._sample(crop, KINDS[kind], rng)
            for crop, kind in zip(crops + crops[: recipe.again], kinds + others, strict=True)
        ]
        return {k: torch.from_numpy(np.stack([s[k] for s in samples])) for k in samples[0]}

    def _sample(
        self, rgb: NDArray[np.uint8], kind: Emulsion, rng: np.random.Generator
    ) -> dict[str, NDArray[Any]]:
        curve = random_curve(rng)
        plate = curve(expose_fast(rgb, kind, rng))
        eye = curve(linear_to_srgb(_LINEAR[rgb] @ LUMINANCE))
        gray = worn_texture(plate, rng)
        told = KINDS.index(kind if rng.random() < self._recipe.told else Emulsion.UNKNOWN)
        ab = quarter_ab(rgb)
        bins, shares = self._bins.assign(np.moveaxis(ab, 0, -1))
        hints = np.zeros((3, *gray.shape), np.float32)
        if rng.random() < self._recipe.hinted:
            if rng.random() < self._recipe.spread:
                hints = painted(random_pins(ab, rng), gray, 4)
            else:
                hints = random_hints(ab, rng)
        return {
            "gray": gray[None],
            "emulsion": np.eye(len(KINDS), dtype=np.float32)[told],
            "hints": hints,
            "ab": ab,
            "tone": (quarter_lightness(eye) - quarter_lightness(plate))[None],
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


def random_curve(rng: np.random.Generator) -> Callable[[NDArray[np.float32]], Any]:
    """Draw the tones of a print that was restored well: a gamma, a black and a white."""
    gamma = np.float32(np.exp(rng.normal(0, 0.2)))
    black, white = np.float32(0), np.float32(1)
    if rng.random() < 0.5:
        black, white = np.float32(rng.uniform(0, 0.12)), np.float32(rng.uniform(0.85, 1))
    return lambda gray: black + (white - black) * np.clip(gray, 0, 1) ** gamma


def worn_texture(gray: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Give a gray picture the softness and the grain of a print that was restored well."""
    if rng.random() < 0.3:
        gray = cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.5:
        grain = rng.standard_normal(gray.shape, dtype=np.float32)
        if rng.random() < 0.5:
            grain = 2 * cv2.GaussianBlur(grain, (0, 0), 0.8)
        gray = gray + np.float32(rng.uniform(0, 0.05)) * grain
    return np.clip(gray, 0, 1)


def quarter_lightness(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (H/4, W/4) L*, 0..100, of (H, W) sRGB-encoded gray."""
    height, width = gray.shape
    small = cv2.resize(gray, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    return lightness_from_gray(np.clip(small, 0, 1))


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


def random_pins(ab: NDArray[np.float32], rng: np.random.Generator) -> tuple[Pin, ...]:
    """Pin true colors at 1 to 8 random places, mostly few, some of them a little wrong."""
    height, width = ab.shape[1:]
    pins = []
    for _ in range(int(np.exp(rng.uniform(0, np.log(9))))):
        y, x = int(rng.integers(height)), int(rng.integers(width))
        strength = 1.0 if rng.random() < 0.7 else float(rng.uniform(0.4, 1))
        color = ab[:, y, x] + rng.normal(0, 20 * (1 - strength), 2)
        lab = np.array([60, *color], np.float32)
        rgb = np.clip(srgb_from_lab(lab) * 255 + 0.5, 0, 255).astype(int).tolist()
        at = ((x + 0.5) / width, (y + 0.5) / height)
        pins.append(Pin(at, (rgb[0], rgb[1], rgb[2]), source="the photograph", strength=strength))
    return tuple(pins)
