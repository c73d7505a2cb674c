"""Color profiles: to sRGB at 16 bits, and the profiles that go into our own files.

Sources: ICC.1:2022 (profile format 4.4), IEC 61966-2-1 (sRGB), Bradford adaptation to D50.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from photochrom.photograph.matrix_profile import matrix_conversion

Samples = NDArray[np.unsignedinteger[Any]]
Conversion = Callable[[Samples], Samples]
"""Samples of a strip, (h, w) or (h, w, c), to sRGB of the same or another number of channels."""

_CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
# Half a step of 8 bits: profiles that differ from sRGB by less are sRGB.
_SAME = 65535 // 510


def description(icc: bytes) -> str:
    """Return the name that a profile gives itself."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        return " ".join(ImageCms.getProfileDescription(profile).split()) or "unnamed profile"
    except (OSError, ImageCms.PyCMSError):
        return "unreadable profile (taken as sRGB)"


def assumed(icc: bytes | None, channels: int) -> str | None:
    """Says what colors are taken for where the file does not say it; None where that goes unsaid.

    Samples of gray and RGB without a profile are sRGB for everybody.
    """
    meant = "plain inks on white paper" if channels == 4 else "sRGB"
    if not icc:
        return f"it is CMYK without a profile, and was taken as {meant}" if channels == 4 else None
    fitting = (1, 3) if channels == 1 else (channels,)
    if _CHANNELS.get(icc[16:20], 0) in fitting:
        return None
    return f"its profile is not for samples of its kind; they were taken as {meant}"


def conversion_to_srgb(icc: bytes | None, channels: int, dtype: np.dtype[Any]) -> Conversion | None:
    """Choose how samples become sRGB.

    Args:
        icc: The embedded profile; None, an unreadable one and one for another number of channels
            mean sRGB (for CMYK: plain subtraction of the inks).
        channels: 1 (gray), 3 (RGB) or 4 (CMYK, 0 is no ink).
        dtype: Of the samples, uint8 or uint16.

    Returns:
        None when the samples are sRGB as they are. Else a function from a strip of samples to
        uint16: gray stays gray, RGB stays RGB, CMYK becomes RGB.
    """
    profile_channels = _CHANNELS.get(icc[16:20], 0) if icc else 0
    by_default = _subtract_inks if channels == 4 else None
    try:
        if icc and channels == 1 and profile_channels in (1, 3):
            return _gray_conversion(icc, profile_channels, dtype)
        if icc and channels == 3 and profile_channels == 3:
            levels = np.linspace(0, 65535, 9).astype(np.uint16)
            probe = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(
                1, -1, 3
            )
            if _distance(_transform(probe, icc, 3), probe) <= _SAME:
                return None
            precise = partial(_transform, icc=icc, channels=3)
            short = matrix_conversion(icc, srgb_profile(), dtype, precise)
            return short or (lambda strip: precise(_deep(strip)))
        if icc and channels == 4 and profile_channels == 4:
            return lambda strip: _transform(_deep(strip), icc, 4)
    except imagecodecs.CmsError:
        # An unreadable profile is as good as none; `description` tells.
        return by_default
    return by_default


def _gray_conversion(icc: bytes, profile_channels: int, dtype: np.dtype[Any]) -> Conversion | None:
    """A table from gray samples to sRGB gray: exact, and much faster than the transform."""
    ramp = np.linspace(0, 65535, int(np.iinfo(dtype).max) + 1).round().astype(np.uint16)
    strip = ramp.reshape(1, -1)
    if profile_channels == 1:
        table = _transform(strip, icc, 1).reshape(-1)
    else:
        table = _transform(np.repeat(strip[..., None], 3, -1), icc, 3)[0, :, 1]
    if _distance(table, ramp) <= _SAME:
        return None
    return lambda samples: table[samples]


def _transform(strip: Samples, icc: bytes, channels: int) -> Samples:
    target = gray_profile() if channels == 1 else srgb_profile()
    flags = imagecodecs.CMS.FLAGS
    converted: Samples = imagecodecs.cms_transform(
        np.ascontiguousarray(strip),
        icc,
        target,
        colorspace={1: "gray", 3: "rgb", 4: "cmyk"}[channels],
        outcolorspace="gray" if channels == 1 else "rgb",
        intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        # Without NOOPTIMIZE, LittleCMS interpolates in a coarse table: 250 of 65,535 off.
        flags=flags.NOOPTIMIZE | flags.BLACKPOINTCOMPENSATION,
    )
    return converted


def _distance(a: Samples, b: Samples) -> int:
    return int(np.abs(a.astype(np.int32) - b.astype(np.int32)).max())


def _deep(strip: Samples) -> Samples:
    return strip.astype(np.uint16) * np.uint16(257) if strip.dtype == np.uint8 else strip


def _subtract_inks(strip: Samples) -> Samples:
    """R = (1 - C)(1 - K) and so on: what is left of the paper's white without a profile."""
    paper = np.float32(1) - _deep(strip).astype(np.float32) / np.float32(65535)
    rgb = paper[..., :3] * paper[..., 3:] * np.float32(65535)
    return np.rint(rgb).astype(np.uint16)


@cache
def srgb_profile() -> bytes:
    """An sRGB profile: the same bytes every time."""
    # Primaries of sRGB, adapted from D65 to D50.
    red, green, blue = (
        (0.43607, 0.22249, 0.01392),
        (0.38515, 0.71687, 0.09708),
        (0.14307, 0.06061, 0.71410),
    )
    tags = {b"rXYZ": _xyz(red), b"gXYZ": _xyz(green), b"bXYZ": _xyz(blue)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _srgb_curve())
    return _profile(b"RGB ", "sRGB (photochrom)", tags)


@cache
def gray_profile() -> bytes:
    """A gray profile with the curve of sRGB: the same bytes every time."""
    return _profile(b"GRAY", "Gray with sRGB curve (photochrom)", {b"kTRC": _srgb_curve()})


def _profile(space: bytes, name: str, tags: dict[bytes, bytes]) -> bytes:
    d65_to_d50 = (
        1.04788,
        0.02292,
        -0.05022,
        0.02959,
        0.99048,
        -0.01707,
        -0.00925,
        0.01508,
        0.75168,
    )
    tags = {
        b"desc": _text(name),
        b"cprt": _text("No rights reserved"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32\0\0\0\0" + _fixed(*d65_to_d50),
        **tags,
    }
    at = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, body = struct.pack(">I", len(tags)), b""
    for signature, data in tags.items():
        # Tags with the same data share it.
        if data not in places:
            places[data] = at + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += struct.pack(">4sII", signature, places[data], len(data))
    header = struct.pack(
        ">I4s4s4s4s4s", at + len(body), b"\0" * 4, b"\x04\x40\0\0", b"mntr", space, b"XYZ "
    )
    # A fixed date: the same profile whenever it is made.
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    return header.ljust(68, b"\0") + _fixed(*_D50) + b"\0" * 48 + table + body


_D50 = (0.9642, 1.0, 0.8249)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _xyz(xyz: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*xyz)


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded


def _srgb_curve() -> bytes:
    """Parametric curve, type 3: ((x + 0.055) / 1.055) ** 2.4 above 0.04045, x / 12.92 below."""
    return (
        b"para\0\0\0\0"
        + struct.pack(">HH", 3, 0)
        + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    )
