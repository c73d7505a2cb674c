"""Scans of any size: a photograph under film grain, with dust and scratches, 16 bits of gray."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from skimage import data

_ROWS = 1024


def write(path: Path, megapixels: float) -> tuple[int, int]:
    """Write a scan of five to four; returns its width and height."""
    height = round(math.sqrt(megapixels * 1e6 / 1.25))
    width = round(height * 1.25)
    tifffile.imwrite(
        path,
        _strips(height, width),
        shape=(height, width),
        dtype=np.uint16,
        photometric="minisblack",
        rowsperstrip=_ROWS,
        bigtiff=height * width * 2 > 2**31,
    )
    return width, height


def _strips(height: int, width: int) -> Iterator[NDArray[np.uint16]]:
    rng = np.random.default_rng(1928)
    camera = data.camera().astype(np.float32) / 255
    marks = max(1, round(2 * height * width / 1e6))
    begin = rng.uniform((0, 0), (width, height), (marks, 2))
    end = begin + rng.uniform(-300, 300, (marks, 2)) * (rng.random((marks, 1)) < 0.5)
    thick = rng.integers(1, 6, marks)
    for top in range(0, height, _ROWS):
        rows = np.arange(top, min(top + _ROWS, height), dtype=np.float32)
        x, y = np.meshgrid(
            np.arange(width, dtype=np.float32) * np.float32(511 / width),
            rows * np.float32(511 / height),
        )
        strip = cv2.remap(camera, x, y, cv2.INTER_CUBIC)
        strip = 0.1 + 0.75 * strip + rng.normal(0, 0.012, strip.shape).astype(np.float32)
        for first, last, width_of_it in zip(begin, end, thick, strict=True):
            ends = [(round(one[0]), round(one[1]) - top) for one in (first, last)]
            cv2.line(strip, ends[0], ends[1], 0.97, int(width_of_it))
        yield (np.clip(strip, 0, 1) * 65535).astype(np.uint16)
