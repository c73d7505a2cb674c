"""Run an exported color network on a whole photograph, simply; for evaluation and looking.

The product joins chroma to light along edges; here it is only enlarged, so that what is measured is
the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb, lightness_from_gray, srgb_from_lab
from photochrom.emulsion import Emulsion
from training.color.data import KINDS

MULTIPLE = 32


@dataclass(frozen=True)
class Prediction:
    """What the network said, at the photograph's size.

    Attributes:
        ab: (H, W, 2) float32, CIELAB units.
        certainty: (H, W) float32, 0..1.
    """

    ab: NDArray[np.float32]
    certainty: NDArray[np.float32]


class Predictor:
    """An exported network, ready to color.

    Args:
        path: The ONNX file.
        short_side: Size that photographs are brought to for the network.
        threads: CPU threads.
    """

    def __init__(self, path: Path, *, short_side: int = 256, threads: int = 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._short_side = short_side

    def __call__(
        self,
        gray: NDArray[np.float32],
        emulsion: Emulsion,
        *,
        temperature: float = 0.5,
        hints: NDArray[np.float32] | None = None,
    ) -> Prediction:
        """Color a photograph.

        Args:
            gray: (H, W) sRGB-encoded light, 0..1.
            emulsion: How the plate saw color, as far as is known.
            temperature: Of the annealed mean; lower is more colorful and more blotched.
            hints: (3, H, W) a*/110, b*/110, strength 0..1; resized by nearest neighbor.
        """
        height, width = gray.shape
        scale = self._short_side / min(height, width)
        size = tuple(max(1, round(side * scale / MULTIPLE)) * MULTIPLE for side in (width, height))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = np.clip(cv2.resize(gray, size, interpolation=how), 0, 1)
        small_hints = np.zeros((3, *small.shape), np.float32)
        if hints is not None:
            for plane, small_plane in zip(hints, small_hints, strict=True):
                small_plane[:] = cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)
        ab, certainty = self._session.run(
            ["ab", "certainty"],
            {
                "gray": small[None, None].astype(np.float32),
                "emulsion": np.eye(len(KINDS), dtype=np.float32)[None, KINDS.index(emulsion)],
                "hints": small_hints[None],
                "temperature": np.array([temperature], np.float32),
            },
        )
        enlarge = [cv2.resize(p, (width, height), interpolation=cv2.INTER_CUBIC) for p in ab[0]]
        sure = cv2.resize(certainty[0, 0], (width, height), interpolation=cv2.INTER_LINEAR)
        return Prediction(np.stack(enlarge, axis=-1), sure)


def colored(gray: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Join chroma to the plate's own light: (H, W, 3) uint8 RGB, clipped to the gamut."""
    return join(lightness_from_gray(gray), ab)


def join(lightness: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Join chroma to (H, W) L*: (H, W, 3) uint8 RGB, clipped to the gamut."""
    rgb = srgb_from_lab(np.concatenate([lightness[..., None], ab], axis=-1))
    return (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)


def lab_of(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIELAB of 8-bit RGB."""
    return lab_from_srgb(rgb.astype(np.float32) / np.float32(255))
