"""Whether people stay themselves: how far faces move in a face network's eyes.

dlib's network (99.4 % on Labeled Faces in the Wild; its author calls two pictures the same person
below a distance of 0.6) from the packages `dlib-bin` and `face_recognition_models`, whose weights
are CC0 (that package's 68-point file, which is not, is left alone). Faces and their five points are
found in the unharmed photograph, and looked for at the same places in the results: only what became
of the face counts, not whether it is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from bench.harness import Progress, counted, folder_of
from bench.prints.kept import result
from bench.prints.scans import Plane, levels
from bench.prints.tally import rounded, scale_of
from bench.prints.truths import WEAR, Print, grays, middle, small_print
from bench.prints.ways import Ways, enlarging, repairing
from photochrom.aging import age
from photochrom.emulsion import Emulsion

# Narrower faces say little, least of all at a quarter of the size.
_NARROWEST: Final = 64
_SEED: Final = 1871
_SIDE: Final = 512
# More photographs than any set has.
_ALL: Final = 10_000


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


def identity(which: str, count: int, progress: Progress) -> dict[str, Any]:
    """Distances of faces from the truth: worn prints repaired, and small worn prints enlarged.

    Args:
        which: Set of photographs.
        count: At most so many photographs with a face.
        progress: Told what is being done.
    """
    faces = Faces()
    portraits = list(_portraits(which, count, faces))
    tasks = {
        "repair": (repairing(), _worn),
        "enlarge": (enlarging(4, worn=True), _small),
    }
    figures: dict[str, Any] = {
        "photographs": len(portraits),
        "faces": sum(len(found) for *_, found in portraits),
    }
    for task, (ways, make) in tasks.items():
        figures[task] = _distances(portraits, ways, make, faces, progress)
    return figures


def _distances(
    portraits: list[tuple[str, Plane, list[Any]]],
    ways: Ways,
    make: Any,
    faces: Faces,
    progress: Progress,
) -> dict[str, Any]:
    found: dict[str, list[float]] = {way.name: [] for way in ways.there}
    turns = counted(portraits, len(portraits), progress, "faces: {0[0]}")
    for number, (name, gray, places) in enumerate(turns):
        print_: Print = make(name, gray, number)
        for way in ways.there:
            seen = result(way, print_.scan, scale_of(print_))
            found[way.name] += faces.distances(print_.truth, seen, places)
    return {
        way: rounded(
            {
                "mean": float(np.mean(values)),
                "most": max(values),
                "above_0.6": float(np.mean(np.array(values) > 0.6)),
            }
        )
        for way, values in found.items()
        if values
    }


def _portraits(which: str, count: int, faces: Faces) -> Iterator[tuple[str, Plane, list[Any]]]:
    found_so_far = 0
    for name, gray in grays(which, _ALL):
        if found_so_far == count:
            return
        cut = middle(gray, _SIDE, 4)
        if found := faces.find(cut):
            found_so_far += 1
            yield name, cut, found


def _worn(name: str, gray: Plane, number: int) -> Print:
    unit = float(np.random.default_rng([_SEED, number]).uniform(0.7, 1.8))
    worn = age(
        gray, emulsion=Emulsion.PANCHROMATIC, wear=WEAR[1], seed=_SEED * 1000 + number, unit=unit
    )
    return Print(name, levels(worn.light), worn.clean, worn.mask)


def _small(name: str, gray: Plane, number: int) -> Print:
    return small_print(name, gray, 4, np.random.default_rng([_SEED, 2, number]))
