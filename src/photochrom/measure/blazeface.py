"""Faces, in profile and small ones, too, by a network of others: BlazeFace, for the full range.

Bazarevsky, Kartynnik, Vakunov, Raveendran and Grundmann, "BlazeFace: Sub-millisecond Neural Face
Detection on Mobile GPUs", 2019. Its file is TensorFlow Lite, which OpenCV runs. It sees a square of
192 pixels, so that it is shown the whole picture, and then parts of it that overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.errors import ModelError
from photochrom.measure.faces import Box, Gray

Floats = NDArray[np.float32]
Run = Callable[[Floats], tuple[Floats, Floats]]
"""Of (1, 3, 192, 192), -1..1: a logit for each of 48 x 48 cells, and (48 x 48, 16) of which the
first four are a face's middle, from the cell's own, and its size, in pixels of the 192."""

SIDE: Final = 192
_STRIDE: Final = 4
_CELLS: Final = (SIDE // _STRIDE) ** 2

_SURE: Final = 0.5
"""The probability that a face has at least."""

_SAME: Final = 0.3
"""Of two that share more of what both cover, the surer one counts."""

_PART: Final = 0.6
"""Side of a part, of the picture's shorter side, and how far it is to the next one, of that."""

_LONG: Final = 1.25
"""Pictures longer than this, of their shorter side, are looked at in squares of that, too."""

_CUT: Final = 0.02
"""What comes so near to an edge of a part, of its side, may go on beyond it."""

_Part = tuple[int, int, int, int]


class BlazeFace:
    """Finds faces.

    Args:
        run: The network.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        cells = (np.arange(SIDE // _STRIDE, dtype=np.float32) + 0.5) * _STRIDE
        self._middles = np.stack(np.meshgrid(cells, cells), axis=-1).reshape(-1, 2)

    @classmethod
    def open(cls, path: Path) -> BlazeFace:
        """Load the network from its file.

        Raises:
            ModelError: It cannot be read, or is no such network.
        """
        fix = "take face_detection_full_range.tflite, as docs/networks.md says"
        try:
            network = cv2.dnn.readNetFromTFLite(np.frombuffer(path.read_bytes(), np.uint8))
            names = network.getUnconnectedOutLayersNames()
        except OSError as error:
            raise ModelError(f"cannot be read ({error.strerror})", where=path) from error
        except cv2.error as error:
            raise ModelError("is no TensorFlow Lite network", where=path, fix=fix) from error

        def run(seen: Floats) -> tuple[Floats, Floats]:
            try:
                network.setInput(seen)
                outputs: list[NDArray[Any]] = sorted(network.forward(names), key=np.size)
            except cv2.error as error:
                raise ModelError("does not find faces", where=path, fix=fix) from error
            if [output.size for output in outputs] != [_CELLS, 16 * _CELLS]:
                raise ModelError("does not find faces", where=path, fix=fix)
            return outputs[0].reshape(_CELLS), outputs[1].reshape(_CELLS, 16)

        return cls(run)

    def __call__(self, gray: Gray) -> list[Box]:
        """Find faces.

        Args:
            gray: (h, w), as `photochrom.measure.faces.reduced` makes it.

        Returns:
            From brows to chin, about as a cascade marks them, those at the left first.
        """
        boxes: list[list[float]] = []
        sure: list[float] = []
        for part in _parts(*gray.shape):
            for probability, box in self._found(gray, part):
                sure.append(probability)
                boxes.append(box)
        kept = cv2.dnn.NMSBoxes(boxes, sure, _SURE, _SAME) if boxes else ()
        found = (boxes[int(index)] for index in np.ravel(kept))
        return sorted((round(x), round(y), round(w), round(h)) for x, y, w, h in found)

    def _found(self, gray: Gray, part: _Part) -> Iterator[tuple[float, list[float]]]:
        """Faces that lie wholly in a part, as far as it is not the picture that ends there."""
        left, top, width, height = part
        side = max(width, height)
        square = np.zeros((side, side), np.uint8)
        square[:height, :width] = gray[top : top + height, left : left + width]
        how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
        small = cv2.resize(square, (SIDE, SIDE), interpolation=how)
        seen = small.astype(np.float32) / np.float32(127.5) - 1
        logits, places = self._run(np.repeat(seen[None, None], 3, axis=1))
        probable = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
        scale = side / SIDE
        for index in np.flatnonzero(probable >= _SURE):
            x, y = (places[index, :2] + self._middles[index]) * scale
            across, down = places[index, 2:4] * scale
            box = [float(value) for value in (x - across / 2, y - down / 2, across, down)]
            if not _is_cut(box, part, gray.shape):
                yield float(probable[index]), [box[0] + left, box[1] + top, box[2], box[3]]


def _is_cut(box: list[float], part: _Part, shape: tuple[int, ...]) -> bool:
    """Whether something found in a part, in its own places, may go on in the next one."""
    left, top, width, height = part
    near = _CUT * width
    return (
        (left > 0 and box[0] < near)
        or (top > 0 and box[1] < near)
        or (left + width < shape[1] and box[0] + box[2] > width - near)
        or (top + height < shape[0] and box[1] + box[3] > height - near)
    )


def _parts(height: int, width: int) -> Iterator[_Part]:
    """The whole picture, and squares of it that overlap: left, top, width and height."""
    yield 0, 0, width, height
    shorter = min(height, width)
    sides = [shorter] if max(height, width) > _LONG * shorter else []
    for side in (*sides, round(_PART * shorter)):
        for top in _spread(height - side, side):
            for left in _spread(width - side, side):
                yield left, top, side, side


def _spread(room: int, side: int) -> list[int]:
    """Places from 0 to `room`, evenly, no further apart than `_PART` of a part's side."""
    count = math.ceil(room / (_PART * side)) + 1
    return [round(room * index / max(count - 1, 1)) for index in range(count)]
