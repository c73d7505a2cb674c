"""Conversion of profiles: the short way and the long way agree."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest

from photochrom.photograph.matrix_profile import matrix_conversion
from photochrom.photograph.profiles import conversion_to_srgb, description, srgb_profile


def littlecms(strip: np.ndarray, icc: bytes) -> np.ndarray:
    """The independent judge: LittleCMS at full precision."""
    converted: np.ndarray = imagecodecs.cms_transform(
        strip, icc, srgb_profile(), colorspace="rgb", outcolorspace="rgb", intent=1, flags=0x100
    )
    return converted


# Like Display P3 and ProPhoto RGB: primaries as chromaticities, with a white point.
PROFILES = {
    "Adobe RGB": imagecodecs.cms_profile("adobergb"),
    "P3": imagecodecs.cms_profile(
        "rgb", whitepoint=(0.3127, 0.329, 1),
        primaries=(0.68, 0.32, 1, 0.265, 0.69, 1, 0.15, 0.06, 1), gamma=2.4,
    ),
    "wide": imagecodecs.cms_profile(
        "rgb", whitepoint=(0.3457, 0.3585, 1),
        primaries=(0.7347, 0.2653, 1, 0.1596, 0.8404, 1, 0.0366, 0.0001, 1), gamma=1.8,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_conversion_is_that_of_littlecms(name: str, dtype: type) -> None:
    full = np.iinfo(dtype).max
    samples = np.random.default_rng(3).integers(0, full + 1, (50, 70, 3)).astype(dtype)
    samples[0, 0], samples[0, 1] = 0, full
    conversion = conversion_to_srgb(PROFILES[name], 3, np.dtype(dtype))
    assert conversion is not None
    converted = conversion(samples)
    assert converted.dtype == np.uint16
    wanted = littlecms(samples.astype(np.uint16) * np.uint16(65535 // full), PROFILES[name])
    assert np.abs(converted.astype(int) - wanted).max() <= 24
    assert np.abs(converted[0, 1].astype(int) - 65535).max() <= 16


def test_the_short_way_is_only_taken_where_it_leads_to_the_same_place() -> None:
    icc = PROFILES["Adobe RGB"]
    same = matrix_conversion(icc, srgb_profile(), np.dtype("u1"), lambda s: littlecms(s, icc))
    assert same is not None
    other = matrix_conversion(
        icc, srgb_profile(), np.dtype("u1"), lambda s: littlecms(s, icc) // 2 + 100
    )
    assert other is None


def test_a_profile_for_other_channels_counts_as_none() -> None:
    gray = imagecodecs.cms_profile("gray", gamma=1.8)
    assert conversion_to_srgb(gray, 3, np.dtype("u1")) is None
    # Gray samples under an RGB profile are its neutral axis.
    neutral = conversion_to_srgb(PROFILES["wide"], 1, np.dtype("u1"))
    alone = conversion_to_srgb(gray, 1, np.dtype("u1"))
    assert neutral is not None and alone is not None
    ramp = np.arange(256, dtype=np.uint8)[None]
    assert np.abs(neutral(ramp).astype(int) - alone(ramp)).max() <= 24


def test_names() -> None:
    assert description(PROFILES["Adobe RGB"]) == "Adobe RGB (compatible)"
    assert description(b"nothing of the kind") == "unreadable profile (taken as sRGB)"
