"""Type: words to pixels, with real fonts, shaping, kerning, wrapping and balanced lines.

Fonts come from packages in the shape that `fontpkg` reads (open-licensed families, one a package),
or from a file that the theme names. Characters that a font lacks are set from whatever font of the
system has them; where none has, that is an error and not a row of boxes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import fontpkg  # type: ignore[import-untyped]
import skia
from skia import textlayout

from photochrom.errors import StoryboardError

FALLBACK_INVISIBLE = frozenset("\n\r\t\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2060\ufe0f")
"""Characters that need no glyph."""


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


def font_file(name: str, *, weight: int = 400, italic: bool = False) -> Path:
    """The file of a font.

    Raises:
        StoryboardError: If there is no such family installed and no such file.
    """
    if name.lower().endswith((".ttf", ".otf", ".ttc")):
        path = Path(name)
        if not path.is_file():
            raise StoryboardError("the font file does not exist", where=path)
        return path
    try:
        return Path(fontpkg.path(name, weight, "italic" if italic else "normal", nearest=True))
    except fontpkg.FontpkgError:
        package = "fontpkg-" + name.lower().replace(" ", "-")
        raise StoryboardError(
            f'the font "{name}" is not installed',
            fix=f"pip install {package}, or name a font file",
        ) from None


def fonts_digest(names: Iterable[str]) -> str:
    """SHA-256 over the font files, so that another font makes other segments."""
    digest = hashlib.sha256()
    for name in sorted(set(names)):
        digest.update(font_file(name).read_bytes())
    return digest.hexdigest()


class Block:
    """Text that has been laid out and waits to be painted.

    Attributes:
        width: Of the longest line, pixels.
        height: Pixels.
    """

    def __init__(self, paragraph: textlayout.Paragraph, keep: object, shift: float):
        self._paragraph = paragraph
        self._keep = keep  # Skia does not hold on to the fonts of a paragraph.
        self._shift = shift
        self.width: float = paragraph.LongestLine
        self.height: float = paragraph.Height

    def paint(self, canvas: skia.Canvas, x: float, y: float) -> None:
        """Paint with the upper left corner of the longest line at (x, y)."""
        self._paragraph.paint(canvas, x - self._shift, y)


class Typesetter:
    """Lays out text; keeps the fonts that it has loaded."""

    def __init__(self) -> None:
        self._provider = textlayout.TypefaceFontProvider()
        # Not the system's manager: it would go through all fonts of the machine first.
        self._files = skia.FontMgr.New_Custom_Empty()
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
        """
        families = self._families(text, style)
        paragraph = self._paragraph(text, style, families)
        paragraph.layout(width)
        if balance:
            narrow = self._narrowest(paragraph, width)
            paragraph.layout(narrow)
        # Layout at the exact width of the longest line would wrap it again by rounding.
        longest = min(paragraph.LongestLine + 1.0, width)
        paragraph.layout(longest)
        return Block(paragraph, (families, self._provider), 0.5 if style.centered else 0.0)

    def column(self, blocks: Sequence[tuple[str, Style]], width: float) -> list[Block]:
        """Lay out several texts that will stand under one another."""
        return [self.block(text, style, width) for text, style in blocks if text]

    def _paragraph(self, text: str, style: Style, families: Sequence[str]) -> textlayout.Paragraph:
        look = textlayout.TextStyle()
        look.setFontFamilies(list(families))
        look.setFontSize(style.size)
        look.setFontStyle(_font_style(style))
        look.setColor(_color(style.color))
        look.setLetterSpacing(style.tracking)
        look.setHeight(style.leading)
        look.setHeightOverride(True)
        look.setHalfLeading(True)
        shape = textlayout.ParagraphStyle()
        shape.setTextStyle(look)
        shape.setTextAlign(
            textlayout.TextAlign.kCenter if style.centered else textlayout.TextAlign.kStart
        )
        collection = textlayout.FontCollection()
        collection.setDefaultFontManager(self._provider)
        builder = textlayout.ParagraphBuilder.make(shape, collection, self._unicode)
        builder.pushStyle(look)
        builder.addText(text)
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
            sign
            for sign in text
            if sign not in FALLBACK_INVISIBLE and not face.unicharToGlyph(ord(sign))
        }
        while missing:
            sign = min(missing)
            other = self._fallback(sign, style)
            alias = f"fallback {other.getFamilyName()}"
            self._provider.registerTypeface(other, alias)
            families.append(alias)
            missing = {sign for sign in missing if not other.unicharToGlyph(ord(sign))}
        return families

    def _fallback(self, sign: str, style: Style) -> skia.Typeface:
        """A font that has a character: of an installed package before one of the system."""
        for family in sorted(fontpkg.families()):
            file = font_file(family, weight=style.weight, italic=style.italic)
            face = self._files.makeFromFile(str(file))
            if face is not None and face.unicharToGlyph(ord(sign)):
                return _at_weight(face, style.weight)
        face = skia.FontMgr.RefDefault().matchFamilyStyleCharacter(
            "", _font_style(style), [], ord(sign)
        )
        if face is None or not face.unicharToGlyph(ord(sign)):
            raise StoryboardError(
                f'no font has the character "{sign}" (U+{ord(sign):04X})',
                fix="install a font that has it, or name one in the theme",
            )
        return face

    def _load(self, style: Style) -> tuple[str, skia.Typeface]:
        key = (style.font, style.weight, style.italic)
        if key not in self._loaded:
            path = font_file(style.font, weight=style.weight, italic=style.italic)
            face = self._files.makeFromFile(str(path))
            if face is None:
                raise StoryboardError("the file is not a font", where=path)
            face = _at_weight(face, style.weight)
            alias = f"{style.font} {style.weight} {'italic' if style.italic else 'upright'}"
            self._provider.registerTypeface(face, alias)
            self._loaded[key] = alias, face
        return self._loaded[key]


def scaled(style: Style, factor: float) -> Style:
    """The style at another size of the frame."""
    return replace(style, size=style.size * factor, tracking=style.tracking * factor)


def _at_weight(face: skia.Typeface, weight: int) -> skia.Typeface:
    """The instance of a variable font at a weight; a static font as it is."""
    tag = int.from_bytes(b"wght", "big")
    for axis in face.getVariationDesignParameters():
        if axis.tag == tag:
            value = min(max(weight, axis.min), axis.max)
            kind = skia.FontArguments.VariationPosition
            coordinates = kind.Coordinates([kind.Coordinate(tag, value)])
            position = kind(
                coordinates
            )  # Skia keeps only a pointer to it, until the clone is made.
            arguments = skia.FontArguments()
            arguments.setVariationDesignPosition(position)
            return face.makeClone(arguments) or face
    return face


def _font_style(style: Style) -> skia.FontStyle:
    slant = skia.FontStyle.kItalic_Slant if style.italic else skia.FontStyle.kUpright_Slant
    return skia.FontStyle(style.weight, skia.FontStyle.kNormal_Width, slant)


def _color(color: str) -> int:
    return int(skia.ColorSetRGB(*(int(color[i : i + 2], 16) for i in (1, 3, 5))))
