"""Large pictures read smaller than they are, without ever having all of them in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from photochrom.photograph import picture
from photochrom.photograph.container import TRANSPOSED, Container, Samples
from photochrom.photograph.develop import develop, upright
from photochrom.photograph.opening import look_into, reading
from photochrom.photograph.picture import pixels_in
from photochrom.source import Source

_ROWS = 64
"""Rows of means that are made at a time."""


def dimensions(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Width and height of a picture when upright, from its header.

    Raises:
        PhotographError: As `Photograph.open`, but for what only shows when pixels are decoded.
    """
    container, _ = look_into(Source.of(path))
    size = container.width, container.height
    return size[::-1] if container.orientation in TRANSPOSED else size


def open_reduced(
    path: str | os.PathLike[str], factor: int, *, max_pixels: int | None = None
) -> Samples:
    """Pixels as `Photograph.open` gives them, each the mean of a square of the file's.

    A TIFF in strips, as photochrom writes them, is averaged while it is read: however large it is,
    only some strips and the small picture are in memory. Other files are decoded as a whole.

    Args:
        path: The file, or a page of it.
        factor: How many times smaller the picture is to be.
        max_pixels: Larger pictures that have to be decoded as a whole are refused before they are;
            None: as by `Photograph.open`.

    Returns:
        (H, W) gray or (H, W, 3) RGB, uint8 or uint16, sRGB-encoded, upright.

    Raises:
        PhotographError: As `Photograph.open`.
    """
    source = Source.of(path)
    container, _ = look_into(source)
    if factor < 2 or container.strips is None:
        limit = picture.MAX_PIXELS if max_pixels is None else max_pixels
        pixels = pixels_in(source.file, container, limit)
        return pixels if factor < 2 else _averaged((pixels,), factor)
    with reading(source.file):
        small = _averaged(_developed(container, container.strips()), factor)
    if small.ndim == 3 and (small == small[..., :1]).all():
        small = small[..., 0]
    return np.ascontiguousarray(upright(small, container.orientation))


def _developed(container: Container, strips: Iterable[Samples]) -> Iterator[Samples]:
    for strip in strips:
        pixels = develop(strip, alpha=container.alpha, icc=container.icc, orientation=1)
        if pixels.ndim == 2 and container.channels > 1:
            # A strip may have no color where others have.
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        yield pixels


def _averaged(strips: Iterable[Samples], factor: int) -> Samples:
    """All strips together, as the means of every `factor` x `factor` pixels."""
    means: list[Samples] = []
    pending: list[Samples] = []
    count = 0
    for strip in strips:
        pending.append(strip)
        count += len(strip)
        if count < _ROWS * factor:
            continue
        joined = np.concatenate(pending)
        whole = count // factor * factor
        means.append(_mean(joined[:whole], factor))
        pending, count = [joined[whole:]], count - whole
    joined = np.concatenate(pending)
    # What is left of a row of means counts if it is half a row, or if there is nothing else.
    rows = _times(count, factor) * factor or (factor if not means else 0)
    if rows:
        missing = np.repeat(joined[-1:], max(0, rows - count), axis=0)
        means.append(_mean(np.concatenate([joined[:rows], missing]), factor))
    return np.concatenate(means)


def _mean(strip: Samples, factor: int) -> Samples:
    size = max(1, _times(strip.shape[1], factor)), len(strip) // factor
    return np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))


def _times(count: int, factor: int) -> int:
    return (count + factor // 2) // factor
