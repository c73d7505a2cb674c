"""From a photograph to a worn print of it, with the truth kept beside."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging import folds, inscriptions, losses, marks, spots, texture, tone
from photochrom.aging.fields import Plane
from photochrom.aging.wear import Wear, draw_wear
from photochrom.emulsion import Emulsion, expose, jittered_weights

# A defect that moves a pixel by less is no defect.
_VISIBLE = 8 / 255
# A scan of this long side, in pixels, shows a fine line one pixel wide.
_UNIT_SIDE = 1000.0


@dataclass(frozen=True)
class Worn:
    """A gray print after its life, before its color.

    Attributes:
        light: (H, W) float32 sRGB-encoded gray, 0..1, of the worn print.
        clean: (H, W) the same print with the same tones, softness and inscriptions, without
            silvering, grain, screen, noise, compression and defects.
        mask: (H, W) bool: where localized defects visibly changed it.
        brown: (H, W) 0..1: where stains color the paper.
        bare: (H, W) 0..1: where nothing is left of the print.
        sheen: (H, W) 0..1: where silver shines.
        sharp: (H, W) as `clean`, had the lens been perfect.
    """

    light: Plane
    clean: Plane
    mask: NDArray[np.bool_]
    brown: Plane
    bare: Plane
    sheen: Plane
    sharp: Plane


@dataclass(frozen=True)
class Aged:
    """A worn print, and the truth.

    Attributes:
        print: (H, W, 3) float32 sRGB-encoded, 0..1: the scan of the print, with its tint.
        light: (H, W) float32 sRGB-encoded gray, 0..1: the same without tint.
        clean: (H, W) float32: `light` with its tones and inscriptions, without silvering, grain,
            noise and defects.
        mask: (H, W) bool: where localized defects visibly changed it.
        wear: What was done to it.
    """

    print: NDArray[np.float32]
    light: Plane
    clean: Plane
    mask: NDArray[np.bool_]
    wear: Wear


def unit_of(shape: tuple[int, ...]) -> float:
    """The width of a fine line on the scan of a whole print of this size, in pixels."""
    return max(max(shape[:2]) / _UNIT_SIDE, 0.6)


def wear_out(gray: Plane, wear: Wear, rng: np.random.Generator, *, unit: float = 1.0) -> Worn:
    """Let a gray print live its life.

    Args:
        gray: (H, W) sRGB-encoded gray, 0..1.
        wear: What happens to it.
        rng: Where the places and forms of it come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    sharp = tone.curve(gray, wear.gamma, wear.contrast)
    sharp = tone.vignette(sharp, wear.vignette)
    sharp = tone.fade(sharp, wear.black, wear.white)
    sharp = np.clip(tone.fade_side(sharp, wear.side_fade, rng), 0, 1)
    axis = (float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.7)))
    corners = wear.soft_corners * unit
    clean = tone.soften(sharp, wear.softness * unit, corners=corners, axis=axis)
    hand = int(rng.integers(2**32))
    sharp, clean = (_inscribed(plane, wear, hand, unit) for plane in (sharp, clean))

    whole, sheen = clean, np.zeros_like(clean)
    if wear.mirroring > 0:
        silvered = tone.silver(gray.shape, rng, unit=unit)
        whole = tone.mirror(whole, wear.mirroring, silvered)
        sheen = np.asarray(np.float32(wear.mirroring) * silvered, np.float32)
    whole = texture.grain(whole, wear.grain, wear.grain_size * unit, rng)
    if wear.halftone is not None:
        screen = wear.halftone
        whole = texture.halftone(whole, screen.pitch, screen.angle, screen.strength)

    spotted = spots.foxing(gray.shape, wear.foxing, rng, unit=unit)
    spilled = spots.stains(gray.shape, wear.stains, rng, unit=unit)
    light = np.asarray(whole * (1 - spotted) * (1 - spilled), np.float32)
    light = folds.creases(light, wear.creases, rng, unit=unit)
    light = folds.cracks(light, wear.cracks, rng, unit=unit)
    light = losses.flakes(light, wear.flakes, rng, unit=unit)
    light = marks.scratches(light, wear.scratches, rng, unit=unit, width=wear.scratch_width)
    light = marks.rain(light, wear.rain, rng, unit=unit)
    light = marks.dust(light, wear.dust, rng, unit=unit)
    light = marks.hairs(light, wear.hairs, rng, unit=unit)
    light = losses.worn_edges(light, wear.worn_edges, rng, unit=unit)
    light, bare = losses.tears(light, wear.rips, wear.corners, rng, unit=unit)
    mask = _visible(light, whole, bare, wear)

    light = texture.newton_rings(light, wear.newton, rng, unit=unit)
    light = texture.scan(light, blur=wear.blur, noise=wear.noise, jpeg=wear.jpeg, rng=rng)
    brown = np.asarray(np.clip(2 * spotted + 1.7 * spilled, 0, 1), np.float32)
    return Worn(light, clean, mask, brown, bare, sheen, np.asarray(sharp, np.float32))


def _inscribed(light: Plane, wear: Wear, seed: int, unit: float) -> Plane:
    rng = np.random.default_rng(seed)
    light = inscriptions.writing(light, wear.writing, rng, unit=unit)
    return inscriptions.stamps(light, wear.stamps, rng, unit=unit)


def _visible(light: Plane, whole: Plane, bare: Plane, wear: Wear) -> NDArray[np.bool_]:
    """The mask that a restorer would draw.

    What is no stronger than the grain and the noise around it cannot be seen, and nobody should be
    asked to. A gap of one or two pixels between damaged ones is filled, and what is missing counts
    even where the lid of the scanner happens to be as bright as the picture was.
    """
    whole = np.clip(whole, 0, 1)
    noise = np.float32(wear.grain) * texture.grain_weight(whole) + np.float32(wear.noise)
    changed = np.abs(np.clip(light, 0, 1) - whole) > np.float32(_VISIBLE) + noise
    closed = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.asarray((closed > 0) | (bare > 0.5))


def age(
    picture: NDArray[np.float32],
    *,
    emulsion: Emulsion,
    wear: float | Wear,
    seed: int,
    unit: float | None = None,
) -> Aged:
    """Photograph a picture on an old emulsion and let the print grow old.

    Args:
        picture: (H, W, 3) color or (H, W) gray, sRGB-encoded, 0..1. Gray is taken as what the plate
            recorded already.
        emulsion: How the plate saw color.
        wear: 0 (only the emulsion and the tone of a print) .. 1 (heavily damaged), or exactly what
            happened to it.
        seed: The same seed gives the same print.
        unit: Width of a fine line on the scan, in pixels; by default what suits a whole print of
            this size. Cut-outs of larger prints want a larger one.

    Raises:
        ValueError: The picture is neither gray nor color, or wear is not within 0..1.
    """
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError(f"a picture to age must be (H, W) or (H, W, 3), not {picture.shape}")
    rng = np.random.default_rng(seed)
    weights = jittered_weights(emulsion, rng)
    picture = np.asarray(picture, np.float32)
    gray = picture if picture.ndim == 2 else expose(picture, weights)
    done = wear if isinstance(wear, Wear) else draw_wear(wear, rng)
    worn = wear_out(gray, done, rng, unit=unit_of(gray.shape) if unit is None else unit)
    color = tone.tint(
        worn.light,
        sepia=done.sepia,
        hue=done.hue,
        yellowing=done.yellowing,
        brown=worn.brown,
        bare=worn.bare,
        sheen=worn.sheen,
    )
    return Aged(color, worn.light, worn.clean, worn.mask, done)
