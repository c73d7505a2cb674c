"""Whether people stay themselves: how far faces move in a face network's eyes.

dlib's network (99.4 % on Labeled Faces in the Wild; its author calls two pictures the same person
below a distance of 0.6) from the packages `dlib-bin` and `face_recognition_models`, whose weights
are CC0 (that package's 68-point file, which is not, is left alone). Faces and their five points are
found in the unharmed photograph, and looked for at the same places in the results: only what became
of the face counts, not whether it is found again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.harness import folder_of
from bench.prints.scans import Plane, levels
from bench.prints.tally import rounded
from bench.prints.truths import WEAR, Photograph, Print, middle, small_print
from bench.prints.ways import ways_of
from photochrom.aging import age
from photochrom.emulsion import Emulsion

# Narrower faces say little, least of all at a quarter of the size.
_NARROWEST: Final = 64
_SEED: Final = 1871
_SIDE: Final = 512


def reason_missing() -> str | None:
    """Why faces cannot be compared, or None."""
    try:
        folder_of("_dlib_pybind11", "dlib-bin"), folder_of("face_recognition_models")
    except ModuleNotFoundError as error:
        return str(error)
    return None


class Faces:
    """Finds faces and tells how alike they are."""

    def __init__(self) -> None:
        import dlib

        models = folder_of("face_recognition_models") / "models"
        self._dlib: Any = dlib
        self._find = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
        self._embed = dlib.face_recognition_model_v1(
            str(models / "dlib_face_recognition_resnet_model_v1.dat")
        )

    def find(self, truth: Plane) -> list[Any]:
        """Faces of an unharmed picture, with their points."""
        colors = _colors(truth)
        return [
            self._points(colors, box) for box in self._find(colors, 0) if box.width() >= _NARROWEST
        ]

    def distances(self, truth: Plane, seen: Plane, faces: list[Any]) -> list[float]:
        """Distance of each face from the truth."""
        first, second = (self._embedded(plane, faces) for plane in (truth, seen))
        return [float(np.linalg.norm(a - b)) for a, b in zip(first, second, strict=True)]

    def _embedded(self, plane: Plane, faces: list[Any]) -> list[Any]:
        colors = _colors(plane)
        chips = (self._dlib.get_face_chip(colors, face) for face in faces)
        return [np.array(self._embed.compute_face_descriptor(chip)) for chip in chips]


def _colors(plane: Plane) -> Any:
    return np.ascontiguousarray(np.repeat(levels(plane)[..., None], 3, axis=2))


@cache
def _faces() -> Faces:
    return Faces()


def found(inputs: Mapping[str, Path], *, which: str, name: str, number: int) -> int:
    """A piece: how many faces a photograph has."""
    return len(_faces().find(_cut(Photograph(which, name, number, inputs.get("photograph")))))


def distances(
    inputs: Mapping[str, Path],
    *,
    which: str,
    name: str,
    number: int,
    portrait: int,
    task: str,
    ways: Sequence[str],
) -> dict[str, list[float]]:
    """A piece: how far some ways move the faces of a portrait.

    Args:
        inputs: The photograph, unless it is one of packages.
        which: Its set.
        name: Its name.
        number: Its place in the set.
        portrait: Its place among those with faces; decides the seed of the print.
        task: "repair" or "enlarge_worn".
        ways: Names of the ways.
    """
    cut = _cut(Photograph(which, name, number, inputs.get("photograph")))
    places = _faces().find(cut)
    print_ = (_worn if task == "repair" else _small)(name, cut, portrait)
    return {
        way.name: _faces().distances(print_.truth, way.run(print_.scan), places)
        for way in ways_of(task).there
        if way.name in ways
    }


def figures(portraits: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, Any]:
    """Distances of faces from the truth, by way.

    Args:
        portraits: What `distances` says of each.
    """
    of: dict[str, list[float]] = {}
    for portrait in portraits:
        for way, values in portrait.items():
            of.setdefault(way, []).extend(values)
    return {
        way: rounded(
            {
                "mean": float(np.mean(values)),
                "most": max(values),
                "above_0.6": float(np.mean(np.array(values) > 0.6)),
            }
        )
        for way, values in of.items()
    }


def _cut(photograph: Photograph) -> Plane:
    return middle(photograph.gray(), _SIDE, 4)


def _worn(name: str, gray: Plane, number: int) -> Print:
    unit = float(np.random.default_rng([_SEED, number]).uniform(0.7, 1.8))
    worn = age(
        gray, emulsion=Emulsion.PANCHROMATIC, wear=WEAR[1], seed=_SEED * 1000 + number, unit=unit
    )
    return Print(name, levels(worn.light), worn.clean, worn.mask)


def _small(name: str, gray: Plane, number: int) -> Print:
    return small_print(name, gray, 4, np.random.default_rng([_SEED, 2, number]))
