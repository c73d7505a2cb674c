"""The tasks: repair and clean, enlarge, leave alone what is well, each kind of damage alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.metrics import MaskScore, decibels, mean_square, wider
from bench.prints import ours
from bench.prints.tally import Progress, Tally, inside, rounded, told
from bench.prints.truths import (
    Print,
    aged,
    grays,
    middle,
    small_clean,
    small_worn,
    untouched,
)
from bench.prints.ways import Levels, Plane, Ways, enlarging, levels, light, repairing, specks
from photochrom.aging import Wear, wear_out
from photochrom.steps.plate import Plate

if TYPE_CHECKING:
    from bench.features import Features

Figures = dict[str, Any]

# One kind of damage at a time, on a print with a little grain and softness.
_PLAIN: Final[Mapping[str, Any]] = MappingProxyType(
    {"softness": 0.4, "grain": 0.012, "grain_size": 0.6, "black": 0.03, "white": 0.97}
)
KINDS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "dust": {"dust": 80},
        "hairs": {"hairs": 5},
        "scratches": {"scratches": 8},
        "rain": {"rain": 4},
        "creases": {"creases": 2},
        "cracks": {"cracks": 2},
        "flakes": {"flakes": 0.4},
        "stains": {"stains": 2},
        "foxing": {"foxing": 20},
        "worn edges": {"worn_edges": 0.6},
        "tears": {"rips": 1, "corners": 1},
    }
)
_KIND_SIDE: Final = 384
_KIND_UNIT: Final = 1.2
_SEED: Final = 1907
_RADIUS: Final = 3
# By so much ink changes the light.
_INK: Final = 8 / 255


def repair(which: str, count: int, features: Features, progress: Progress) -> Figures:
    """Worn prints, repaired and cleaned at their own size; masks scored on the way."""
    ways = repairing()
    tally = Tally(ways.there, features)
    asked, filled, median = MaskScore(), MaskScore(), MaskScore()
    for _, print_ in told(aged(which, count), count, progress, "repair"):
        tally.add(print_)
        asked.add(print_.mask, ours.seen(print_.scan).mask)
        filled.add(print_.mask, repaired_mask(print_.scan))
        median.add(print_.mask, specks(print_.scan))
    masks = {
        "photochrom's network, at 0.5": asked,
        "what photochrom's repair fills": filled,
        "OpenCV, specks by a median": median,
    }
    scores = {name: rounded(score.figures()) for name, score in masks.items()}
    return {"ways": tally.figures(), "masks": scores}


def repaired_mask(scan: Levels) -> NDArray[np.bool_]:
    """What the step repair decides to fill."""
    return _mask(ours.through(scan, ("repair",)))


def _mask(plate: Plate) -> NDArray[np.bool_]:
    return np.zeros(plate.light.shape, bool) if plate.mask is None else plate.mask > 0


def enlarge_worn(which: str, count: int, features: Features, progress: Progress) -> Figures:
    """Small worn prints, restored and enlarged four times."""
    return _enlarge(small_worn(which, count), enlarging(4, worn=True), count, features, progress)


def enlarge_clean(
    which: str, count: int, scale: int, features: Features, progress: Progress
) -> Figures:
    """Small unharmed pictures, enlarged."""
    ways = enlarging(scale, worn=False)
    return _enlarge(small_clean(which, count, scale), ways, count, features, progress)


def _enlarge(
    prints: Iterator[Print], ways: Ways, count: int, features: Features, progress: Progress
) -> Figures:
    tally = Tally(ways.there, features)
    for _, print_ in told(prints, count, progress, "enlarge"):
        tally.add(print_)
    return {"ways": tally.figures()}


def leave_alone(which: str, count: int, progress: Progress) -> Figures:
    """What repairing and cleaning does to photographs that nothing is wrong with."""
    changes: dict[str, list[float]] = {way.name: [] for way in repairing().there}
    shares = []
    for _, print_ in told(untouched(which, count), count, progress, "leave alone"):
        for way in repairing().there:
            change = mean_square(print_.truth, way.run(print_.scan)) ** 0.5
            changes[way.name].append(255 * change)
        shares.append(float(repaired_mask(print_.scan).mean()))
    figures: Figures = {
        way: {"mean": round(float(np.mean(values)), 4), "most": round(max(values), 4)}
        for way, values in changes.items()
    }
    return {
        "rms": figures,
        "filled_share": round(float(np.mean(shares)), 6),
        "ink_filled_share": _ink_filled(which, count),
    }


def _ink_filled(which: str, count: int) -> float | None:
    """Share of handwriting's and stamps' pixels that repair fills, which it should leave alone."""
    filled = ink = 0
    for number, (_, gray) in enumerate(grays(which, count)):
        truth = middle(gray, _KIND_SIDE)
        written, plain = (
            wear_out(
                truth,
                Wear(**_PLAIN, **inscriptions),
                np.random.default_rng([_SEED, 100, number]),
                unit=_KIND_UNIT,
            )
            for inscriptions in ({"writing": 1, "stamps": 1}, {})
        )
        inked = np.abs(written.clean - plain.clean) > _INK
        ink += int(inked.sum())
        filled += int((inked & repaired_mask(levels(written.light))).sum())
    return round(filled / ink, 5) if ink else None


def kinds(which: str, count: int, progress: Progress) -> Figures:
    """Each kind of damage alone: what is found, and how well it is filled.

    OpenCV's inpainting is given the true mask (and, apart, the true mask grown by a pixel, since
    damage is softer than its mask). photochrom's network takes no mask: it fills what it finds.
    """
    pictures = list(grays(which, count))
    found = {}
    for number, kind in enumerate(KINDS):
        progress(f"kinds: {kind}", number / len(KINDS))
        found[kind] = _kind(kind, number, pictures)
    return found


def _kind(kind: str, number: int, pictures: list[tuple[str, Plane]]) -> Figures:
    score = MaskScore()
    errors: dict[str, list[float]] = {}
    hit_errors: dict[str, list[float]] = {}
    for index, (_, gray) in enumerate(pictures):
        rng = np.random.default_rng([_SEED, number, index])
        worn = wear_out(
            middle(gray, _KIND_SIDE), Wear(**_PLAIN, **KINDS[kind]), rng, unit=_KIND_UNIT
        )
        scan = levels(worn.light)
        plate = ours.through(scan, ("repair", "clean"))
        mine = _mask(plate)
        score.add(worn.mask, ours.seen(scan).mask)
        results = {"as it came": light(scan), "photochrom, its own mask": plate.light}
        for way in fillings():
            results[way.name] = way.run(scan, worn.mask)
        for name, seen in results.items():
            _extend(errors, name, inside(worn.clean, seen, worn.mask))
            _extend(hit_errors, name, inside(worn.clean, seen, worn.mask & mine))
    return {
        "mask": rounded(score.figures()),
        "inside": {name: _decibels(sums) for name, sums in errors.items()},
        "inside_found": {name: _decibels(sums) for name, sums in hit_errors.items()},
    }


def _extend(errors: dict[str, list[float]], name: str, more: tuple[float, int]) -> None:
    sums = errors.setdefault(name, [0.0, 0.0])
    sums[0] += more[0]
    sums[1] += more[1]


def _decibels(sums: list[float]) -> float | None:
    return round(decibels(sums[0] / sums[1]), 3) if sums[1] else None


class Filling:
    """A way to fill damage when told where it is.

    Attributes:
        name: As tables show it.
    """

    def __init__(self, name: str, method: int, grown: int):
        self.name, self._method, self._grown = name, method, grown

    def run(self, scan: Levels, mask: NDArray[np.bool_]) -> Plane:
        """Fill what the mask covers."""
        where = wider(mask, self._grown).astype(np.uint8)
        return light(cv2.inpaint(scan, where, _RADIUS, self._method))


def fillings() -> tuple[Filling, ...]:
    """OpenCV's two inpaintings, given the true mask and given it grown by a pixel."""
    return (
        Filling("Telea, true mask", cv2.INPAINT_TELEA, 0),
        Filling("Telea, true mask + 1", cv2.INPAINT_TELEA, 1),
        Filling("Navier-Stokes, true mask", cv2.INPAINT_NS, 0),
        Filling("Navier-Stokes, true mask + 1", cv2.INPAINT_NS, 1),
    )
