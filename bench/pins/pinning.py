"""One photograph with documented colors at random places: a piece of this bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.things import Thing, small, things
from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb, lightness_from_gray, srgb_from_lab
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps.compose import compose
from photochrom.steps.plate import Pin

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Of the shorter side: so wide is the band around things in which leaks are looked for.
_BAND: Final = 0.03
# Distance in a*b* from all pins from which on a place is of another color, and the rise of
# CIEDE2000 that makes it worse.
_OTHER, _WORSE = 20.0, 5.0
# L* within which a place is as light on the plate as a thing: there is no edge to hold a color.
_AS_LIGHT: Final = 6.0


def pinned(
    inputs: Mapping[str, Path], *, plate: str, counts: Sequence[int], seed: int
) -> list[dict[str, Any]]:
    """Color a photograph without pins and with some.

    Args:
        inputs: The "photograph".
        plate: The emulsion on which it is exposed.
        counts: How many pins, each a run.
        seed: Where they lie.
    """
    rng = np.random.default_rng(seed)
    rgb = small(Photograph.open(inputs["photograph"]).pixels, longest=640)
    found = list(things(small(rgb)))
    if not found:
        return []
    emulsion = Emulsion(plate)
    light = np.clip(expose(rgb.astype(np.float32) / np.float32(255), weights(emulsion)), 0, 1)
    scan = Photograph.from_array(np.rint(light * 65535).astype(np.uint16))
    truth = lab_from_srgb(rgb.astype(np.float32) / np.float32(255))
    shade = lightness_from_gray(light)
    free = _away(_colored(scan, emulsion), truth)
    rows = []
    for count in counts:
        chosen = _chosen(found, count, rng)
        pins = [_pin(truth, thing, rng) for thing in chosen]
        said = _colored(scan, emulsion, pins)
        judged = _judged(free, _away(said, truth), truth, shade, chosen, pins)
        rows.append({"pins": count, **judged})
    return rows


def _chosen(found: Sequence[Thing], count: int, rng: np.random.Generator) -> list[Thing]:
    """Different things as long as there are any, then the same again."""
    order: list[int] = []
    while len(order) < count:
        order += rng.permutation(len(found)).tolist()
    return [found[one] for one in order[:count]]


def _pin(truth: Floats, thing: Thing, rng: np.random.Generator) -> Pin:
    """The true color of a random place of a thing."""
    inside = thing[1]
    rows, columns = np.nonzero(inside)
    one = int(rng.integers(len(rows)))
    x, y = (columns[one] + 0.5) / inside.shape[1], (rows[one] + 0.5) / inside.shape[0]
    height, width = truth.shape[:2]
    row, column = int(y * height), int(x * width)
    near = truth[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3].reshape(-1, 3)
    light, a, b = (float(part) for part in np.median(near, axis=0))
    return Pin((float(x), float(y)), _rgb(light, a, b), "the truth")


def _rgb(light: float, a: float, b: float) -> tuple[int, int, int]:
    codes = np.clip(srgb_from_lab([light, a, b]), 0, 1) * 255
    red, green, blue = (round(float(one)) for one in codes)
    return red, green, blue


def _colored(scan: Photograph, emulsion: Emulsion, pins: Sequence[Pin] = ()) -> Floats:
    """a* and b* of what is shown: (h, w, 2)."""
    restored = restore(scan, Recipe(name="color", steps=("color",)), emulsion=emulsion, pins=pins)
    rows = np.concatenate(list(compose(restored.plate)))
    return lab_from_srgb(rows.astype(np.float32) / np.float32(65535))[..., 1:]


def _away(ab: Floats, truth: Floats) -> NDArray[np.float64]:
    """CIEDE2000 to the truth, at the truth's lightness: (h, w)."""
    return ciede2000(np.concatenate([truth[..., :1], ab], axis=-1), truth)


def _judged(
    free: NDArray[np.float64],
    told: NDArray[np.float64],
    truth: Floats,
    shade: Floats,
    chosen: Sequence[Thing],
    pins: Sequence[Pin],
) -> dict[str, float]:
    height, width = free.shape
    covered = np.zeros((height, width), np.uint8)
    other, alike = np.ones((height, width), bool), np.zeros((height, width), bool)
    at_pins = []
    for (_, inside), pin in zip(chosen, pins, strict=True):
        place = cv2.resize(
            inside.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
        )
        covered |= place
        alike |= np.abs(shade - np.median(shade[place > 0])) < _AS_LIGHT
        color = lab_from_srgb(np.array(pin.color, np.float32) / 255)[1:]
        other &= np.linalg.norm(truth[..., 1:] - color, axis=-1) > _OTHER
        at_pins.append(told[int(pin.at[1] * height), int(pin.at[0] * width)])
    things_ = covered > 0
    around = max(1, round(_BAND * min(height, width)))
    near = cv2.dilate(covered, np.ones((2 * around + 1,) * 2, np.uint8)) > 0
    off = other & ~things_
    rose = told - free > _WORSE
    return {
        "free": float(free.mean()),
        "told": float(told.mean()),
        "things_free": float(free[things_].mean()),
        "things_told": float(told[things_].mean()),
        "at_pins": float(np.max(at_pins)),
        "worse": _share(rose, off),
        "over_edges": _share(rose, off & near),
        "as_light": _share(rose, off & alike),
    }


def _share(which: Mask, of: Mask) -> float:
    return float(which[of].mean()) if of.any() else 0.0
