"""Batches for the restore network: photographs worn by `photochrom.aging`, and untouched ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photochrom.aging import Halftone, Plane, Wear, draw_wear, wear_out
from photochrom.steps.holes import flowed_in
from training.color.data import picture_weights
from training.crops import gray_crop, with_drawing
from training.restore import hard
from training.scenery import with_scenery
from training.shards import Pictures


@dataclass(frozen=True)
class Recipe:
    """How batches are made.

    Attributes:
        size: Side of the square crops, a multiple of 16.
        crops: Crops in a batch.
        hires: Share of crops from the sharp photographs.
        untouched: Share of crops that are printed and no more: nothing may be done to them.
        unharmed: Share of crops with grain, noise, blocks or a screen, but without defects.
        spotless: Share of the crops with defects that have nothing else: no grain, noise, blocks.
        drawn: Share of crops with letters, wires or dots drawn into the truth.
        scenery: Share of crops with things of a scene drawn into the truth, in its light, its
            perspective and its focus; see `training.scenery`. Portraits get none: a line across a
            face is a scratch.
        sharp: Share of the untouched crops that are as sharp as the photograph.
        hard: Share of the crops without defects, and half that share of the others, that show what
            a finder took for a defect; see `training.restore.mine`.
        framed: Share of crops that show the print's own edges, torn and worn.
        seed: Of everything random.
    """

    size: int = 192
    crops: int = 4
    hires: float = 0.5
    untouched: float = 0.25
    unharmed: float = 0.15
    spotless: float = 0.3
    drawn: float = 0.25
    scenery: float = 0.45
    sharp: float = 0.5
    hard: float = 0.6
    framed: float = 0.12
    seed: int = 0


class _Shown(NamedTuple):
    """A crop of a photograph, and whether that is a portrait."""

    gray: Plane
    face: bool


class Batches:
    """Makes the batch of a step; the same step gives the same batch."""

    def __init__(self, small: Pictures, hires: Pictures, recipe: Recipe):
        self._small, self._hires, self._recipe = small, hires, recipe
        # Portraits more often: eyes and hair are what no repair may touch.
        weights = picture_weights(small.about)
        faces = [str(about.get("subject_hint", "")).startswith("face") for about in small.about]
        self._faces = frozenset(np.flatnonzero(faces).tolist())
        weights[faces] *= 3
        self._weights = weights / weights.sum()
        self._hard = [
            (pictures, *place) for pictures in (small, hires) for place in hard.load(pictures)
        ]

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Return `gray`, `clean`, `mask`, `told`, `flowed`, (N, 1, size, size), and `spare`, (N,).

        All float32. `told` is the mask as somebody finds it: too wide at times, and with places
        that are none. `flowed` is the gray after light has flowed into that, as the repair step
        lets it. `spare` is 1 for crops that are to stay as they are, else 0.
        """
        rng = np.random.default_rng([self._recipe.seed, step])
        samples = [self._sample(rng) for _ in range(self._recipe.crops)]
        for sample, other in zip(samples, samples[1:] + samples[:1], strict=True):
            told = _told(sample["mask"][0], other["mask"][0], rng)
            sample["told"] = told[None]
            sample["flowed"] = flowed_in(sample["gray"][0], told > 0)[None]
        return {name: torch.from_numpy(np.stack([s[name] for s in samples])) for name in samples[0]}

    def _sample(self, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
        recipe = self._recipe
        kind = rng.random()
        harmed = kind >= recipe.untouched + recipe.unharmed
        shown = self._shown(rng, mistaken=rng.random() < recipe.hard * (0.5 if harmed else 1))
        truth = shown.gray
        if rng.random() < recipe.drawn:
            truth = with_drawing(truth, rng)
        if not shown.face and rng.random() < recipe.scenery:
            for _ in range(int(rng.integers(1, 3))):
                truth = with_scenery(truth, rng)
        wear = crop_wear(rng, framed=rng.random() < recipe.framed)
        if kind < recipe.untouched:
            # With the tones and the softness of a print, or these would give it away as untouched.
            wear = spotless(unharmed(wear))
            if rng.random() < recipe.sharp:
                wear = replace(wear, softness=0.0, soft_corners=0.0)
        elif not harmed:
            wear = unharmed(wear)
        elif rng.random() < recipe.spotless:
            wear = spotless(wear)
        unit = float(np.exp(rng.uniform(np.log(0.6), np.log(2.2))))
        worn = wear_out(truth, wear, rng, unit=unit)
        return {
            "gray": worn.light[None],
            "clean": worn.clean[None],
            "mask": worn.mask[None].astype(np.float32),
            "spare": np.float32(kind < recipe.untouched),
        }

    def _shown(self, rng: np.random.Generator, *, mistaken: bool) -> _Shown:
        recipe = self._recipe
        if mistaken and self._hard:
            pictures, number, y, x = self._hard[int(rng.integers(len(self._hard)))]
            sharp = pictures is self._hires
            # Mostly as large as it was when it was mistaken.
            shrink, around = (0.8, 2.0 if sharp else 1.3), (y, x)
            gray = gray_crop(pictures[number], recipe.size, rng, shrink=shrink, around=around)
            return _Shown(gray, not sharp and number in self._faces)
        if rng.random() < recipe.hires:
            picture = self._hires[int(rng.integers(len(self._hires)))]
            return _Shown(gray_crop(picture, recipe.size, rng, shrink=(1.0, 4.0)), face=False)
        number = int(rng.choice(len(self._small), p=self._weights))
        gray = gray_crop(self._small[number], recipe.size, rng, shrink=(1.0, 2.3))
        return _Shown(gray, number in self._faces)


def _told(mask: Plane, other: Plane, rng: np.random.Generator) -> Plane:
    """A mask as a finder or a hand draws it, which the filler has to do with."""
    told = mask
    if rng.random() < 0.6:
        side = 3 if rng.random() < 0.7 else 5
        told = cv2.dilate(told, np.ones((side, side), np.uint8))
    if rng.random() < 0.3:
        told = np.maximum(told, other)
    return told


def crop_wear(rng: np.random.Generator, *, framed: bool) -> Wear:
    """Draw the wear of a cut-out of a print: fewer defects than all of the print has.

    Args:
        rng: Where it comes from.
        framed: Whether the cut-out's edges are those of the print.
    """
    wear = draw_wear(rng.uniform(0.15, 1), rng)
    share = float(np.exp(rng.uniform(np.log(0.12), np.log(0.9))))

    def fewer(count: int) -> int:
        return int(rng.binomial(count, share))

    halftone = None
    if rng.random() < 0.06:
        halftone = Halftone(rng.uniform(2.5, 6), rng.uniform(0, 90), rng.uniform(0.1, 0.6))
    return replace(
        wear,
        # Whatever the tone step can undo, it has undone before this network sees the picture.
        black=rng.uniform(0, 0.1),
        white=rng.uniform(0.85, 1),
        softness=rng.uniform(0, 0.9),
        halftone=halftone,
        grain=rng.uniform(0, 0.015) if rng.random() < 0.65 else rng.uniform(0.01, 0.05),
        grain_size=rng.uniform(0, 1.1),
        noise=0.0 if rng.random() < 0.6 else rng.uniform(0, 0.025),
        jpeg=int(rng.integers(35, 96)) if rng.random() < 0.4 else None,
        scratches=fewer(wear.scratches) + int(rng.integers(0, 4)),
        rain=fewer(wear.rain) + int(rng.random() < 0.2),
        dust=fewer(wear.dust),
        # Soft spots need more context and more training than lines do; the young network learns
        # little from them, and so they stay few.
        foxing=fewer(wear.foxing) if rng.random() < 0.45 else 0,
        hairs=fewer(wear.hairs) + int(rng.random() < 0.15),
        creases=fewer(wear.creases) + int(rng.random() < 0.2),
        cracks=fewer(wear.cracks) + int(rng.random() < 0.1),
        stains=fewer(wear.stains) if rng.random() < 0.45 else 0,
        flakes=wear.flakes if rng.random() < 0.4 else 0.0,
        worn_edges=wear.worn_edges if framed else 0.0,
        rips=wear.rips if framed else 0,
        corners=wear.corners if framed else 0,
        mirroring=wear.mirroring if rng.random() < 0.3 else 0.0,
        writing=int(rng.random() < 0.1),
        stamps=int(rng.random() < 0.06),
    )


def unharmed(wear: Wear) -> Wear:
    """The same print with its grain, screen, noise and compression, but without any defect."""
    return replace(
        wear,
        scratches=0,
        rain=0,
        dust=0,
        hairs=0,
        creases=0,
        cracks=0,
        flakes=0.0,
        stains=0,
        foxing=0,
        worn_edges=0.0,
        rips=0,
        corners=0,
    )


def spotless(wear: Wear) -> Wear:
    """The same print without grain, screen, noise, sheen and compression; defects stay."""
    whole = replace(wear, grain=0.0, noise=0.0, jpeg=None, halftone=None, blur=0.0)
    return replace(whole, mirroring=0.0, newton=0.0)
