"""The page that something is drawn on: its room, its type, its tones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import skia

from photochrom.film.storyboard import Film
from photochrom.film.words.captions import CREDIT_SAFE, LOW, TITLE_SAFE, is_upright, near, unit
from photochrom.film.words.type import Block, Style, Typesetter, scaled

_HEADING = 60
_TEXT = 42
_SMALL = 26


class Drawing(Protocol):
    """What is drawn on a card, and how it comes to be."""

    @property
    def seconds(self) -> float:
        """How long it takes until all of it stands, if there is time."""

    def paint(self, canvas: skia.Canvas, share: float) -> None:
        """Paint what stands when a share (0..1) of that time has passed."""


@dataclass(frozen=True)
class Placed:
    """A text and where its upper left corner is, in pixels."""

    block: Block
    x: float
    y: float

    @property
    def right(self) -> float:
        return self.x + self.block.width

    @property
    def bottom(self) -> float:
        return self.y + self.block.height

    def paint(self, canvas: skia.Canvas, strength: float = 1.0) -> None:
        """Paint it; `strength` is 0 (not there) .. 1."""
        if strength <= 0:
            return
        if strength < 1:
            canvas.saveLayerAlpha(None, round(255 * strength))
        self.block.paint(canvas, self.x, self.y)
        if strength < 1:
            canvas.restore()


class Page:
    """A card of a film's size.

    Args:
        film: Gives size, theme and language.
        background: Of the card, "#rrggbb".
        setter: Keeps the fonts.

    Attributes:
        left: Edges of the room for what is drawn, in pixels; so are `right`, `top` and `bottom`.
        scale: From sizes of a 1080-pixel frame to this one.
        near: How much larger type is where a frame is narrow.
    """

    def __init__(self, film: Film, background: str, setter: Typesetter):
        self.film, self.theme, self.setter = film, film.theme, setter
        self._background = background
        self.width, self.height = film.size
        self.scale = unit(film.size)
        self.near = near(film.size)
        self.upright = is_upright(film.size)
        self.left, self.right = self.width * TITLE_SAFE, self.width * (1 - TITLE_SAFE)
        self.top = self.height * TITLE_SAFE
        self.bottom = self.height * (1 - (LOW if self.upright else TITLE_SAFE))

    @property
    def middle(self) -> float:
        return self.width / 2

    @property
    def line(self) -> float:
        """How thick a rule is."""
        return max(1.0, round(2 * self.scale))

    def tone(self, share: float, ink: str = "") -> int:
        """A color between the background and an ink, opaque: thin colors would show bands.

        Args:
            share: Of the ink, 0..1.
            ink: "#rrggbb"; without it the theme's.
        """
        pairs = zip(_parts(self._background), _parts(ink or self.theme.ink), strict=True)
        return int(skia.ColorSetRGB(*(round(low + (high - low) * share) for low, high in pairs)))

    def pen(self, color: int, width: float = 0.0) -> skia.Paint:
        """Paints areas, or lines of a width in pixels."""
        paint = skia.Paint(Color=color, AntiAlias=True)
        if width:
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(width)
            paint.setStrokeCap(skia.Paint.kRound_Cap)
            paint.setStrokeJoin(skia.Paint.kRound_Join)
        return paint

    def block(
        self,
        text: str,
        size: float,
        *,
        width: float | None = None,
        font: str = "",
        color: str = "",
        tracking: float = 0.3,
        leading: float = 1.2,
        centered: bool = True,
    ) -> Block:
        """A text in a size of a wide 1080-pixel frame; without `width` as wide as the room."""
        style = Style(
            font or self.theme.text_font,
            size,
            color or self.theme.ink,
            tracking=tracking,
            leading=leading,
            centered=centered,
        )
        return self.setter.block(
            text, scaled(style, self.scale * self.near), width or self.right - self.left
        )

    def heading(self, text: str, *, width: float | None = None, centered: bool = True) -> Block:
        """What stands above a drawing."""
        font = self.theme.title_font
        return self.block(
            text, _HEADING, width=width, font=font, tracking=0, leading=1.15, centered=centered
        )

    def text(
        self, text: str, *, width: float | None = None, color: str = "", centered: bool = True
    ) -> Block:
        """A line or two about it."""
        return self.block(text, _TEXT, width=width, color=color, leading=1.36, centered=centered)

    def source(self, text: str) -> Placed | None:
        """Where it is from: small print at the foot of the page; None if nothing is said."""
        if not text.strip():
            return None
        said = self.film.say("source-line", source=text.strip())
        block = self.block(said, _SMALL, color=self.theme.rule, tracking=0.8)
        foot = self.height * (1 - CREDIT_SAFE)
        if self.upright:
            foot = self.bottom
        return Placed(block, self.middle - block.width / 2, foot - block.height)

    def above(self, source: Placed | None, gap: float = 40) -> float:
        """Where the room above the small print ends."""
        return self.bottom if source is None else min(self.bottom, source.y - gap * self.scale)


def stacked(page: Page, blocks: list[Block], top: float, gap: float) -> list[Placed]:
    """Texts under one another in the middle of a page."""
    found = []
    for block in blocks:
        found.append(Placed(block, page.middle - block.width / 2, top))
        top += block.height + gap
    return found


def phase(share: float, begin: float, end: float) -> float:
    """How much (0..1, gently) of what happens between two moments has happened at a third."""
    time = min(max((share - begin) / (end - begin), 0.0), 1.0)
    return time * time * (3 - 2 * time)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
