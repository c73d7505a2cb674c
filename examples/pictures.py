"""Draws the pictures of the docs from a demo that was made: `python -m examples.pictures demo`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

OUT = Path(__file__).parents[1] / "docs" / "pictures"
_WIDTH = 1500
# Seconds at which the film is shown, three frames to a row.
_MOMENTS = (22.0, 63.0, 75.0, 102.0, 122.5, 152.0)


def sheets(demo: Path) -> None:
    """The demo's sheets, smaller."""
    for source in sorted((demo / "sheets").glob("*.png")):
        with Image.open(source) as sheet:
            size = (_WIDTH, round(sheet.height * _WIDTH / sheet.width))
            small = sheet.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.save(OUT / f"{source.stem}.jpg", quality=85)


def film(demo: Path) -> None:
    """Frames of the demo's film."""
    frames: list[Image.Image] = []
    with av.open(str(demo / "out" / "film.mp4")) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= _MOMENTS[len(frames)]:
                frames.append(frame.to_image())
                if len(frames) == len(_MOMENTS):
                    break
    width = _WIDTH // 3
    height = width * 9 // 16
    page = Image.new("RGB", (3 * width, height * (len(frames) // 3)))
    for number, picture in enumerate(frames):
        small = picture.resize((width, height), Image.Resampling.LANCZOS)
        page.paste(small, (number % 3 * width, number // 3 * height))
    page.save(OUT / "film.jpg", quality=85)


def main(arguments: Sequence[str]) -> None:
    """Draws all from the demo in the folder that is named."""
    demo = Path(arguments[0] if arguments else "demo")
    OUT.mkdir(exist_ok=True)
    sheets(demo)
    film(demo)


if __name__ == "__main__":
    main(sys.argv[1:])
