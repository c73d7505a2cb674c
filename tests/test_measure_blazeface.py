"""Faces by a network of others: where they lie in the picture, whatever part of it found them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.errors import ModelError
from photochrom.film.camera.attention import look
from photochrom.measure.blazeface import SIDE, BlazeFace
from photochrom.measure.faces import Box

Floats = NDArray[np.float32]
CELLS = SIDE // 4
SMALLEST = 12
"""Of the network's pixels: what the stand-in takes for a face has at least so many on a side."""


def white_squares(seen: Floats) -> tuple[Floats, Floats]:
    """Stands in for the network: takes white patches for faces, those that are not too small."""
    assert seen.shape == (1, 3, SIDE, SIDE) and seen.dtype == np.float32
    assert seen.min() >= -1 and seen.max() <= 1
    logits = np.full(CELLS * CELLS, -9, np.float32)
    places = np.zeros((CELLS * CELLS, 16), np.float32)
    white = (seen[0, 0] > 0.5).astype(np.uint8)
    _, _, stats, middles = cv2.connectedComponentsWithStats(white)
    for (_, _, width, height, _), (x, y) in zip(stats[1:], middles[1:], strict=True):
        if min(width, height) < SMALLEST:
            continue
        column, row = int(x) // 4, int(y) // 4
        cell = row * CELLS + column
        logits[cell] = 4
        places[cell, :4] = x + 0.5 - 4 * column - 2, y + 0.5 - 4 * row - 2, width, height
    return logits, places


def found_in(shape: tuple[int, int], *faces: Box) -> list[Box]:
    gray = np.full(shape, 40, np.uint8)
    for left, top, width, height in faces:
        gray[top : top + height, left : left + width] = 250
    return BlazeFace(white_squares)(gray)


@pytest.mark.parametrize("shape", [(415, 554), (554, 415), (480, 480), (170, 1350), (60, 90)])
@pytest.mark.parametrize("place", [(0.08, 0.1), (0.5, 0.45), (0.9, 0.88), (0.3, 0.7)])
def test_a_face_is_found_once_and_where_it_is(
    shape: tuple[int, int], place: tuple[float, float]
) -> None:
    side = round(0.18 * min(shape))
    x, y = round(place[0] * shape[1] - side / 2), round(place[1] * shape[0] - side / 2)
    (box,) = found_in(shape, (max(x, 0), max(y, 0), side, side))
    assert box == pytest.approx((max(x, 0), max(y, 0), side, side), abs=max(4, 0.06 * max(shape)))
    middle = box[0] + box[2] / 2, box[1] + box[3] / 2
    assert middle == pytest.approx((max(x, 0) + side / 2, max(y, 0) + side / 2), abs=4)


def test_parts_find_what_is_too_small_in_the_whole() -> None:
    small = (330, 250, 20, 20)
    assert SMALLEST * 554 / SIDE > small[2]
    (box,) = found_in((415, 554), small)
    assert box == pytest.approx(small, abs=3)


def test_what_a_part_cuts_is_not_taken_for_a_smaller_face() -> None:
    face = (120, 60, 300, 300)
    (box,) = found_in((415, 554), face)
    assert box == pytest.approx(face, abs=8)


def test_all_of_a_row_are_found_from_the_left() -> None:
    row: list[Box] = [(left, 40, 50, 50) for left in (20, 200, 700, 1250)]
    boxes = found_in((170, 1350), *row)
    assert [box[0] for box in boxes] == pytest.approx([20, 200, 700, 1250], abs=4)


def test_where_nothing_is_sure_nothing_is_found() -> None:
    assert found_in((415, 554)) == []


def test_heads_are_grown_from_what_a_detector_finds() -> None:
    scene = np.full((415, 554, 3), 120, np.uint8)
    (head,) = look(scene, lambda gray: [(200, 200, 60, 60)]).heads
    assert head.rect.left < 200 / 554 and head.rect.right > 260 / 554
    assert head.rect.top < 180 / 415 and head.rect.bottom > 260 / 415
    assert look(scene, lambda gray: []).heads == ()


@pytest.mark.parametrize("content", [b"", b"no network at all", bytes(2000)])
def test_what_is_no_such_network_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "faces.tflite"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"faces\.tflite.*TensorFlow Lite.*networks\.md") as told:
        BlazeFace.open(path)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        BlazeFace.open(Path("nowhere.tflite"))
