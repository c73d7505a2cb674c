"""The film: a storyboard and photographs in, a film file out.

`photochrom.film` itself holds the storyboard's models, which are light to import; what renders
(`photochrom.film.render.make_film`, `photochrom.film.plan.Plan`) loads encoder, fonts and
OpenCV, and is imported where it is used.
"""

from photochrom.film.storyboard import (
    Caption,
    Card,
    ComparisonCard,
    Credit,
    CreditsCard,
    DisclosureCard,
    Film,
    Item,
    Move,
    Reveal,
    Shot,
    Sound,
    Storyboard,
    TextCard,
    Theme,
    TitleCard,
    Transition,
)

__all__ = [
    "Caption",
    "Card",
    "ComparisonCard",
    "Credit",
    "CreditsCard",
    "DisclosureCard",
    "Film",
    "Item",
    "Move",
    "Reveal",
    "Shot",
    "Sound",
    "Storyboard",
    "TextCard",
    "Theme",
    "TitleCard",
    "Transition",
]
