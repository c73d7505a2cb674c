"""Figures that others published; nothing here was measured by us."""

from __future__ import annotations

from typing import Final

SOURCE: Final = (
    "Kang et al., *DDColor: Towards Photo-Realistic Image Colorization via Dual Decoders* "
    "(ICCV 2023, arXiv:2212.11613v5), table 1"
)

IMAGENET_VAL5K: Final = (
    # Name, millions of weights, PSNR in dB, Inception FID, colorfulness, its difference from truth.
    ("CIC (Zhang et al. 2016)", 32.2, 22.64, 8.72, 31.60, 6.61),
    ("DeOldify", 63.6, 24.11, 6.59, 21.29, 16.92),
    ("DDColor-tiny", 55.0, 23.54, 4.38, 37.66, 0.55),
    ("DDColor-large", 227.9, 23.85, 3.92, 38.26, 0.05),
)
