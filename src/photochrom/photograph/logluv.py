"""LogLuv and LogL samples: light on a logarithmic scale, far beyond white.

They are shown as libtiff shows them: 1 is white, what is brighter is white too, the square root
stands for the curve of a display.

Sources: G. W. Larson, "LogLuv encoding for full-gamut, high-dynamic range images" (1998); TIFF
technical note on SGI LogLuv.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.photograph.container import Samples

# XYZ to the primaries of Rec. 709 for an equal-energy white, which is LogLuv's.
_TO_RGB = np.array([[2.690, -1.276, -0.414], [-1.022, 1.978, 0.044], [0.061, -0.224, 1.163]])
# OpenCV hands out linear sRGB, by this matrix from XYZ.
_OPENCV = np.array(
    [
        [3.240479, -1.53715, -0.498535],
        [-0.969256, 1.875991, 0.041556],
        [0.055648, -0.204043, 1.057311],
    ]
)
_UV_STEP = 1 / 410
_ROWS = 256


def unpacked(data: bytes, height: int, width: int, planes: int) -> NDArray[np.uint32]:
    """The words of a strip, each row run-length coded byte plane by byte plane, highest first.

    Args:
        data: A strip's bytes.
        height: Rows.
        width: Columns.
        planes: Bytes a word: 2 for LogL, 4 for LogLuv.

    Returns:
        (height, width) words.

    Raises:
        ValueError: The bytes end too early.
    """
    words = np.zeros((height, width), np.uint32)
    at = 0
    for row in words:
        for plane in range(planes - 1, -1, -1):
            line = bytearray()
            while len(line) < width:
                if at + 1 >= len(data):
                    raise ValueError("the data end too early")
                count = data[at]
                if count >= 128:
                    line += data[at + 1 : at + 2] * (count - 126)
                    at += 2
                else:
                    line += data[at + 1 : at + 1 + count]
                    at += 1 + count
            row |= np.frombuffer(line, np.uint8, width).astype(np.uint32) << np.uint32(8 * plane)
    return words


def light(words: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The luminance of 16-bit LogL words, 1 for white."""
    exponent = (words & 0x7FFF).astype(np.float64)
    y = np.exp2((exponent + 0.5) / 256 - 64)
    y[(words & 0x7FFF) == 0] = 0
    return np.where(words & 0x8000, -y, y)


def gray(words: NDArray[np.uint32]) -> Samples:
    """(h, w) uint16 of 16-bit LogL words."""
    return _shown(light(words))


def rgb(words: NDArray[np.uint32]) -> Samples:
    """(h, w, 3) uint16 of 32-bit LogLuv words."""
    pixels = np.empty((*words.shape, 3), np.uint16)
    for top in range(0, len(words), _ROWS):
        part = words[top : top + _ROWS]
        y = light(part >> np.uint32(16))
        u = ((part >> np.uint32(8) & 0xFF) + 0.5) * _UV_STEP
        v = ((part & 0xFF) + 0.5) * _UV_STEP
        scale = 1 / (6 * u - 16 * v + 12)
        x_share, y_share = 9 * u * scale, 4 * v * scale
        xyz = np.stack([x_share / y_share * y, y, (1 - x_share - y_share) / y_share * y], axis=-1)
        pixels[top : top + _ROWS] = shown(xyz)
    return pixels


def xyz_of_bgr(pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    """(h, w, 3) XYZ of what OpenCV reads."""
    xyz: NDArray[np.float64] = pixels[..., ::-1].astype(np.float64) @ np.linalg.inv(_OPENCV).T
    return xyz


def shown(xyz: NDArray[np.float64]) -> Samples:
    """(h, w, 3) uint16 RGB of XYZ."""
    return _shown(xyz @ _TO_RGB.T)


def _shown(linear: NDArray[np.float64]) -> Samples:
    shown: Samples = np.rint(np.sqrt(np.clip(linear, 0, 1)) * 65535).astype(np.uint16)
    return shown
