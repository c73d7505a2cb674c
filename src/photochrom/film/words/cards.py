"""Cards: words on a plain background, from the title to the end credits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from photochrom.film.frames.emblems import Emblem, Shown
from photochrom.film.frames.layers import Layer
from photochrom.film.storyboard import (
    Card,
    CreditsCard,
    DisclosureCard,
    Film,
    QuotationCard,
    TextCard,
    Theme,
    TimelineCard,
    TitleCard,
)
from photochrom.film.words.captions import LOW, TITLE_SAFE, is_upright, near, unit
from photochrom.film.words.columns import Column, Dated, Part, Row, Rule
from photochrom.film.words.type import Block, Style, Typesetter, scaled
from photochrom.phrases import one_line

IMAGE = (1000, 300)
"""Width and height that a card's picture has at most, in pixels of a 1080-pixel frame."""

LOGO = (320, 76)
"""The same of the theme's logo."""

OPTICAL_CENTER = 0.47
"""A block looks centered when its middle is a little above the frame's."""


@dataclass(frozen=True)
class Pictures:
    """What stands on a card besides words.

    Attributes:
        image: Above its words.
        logo: The theme's, on title cards and at the end of credits.
    """

    image: Emblem | None = None
    logo: Emblem | None = None


def column_for(
    card: Card, film: Film, setter: Typesetter, pictures: Pictures = Pictures()
) -> Column:
    """What a card says, laid out for the film's size.

    Args:
        card: Any card of words.
        film: Gives the size and the theme, and the title for a title card without one.
        setter: Keeps the fonts.
        pictures: What stands on it besides.
    """
    scale, theme = unit(film.size), film.theme
    width = film.size[0] * (1 - 2 * TITLE_SAFE)
    parts: Sequence[Part]
    above = _above(pictures.image, film)
    if isinstance(card, TitleCard):
        parts = _title(card, film, setter, width, scale)
    elif isinstance(card, TextCard):
        parts = _text(card, theme, setter, width, scale)
    elif isinstance(card, QuotationCard):
        parts = _quotation(card, theme, setter, width, scale)
    elif isinstance(card, TimelineCard):
        parts = _timeline(card, theme, setter, width, scale)
    elif isinstance(card, DisclosureCard):
        parts = _disclosure(card, film, setter, width, scale * near(film.size))
    else:
        assert isinstance(card, CreditsCard)
        parts = _credits(card, theme, setter, width, scale * near(film.size))
    if pictures.logo is not None and not isinstance(card, TitleCard):
        parts = [*parts, 84 * scale, logo_of(pictures.logo, film)]
    return Column((*above, *parts), theme.rule)


def logo_of(logo: Emblem, film: Film) -> Shown:
    """The theme's logo, in the size that it has on cards."""
    scale = unit(film.size) * near(film.size)
    return logo.within(LOGO[0] * scale, LOGO[1] * scale)


def _above(image: Emblem | None, film: Film) -> Sequence[Part]:
    """A card's picture, and the space below it."""
    if image is None:
        return ()
    scale = unit(film.size)
    width = min(IMAGE[0] * scale, film.size[0] * (1 - 2 * TITLE_SAFE))
    return image.within(width, IMAGE[1] * scale), 56 * scale


def card_layer(column: Column, size: tuple[int, int]) -> Layer | None:
    """A card that fits the screen."""
    top = size[1] * OPTICAL_CENTER - column.height / 2
    top = max(top, size[1] * TITLE_SAFE / 2)
    return Layer.paint(size, lambda canvas: column.paint(canvas, size[0] / 2, top))


def foot_layer(logo: Emblem, film: Film) -> Layer | None:
    """The theme's logo at the foot of a title card, within the safe area."""
    shown = logo_of(logo, film)
    width, height = film.size
    foot = height * (1 - (LOW if is_upright(film.size) else TITLE_SAFE))
    x, y = width / 2 - shown.width / 2, foot - shown.height
    return Layer.paint(film.size, lambda canvas: shown.paint(canvas, x, y))


