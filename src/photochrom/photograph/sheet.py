"""What every encoder is given besides the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from photochrom.photograph.metadata.embedding import Embedding


@dataclass(frozen=True)
class Sheet:
    """What an encoder is given besides the rows.

    Attributes:
        shape: (H, W) or (H, W, 3) of the whole picture.
        dtype: uint8 or uint16, of the rows.
        icc: The profile to embed.
        embed: The metadata to embed.
        dpi: Resolution.
        quality: Of JPEG and WebP, 1..100.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    icc: bytes
    embed: Embedding
    dpi: tuple[float, float] | None
    quality: int
