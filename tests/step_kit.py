"""What tests of steps share: contexts, measures and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tiny_networks
from photochrom.emulsion import Emulsion
from photochrom.measure import (
    Blocking,
    Grain,
    Halftone,
    LikelyEmulsion,
    Measures,
    Sharpness,
    Tint,
    Tones,
)
from photochrom.nets import Registry
from photochrom.steps.plate import Context

Plane = NDArray[np.float32]


def measures(sigma: float = 0.0, blocking: float = 0.0, halftone: float = 0.0) -> Measures:
    """Measures of a scan that is clean but for what is said."""
    screen = Halftone(4.0, 45.0, halftone, None) if halftone else None
    return Measures(
        tint=Tint("neutral", 0.0, (0.0, 0.0), (0.0, 0.0), False),
        tones=Tones(0.0, 0.5, 1.0, 1.0, 0.0, 0.0),
        grain=Grain(sigma, sigma, 1.0, sigma, sigma, sigma),
        sharpness=Sharpness(1.0, 1.0),
        halftone=screen,
        blocking=Blocking(blocking, (0, 0)),
        damage=0.0,
        emulsion=LikelyEmulsion("unknown", "no date is known"),
    )


def context(folder: Path | None = None, **keys: Any) -> Context:
    """A context with tiny networks in `folder`."""
    if folder is not None:
        tiny_networks.defects(folder)
        tiny_networks.restore(folder)
        tiny_networks.color(folder)
        tiny_networks.clarity(folder, 2)
        tiny_networks.clarity(folder, 4)
    keys = {"emulsion": Emulsion.UNKNOWN, "measures": measures(), "seed": 7, **keys}
    return Context(registry=Registry([] if folder is None else [folder]), **keys)


def soft_picture(height: int, width: int, seed: int = 0) -> Plane:
    """Smooth light between 0.2 and 0.8."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    phase = np.random.default_rng(seed).uniform(0, 6, 2)
    waves = np.sin(rows / 17 + phase[0]) + np.sin(columns / 23 + phase[1])
    return (0.5 + 0.15 * waves).astype(np.float32)
