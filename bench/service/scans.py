"""Small scans for clients to send: spots, grain and a tint, each another."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image

SIZE: Final = (320, 240)


def scan(number: int) -> tuple[str, bytes]:
    """A name and a file; formats alternate.

    Args:
        number: Which; the same number gives the same bytes.
    """
    drawn = np.random.default_rng(number)
    coarse = Image.fromarray(drawn.integers(40, 210, (12, 16), dtype=np.uint8))
    light = np.asarray(coarse.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
    print_ = light[..., None] * (1.0, 0.93, 0.8) + drawn.normal(0, 5, (*light.shape, 1))
    picture = Image.fromarray(print_.clip(0, 255).astype(np.uint8))
    kind, ending = (("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif"))[number % 3]
    file = io.BytesIO()
    picture.save(file, kind)
    return f"scan {number}.{ending}", file.getvalue()
