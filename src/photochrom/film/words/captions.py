"""What is written over a picture, laid out: captions, credits and the mark, each in its corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from photochrom.film.camera import Rect
from photochrom.film.storyboard import Theme
from photochrom.film.storyboard.items import Caption, Corner
from photochrom.film.words.type import Block, Style, Typesetter, scaled

TITLE_SAFE = 0.10
"""Share of width and height at each edge that holds no text (EBU R 95 speaks of 5 %; older
screens cut more)."""

CREDIT_SAFE = 0.05
"""Small print may go as far as the action-safe area."""

LOW = 0.20
"""Share of an upright frame's height at its lower edge that holds no words: telephones put their
buttons, and what others write, over it."""

BUG = (210, 60)
"""Width and height that a bug has at most, in pixels of a wide 1080-pixel frame."""

WIDEST = 0.58
"""Share of a wide frame's width that a caption takes at most."""

GAP = 6
"""Between the parts of a caption, in pixels of a 1080-pixel frame."""


def unit(size: tuple[int, int]) -> float:
    """Factor from the sizes below, made for a 1080-pixel frame, to another frame."""
    return min(size[1] / 1080, size[0] / 1080)


def near(size: tuple[int, int]) -> float:
    """How much larger captions and small print are in frames that are seen on telephones."""
    if is_upright(size):
        return 1.3
    return 1.15 if size[0] <= size[1] else 1.0


def low_share(size: tuple[int, int], top: int, height: int) -> float:
    """Share of the picture area, at its lower edge, that holds no words.

    Args:
        size: Of the frame.
        top: First row of the picture area.
        height: Its rows.
    """
    if not is_upright(size):
        return 0.0
    return max(0.0, 1 - (size[1] * (1 - LOW) - top) / height)


def is_upright(size: tuple[int, int]) -> bool:
    """Whether a frame is made for telephones that are held upright."""
    return size[0] * 5 < size[1] * 4


@dataclass(frozen=True)
class Place:
    """Where words may stand.

    Attributes:
        size: Width and height of the picture area in pixels.
        scale: From `unit` and `near`, of the whole frame: letterboxing does not make type smaller.
        column: Right edge of the column beside a matted picture, as a share of the width; the
            words then stand on the mat. None: they lie on the picture.
        taken: The corner where a bug stands, under which words begin; "" for none.
        low: Share of the height at the lower edge that holds no words; from `low_share`.
    """

    size: tuple[int, int]
    scale: float
    column: float | None = None
    taken: str = ""
    low: float = 0.0

    def top(self, corner: Corner, safe: float) -> float:
        """Where words in an upper corner begin, in pixels."""
        top = self.size[1] * safe
        if corner != self.taken:
            return top
        bug = BUG[1] * self.scale
        return max(top, self.size[1] * CREDIT_SAFE + bug + 3 * GAP * self.scale)

    @property
    def room(self) -> float:
        """How wide a caption may be, in pixels."""
        narrow = self.size[0] <= self.size[1]
        widest = 1 - 2 * TITLE_SAFE if narrow else WIDEST
        share = widest if self.column is None else self.column - TITLE_SAFE
        return share * self.size[0]


@dataclass(frozen=True)
class Words:
    """Texts under one another in a corner of the picture area, flush with where they begin.

    Attributes:
        blocks: The texts, from top to bottom.
        corner: Where they stand.
        left: Their left edge in pixels.
        top: Their upper edge.
        gap: Space between two of them.
        ink: Their color.
    """

    blocks: tuple[Block, ...]
    corner: Corner
    left: float
    top: float
    gap: float
    ink: str

    @property
    def width(self) -> float:
        return max(block.width for block in self.blocks)

    @property
    def height(self) -> float:
        return _height(self.blocks, self.gap)

    def share(self, size: tuple[int, int]) -> Rect:
        """What they take of a picture area, in shares of it."""
        width, height = size
        return Rect(self.left / width, self.top / height, self.width / width, self.height / height)

    def paint(self, canvas: skia.Canvas) -> None:
        y = self.top
        for block in self.blocks:
            spare = self.width - block.width if block.from_right else 0.0
            block.paint(canvas, self.left + spare, y)
            y += block.height + self.gap


def caption_words(
    caption: Caption, corner: Corner, theme: Theme, setter: Typesetter, place: Place
) -> Words | None:
    """A lower third: the name large in the title font, the text, and place and date in small type.

    Args:
        caption: What it says; its own `at` is not looked at.
        corner: Where it is to stand.
        theme: Fonts and colors.
        setter: Keeps the fonts.
        place: Where it may stand.

    Returns:
        None if the caption says nothing.
    """
    name, text, note = caption.parts
    large = Style(theme.title_font, 64, theme.ink, leading=1.08)
    alone = Style(theme.text_font, 46, theme.ink, leading=1.25, tracking=0.2)
    small = Style(theme.text_font, 40, theme.ink, leading=1.25, tracking=0.3)
    quiet = Style(theme.text_font, 31, theme.ink, leading=1.4, tracking=0.9)
    parts = [(name, large), (text, small if name else alone), (note, quiet)]
    styled = [(words, scaled(style, place.scale)) for words, style in parts]
    blocks = tuple(setter.column(styled, place.room))
    return _placed(blocks, corner, place, TITLE_SAFE, theme.ink) if blocks else None


def small_print(
    text: str, corner: Corner, theme: Theme, setter: Typesetter, place: Place, ink: str = ""
) -> Words | None:
    """A credit, or the mark; None if there is no text.

    Args:
        text: One or more lines.
        corner: Where it is to stand.
        theme: Fonts and colors.
        setter: Keeps the fonts.
        place: Where it may stand.
        ink: Instead of the theme's.
    """
    if not text.strip():
        return None
    ink = ink or theme.ink
    style = Style(theme.text_font, 24, ink, tracking=0.8, leading=1.2)
    wide = place.size[0] > place.size[1]
    width = min(place.room, place.size[0] * (0.4 if wide else 1 - 2 * TITLE_SAFE))
    block = setter.block(text.strip(), scaled(style, place.scale), width)
    safe = CREDIT_SAFE if place.column is None else TITLE_SAFE
    # It begins where captions begin.
    edge = safe if wide and corner.endswith("right") else TITLE_SAFE
    return _placed((block,), corner, place, safe, ink, edge)


def above(words: Words, lower: Words) -> Words:
    """Words moved up to where they do not lie on others that reach below or into them."""
    if words.left >= lower.left + lower.width or lower.left >= words.left + words.width:
        return words
    top = min(words.top, lower.top - 3 * words.gap - words.height)
    return Words(words.blocks, words.corner, words.left, top, words.gap, words.ink)


def _height(blocks: Sequence[Block], gap: float) -> float:
    return sum(block.height for block in blocks) + gap * (len(blocks) - 1)


def _placed(
    blocks: tuple[Block, ...],
    corner: Corner,
    place: Place,
    safe: float,
    ink: str,
    edge: float | None = None,
) -> Words:
    """Texts in a corner; `edge` is the share of the width beside them, if it is another."""
    width, height = place.size
    gap = GAP * place.scale
    vertical, horizontal = corner.split()
    edge = safe if edge is None else edge
    left, top = width * edge, place.top(corner, safe)
    if horizontal == "right":
        left = width * (1 - edge) - max(block.width for block in blocks)
    if vertical == "lower":
        top = height * (1 - max(safe, place.low)) - _height(blocks, gap)
    return Words(blocks, corner, left, top, gap, ink)
