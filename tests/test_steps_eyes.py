"""What may be of somebody's eyes is no damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photochrom.steps import repair
from photochrom.steps.eyes import faces_in, spare
from photochrom.steps.plate import Plate
from photochrom.steps.repair import RepairParams
from step_kit import context, soft_picture

FACE = (100, 100, 100, 100)  # Brows and eyes: rows 118 to 152, columns 108 to 192.
ACROSS = (slice(125, 128), slice(120, 150))
ASIDE = (slice(170, 173), slice(120, 150))
THROUGH = (slice(60, 190), slice(140, 143))


def finds(
    place: tuple[slice, slice], value: float, probability: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    light = np.full((300, 300), 0.5, np.float32)
    light[place] = value
    mask = np.zeros(light.shape, np.uint8)
    mask[place] = 255
    return mask, (mask * probability).astype(np.uint8), light


@pytest.mark.parametrize(
    ("place", "value", "probability", "left"),
    [
        pytest.param(ACROSS, 0.1, 1.0, 1, id="a brow"),
        pytest.param(ACROSS, 0.9, 0.7, 1, id="the light in an eye"),
        pytest.param(ACROSS, 0.9, 1.0, 0, id="a light scratch"),
        pytest.param(THROUGH, 0.1, 1.0, 0, id="a dark scratch through an eye"),
        pytest.param(ASIDE, 0.1, 0.6, 0, id="beside the eyes"),
    ],
)
def test_what_lies_at_eyes(
    place: tuple[slice, slice], value: float, probability: float, left: int
) -> None:
    mask, defects, light = finds(place, value, probability)
    before = mask.copy()
    assert spare(mask, defects, light, [FACE]) == left
    assert (mask == (0 if left else before)).all()


def test_without_a_face_nothing_is_left() -> None:
    mask, defects, light = finds(ACROSS, 0.1, 1.0)
    assert faces_in(light) == []
    assert spare(mask, defects, light, faces_in(light)) == 0 and mask.any()


@pytest.mark.parametrize("box", [(-40, -30, 100, 100), (250, 260, 120, 120), (0, 0, 3, 3)])
def test_a_face_at_the_edge(box: tuple[int, int, int, int]) -> None:
    mask, defects, light = finds((slice(0, 300), slice(0, 300)), 0.1, 1.0)
    assert spare(mask, defects, light, [box]) == 0 and mask.all()


def test_faces_lie_where_they_are_in_large_pictures() -> None:
    data = pytest.importorskip("skimage.data", reason="the portrait is in scikit-image")
    cv2 = pytest.importorskip("cv2")
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    (small,) = faces_in(portrait)
    (large,) = faces_in(np.repeat(np.repeat(portrait, 5, axis=0), 5, axis=1))
    assert large == pytest.approx([5 * value for value in small], abs=40)


def test_repair_leaves_them_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    light = soft_picture(300, 300)
    light[125:127, 120:170] = 1.0
    light[250:252, 120:170] = 1.0
    # The network of these tests is sure of what is white: darker than its rim it cannot be.
    monkeypatch.setattr("photochrom.steps.eyes._SURE", 1.1)
    monkeypatch.setattr(repair, "faces_in", lambda _: [FACE])
    plate, notes = repair.apply(Plate(light), RepairParams(), context(tmp_path))
    assert plate.mask is not None
    assert notes["left_at_eyes"] == 1
    assert not plate.mask[125:127, 120:170].any() and plate.mask[250:252, 120:170].any()
    assert (plate.light[120:130] == light[120:130]).all()
    _, without = repair.apply(Plate(light), RepairParams(eyes=False), context(tmp_path))
    assert without["regions"] == notes["regions"] + 1 and "left_at_eyes" not in without
