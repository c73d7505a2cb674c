"""Cards: title, chapter, text, disclosure and end credits on the theme's background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from photochrom.film.captions import TITLE_SAFE, unit
from photochrom.film.layers import Layer
from photochrom.film.storyboard import (
    Card,
    CreditsCard,
    DisclosureCard,
    Film,
    TextCard,
    Theme,
    TitleCard,
)
from photochrom.film.type import Block, Style, Typesetter, scaled

OPTICAL_CENTER = 0.47
"""A block looks centered when its middle is a little above the frame's."""


@dataclass(frozen=True)
class Rule:
    """A thin line between two blocks; its width in pixels."""

    width: float
    thickness: float


@dataclass(frozen=True)
class Row:
    """A line of the credits: role at the left of the middle, names at its right."""

    role: Block | None
    names: Block
    gutter: float

    @property
    def height(self) -> float:
        return max(self.names.height, self.role.height if self.role else 0.0)


Part = Block | Rule | Row | float
"""What stands in a card's column; a number is empty space in pixels."""


@dataclass(frozen=True)
class Column:
    """A card's contents under one another, centered.

    Attributes:
        parts: From top to bottom.
        color: Of rules.
    """

    parts: tuple[Part, ...]
    color: str

    @property
    def height(self) -> float:
        return sum(_height(part) for part in self.parts)

    def paint(self, canvas: skia.Canvas, middle: float, top: float) -> None:
        y = top
        for part in self.parts:
            if isinstance(part, Block):
                part.paint(canvas, middle - part.width / 2, y)
            elif isinstance(part, Rule):
                ink = skia.Paint(Color=_argb(self.color), AntiAlias=True)
                # On whole pixels: a blurred hairline looks like a mistake.
                edge = skia.Rect.MakeXYWH(
                    round(middle - part.width / 2), round(y), round(part.width), part.thickness
                )
                canvas.drawRect(edge, ink)
            elif isinstance(part, Row):
                if part.role is None:
                    part.names.paint(canvas, middle - part.names.width / 2, y)
                else:
                    part.role.paint(canvas, middle - part.gutter - part.role.width, y)
                    part.names.paint(canvas, middle + part.gutter, y)
            y += _height(part)


def column_for(card: Card, film: Film, setter: Typesetter) -> Column:
    """What a card says, laid out for the film's size.

    Args:
        card: Any card.
        film: Gives the size and the theme, and the title for a title card without one.
        setter: Keeps the fonts.
    """
    scale, theme = unit(film.size), film.theme
    width = film.size[0] * (1 - 2 * TITLE_SAFE)
    parts: Sequence[Part]
    if isinstance(card, TitleCard):
        parts = _title(card, film, setter, width, scale)
    elif isinstance(card, TextCard):
        parts = _text(card, theme, setter, width, scale)
    elif isinstance(card, DisclosureCard):
        parts = _disclosure(card, theme, setter, width, scale)
    else:
        parts = _credits(card, theme, setter, width, scale)
    return Column(tuple(parts), theme.rule)


def card_layer(column: Column, size: tuple[int, int]) -> Layer | None:
    """A card that fits the screen."""
    top = size[1] * OPTICAL_CENTER - column.height / 2
    top = max(top, size[1] * TITLE_SAFE / 2)
    return Layer.paint(size, lambda canvas: column.paint(canvas, size[0] / 2, top))


def roll_layer(column: Column, size: tuple[int, int]) -> Layer | None:
    """Credits taller than the screen, as one tall layer whose first row is the roll's."""
    tall = (size[0], int(column.height) // 2 * 2 + 8)
    return Layer.paint(tall, lambda canvas: column.paint(canvas, size[0] / 2, 2))


def fits(column: Column, size: tuple[int, int]) -> bool:
    return column.height <= size[1] * (1 - TITLE_SAFE)


def _title(
    card: TitleCard, film: Film, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    theme = film.theme
    head = scaled(Style(theme.title_font, 116, theme.ink, leading=1.08, centered=True), scale)
    sub = scaled(
        Style(theme.text_font, 36, theme.ink, tracking=1.5, leading=1.4, centered=True), scale
    )
    parts: list[Part] = []
    title = card.title or film.title
    if title:
        parts.append(setter.block(title, head, width))
    if title and card.subtitle:
        parts += [46 * scale, _rule(120, scale), 40 * scale]
    if card.subtitle:
        parts.append(setter.block(card.subtitle, sub, width * 0.8))
    return parts


def _text(
    card: TextCard, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    head = scaled(Style(theme.title_font, 78, theme.ink, leading=1.12, centered=True), scale)
    body = scaled(Style(theme.title_font, 48, theme.ink, leading=1.36, centered=True), scale)
    parts: list[Part] = []
    if card.heading:
        parts.append(setter.block(card.heading, head, width))
    if card.heading and card.text:
        parts += [32 * scale, _rule(84, scale), 34 * scale]
    if card.text:
        parts.append(setter.block(card.text, body, width * 0.82))
    return parts


def _disclosure(
    card: DisclosureCard, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    head = scaled(
        Style(theme.text_font, 30, theme.rule, weight=500, tracking=3.2, centered=True), scale
    )
    body = scaled(
        Style(theme.text_font, 39, theme.ink, tracking=0.3, leading=1.44, centered=True), scale
    )
    parts: list[Part] = []
    if card.heading:
        parts += [setter.block(card.heading.upper(), head, width), 30 * scale]
        parts += [_rule(84, scale), 38 * scale]
    for index, paragraph in enumerate(card.text.strip().split("\n\n")):
        if index:
            parts.append(26 * scale)
        text = " ".join(paragraph.split())
        parts.append(setter.block(text, body, width * 0.8))
    return parts


def _credits(
    card: CreditsCard, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    head = scaled(Style(theme.title_font, 60, theme.ink, leading=1.15, centered=True), scale)
    role = scaled(Style(theme.text_font, 31, theme.rule, tracking=0.6, leading=1.4), scale)
    name = scaled(Style(theme.text_font, 35, theme.ink, tracking=0.3, leading=1.3), scale)
    alone = scaled(
        Style(theme.text_font, 35, theme.ink, tracking=0.3, leading=1.3, centered=True), scale
    )
    gutter, side = 22 * scale, width / 2 - 22 * scale
    parts: list[Part] = []
    if card.heading:
        parts += [setter.block(card.heading, head, width), 30 * scale]
        parts += [_rule(84, scale), 44 * scale]
    for index, credit in enumerate(card.credits):
        if index:
            parts.append(20 * scale)
        names = "\n".join(credit.names)
        if credit.role:
            left = setter.block(credit.role, role, side)
            parts.append(Row(left, setter.block(names, name, side), gutter))
        else:
            parts.append(Row(None, setter.block(names, alone, width * 0.8), gutter))
    return parts


def _rule(width: float, scale: float) -> Rule:
    return Rule(width * scale, max(1.0, round(2 * scale)))


def _height(part: Part) -> float:
    if isinstance(part, Rule):
        return part.thickness
    return part if isinstance(part, float) else part.height


def _argb(color: str) -> int:
    return 0xFF000000 | int(color[1:], 16)
