"""The tasks: repair and clean, enlarge, leave alone what is well, each kind of damage alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from training.metrics import MaskScore, mean_square

from bench.harness import Progress, counted
from bench.prints import ours
from bench.prints.filling import Inside
from bench.prints.scans import Levels, Plane, levels, light
from bench.prints.tally import Tally, rounded
from bench.prints.truths import (
    Print,
    aged,
    grays,
    middle,
    small_clean,
    small_worn,
    untouched,
)
from bench.prints.ways import Ways, enlarging, repairing, specks
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
OURS_ALONE: Final = "photochrom, its own mask"
# By so much ink changes the light.
_INK: Final = 8 / 255


def repair(which: str, count: int, features: Features, progress: Progress) -> Figures:
    """Worn prints, repaired and cleaned at their own size; masks scored on the way."""
    ways = repairing()
    tally = Tally(ways.there, features)
    asked, filled, median = MaskScore(), MaskScore(), MaskScore()
    told_where = Inside()
    for print_ in counted(aged(which, count), count, progress, "repair: {0.name}"):
        tally.add(print_)
        told_where.add_fillings(print_.scan, print_.truth, print_.mask)
        asked.add(print_.mask, ours.found(print_.scan))
        filled.add(print_.mask, repaired_mask(print_.scan))
        median.add(print_.mask, specks(print_.scan))
    masks = {
        "photochrom's network, at 0.5": asked,
        "what photochrom's repair fills": filled,
        "OpenCV, specks by a median": median,
    }
    scores = {name: rounded(score.figures()) for name, score in masks.items()}
    return {"ways": tally.figures(), "masks": scores, "told_where": told_where.figures()}


def repaired_mask(scan: Levels) -> NDArray[np.bool_]:
    """What the step repair decides to fill."""
    return _mask(ours.through(scan, ("repair",)))


def _mask(plate: Plate) -> NDArray[np.bool_]:
    return np.zeros(plate.light.shape, bool) if plate.mask is None else plate.mask > 0


def enlarge_worn(which: str, count: int, features: Features, progress: Progress) -> Figures:
    """Small worn prints, restored and enlarged four times."""
    return _enlarge(small_worn(which, count), enlarging(4, worn=True), count, features, progress)


def enlarge_clean(
    which: str, count: int, features: Features, progress: Progress, *, scale: int
) -> Figures:
    """Small unharmed pictures, enlarged."""
    ways = enlarging(scale, worn=False)
    return _enlarge(small_clean(which, count, scale), ways, count, features, progress)


def _enlarge(
    prints: Iterator[Print], ways: Ways, count: int, features: Features, progress: Progress
) -> Figures:
    tally = Tally(ways.there, features)
    for print_ in counted(prints, count, progress, "enlarge: {0.name}"):
        tally.add(print_)
    return {"ways": tally.figures()}


def leave_alone(which: str, count: int, _: Features, progress: Progress) -> Figures:
    """What repairing and cleaning does to photographs that nothing is wrong with."""
    changes: dict[str, list[float]] = {way.name: [] for way in repairing().there}
    shares = []
    for print_ in counted(untouched(which, count), count, progress, "leave alone: {0.name}"):
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


def kinds(which: str, count: int, _: Features, progress: Progress) -> Figures:
    """Each kind of damage alone: what is found, and how well it is filled."""
    pictures = list(grays(which, count))
    found = {}
    turns = counted(KINDS, len(KINDS), progress, "kinds: {}")
    for number, kind in enumerate(turns):
        found[kind] = _kind(kind, number, pictures)
    return found


def _kind(kind: str, number: int, pictures: list[tuple[str, Plane]]) -> Figures:
    score, errors, hit_errors = MaskScore(), Inside(), Inside()
    for index, (_, gray) in enumerate(pictures):
        rng = np.random.default_rng([_SEED, number, index])
        worn = wear_out(
            middle(gray, _KIND_SIDE), Wear(**_PLAIN, **KINDS[kind]), rng, unit=_KIND_UNIT
        )
        scan = levels(worn.light)
        plate = ours.through(scan, ("repair", "clean"))
        score.add(worn.mask, ours.found(scan))
        results = {"as it came": light(scan), OURS_ALONE: plate.light}
        for name, seen in results.items():
            errors.add(name, worn.clean, seen, worn.mask)
        results |= errors.add_fillings(scan, worn.clean, worn.mask)
        for name, seen in results.items():
            hit_errors.add(name, worn.clean, seen, worn.mask & _mask(plate))
    return {
        "mask": rounded(score.figures()),
        "inside": errors.figures(),
        "inside_found": hit_errors.figures(),
    }


TASKS: Final = {
    "repair": repair,
    "leave_alone": leave_alone,
    "enlarge_worn": enlarge_worn,
    "enlarge_clean_4": partial(enlarge_clean, scale=4),
    "enlarge_clean_2": partial(enlarge_clean, scale=2),
    "kinds": kinds,
}
"""Those that every set of photographs is for, by what results call them."""