def roll_layer(column: Column, size: tuple[int, int]) -> Layer | None:
    """Words taller than the screen, as one tall layer whose first row is the roll's."""
    tall = (size[0], int(column.height) // 2 * 2 + 8)
    return Layer.paint(tall, lambda canvas: column.paint(canvas, size[0] / 2, 2))


def roll(column: Column, size: tuple[int, int], frames: int) -> list[int]:
    """Where the first row of words that roll stands, in each of their frames: an even row.

    They come where their first lines can be read, wait, and roll until the last ones can: so the
    screen is never empty. Rows a frame are whole and even, because type that moves by fractions
    shimmers; what time is left by that is waited out, half of it at either end.
    """
    height = size[1]
    top = round(height * TITLE_SAFE) // 2 * 2
    foot = height * (1 - (LOW if is_upright(size) else TITLE_SAFE))
    way = 2 * -(-max(int(top + column.height - foot), 0) // 2)
    # A tenth of the time to find the beginning, and one to read the end.
    rolling = max(round(0.8 * frames), 1)
    speed = max(2 * -(-way // (2 * rolling)), 2)
    waits = (frames - -(-way // speed)) // 2
    return [top - min(max(index - waits, 0) * speed, way) for index in range(frames)]


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


def _quotation(
    card: QuotationCard, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    said = Style(theme.title_font, 58, theme.ink, leading=1.34, centered=True, italic=True)
    who = Style(theme.text_font, 34, theme.rule, tracking=1.2, leading=1.35, centered=True)
    parts: list[Part] = [setter.block(card.text, scaled(said, scale), width * 0.82)]
    if card.source:
        parts += [38 * scale, _rule(84, scale), 32 * scale]
        parts.append(setter.block(card.source, scaled(who, scale), width * 0.8))
    return parts


def _timeline(
    card: TimelineCard, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    head = scaled(Style(theme.title_font, 60, theme.ink, leading=1.15, centered=True), scale)
    parts: list[Part] = []
    if card.heading:
        parts += [setter.block(card.heading, head, width), 52 * scale]
    gutter = 40 * scale
    some_stand_out = any(mark.here for mark in card.marks)
    colors = [theme.ink if mark.here or not some_stand_out else theme.rule for mark in card.marks]
    dates = []
    for mark, color in zip(card.marks, colors, strict=True):
        date = scaled(Style(theme.title_font, 46, color, leading=1.2), scale)
        dates.append(setter.block(mark.date, date, width / 3))
    left = max(block.width for block in dates)
    texts: list[Block | None] = []
    for mark, color in zip(card.marks, colors, strict=True):
        # The same line height as the dates', so that both stand on one line.
        text = scaled(Style(theme.text_font, 37, color, tracking=0.3, leading=46 * 1.2 / 37), scale)
        room = min(width - left - 2 * gutter, 1000 * scale)
        texts.append(setter.block(mark.text, text, room) if mark.text else None)
    right = max((block.width for block in texts if block), default=0.0)
    rows = zip(card.marks, colors, dates, texts, strict=True)
    for index, (mark, color, when, what) in enumerate(rows):
        last = index == len(card.marks) - 1
        parts.append(
            Dated(
                when,
                what,
                gutter,
                # Dates are short and texts are long: both together stand in the middle.
                (right - left if setter.from_right else left - right) / 2,
                (9 if mark.here else 6) * scale,
                color,
                0.0 if last else 26 * scale,
                begins=index == 0,
                ends=last,
                from_right=setter.from_right,
            )
        )
    return parts


def _disclosure(
    card: DisclosureCard, film: Film, setter: Typesetter, width: float, scale: float
) -> Sequence[Part]:
    theme = film.theme
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
        parts.append(setter.block(one_line(paragraph), body, width * 0.8))
    if card.lines:
        small = scaled(
            Style(theme.text_font, 30, theme.rule, tracking=0.6, leading=1.4, centered=True), scale
        )
        said = "\n".join(one.said(film.say) for one in card.lines)
        parts += [64 * scale, setter.block(said, small, width * 0.8)]
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
            parts.append(Row(left, setter.block(names, name, side), gutter, setter.from_right))
        else:
            parts.append(Row(None, setter.block(names, alone, width * 0.8), gutter))
    return parts


def _rule(width: float, scale: float) -> Rule:
    return Rule(width * scale, max(1.0, round(2 * scale)))
