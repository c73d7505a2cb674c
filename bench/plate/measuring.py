"""True colors of photographs, and wrong ones, against grays of plates that saw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.harness import Progress, counted
from bench.photographs import files
from photochrom.colors import Seen, judge, likely_emulsions
from photochrom.colors.allowed import CONFLICT, KINDS, RGB
from photochrom.colorspace import lab_from_srgb, srgb_from_lab
from photochrom.emulsion import Emulsion, expose, jittered_weights
from photochrom.photograph import Photograph
from photochrom.production.allowing import light_at, recorded

PINS: Final = (1, 3, 5)
TURNS: Final = (60, 120, 180)
ROUNDS: Final = 4

# A thing has one hue: this many in a picture, each in one piece of this share of it, not gray.
_HUES: Final = 8
_LEAST_AREA: Final = 0.006
_LEAST_CHROMA: Final = 12
_LONGEST: Final = 384
# Prints are harder or softer than the light was: the logarithm of the exponent deviates by so much.
_CONTRAST: Final = 0.2

Thing = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""Color of a thing, L*a*b*, and where in the picture it lies."""


def measured(count: int | None, progress: Progress) -> dict[str, Any]:
    """Ask of true colors and of wrong ones, on every kind of plate."""
    rng = np.random.default_rng(1900)
    paths = files("colour", count)
    true: dict[tuple[str, int], list[float]] = {}
    wrong: dict[tuple[str, int, int], list[float]] = {}
    ranked: dict[int, list[bool]] = {pins: [] for pins in PINS}
    for path in counted(paths, len(paths), progress, "asking plates", (0, 1)):
        pixels = _small(Photograph.open(path).pixels)
        things = list(_things(pixels))
        for _ in range(ROUNDS):
            kind = KINDS[int(rng.integers(len(KINDS)))]
            light = _photographed(pixels, kind, rng)
            for pins in PINS if light is not None else ():
                if len(things) < pins:
                    continue
                chosen = [things[i] for i in rng.choice(len(things), pins, replace=False)]
                seen = [_seen(light, thing, rng) for thing in chosen]
                key = (kind.value, pins)
                true.setdefault(key, []).append(_deviation(seen, kind))
                if len(seen) > 1:
                    ranked[pins].append(next(iter(likely_emulsions(seen))) is kind)
                for turn in TURNS:
                    for way in (turn, -turn):
                        first = Seen(_turned(chosen[0][0], way), seen[0].light)
                        found = _deviation([first, *seen[1:]], kind)
                        wrong.setdefault((*key, turn), []).append(found)
    return {
        "photographs": len(paths),
        "asked": [_summary(key, true[key], wrong) for key in sorted(true)],
        "ranked": {
            str(pins): {"right": float(np.mean(right)), "of": len(right)}
            for pins, right in ranked.items()
            if right
        },
    }


def _summary(
    key: tuple[str, int], true: Sequence[float], wrong: dict[tuple[str, int, int], list[float]]
) -> dict[str, Any]:
    return {
        "emulsion": key[0],
        "pins": key[1],
        "asked": len(true),
        "false_alarms": float(np.mean(np.array(true) > CONFLICT)),
        "wrong": {
            str(turn): {
                "area": _area(true, wrong[(*key, turn)]),
                "found": float(np.mean(np.array(wrong[(*key, turn)]) > CONFLICT)),
            }
            for turn in TURNS
        },
    }


def _area(true: Sequence[float], wrong: Sequence[float]) -> float:
    """Area under the ROC curve: how often a wrong color deviates by more than a true one."""
    one, other = np.array(true)[:, None], np.array(wrong)[None, :]
    return float(np.mean((other > one) + 0.5 * (other == one)))


def _small(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    share = min(1.0, _LONGEST / max(pixels.shape[:2]))
    size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
    colors = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    small = cv2.resize(colors, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small if small.dtype == np.uint8 else small >> 8, np.uint8)


def _things(pixels: NDArray[np.uint8]) -> Iterator[Thing]:
    """Pieces of one hue, away from their edges."""
    lab = lab_from_srgb(pixels.astype(np.float32) / np.float32(255))
    smooth = cv2.pyrMeanShiftFiltering(pixels, 8, 12)
    hues = lab_from_srgb(smooth.astype(np.float32) / np.float32(255))[..., 1:].reshape(-1, 2)
    cv2.setRNGSeed(7)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, labels, _ = cv2.kmeans(  # type: ignore[call-overload]
        np.ascontiguousarray(hues, np.float32), _HUES, None, ends, 1, cv2.KMEANS_PP_CENTERS
    )
    labels = labels.reshape(lab.shape[:2])
    for hue in range(_HUES):
        _, pieces, facts, _ = cv2.connectedComponentsWithStats((labels == hue).astype(np.uint8))
        for piece in range(1, len(facts)):
            if facts[piece, cv2.CC_STAT_AREA] < _LEAST_AREA * labels.size:
                continue
            inside = cv2.erode((pieces == piece).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            color = np.median(lab[pieces == piece], axis=0)
            if inside.any() and np.hypot(*color[1:]) > _LEAST_CHROMA:
                yield color, inside


def _photographed(
    pixels: NDArray[np.uint8], kind: Emulsion, rng: np.random.Generator
) -> NDArray[np.float32] | None:
    """What a plate of a kind shows of a scene, as the product reads it from a print."""
    gray = expose(pixels.astype(np.float32) / np.float32(255), jittered_weights(kind, rng))
    printed = np.clip(gray, 0, 1) ** np.float32(np.exp(rng.normal(0, _CONTRAST)))
    return recorded(Photograph.from_array(np.rint(printed * 65535).astype(np.uint16)))


def _seen(light: NDArray[np.float32], thing: Thing, rng: np.random.Generator) -> Seen:
    """A thing's color, with the gray of any place of it."""
    color, inside = thing
    rows, columns = np.nonzero(inside)
    one = int(rng.integers(len(rows)))
    at = ((columns[one] + 0.5) / inside.shape[1], (rows[one] + 0.5) / inside.shape[0])
    return Seen(_rgb(color), light_at(light, at))


def _turned(lab: NDArray[np.float32], degrees: float) -> RGB:
    """A color of another hue, as light and as colorful."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _rgb(np.array([lab[0], *(turn @ lab[1:])], np.float32))


def _rgb(lab: NDArray[np.float32]) -> RGB:
    color = np.clip(srgb_from_lab(lab.astype(np.float32)[None])[0], 0, 1)
    red, green, blue = (round(float(one) * 255) for one in color)
    return red, green, blue


def _deviation(seen: Sequence[Seen], kind: Emulsion) -> float:
    return abs(judge(seen, kind)[0].deviation)
