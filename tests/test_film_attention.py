"""What is found in a picture: heads, and what stands out."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from photochrom.engine import Input
from photochrom.errors import ModelError, PhotographError
from photochrom.film.camera import Rect, crowns
from photochrom.film.camera.attention import UNKNOWN, Attention, look
from photochrom.film.storyboard import Shot
from photochrom.photograph import Photograph, dimensions
from photochrom.production import looks

# Eyebrows to chin, cheek to cheek, of the astronaut, measured by hand in pixels of 512.
FACE = Rect(185 / 512, 75 / 512, 80 / 512, 90 / 512)


def holds(outer: Rect, inner: Rect) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )


@pytest.fixture(scope="module")
def astronaut() -> NDArray[np.uint8]:
    return np.asarray(skimage.data.astronaut())


def test_a_head_is_found_with_its_hair(astronaut: NDArray[np.uint8]) -> None:
    seen = look(astronaut)
    (head,) = seen.heads
    assert holds(head.rect, FACE)
    assert head.rect.height < 2.5 * FACE.height
    # Her hair begins in the tenth row.
    assert head.rect.top < 20 / 512
    assert seen.aspect == 1.0
    assert seen.side == pytest.approx(head.x)


def test_a_head_in_profile_is_found() -> None:
    (head,) = look(skimage.data.camera()).heads
    assert holds(head.rect, Rect(0.4, 0.15, 0.05, 0.1))


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket", "grass", "gravel", "moon", "text"])
def test_where_nobody_is_nobody_is_found(name: str) -> None:
    seen = look(getattr(skimage.data, name)())
    assert seen.heads == ()
    assert seen.salient is not None
    assert seen.side == seen.salient.x


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("gray", [False, True])
def test_depth_and_color_do_not_matter(
    astronaut: NDArray[np.uint8], depth: type[np.unsignedinteger], gray: bool
) -> None:
    pixels = astronaut if not gray else cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)
    if depth is np.uint16:
        pixels = pixels.astype(np.uint16) * 257
    (head,) = look(pixels).heads
    assert holds(head.rect, FACE)


def test_small_faces_beside_a_large_one_do_not_count(astronaut: NDArray[np.uint8]) -> None:
    face = astronaut[20:200, 130:310]
    scene = np.full((600, 900, 3), 120, np.uint8)
    scene[100:460, 80:440] = cv2.resize(face, (360, 360), interpolation=cv2.INTER_CUBIC)
    for x in (560, 740):
        scene[80:170, x : x + 90] = cv2.resize(face, (90, 90), interpolation=cv2.INTER_AREA)
    (head,) = look(scene).heads
    assert head.x < 0.5
    assert head.weight == 1


def test_all_of_a_group_are_found_the_largest_first(astronaut: NDArray[np.uint8]) -> None:
    face = astronaut[20:200, 130:310]
    scene = np.full((400, 900, 3), 120, np.uint8)
    for x, size in ((40, 140), (350, 200), (680, 150)):
        part = cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA)
        scene[100 : 100 + size, x : x + size] = part
    heads = look(scene).heads
    assert len(heads) == 3
    assert heads[0].weight == 1 > heads[1].weight >= heads[2].weight > 0.5
    assert 0.4 < heads[0].x < 0.6


def test_what_differs_from_its_surroundings_stands_out() -> None:
    rng = np.random.default_rng(3)
    field = rng.normal(120, 4, (300, 450, 3)).clip(0, 255).astype(np.uint8)
    nothing = look(field).salient
    assert nothing is not None and nothing.weight < 0.2
    # Of the same luma as the field: only its color differs.
    cv2.circle(field, (310, 120), 30, (190, 95, 120), -1)
    spot = look(field).salient
    assert spot is not None
    assert (spot.x, spot.y) == pytest.approx((310 / 450, 120 / 300), abs=0.05)
    assert spot.weight > 0.7


def test_the_same_picture_gives_the_same_however_many_threads(
    astronaut: NDArray[np.uint8],
) -> None:
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = look(astronaut), look(skimage.data.coins())
        cv2.setNumThreads(4)
        for _ in range(3):
            assert (look(astronaut), look(skimage.data.coins())) == alone
    finally:
        cv2.setNumThreads(threads)


def test_it_is_plain_data_that_reads_back(astronaut: NDArray[np.uint8]) -> None:
    for seen in (look(astronaut), look(skimage.data.coffee()), UNKNOWN):
        assert Attention.of(json.loads(json.dumps(seen.data()))) == seen


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (2000, 3, 3), (40, 40, 3)])
def test_odd_pictures_are_looked_at_too(shape: tuple[int, ...]) -> None:
    seen = look(np.full(shape, 90, np.uint8))
    assert seen.heads == ()
    assert seen.salient is not None
    assert 0 <= seen.salient.rect.left <= seen.salient.rect.right <= 1.0001


def test_a_large_picture_is_looked_at_in_a_small_copy_of_it(
    tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    large = cv2.resize(astronaut, None, fx=7, fy=7, interpolation=cv2.INTER_CUBIC)
    Photograph.from_array(large).save(tmp_path / "a.tif")
    (tmp_path / "result").mkdir()
    told: list[str] = []
    inputs = {"picture": tmp_path / "a.tif"}
    looks.look(tmp_path / "result", (True, True), inputs, lambda what, _: told.append(what))
    seen = Attention.of(json.loads((tmp_path / "result" / "attention.json").read_text()))
    expected = look(astronaut)
    assert len(seen.heads) == len(expected.heads) == 1
    assert seen.heads[0].x == pytest.approx(expected.heads[0].x, abs=0.02)
    assert seen.aspect == pytest.approx(1, abs=0.001)
    assert max(dimensions(tmp_path / "result" / "small.png")) == looks.LONGEST
    with pytest.raises(PhotographError):
        looks.look(tmp_path, (True, True), {"picture": tmp_path / "gone.png"}, lambda *_: None)


def test_pictures_are_looked_at_anew_with_another_detector(
    tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    Photograph.from_array(astronaut).save(tmp_path / "a.png")
    (tmp_path / "net.tflite").write_bytes(b"no network")
    picture = Input(tmp_path / "a.png", "a" * 64)
    files = {"a": (picture, picture, picture)}
    items = (Shot(photograph="a"),)
    detectors = (None, *(Input(tmp_path / "net.tflite", digit * 64) for digit in "bc"))
    tasks = [looks.Looks(files, items, False, one).tasks()[0] for one in detectors]
    assert len({task.key for task in tasks}) == 3
    _, task, _ = tasks
    assert set(task.inputs) == {"picture", "detector"}
    inputs = {"picture": tmp_path / "a.png", "detector": tmp_path / "net.tflite"}
    with pytest.raises(ModelError, match=r"net\.tflite"):
        task.work(tmp_path, task.argument, inputs, lambda *_: None)


# -- hair and hats ---------------------------------------------------------------------------

MARKED = (100, 120, 40, 40)


def portrait(hat: float, brim: float = 0.0, background: int = 190) -> NDArray[np.uint8]:
    """A face with a hat so many faces high, its brim so many faces wide, before a wall."""
    picture = np.full((240, 240), background, np.uint8)
    left, top, width, height = MARKED
    picture[top : top + height, left : left + width] = 150
    picture[top - round(hat * height) : top, left : left + width] = 40
    if brim:
        half = round(brim * width / 2)
        picture[top - 8 : top, left + width // 2 - half : left + width // 2 + half] = 40
    noise = np.random.default_rng(1).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("hat", [0.7, 0.9, 1.1])
@pytest.mark.parametrize("brim", [0.0, 2.2])
def test_heads_reach_up_to_the_top_of_their_hats(hat: float, brim: float) -> None:
    assert crowns.above(portrait(hat, brim), MARKED) == pytest.approx(hat + 0.1, abs=0.08)


@pytest.mark.parametrize("hat", [0.0, 0.3])
def test_without_a_hat_there_is_room_for_hair(hat: float) -> None:
    assert crowns.above(portrait(hat), MARKED) == crowns.LEAST


def test_a_wall_above_is_no_hat() -> None:
    picture = portrait(0.4)
    picture[:60] = 60  # dark from wall to wall
    assert crowns.above(picture, MARKED) == crowns.LEAST


@pytest.mark.parametrize("face", [(0, 0, 40, 40), (200, 3, 40, 40), (0, 100, 240, 140)])
def test_faces_at_the_edge_have_what_room_there_is(face: tuple[int, int, int, int]) -> None:
    assert crowns.LEAST <= crowns.above(portrait(1.0), face) <= crowns.MOST
