"""A glance at a picture, kept for other pictures to learn its colors from: made, written, read.

It holds what a color network sees there (its features, by which things are found again elsewhere)
and which colors the picture has, or is thought to have; small, and nothing of its light.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion
from photochrom.errors import PhotographError
from photochrom.nets import Network, Registry
from photochrom.steps.answer import Answer, Features, Glance, Likely
from photochrom.steps.looks import shown_to, working
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

CODE: Final = 1
"""Raised whenever a glance holds other values, or others are lent by it."""

FEATURES: Final = "features"
"""What cards call them in `inner`."""

SIZE: Final = 384
"""Short side, in pixels, at which a picture is looked at to find others in it: at 256, a seventh of
all pairs is wrong; at 384, a fiftieth."""

_SIZES: Final = (224, SIZE, 640)
"""The same of those others: what is a close-up in one is small in the other."""

_CODES: Final = 255


def seer(registry: Registry) -> Network:
    """The network whose features are compared: the embedded one, whoever colors the picture.

    Raises:
        ModelError: There is none.
    """
    return registry.network("color")


def all_features_of(light: Plane, registry: Registry) -> tuple[Features, ...]:
    """What is seen in a picture that lends, at several sizes; as for `features_of`."""
    return tuple(features_of(light, registry, size) for size in _SIZES)


def features_of(light: Plane, registry: Registry, size: int = SIZE) -> Features:
    """What is seen in a picture.

    Args:
        light: (H, W) float32, 0..1, sRGB-encoded gray.
        registry: Where the network comes from.
        size: Short side, in pixels, at which the network looks.

    Raises:
        ModelError: There is none that tells.
    """
    network = seer(registry)
    gray = working(light, size)
    height, width = gray.shape
    shown = shown_to(network, gray, Emulsion.UNKNOWN, 1.0)
    found = network.look_inside(FEATURES, shown)[0]
    cell = shown["gray"].shape[2] / found.shape[1]
    span = height / cell, width / cell
    rows, columns = (int(np.ceil(one)) for one in span)
    return Features(np.ascontiguousarray(found[:, :rows, :columns]), span)


def save(glance: Glance, path: Path) -> None:
    """Write a glance: features as float16, and likelihoods as codes of their roots."""
    parts: dict[str, NDArray[np.generic]] = {"sha256": np.array(glance.sha256)}
    if glance.answer is not None:
        answer = glance.answer
        for number, one in enumerate(glance.features):
            parts[f"cells {number}"] = one.cells.astype(np.float16)
        parts["spans"] = np.array([one.span for one in glance.features])
        parts["ab"] = answer.ab.astype(np.float16)
        parts["certainty"] = answer.certainty.astype(np.float16)
        if answer.likely is not None:
            roots = np.sqrt(np.clip(answer.likely.shares, 0, 1))
            parts["likely"] = (roots * _CODES + np.float32(0.5)).astype(np.uint8)
            parts["palette"] = answer.likely.palette.astype(np.float32)
    with path.open("wb") as file:
        np.savez_compressed(file, **parts)  # type: ignore[arg-type]


def load(path: Path) -> Glance:
    """Read a glance.

    Raises:
        PhotographError: It is none.
    """
    try:
        with np.load(path, allow_pickle=False) as parts:
            return _loaded({name: parts[name] for name in parts.files})
    except (OSError, ValueError, KeyError) as error:
        raise PhotographError(f"is no glance ({error})", where=path) from error


def _loaded(parts: dict[str, NDArray[np.generic]]) -> Glance:
    sha256 = str(parts["sha256"])
    if "certainty" not in parts:
        return Glance((), None, sha256)
    features = tuple(
        Features(parts[f"cells {number}"].astype(np.float32), (float(rows), float(columns)))
        for number, (rows, columns) in enumerate(np.asarray(parts["spans"], float))
    )
    certainty = parts["certainty"].astype(np.float32)
    likely = None
    if "likely" in parts:
        shares = np.square(parts["likely"].astype(np.float32) / np.float32(_CODES))
        shares /= np.maximum(shares.sum(axis=0), np.float32(1e-6))
        likely = Likely(shares, parts["palette"].astype(np.float32))
    answer = Answer(parts["ab"].astype(np.float32), certainty, np.zeros_like(certainty), likely)
    return Glance(features, answer, sha256)
