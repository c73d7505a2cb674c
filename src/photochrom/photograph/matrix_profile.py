"""A fast way through the commonest profiles: three curves and a matrix.

LittleCMS at full precision takes a quarter of a second a megapixel. For a profile that is no more
than three curves and a matrix (Adobe RGB, Display P3, eciRGB ...) the light of a pixel is the sum
of what each channel gives alone, so three tables say it all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import linear_to_srgb

Samples = NDArray[np.unsignedinteger[Any]]

# How far, of 65,535, the short way may be from the long one.
_CLOSE_ENOUGH = 24


def matrix_conversion(
    icc: bytes,
    target: bytes,
    dtype: np.dtype[Any],
    precise: Callable[[Samples], Samples],
) -> Callable[[Samples], Samples] | None:
    """Find the short way from an RGB profile to sRGB, if there is one.

    Args:
        icc: The profile of the samples.
        target: An sRGB profile.
        dtype: Of the samples, uint8 or uint16.
        precise: The long way, from uint16 to uint16.

    Returns:
        A function from (h, w, 3) samples to (h, w, 3) uint16 sRGB; None when the profile is more
        than curves and a matrix, which shows in results unlike those of `precise`.

    Raises:
        imagecodecs.CmsError: The profile cannot be read.
    """
    red, green, blue = _light_of_channels(icc, target, int(np.iinfo(dtype).max) + 1)

    def convert(strip: Samples) -> Samples:
        light = red[strip[..., 0]]
        light += green[strip[..., 1]]
        light += blue[strip[..., 2]]
        np.clip(light, 0, 1, out=light)
        # Square roots spread the tones about as evenly as sRGB does: no step of the table shows.
        np.sqrt(light, out=light)
        light *= 65535
        light += 0.5
        encoded: Samples = _encoding()[light.astype(np.uint16)]
        return encoded

    step = 65535 // (len(red) - 1)
    trial = np.random.default_rng(0).integers(0, len(red), (1, 4096, 3)).astype(dtype)
    wanted = precise(trial.astype(np.uint16) * np.uint16(step))
    difference = np.abs(convert(trial).astype(np.int32) - wanted.astype(np.int32))
    return convert if difference.max() <= _CLOSE_ENOUGH else None


def _light_of_channels(icc: bytes, target: bytes, levels: int) -> list[NDArray[np.float32]]:
    """For red, green and blue, (levels, 3): the linear sRGB of every value, the others being 0."""
    ramp = np.linspace(0, 65535, levels).round().astype(np.uint16)
    primaries = _xyz(65535 * np.eye(3, dtype=np.uint16)[None], target)[0]
    linear_from_xyz = np.linalg.inv(primaries.astype(np.float64))
    tables = []
    for channel in range(3):
        alone = np.zeros((1, levels, 3), np.uint16)
        alone[0, :, channel] = ramp
        tables.append((_xyz(alone, icc)[0] @ linear_from_xyz).astype(np.float32))
    return tables


def _xyz(strip: Samples, icc: bytes) -> NDArray[np.float32]:
    light: NDArray[np.float32] = imagecodecs.cms_transform(
        np.ascontiguousarray(strip),
        icc,
        imagecodecs.cms_profile("xyz"),
        colorspace="rgb",
        outcolorspace="xyz",
        outdtype=np.float32,
        intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        flags=imagecodecs.CMS.FLAGS.NOOPTIMIZE,
    )
    return light


@cache
def _encoding() -> NDArray[np.uint16]:
    """The sRGB value of each square root of linear light, both of 0..65,535."""
    root = np.arange(65536) / 65535
    return np.rint(linear_to_srgb(root**2) * 65535).astype(np.uint16)
