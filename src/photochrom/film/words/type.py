"""Type: words to pixels, with real fonts, shaping, kerning, wrapping and balanced lines.

Characters that a font lacks are set from a font that has them (see `fonts`); where none has, that
is an error and not a row of boxes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import skia
from skia import textlayout

from photochrom.errors import StoryboardError
from photochrom.film.words.fonts import INVISIBLE, Fonts, at_weight
from photochrom.phrases.catalogs import from_right

_WITHIN_WORDS = re.compile("(?<=[\uac00-\ud7a3])(?=[\uac00-\ud7a3])")
"""Between two syllables of a Korean word, where lines break unless they are told not to."""

_ENDLESS = 1e6

LEAST = 0.55
"""How much smaller type may be set, so that a long word is not parted."""

_SPACED = 1.0
"""Tracking from which words are spaced out: then what joins syllables would be spaced, too."""


@dataclass(frozen=True)
class Style:
    """How a piece of text looks.

    Attributes:
        font: Family name or font file.
        size: Pixels.
        color: "#rrggbb".
        weight: 100..900; what the family has not, is the nearest that it has.
        tracking: Extra pixels between letters.
        leading: Line distance in multiples of the size.
        centered: Whether lines are centered; else they start at the left (or right, by script).
    """

    font: str
    size: float
    color: str
    weight: int = 400
    tracking: float = 0.0
    leading: float = 1.25
    centered: bool = False
    italic: bool = False


class Block:
    """Text that has been laid out and waits to be painted.

    Attributes:
        width: Of the longest line, pixels.
        height: Pixels.
        from_right: Whether its lines begin at the right.
    """

    def __init__(
        self,
        paragraph: textlayout.Paragraph,
        keep: object,
        shift: float,
        *,
        from_right: bool = False,
    ):
        self._paragraph = paragraph
        self._keep = keep  # Skia does not hold on to the fonts of a paragraph.
        self._shift = shift
        self.from_right = from_right
        self.width: float = paragraph.LongestLine
        self.height: float = paragraph.Height

    def paint(self, canvas: skia.Canvas, x: float, y: float) -> None:
        """Paint with the upper left corner of the longest line at (x, y)."""
        self._paragraph.paint(canvas, x - self._shift, y)


class Typesetter:
    """Lays out text; keeps the fonts that it has loaded.

    Args:
        fonts: Where they come from; None: packages, files and the system.
        language: Of what is set, BCP 47. It decides which shapes letters have where languages
            differ, which fonts lend those that are missing, and where lines begin.
    """

    def __init__(self, fonts: Fonts | None = None, *, language: str = "") -> None:
        self._fonts = fonts or Fonts(language=language)
        self._language = language
        self.from_right = from_right(language)
        self._provider = textlayout.TypefaceFontProvider()
        self._loaded: dict[tuple[str, int, bool], tuple[str, skia.Typeface]] = {}
        self._unicode = skia.Unicode.ICU_Make()

    def block(self, text: str, style: Style, width: float, *, balance: bool = True) -> Block:
        """Lay out a text.

        Args:
            text: Line breaks are kept.
            style: How it looks.
            width: Longest line allowed, pixels.
            balance: Make lines about equally long instead of leaving a short last one.

        Raises:
            StoryboardError: If no font has one of the characters.

        Where a word is wider than that, all is set smaller, by `LEAST` at most.
        """
        families = self._families(text, style)
        if self._language.startswith("ko") and style.tracking < _SPACED:
            text = _WITHIN_WORDS.sub("\u2060", text)
        turned = self._is_turned(text)
        paragraph = self._paragraph(text, style, families, from_right=turned)
        # The longest word is known where none had to be parted.
        paragraph.layout(_ENDLESS)
        if (word := paragraph.MinIntrinsicWidth) > width:
            style = scaled(style, max(LEAST, width / (word + 2)))
            paragraph = self._paragraph(text, style, families, from_right=turned)
        paragraph.layout(width)
        if balance:
            narrow = self._narrowest(paragraph, width)
            paragraph.layout(narrow)
        # Layout at the exact width of the longest line would wrap it again by rounding.
        longest = min(paragraph.LongestLine + 1.0, width)
        paragraph.layout(longest)
        flush = turned or self.from_right
        shift = longest - paragraph.LongestLine if flush else 0.0
        shift = 0.5 if style.centered else shift
        return Block(paragraph, (families, self._provider), shift, from_right=flush)

    def column(self, blocks: Sequence[tuple[str, Style]], width: float) -> list[Block]:
        """Lay out several texts that will stand under one another."""
        return [self.block(text, style, width) for text, style in blocks if text]

    def _is_turned(self, text: str) -> bool:
        """Whether a text runs from right to left: in a language that does, wherever a letter of it
        does; else where the first letter does (UAX 9, P2 and P3)."""
        strong = [one for one in map(unicodedata.bidirectional, text) if one in ("L", "R", "AL")]
        turned = [one != "L" for one in strong]
        return any(turned) if self.from_right else turned[:1] == [True]

    def _paragraph(
        self, text: str, style: Style, families: Sequence[str], *, from_right: bool
    ) -> textlayout.Paragraph:
        look = textlayout.TextStyle()
        look.setFontFamilies(list(families))
        look.setFontSize(style.size)
        look.setFontStyle(_font_style(style))
        look.setColor(_color(style.color))
        look.setLetterSpacing(style.tracking)
        look.setHeight(style.leading)
        look.setHeightOverride(True)
        look.setHalfLeading(True)
        if self._language:
            look.setLocale(self._language)
        shape = textlayout.ParagraphStyle()
        shape.setTextStyle(look)
        right = from_right or self.from_right
        flush = textlayout.TextAlign.kRight if right else textlayout.TextAlign.kLeft
        shape.setTextAlign(textlayout.TextAlign.kCenter if style.centered else flush)
        collection = textlayout.FontCollection()
        collection.setDefaultFontManager(self._provider)
        builder = textlayout.ParagraphBuilder.make(shape, collection, self._unicode)
        builder.pushStyle(look)
        builder.addText(_isolated(text) if from_right else text)
        return builder.Build()

    def _narrowest(self, paragraph: textlayout.Paragraph, width: float) -> float:
        """The least width at which the paragraph has as many lines as it must have."""
        height = paragraph.Height
        low, high = min(paragraph.MinIntrinsicWidth, width), width
        while high - low > 1.0:
            middle = (low + high) / 2
            paragraph.layout(middle)
            low, high = (low, middle) if paragraph.Height <= height + 0.5 else (middle, high)
        return high

    def _families(self, text: str, style: Style) -> list[str]:
        first, face = self._load(style)
        families = [first]
        missing = {
            sign for sign in text if sign not in INVISIBLE and not face.unicharToGlyph(ord(sign))
        }
        while missing:
            sign = min(missing)
            lent = self._fonts.fallback(sign)
            if lent is None:
                raise StoryboardError(
                    f'no font has the character "{sign}" (U+{ord(sign):04X})',
                    fix="install a font that has it, or name one in the theme",
                )
            alias = f"fallback {lent.name} {lent.digest}"
            self._provider.registerTypeface(at_weight(lent.face, style.weight), alias)
            families.append(alias)
            missing = {sign for sign in missing if not lent.face.unicharToGlyph(ord(sign))}
        return families

    def _load(self, style: Style) -> tuple[str, skia.Typeface]:
        key = (style.font, style.weight, style.italic)
        if key not in self._loaded:
            face = self._fonts.face(style.font, weight=style.weight, italic=style.italic)
            alias = f"{style.font} {style.weight} {'italic' if style.italic else 'upright'}"
            self._provider.registerTypeface(face, alias)
            self._loaded[key] = alias, face
        return self._loaded[key]


def _isolated(text: str) -> str:
    """A text whose lines run from right to left, which skia-python cannot be told otherwise."""
    return "\n".join(f"\u2067{line}\u2069" for line in text.split("\n"))


def scaled(style: Style, factor: float) -> Style:
    """The style at another size of the frame."""
    return replace(style, size=style.size * factor, tracking=style.tracking * factor)


def _font_style(style: Style) -> skia.FontStyle:
    slant = skia.FontStyle.kItalic_Slant if style.italic else skia.FontStyle.kUpright_Slant
    return skia.FontStyle(style.weight, skia.FontStyle.kNormal_Width, slant)


def _color(color: str) -> int:
    return int(skia.ColorSetRGB(*(int(color[i : i + 2], 16) for i in (1, 3, 5))))
