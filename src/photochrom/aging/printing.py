"""From a photograph to a worn print of it, with the truth kept beside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.aging import marks, paper, texture, tone
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
        clean: (H, W) the same print with the same tones and softness, without grain, screen,
            noise, compression and defects.
        mask: (H, W) bool: where localized defects visibly changed it.
        brown: (H, W) 0..1: where stains color the paper.
        bare: (H, W) 0..1: where nothing is left of the print.
    """

    light: Plane
    clean: Plane
    mask: NDArray[np.bool_]
    brown: Plane
    bare: Plane


@dataclass(frozen=True)
class Aged:
    """A worn print, and the truth.

    Attributes:
        print: (H, W, 3) float32 sRGB-encoded, 0..1: the scan of the print, with its tint.
        light: (H, W) float32 sRGB-encoded gray, 0..1: the same without tint.
        clean: (H, W) float32: `light` with its tones, without grain, noise and defects.
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
    clean = tone.soften(gray, wear.softness * unit)
    clean = tone.curve(clean, wear.gamma, wear.contrast)
    clean = tone.vignette(clean, wear.vignette)
    clean = tone.fade(clean, wear.black, wear.white)
    clean = np.clip(tone.mirror(clean, wear.mirroring, rng), 0, 1)

    whole = texture.grain(clean, wear.grain, wear.grain_size * unit, rng)
    if wear.halftone is not None:
        screen = wear.halftone
        whole = texture.halftone(whole, screen.pitch, screen.angle, screen.strength)

    spots = paper.foxing(gray.shape, wear.foxing, rng, unit=unit)
    spilled = paper.stains(gray.shape, wear.stains, rng, unit=unit)
    light = np.asarray(whole * (1 - spots) * (1 - spilled), np.float32)
    light = paper.creases(light, wear.creases, rng, unit=unit)
    light = paper.cracks(light, wear.cracks, rng, unit=unit)
    light = paper.flakes(light, wear.flakes, rng, unit=unit)
    light = marks.scratches(light, wear.scratches, rng, unit=unit, width=wear.scratch_width)
    light = marks.rain(light, wear.rain, rng, unit=unit)
    light = marks.dust(light, wear.dust, rng, unit=unit)
    light = marks.hairs(light, wear.hairs, rng, unit=unit)
    light = paper.worn_edges(light, wear.worn_edges, rng, unit=unit)
    light, bare = paper.tears(light, wear.rips, wear.corners, rng, unit=unit)

    # What is no stronger than the grain around it cannot be seen, and nobody should be asked to.
    visible = np.float32(_VISIBLE + wear.grain)
    mask = np.abs(np.clip(light, 0, 1) - np.clip(whole, 0, 1)) > visible
    light = texture.scan(light, blur=wear.blur, noise=wear.noise, jpeg=wear.jpeg, rng=rng)
    brown = np.clip(2 * spots + 1.7 * spilled, 0, 1)
    return Worn(light, clean, mask, np.asarray(brown, np.float32), bare)


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
    )
    return Aged(color, worn.light, worn.clean, worn.mask, done)
