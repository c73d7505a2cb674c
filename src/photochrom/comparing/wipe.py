"""The wipe: a line that travels over the picture and back, as a GIF or as a film.

The older state stays on the left of the line and the newer on its right, each above its name, as on
the comparison cards of films.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import skia
from PIL import Image

from photochrom.comparing.pair import Pair, Pixels
from photochrom.errors import PhotographError
from photochrom.files import written_whole
from photochrom.film.camera import ease
from photochrom.film.frames.layers import Layer
from photochrom.film.frames.pictures import codes_of
from photochrom.film.frames.planes import Planes
from photochrom.film.output.dither import Dither, Samples
from photochrom.film.storyboard import Theme
from photochrom.film.words.type import Style, Typesetter

SECONDS_HELD, SECONDS_MOVING = 1.4, 2.6
"""How long each state is seen whole, and how long the line takes from one side to the other."""

LONGEST = {".mp4": 1920, ".gif": 720}
"""Pixels of the longer side of a picture in them."""

_RATES = {".mp4": 24, ".gif": 15}
_COLORS = 256
_LINE = 2.5
"""Width of the line in thousandths of the picture's longer side."""


def positions(rate: int) -> Iterator[tuple[float, int]]:
    """Where the line is, in shares of the width from the left, and for how many frames.

    Args:
        rate: Frames a second.
    """
    held, moving = round(SECONDS_HELD * rate), round(SECONDS_MOVING * rate)
    there = [1 - ease(step / moving, "smooth") for step in range(1, moving)]
    yield 1.0, held
    yield from ((at, 1) for at in there)
    yield 0.0, held
    yield from ((at, 1) for at in reversed(there))


class Wipe:
    """A wipe, laid out.

    Args:
        pair: What it shows.
        longest: Pixels of the longer side of the picture.

    Attributes:
        size: Width and height of a frame, even.
        strip: Height of what lies below the picture, even.
        line: Width of the line, in pixels.
    """

    def __init__(self, pair: Pair, longest: int):
        width, height = pair.within(longest).size
        across, down = max(2, width // 2 * 2), max(2, height // 2 * 2)
        self._states = pair.at((across, down))
        self._theme = Theme()
        self._unit = max(across, 480) / 1080
        self.strip = round(68 * self._unit / 2) * 2
        self.size = (across, down + self.strip)
        self._ground = self._named(pair.labels)
        self.line = max(2, round(_LINE * max(across, down) / 1000))

    def frame(self, at: float) -> Pixels:
        """(H, W, 3) uint8, sRGB-encoded: with the line at a share of the width from the left."""
        width, height = self._states.size
        column = round(at * width)
        frame = self._ground.copy()
        frame[:height, :column] = self._states.before[:, :column]
        frame[:height, column:] = self._states.after[:, column:]
        if 0 < column < width:
            left = max(0, column - self.line // 2)
            frame[:height, left : min(width, left + self.line)] = _rgb(self._theme.ink)
        return frame

    def _named(self, labels: tuple[str, str]) -> Pixels:
        """What lies below the picture: the names of both states, each at its side."""
        width, height = self.size
        ground = np.full((height, width, 4), (*_rgb(self._theme.background), 255), np.uint8)
        surface = skia.Surface.MakeRasterDirect(
            skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType),
            ground,
        )
        setter, margin = Typesetter(), 22 * self._unit
        style = Style(self._theme.title_font, 34 * self._unit, self._theme.ink, leading=1.2)
        for number, text in enumerate(labels):
            if not text.strip():
                continue
            block = setter.block(text.strip(), style, width / 2 - margin)
            x = margin if number == 0 else width - margin - block.width
            y = height - self.strip + (self.strip - block.height) / 2
            block.paint(surface.getCanvas(), x, y)
        surface.flushAndSubmit()
        return np.ascontiguousarray(ground[..., :3])


def write_gif(path: Path, pair: Pair) -> None:
    """Write a wipe as a GIF that goes on for ever.

    Args:
        path: The file.
        pair: What it shows.

    Raises:
        PhotographError: It cannot be written.
        StoryboardError: No font has a character of the labels.
    """
    rate = _RATES[".gif"]
    wipe = Wipe(pair, LONGEST[".gif"])
    # One palette for all frames, taken from both states: colors that jump would be seen first.
    both = np.concatenate([wipe.frame(1.0), wipe.frame(0.0)])
    palette = Image.fromarray(both).quantize(_COLORS, Image.Quantize.MEDIANCUT)
    frames, lengths = [], []
    for at, count in positions(rate):
        picture = Image.fromarray(wipe.frame(at))
        # Not dithered: patterns would crawl behind the line, and take three times the room.
        frames.append(picture.quantize(palette=palette, dither=Image.Dither.NONE))
        lengths.append(round(1000 * count / rate))
    with written_whole(path, error=PhotographError) as file:
        frames[0].save(
            file,
            "GIF",
            save_all=True,
            append_images=frames[1:],
            duration=lengths,
            loop=0,
            comment=(pair.note or "photochrom").encode("utf-8"),
        )


def write_film(path: Path, pair: Pair) -> None:
    """Write a wipe as an H.264 film in MP4, without sound.

    Args:
        path: The file.
        pair: What it shows.

    Raises:
        StoryboardError: It cannot be written, or no font has a character of the labels.
    """
    from photochrom.film.output.encode import encode_segment
    from photochrom.film.output.muxing import join
    from photochrom.film.storyboard.encoder import Encoder

    rate, encoder = Fraction(_RATES[".mp4"]), Encoder()
    wipe = Wipe(pair, LONGEST[".mp4"])
    with TemporaryDirectory(prefix="photochrom-") as folder:
        segment = Path(folder) / "wipe.mp4"
        frames = list(positions(_RATES[".mp4"]))
        samples = _samples(wipe, frames)
        encode_segment(segment, samples, size=wipe.size, rate=rate, encoder=encoder)
        metadata = {"title": " | ".join(pair.labels), "comment": pair.note}
        count = sum(held for _, held in frames)
        join([(segment, count)], None, path, rate=rate, metadata=metadata)


def _samples(wipe: Wipe, frames: list[tuple[float, int]]) -> Iterator[Samples]:
    """The frames as the encoder takes them; the line is where it is to fractions of pixels."""
    from photochrom.film.scenes.comparison import parted

    dither, theme = Dither(wipe.size), Theme()
    before, after = (_planes(wipe.frame(at)) for at in (1.0, 0.0))
    rows, ink = wipe.size[1] - wipe.strip, codes_of(theme.ink)
    for at, count in frames:
        planes = parted(before, after, at * wipe.size[0], float(wipe.line), ink)
        for plane, named, scale in zip(planes.parts(), before.parts(), (1, 2, 2), strict=True):
            plane[rows // scale :] = named[rows // scale :]
        samples = dither.to_samples(planes)
        for _ in range(count):
            yield samples


def _planes(pixels: Pixels) -> Planes:
    height, width = pixels.shape[:2]
    rgba = np.ones((height, width, 4), np.float32)
    rgba[..., :3] = pixels / np.float32(255)
    return Layer.from_rgba(rgba).over(Planes.flat((width, height), codes_of("#000000")))


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
