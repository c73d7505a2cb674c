"""How sure colors are: figures and maps of the record."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import PhotographError
from photochrom.measure.faces import reduced
from photochrom.steps import color, maps, repair
from photochrom.steps.color import ColorParams
from photochrom.steps.plate import Plate
from photochrom.steps.repair import RepairParams
from photochrom.steps.sureness import sureness
from step_kit import context, soft_picture

SHAPE = (96, 128)


def _of(certainty: np.ndarray, ab: np.ndarray, lightness: np.ndarray) -> dict:
    light = np.full((240, 320), 0.5, np.float32)
    return sureness(certainty, ab, lightness, light)


def _ground(lightness: float = 40.0) -> np.ndarray:
    """L* of something rough."""
    noise = np.random.default_rng(5).normal(0, 12, SHAPE)
    return (lightness + noise).astype(np.float32)


def test_what_is_gray_does_not_count() -> None:
    ab = np.zeros((*SHAPE, 2), np.float32)
    ab[:, 64:, 0] = 20
    certainty = np.full(SHAPE, 0.9, np.float32)
    certainty[:, 64:96], certainty[:, 96:] = 0.6, 0.2
    found = _of(certainty, ab, _ground())
    assert found["colored"] == {"share": 0.5, "certainty": 0.4, "doubtful": 0.5}
    assert found["parts"] == {"ground": found["colored"]}


def test_a_picture_without_color_has_no_figures() -> None:
    assert _of(np.ones(SHAPE, np.float32), np.zeros((*SHAPE, 2), np.float32), _ground()) == {}


@pytest.mark.parametrize(
    ("b", "lightness", "is_sky"),
    [(-15, 80, True), (8, 80, False), (-15, 40, True), (-5, 38, False), (-15, 15, False)],
)
def test_sky_is_smooth_and_blue_from_the_upper_edge(b: int, lightness: int, is_sky: bool) -> None:
    seen, ab = _ground(), np.full((*SHAPE, 2), 10, np.float32)
    certainty = np.full(SHAPE, 0.3, np.float32)
    seen[:48], certainty[:48] = lightness, 0.7
    ab[:48] = (0, b)
    parts = _of(certainty, ab, seen)["parts"]
    assert ("sky" in parts) is is_sky
    if is_sky:
        assert parts["sky"]["certainty"] == pytest.approx(0.7, abs=0.02)
        assert parts["ground"]["certainty"] == pytest.approx(0.3, abs=0.02)


def test_people_are_where_a_face_is_and_below() -> None:
    astronaut = pytest.importorskip("skimage.data").astronaut()
    light = (astronaut @ np.array([0.3, 0.6, 0.1]) / 255).astype(np.float32)
    certainty = np.full((128, 128), 0.9, np.float32)
    certainty[20:, 40:80] = 0.4  # The face, and the suit below it.
    ab = np.full((128, 128, 2), 10, np.float32)
    parts = sureness(certainty, ab, np.full((128, 128), 40, np.float32), light)["parts"]
    assert 0.1 < parts["people"]["share"] < 0.6
    assert parts["people"]["certainty"] < parts["ground"]["certainty"] - 0.1


def test_faces_are_looked_for_in_light_as_in_bytes() -> None:
    light = soft_picture(300, 400)
    as_bytes = reduced((light * 255 + 0.5).astype(np.uint8))
    assert np.abs(reduced(light).astype(int) - as_bytes).max() <= 1


def test_a_hair_is_seen_in_the_map_of_a_large_scan() -> None:
    mask = np.zeros((2000, 3000), np.uint8)
    mask[:, 1500] = 255
    found = maps.unpacked(maps.of_mask(mask))
    assert max(found.shape) == maps.LONGEST
    assert (found > 0.2).any(axis=1).all() and (found > 0).mean() < 0.02


def test_a_map_says_of_certainty_what_it_was() -> None:
    certainty = soft_picture(96, 128)
    text = maps.of_certainty(certainty)
    assert np.abs(maps.unpacked(text) - certainty).max() < 0.02
    assert len(text) < 8000


def _png(size: tuple[int, int]) -> str:
    target = io.BytesIO()
    Image.new("L", size).save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


@pytest.mark.parametrize("text", ["", "no map", None, 5, _png((5000, 10)), "aGVsbG8="])
def test_what_is_no_map_is_refused(text: object) -> None:
    with pytest.raises(PhotographError, match="map"):
        maps.unpacked(text)


def test_steps_note_their_maps(tmp_path: Path) -> None:
    plate, notes = color.apply(Plate(soft_picture(240, 320)), ColorParams(), context(tmp_path))
    assert plate.chroma is not None
    found = maps.unpacked(notes["map"])
    assert found.shape == plate.chroma.certainty.shape
    assert found == pytest.approx(plate.chroma.certainty, abs=0.02)
    assert notes["colored"]["share"] > 0.5
    gray = ColorParams(saturation=0)
    assert not {"map", "colored"} & color.apply(plate, gray, context(tmp_path))[1].keys()
    light = soft_picture(120, 160)
    light[40:44, 20:140] = 1  # What the tiny network takes for a defect.
    plate, notes = repair.apply(Plate(light), RepairParams(), context(tmp_path))
    assert plate.mask is not None and plate.mask.any()
    assert (maps.unpacked(notes["map"]) > 0).any()
