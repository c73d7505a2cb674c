"""The color book as a page to read and to print: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.colors.stated import hex_of, stated
from photochrom.errors import ProductionError
from photochrom.files import write_text
from photochrom.photograph import dimensions, open_reduced
from photochrom.pinning import swatch_color
from photochrom.production.color_book import Book, Seen
from photochrom.production.subjects import Part, Subject
from photochrom.steps import maps

if TYPE_CHECKING:
    from jinja2 import Template

# Pixels of a cropped photograph on the page, and the share of the picture's shorter side that it
# shows at least.
_CROP: Final = (360, 270)
_LEAST: Final = 0.34
_SURE: Final = ("documented", "reported", "assumed", "agreed", "guessed")


@dataclass(frozen=True)
class Crop:
    """What is seen of a color in one photograph, for the page."""

    seen: Seen
    picture: str
    shown: str
    share: float


@dataclass(frozen=True)
class Chapter:
    """One color: a part of a subject, or a color of a photograph's own.

    Attributes:
        title: What has it.
        period: When it holds; "" for always.
        color: "#rrggbb".
        said: The color in the words of the production.
        source: Who says so.
        sure: How sure.
        crops: Where it is seen.
    """

    title: str
    period: str
    color: str
    said: str
    source: str
    sure: str
    crops: Sequence[Crop]

    @property
    def link(self) -> str:
        """The source, if it is a web address."""
        return self.source if self.source.startswith(("https://", "http://")) else ""


def color_page(book: Book) -> str:
    """The page.

    Args:
        book: What it shows.
    """
    crops = _crops(book.seen)
    groups: list[tuple[str, str, list[Chapter]]] = []
    for subject in book.file.production.subjects:
        chapters = [_of_part(book, subject, part, crops) for part in subject.parts]
        shown = [
            entry.id
            for entry in book.file.production.photographs
            if subject.id in entry.subjects
            or any(_is_of(one, subject) and one.entry is entry for one in book.seen)
        ]
        seen_in = ", ".join(shown) if shown else "no photograph"
        groups.append((subject.called, f"seen in {seen_in}", chapters))
    alike: dict[tuple[str, str, str, str], list[Crop]] = {}
    for crop in crops:
        if crop.seen.color.part is None:
            pin = crop.seen.color.pin
            said = (crop.seen.entry.id, hex_of(pin.color), pin.source, pin.sure)
            alike.setdefault(said, []).append(crop)
    own = [*map(_own, alike.values())]
    if own:
        groups.append(("Of single photographs", "", own))
    return _template().render(
        title=book.file.production.title,
        groups=groups,
        known=book.known,
        lent=[(known.entry.id, one) for known in book.known for one in known.lent],
        names=_SURE,
        allowed=book.allowed,
        to_look_at=[*book.allowed.emulsions, *book.allowed.passed_over, *book.unread],
    )


def save_color_book(book: Book, path: Path, *, force: bool = False) -> None:
    """Write a color book, whole or not at all.

    Args:
        book: What it tells.
        path: The file.
        force: Replace a file there that is no color book.

    Raises:
        ProductionError: Another file is there, or it cannot be written.
    """
    if path.is_file() and not force and not _is_ours(path):
        fix = "name another file, or replace it with --force"
        raise ProductionError("is there already, and is no color book", where=path, fix=fix)
    write_text(path, color_page(book), error=ProductionError)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return b'content="photochrom colors"' in file.read(2000)


def _is_of(seen: Seen, subject: Subject) -> bool:
    return seen.color.subject is not None and seen.color.subject.id == subject.id


def _of_part(book: Book, subject: Subject, part: Part, crops: Sequence[Crop]) -> Chapter:
    own = [one for one in crops if _is_of(one.seen, subject) and one.seen.color.part == part]
    rgb = hex_of(own[0].seen.color.pin.color) if own else _color_of(book, part)
    said = part.color or f"a swatch of {part.swatch.file if part.swatch else ''}"
    return Chapter(part.name, part.period, rgb, said, part.source, part.sure, own)


def _color_of(book: Book, part: Part) -> str:
    if part.color is not None:
        return hex_of(stated(part.color).rgb)
    assert part.swatch is not None
    return hex_of(swatch_color(book.file.resolve(part.swatch.file), part.swatch.box))


def _own(crops: Sequence[Crop]) -> Chapter:
    """A color of one photograph, which may be seen at several places."""
    pin, entry = crops[0].seen.color.pin, crops[0].seen.entry
    said = pin.said or hex_of(pin.color)
    title = entry.caption or entry.id
    return Chapter(title, "", hex_of(pin.color), said, pin.source, pin.sure, crops)


def _crops(seen: Sequence[Seen]) -> list[Crop]:
    """What is seen of each color; a picture is read once for all of its own, which follow."""
    crops = []
    for path, group in groupby(seen, key=lambda one: one.picture):
        pixels = None if path is None else _pixels(path)
        for one in group:
            picture = "" if pixels is None else _cropped(pixels, one)
            share = float(one.told.get("share", 0))
            crops.append(Crop(one, picture, str(one.told.get("shown", "")), share))
    return crops


def _pixels(path: Path) -> NDArray[np.uint8]:
    width, height = dimensions(path)
    pixels = open_reduced(path, max(1, max(width, height) // 1600))
    if pixels.ndim == 2:
        pixels = np.dstack([pixels] * 3)
    return np.asarray(pixels if pixels.dtype == np.uint8 else pixels >> 8, np.uint8)


def _cropped(pixels: NDArray[np.uint8], seen: Seen) -> str:
    """A part of a picture around a color, as a data URL."""
    rows, columns = pixels.shape[:2]
    left, top, right, bottom = _around(seen, columns, rows)
    image = Image.fromarray(np.ascontiguousarray(pixels[top:bottom, left:right]))
    image.thumbnail(_CROP)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=86)
    return "data:image/jpeg;base64," + base64.b64encode(target.getvalue()).decode("ascii")


def _around(seen: Seen, width: int, height: int) -> tuple[int, int, int, int]:
    """The part of a picture that shows a color and what is around it; 4 by 3."""
    pin = seen.at
    wide = high = _LEAST * min(width, height)
    if pin.box is not None:
        wide, high = max(wide, 1.4 * pin.box[2] * width), max(high, 1.4 * pin.box[3] * height)
    elif pin.mask:
        mask = maps.unpacked(pin.mask, maps.PLACE)
        inside, whole = np.argwhere(mask > 0.5), mask.shape
        span = (inside.max(axis=0) - inside.min(axis=0)) if len(inside) else np.zeros(2)
        wide = max(wide, 1.2 * float(span[1]) / whole[1] * width)
        high = max(high, 1.2 * float(span[0]) / whole[0] * height)
    else:
        # As large as the thing, as far as its share of the picture says.
        side = 1.6 * float(np.sqrt(float(seen.told.get("share", 0)) * width * height))
        wide = high = max(wide, side)
    wide, high = max(wide, high * 4 / 3), max(high, wide * 3 / 4)
    wide, high = min(wide, width), min(high, height)
    left = min(max(0.0, pin.at[0] * width - wide / 2), width - wide)
    top = min(max(0.0, pin.at[1] * height - high / 2), height - high)
    return int(left), int(top), int(left + wide), int(top + high)


@lru_cache
def _template() -> Template:
    """Escapes all that it is given, and fails where something is missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("photochrom.production", "")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return page.get_template("color_page.html")
