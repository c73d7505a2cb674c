"""Small copies of a restored picture for a page, as a task of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from photochrom.engine import Input, Report, Task, key_of
from photochrom.engine.keys import FILES

CODE = 1
PREVIEW, THUMBNAIL = "preview.jpg", "thumbnail.jpg"
_SIDES = {PREVIEW: 2048, THUMBNAIL: 512}
_QUALITY = {PREVIEW: 88, THUMBNAIL: 82}


def view_task(item: str, picture: Path, key: str) -> Task:
    """The task that makes the copies.

    Args:
        item: What people call the photograph.
        picture: The restored picture.
        key: Of the result that it is from.
    """
    facts = {"sides": _SIDES, "quality": _QUALITY}
    view = key_of("view", CODE, facts, inputs={"picture": key}, libraries=FILES)
    return Task(view, item, make_views, None, {"picture": Input(picture, key)}, kind="view")


def make_views(folder: Path, argument: None, inputs: Mapping[str, Path], report: Report) -> None:
    """Writes the copies."""
    import numpy as np
    from PIL import Image

    from photochrom.photograph.reduced import dimensions, open_reduced

    picture = inputs["picture"]
    longest = max(dimensions(picture))
    pixels = open_reduced(picture, max(1, longest // _SIDES[PREVIEW]))
    if pixels.dtype == np.uint16:
        pixels = (pixels // 257).astype(np.uint8)
    image = Image.fromarray(pixels)
    for name, side in _SIDES.items():
        copy = image.copy()
        copy.thumbnail((side, side), Image.Resampling.LANCZOS)
        copy.save(folder / name, quality=_QUALITY[name], optimize=True)
        report(name, 1.0)
