"""True colors of photographs, and wrong ones, against grays of plates that saw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.harness import Progress, counted
from bench.photographs import files
from bench.things import Thing, small, things
from photochrom.colors import Seen, judge, likely_emulsions
from photochrom.colors.allowed import CONFLICT, KINDS, RGB
from photochrom.colorspace import srgb_from_lab
from photochrom.emulsion import Emulsion, expose, jittered_weights
from photochrom.photograph import Photograph
from photochrom.production.allowing import light_at, recorded

PINS: Final = (1, 3, 5)
TURNS: Final = (60, 120, 180)
ROUNDS: Final = 4

# Prints are harder or softer than the light was: the logarithm of the exponent deviates by so much.
_CONTRAST: Final = 0.2


def measured(count: int | None, progress: Progress) -> dict[str, Any]:
    """Ask of true colors and of wrong ones, on every kind of plate."""
    rng = np.random.default_rng(1900)
    paths = files("colour", count)
    true: dict[tuple[str, int], list[float]] = {}
    wrong: dict[tuple[str, int, int], list[float]] = {}
    ranked: dict[int, list[bool]] = {pins: [] for pins in PINS}
    for path in counted(paths, len(paths), progress, "asking plates", (0, 1)):
        pixels = small(Photograph.open(path).pixels)
        found = list(things(pixels))
        for _ in range(ROUNDS):
            kind = KINDS[int(rng.integers(len(KINDS)))]
            light = _photographed(pixels, kind, rng)
            for pins in PINS if light is not None else ():
                if len(found) < pins:
                    continue
                chosen = [found[i] for i in rng.choice(len(found), pins, replace=False)]
                seen = [_seen(light, thing, rng) for thing in chosen]
                key = (kind.value, pins)
                true.setdefault(key, []).append(_deviation(seen, kind))
                if len(seen) > 1:
                    ranked[pins].append(next(iter(likely_emulsions(seen))) is kind)
                for turn in TURNS:
                    for way in (turn, -turn):
                        first = Seen(_turned(chosen[0][0], way), seen[0].light)
                        away = _deviation([first, *seen[1:]], kind)
                        wrong.setdefault((*key, turn), []).append(away)
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
