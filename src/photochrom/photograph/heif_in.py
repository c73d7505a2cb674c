"""Looking into HEIC files, with pillow-heif or its lighter twin pi-heif, where one is installed."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.errors import PhotographError
from photochrom.photograph.container import (
    Alpha,
    Container,
    Samples,
    no_such_page,
    several,
    stretch,
)

_MODULES = ("pillow_heif", "pi_heif")
_CHANNELS = {"L": 1, "LA": 1, "RGB": 3, "RGBA": 3, "RGBa": 3}
_ALPHA: dict[str, Alpha] = {"LA": "straight", "RGBA": "straight", "RGBa": "premultiplied"}


def reader() -> str | None:
    """The module that reads HEIC here, or None."""
    return next((name for name in _MODULES if importlib.util.find_spec(name) is not None), None)


def look_into_heif(path: Path, page: int | None = None) -> Container:
    """Read the header of a HEIC file.

    Args:
        path: The file.
        page: Which of its pictures, from 1; None for the one that it calls the primary.

    Raises:
        PhotographError: No module that reads HEIC is installed, or there is no such page.
        Exception: Whatever that module raises on a broken file.
    """
    opened = _opened(path)
    count = len(opened)
    if page is not None and page > count:
        raise no_such_page(path, page, count)
    image = opened if page is None else opened[page - 1]
    taken = page or 1 + int(getattr(opened, "primary_index", 0))
    mode, _, depth = str(image.mode).partition(";")
    if mode not in _CHANNELS:
        raise PhotographError(f"HEIC files of kind {image.mode} cannot be read", where=path)
    info = image.info
    bits = int(info.get("bit_depth") or depth or 8)
    return Container(
        format="heif",
        width=image.size[0],
        height=image.size[1],
        bit_depth=bits,
        channels=_CHANNELS[mode],
        alpha=_ALPHA.get(mode, "none"),
        icc=info.get("icc_profile") or None,
        page=taken,
        pages=count,
        notices=several(count, page, taken),
        # The turns that the file asks for are made by the library.
        decode=lambda _: _decode(path, page),
    )


def _opened(path: Path) -> Any:
    name = reader()
    if name is None:
        raise PhotographError(
            "is HEIC, which needs a reader that is not installed",
            where=path,
            fix="run: pip install 'photochrom[heic]'",
        )
    return importlib.import_module(name).open_heif(path, convert_hdr_to_8bit=False)


def _decode(path: Path, page: int | None) -> Samples:
    opened = _opened(path)
    image = opened if page is None else opened[page - 1]
    samples: Samples = np.array(image)
    # Deeper samples come shifted to the top of 16 bits; shifted back, white is scaled to be white.
    bits = int(image.info.get("bit_depth", 16))
    if samples.dtype == np.uint16 and 8 < bits < 16:
        samples = stretch(samples >> np.uint16(16 - bits), bits)
    return samples
