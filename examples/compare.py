"""How close a restored photograph is to the truth, in figures and side by side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skimage.color import deltaE_ciede2000
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from photochrom.colorspace import lab_from_srgb
from photochrom.photograph import Photograph

_PANEL_HEIGHT = 900
_MARGIN = 24
_LABEL_HEIGHT = 56
_PAPER, _INK = (250, 248, 244), (40, 38, 35)


@dataclass(frozen=True)
class Figures:
    """Distance from the truth.

    Attributes:
        psnr: In dB, over sRGB values.
        ssim: Structural similarity of the luma, -1 .. 1.
        delta_e: Mean CIEDE2000 over all pixels.
    """

    psnr: float
    ssim: float
    delta_e: float


def compare(
    before: Photograph, after: Photograph, truth: NDArray[np.uint8]
) -> tuple[Figures, Figures]:
    """Measures how far the scan and the result are from the truth, at the truth's size."""
    return _figures(_rgb(before), truth), _figures(_rgb(after), truth)


def sheet(before: Photograph, after: Photograph, truth: NDArray[np.uint8] | None) -> Image.Image:
    """Before, after and, where it is known, the truth, side by side."""
    panels = [("before", _rgb(before)), ("after", _rgb(after))]
    if truth is not None:
        panels.append(("truth", truth.astype(np.float32) / 255))
    height, width = after.pixels.shape[:2]
    size = (round(width * _PANEL_HEIGHT / height), _PANEL_HEIGHT)
    page = Image.new(
        "RGB",
        (
            len(panels) * (size[0] + _MARGIN) + _MARGIN,
            size[1] + 2 * _MARGIN + _LABEL_HEIGHT,
        ),
        _PAPER,
    )
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=26)
    for number, (label, picture) in enumerate(panels):
        left = _MARGIN + number * (size[0] + _MARGIN)
        page.paste(Image.fromarray(_bytes(_resized(picture, size))), (left, _MARGIN))
        draw.text((left, size[1] + _MARGIN + 14), label, fill=_INK, font=font)
    return page


def _rgb(photograph: Photograph) -> NDArray[np.float32]:
    pixels = photograph.pixels.astype(np.float32) / np.iinfo(photograph.pixels.dtype).max
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _figures(picture: NDArray[np.float32], truth: NDArray[np.uint8]) -> Figures:
    height, width = truth.shape[:2]
    seen = np.round(_resized(picture, (width, height)) * 255) / 255
    true = truth.astype(np.float32) / 255
    luma = np.array([0.2126, 0.7152, 0.0722], np.float32)
    return Figures(
        psnr=float(peak_signal_noise_ratio(true, seen, data_range=1)),
        ssim=float(structural_similarity(true @ luma, seen @ luma, data_range=1)),
        delta_e=float(deltaE_ciede2000(lab_from_srgb(true), lab_from_srgb(seen)).mean()),
    )


def _resized(picture: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    shrinks = size[0] < picture.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.clip(cv2.resize(picture, size, interpolation=way), 0, 1).astype(np.float32)


def _bytes(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (picture * 255 + 0.5).astype(np.uint8)
