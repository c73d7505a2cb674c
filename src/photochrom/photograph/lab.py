"""CIELAB samples of a TIFF: to sRGB, by LittleCMS.

Sources: TIFF revision 6.0, section 23, and its PageMaker supplement (ICCLab); ICC.1:2022, 10.13.
"""

from __future__ import annotations

from functools import cache

import imagecodecs
import numpy as np
from PIL import ImageCms
from tifffile import PHOTOMETRIC

from photochrom.photograph.container import Samples
from photochrom.photograph.develop import strip_height
from photochrom.photograph.profiles import srgb_profile

KINDS = (PHOTOMETRIC.CIELAB, PHOTOMETRIC.ICCLAB)


def rgb_of_lab(samples: Samples, photometric: PHOTOMETRIC) -> Samples:
    """Turn L*, a*, b* into sRGB.

    Args:
        samples: (H, W, 3) uint8 or uint16, as a TIFF has them.
        photometric: CIELAB (a* and b* are signed) or ICCLAB (they are not).

    Returns:
        (H, W, 3) uint16.
    """
    pixels = np.empty(samples.shape, np.uint16)
    flags = imagecodecs.CMS.FLAGS
    step = strip_height(samples)
    for top in range(0, len(samples), step):
        pixels[top : top + step] = imagecodecs.cms_transform(
            _encoded(samples[top : top + step], photometric),
            _lab_profile(),
            srgb_profile(),
            colorspace="lab",
            outcolorspace="rgb",
            intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
            flags=flags.NOOPTIMIZE,
        )
    return pixels


def _encoded(strip: Samples, photometric: PHOTOMETRIC) -> Samples:
    """As LittleCMS wants it: 0 to 100 and -128 to 127 over the full range of 16 bits."""
    deep = strip.dtype == np.uint16
    lab = strip.astype(np.int64)
    if photometric == PHOTOMETRIC.CIELAB:
        middle = 2**15 if deep else 2**7
        lab[..., 1:] = (lab[..., 1:] + middle) % (2 * middle)
    if not deep:
        lab *= 257
    elif photometric == PHOTOMETRIC.CIELAB:
        lab[..., 1:] = (lab[..., 1:] * 257 + 128) // 256
    else:  # In the 16 bits of older profiles, 0xFF00 is 100 and 127.
        lab = (lab * 257 + 128) // 256
    return np.clip(lab, 0, 65535).astype(np.uint16)


@cache
def _lab_profile() -> bytes:
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
