"""Logos and other pictures from elsewhere, with what is transparent in them: PNG and SVG files.

SVG is drawn by resvg, in the size in which it is shown. Type in it is refused: it would hang on the
fonts of the machine. So is what lies in other files, which nobody would find in a segment's key.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from photochrom.errors import StoryboardError
from photochrom.places import public

SLIMMEST = 20
"""How many times longer than wide, or wider than long, a picture may be."""

_LARGEST = 40_000_000
"""Pixels of a PNG: a logo of more is a mistake."""

_MOST_BYTES = 20_000_000
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_LENGTH = r"\s*([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|q)?\s*"
_UNITS = {"pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "q": 96 / 101.6}

Pixels = NDArray[np.uint8]


def is_drawn(name: str) -> bool:
    """Whether a picture is one of lines and areas (SVG), by its name."""
    return public(name).lower().endswith(".svg")


@dataclass(frozen=True)
class Shown:
    """A picture in the size in which it is shown.

    Attributes:
        pixels: (H, W, 4) premultiplied RGBA.
    """

    pixels: Pixels

    @property
    def width(self) -> float:
        return float(self.pixels.shape[1])

    @property
    def height(self) -> float:
        return float(self.pixels.shape[0])

    def paint(self, canvas: skia.Canvas, x: float, y: float) -> None:
        """Paint it with its upper left corner at the whole pixel nearest to (x, y)."""
        image = skia.Image.fromarray(self.pixels, skia.kRGBA_8888_ColorType, copy=False)
        canvas.drawImage(image, round(x), round(y))


@dataclass(frozen=True)
class Emblem:
    """A picture from a file.

    Attributes:
        path: The file.
        size: Its width and height, in pixels or in whatever an SVG counts in.
        source: Its bytes where it is an SVG; else its pixels, premultiplied RGBA.
    """

    path: Path
    size: tuple[float, float]
    source: bytes | Pixels

    @classmethod
    def open(cls, path: Path) -> Emblem:
        """Reads a picture.

        Raises:
            StoryboardError: It cannot be read, is neither PNG nor SVG, has type in it or names
                other files.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            what = f"the picture cannot be read ({error.strerror or error})"
            raise StoryboardError(what, where=path) from error
        if len(data) > _MOST_BYTES:
            raise StoryboardError(
                "is too large for a logo", where=path, fix=f"{_MOST_BYTES // 10**6} MB are most"
            )
        if is_drawn(path.name):
            size, source = _drawing(data, path), data
            emblem = cls(path, size, source)
        else:
            pixels = _picture(data, path)
            emblem = cls(path, (pixels.shape[1], pixels.shape[0]), pixels)
        if not 1 / SLIMMEST <= emblem.size[0] / emblem.size[1] <= SLIMMEST:
            across, down = emblem.size
            raise StoryboardError(
                f"is {across:g} x {down:g}, too slim to be shown", where=path, fix="trim it"
            )
        return emblem

    def within(self, width: float, height: float) -> Shown:
        """It as large as it fits; a PNG never larger than it is.

        Args:
            width: At most so many pixels wide.
            height: At most so many high.

        Raises:
            StoryboardError: It cannot be drawn.
        """
        across, down = self.size
        factor = min(width / across, height / down)
        if isinstance(self.source, bytes):
            return Shown(_rendered(self.source, max(1, round(across * factor)), self.path))
        factor = min(factor, 1.0)
        size = max(1, round(across * factor)), max(1, round(down * factor))
        if size == (across, down):
            return Shown(self.source)
        return Shown(np.asarray(cv2.resize(self.source, size, interpolation=cv2.INTER_AREA)))


def _picture(data: bytes, path: Path) -> Pixels:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > _LARGEST:
                raise StoryboardError(
                    f"is {picture.width} x {picture.height} pixels, too many for a logo", where=path
                )
            straight = np.asarray(_in_srgb(picture), np.uint16)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise StoryboardError(
            "is no picture that can be shown on cards", where=path, fix="save it as PNG or SVG"
        ) from error
    alpha = straight[..., 3:]
    color = (straight[..., :3] * alpha + 127) // 255
    return np.ascontiguousarray(np.concatenate([color, alpha], axis=2).astype(np.uint8))


def _in_srgb(picture: object) -> object:
    """A picture of Pillow's as straight RGBA; without a profile it is sRGB."""
    from PIL import Image, ImageCms

    assert isinstance(picture, Image.Image)
    profile = picture.info.get("icc_profile")
    whole = picture.convert("RGBA")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return whole
    try:
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        color = ImageCms.profileToProfile(
            whole.convert("RGB"), known, ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError):
        return whole  # A profile that nothing can be made of says nothing.
    assert color is not None
    color.putalpha(whole.getchannel("A"))
    return color


def _drawing(data: bytes, path: Path) -> tuple[float, float]:
    """Width and height of an SVG that can be drawn the same way everywhere."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StoryboardError("cannot be read as SVG", where=path) from error
    if root.tag != f"{_SVG}svg":
        raise StoryboardError("cannot be read as SVG", where=path)
    for element in root.iter(f"{_SVG}text"):
        said = " ".join("".join(element.itertext()).split())[:30]
        what = f'has type in it ("{said}"), which would look different on every machine'
        raise StoryboardError(what, where=path, fix="turn it into paths, and save again")
    for element in root.iter(etree.Element):
        for name in _HREF:
            href = (element.get(name) or "").strip()
            if href and not re.match(r"#|data:image/(png|jpe?g|webp|gif)[;,]", href, re.IGNORECASE):
                if element.tag == f"{_SVG}a":
                    continue
                what = f'takes in another file ("{href[:60]}")'
                raise StoryboardError(what, where=path, fix="embed it, and save again")
    size = _size(root.get("width"), root.get("height"), root.get("viewBox"))
    if size is None:
        raise StoryboardError("has no size", where=path, fix="give it a viewBox")
    return size


def _size(width: str | None, height: str | None, box: str | None) -> tuple[float, float] | None:
    sides = [re.fullmatch(_LENGTH, side or "", re.IGNORECASE) for side in (width, height)]
    if sides[0] and sides[1]:
        across, down = (
            float(one[1]) * _UNITS.get((one[2] or "").lower(), 1.0) for one in sides if one
        )
    else:
        parts = re.split(r"[\s,]+", (box or "").strip())
        try:
            _, _, across, down = map(float, parts)
        except ValueError:
            return None
    return (across, down) if across > 0 and down > 0 else None


def _rendered(data: bytes, width: int, path: Path) -> Pixels:
    import resvg_py

    try:
        text = data.decode("utf-8-sig")
        png = resvg_py.svg_to_bytes(text, width=width, dpi=96, skip_system_fonts=True)
    except (ValueError, UnicodeDecodeError) as error:
        raise StoryboardError(f"cannot be drawn ({error})", where=path) from error
    return _picture(png, path)
