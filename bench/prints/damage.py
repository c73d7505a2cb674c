"""What is found and filled: of worn prints, of each kind of damage alone, where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from training.metrics import MaskScore, mean_square

from bench.prints import ours
from bench.prints.filling import filled, inside, within
from bench.prints.scans import Levels, levels, light
from bench.prints.tally import rounded
from bench.prints.truths import Photograph, middle, printed
from bench.prints.ways import repairing, specks
from photochrom.aging import Wear, wear_out
from photochrom.steps.plate import Plate

Row = dict[str, Any]
"""What is found of one photograph."""
Inputs = Mapping[str, Path]
Mask = NDArray[np.bool_]

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


def masks(inputs: Inputs, *, which: str, name: str, number: int, seed: int | None) -> Row:
    """A piece: what is found of the damage of a worn print, and how well it is filled when told."""
    photograph = Photograph(which, name, number, inputs.get("photograph"))
    print_ = printed("repair", photograph, seed)
    found = {
        "photochrom's network, at 0.5": ours.found(print_.scan),
        "what photochrom's repair fills": repaired_mask(print_.scan),
        "OpenCV, specks by a median": specks(print_.scan),
    }
    filled_ = filled(print_.scan, print_.mask)
    return {
        "masks": {name: _score(print_.mask, mask) for name, mask in found.items()},
        "told_where": {
            name: within(print_.truth, seen, print_.mask) for name, seen in filled_.items()
        },
    }


def mask_figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of worn prints.

    Args:
        rows: What `masks` says of each.
    """
    return {
        "masks": {name: _scored([row["masks"][name] for row in rows]) for name in rows[0]["masks"]},
        "told_where": inside([row["told_where"] for row in rows]),
    }


def repaired_mask(scan: Levels) -> Mask:
    """What the step repair decides to fill."""
    return _mask(ours.through(scan, ("repair",)))


def _mask(plate: Plate) -> Mask:
    return np.zeros(plate.light.shape, bool) if plate.mask is None else plate.mask > 0


def unharmed(inputs: Inputs, *, which: str, name: str, number: int) -> Row:
    """A piece: what repairing and cleaning does to a photograph that nothing is wrong with, and to
    handwriting and stamps, which it should leave alone."""
    photograph = Photograph(which, name, number, inputs.get("photograph"))
    print_ = printed("leave_alone", photograph)
    truth = middle(photograph.gray(), _KIND_SIDE)
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
    return {
        "rms": {
            way.name: float(255 * mean_square(print_.truth, way.run(print_.scan)) ** 0.5)
            for way in repairing().there
        },
        "filled": float(repaired_mask(print_.scan).mean()),
        "ink": int(inked.sum()),
        "ink_filled": int((inked & repaired_mask(levels(written.light))).sum()),
    }


def unharmed_figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of unharmed photographs.

    Args:
        rows: What `unharmed` says of each.
    """
    changes = {way: [row["rms"][way] for row in rows] for way in rows[0]["rms"]}
    ink, ink_filled = (sum(row[name] for row in rows) for name in ("ink", "ink_filled"))
    return {
        "rms": {
            way: {"mean": round(float(np.mean(values)), 4), "most": round(max(values), 4)}
            for way, values in changes.items()
        },
        "filled_share": round(float(np.mean([row["filled"] for row in rows])), 6),
        "ink_filled_share": round(ink_filled / ink, 5) if ink else None,
    }


def kind(inputs: Inputs, *, which: str, name: str, number: int, kind: str) -> Row:
    """A piece: one kind of damage alone, what is found of it and how well that is filled."""
    gray = Photograph(which, name, number, inputs.get("photograph")).gray()
    rng = np.random.default_rng([_SEED, list(KINDS).index(kind), number])
    worn = wear_out(middle(gray, _KIND_SIDE), Wear(**_PLAIN, **KINDS[kind]), rng, unit=_KIND_UNIT)
    scan = levels(worn.light)
    plate = ours.through(scan, ("repair", "clean"))
    seen = {"as it came": light(scan), OURS_ALONE: plate.light} | filled(scan, worn.mask)
    hit = worn.mask & _mask(plate)
    return {
        "mask": _score(worn.mask, ours.found(scan)),
        "inside": {name: within(worn.clean, one, worn.mask) for name, one in seen.items()},
        "inside_found": {name: within(worn.clean, one, hit) for name, one in seen.items()},
    }


def kind_figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of one kind of damage.

    Args:
        rows: What `kind` says of each photograph.
    """
    return {
        "mask": _scored([row["mask"] for row in rows]),
        "inside": inside([row["inside"] for row in rows]),
        "inside_found": inside([row["inside_found"] for row in rows]),
    }


def _score(truth: Mask, found: Mask) -> dict[str, int]:
    score = MaskScore()
    score.add(truth, found)
    return asdict(score)


def _scored(rows: Sequence[Mapping[str, int]]) -> dict[str, Any]:
    counts = {one.name: sum(row[one.name] for row in rows) for one in fields(MaskScore)}
    return rounded(MaskScore(**counts).figures())
