"""Photographs of the size of scans, made of those that come with scikit-image.

What is in them hardly matters for the time that a film takes; their size does, and grain does,
which the encoder has to tell from noise.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from photochrom.files import sha256_of
from photochrom.film.camera import attention

_SOURCES: Final = ("astronaut", "chelsea", "coffee", "rocket")
_GRAIN: Final = 12


def write(folder: Path, number: int, size: tuple[int, int]) -> None:
    """Write a photograph as photochrom leaves it: gray, colored, and what is known of them.

    Args:
        folder: Gets `gray-NUMBER.png`, `color-NUMBER.png` and `known-NUMBER.json`.
        number: Which.
        size: Width and height.
    """
    colored = _enlarged(number, size)
    gray, color = (folder / f"{version}-{number}.png" for version in ("gray", "color"))
    fast = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    cv2.imwrite(str(color), colored[..., ::-1], fast)
    cv2.imwrite(str(gray), cv2.cvtColor(colored, cv2.COLOR_RGB2GRAY), fast)
    # A build looks at a picture, and takes its digest, when it has restored it; that is not part of
    # filming.
    known = {
        "attention": attention.look(colored).data(),
        "digests": [sha256_of(path) for path in (gray, color)],
    }
    (folder / f"known-{number}.json").write_text(json.dumps(known), encoding="utf-8")


def _enlarged(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    picture = getattr(skimage.data, _SOURCES[number % len(_SOURCES)])()
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    half = (max(1, size[1] // 2), max(1, size[0] // 2))
    grain = np.random.default_rng(number).integers(-_GRAIN, _GRAIN + 1, half).astype(np.int16)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_LINEAR)
    return np.clip(large + grain[..., None], 0, 255).astype(np.uint8)
