"""Which drawing a card has."""

from __future__ import annotations

from photochrom.film.graphics.chart import ChartDrawing
from photochrom.film.graphics.number import NumberDrawing
from photochrom.film.graphics.outline import MapDrawing
from photochrom.film.graphics.page import Drawing, Page
from photochrom.film.storyboard import ChartCard, DrawnCard, FigureCard, Film
from photochrom.film.words.type import Typesetter


def drawing_for(card: DrawnCard, film: Film) -> Drawing:
    """What is drawn on a card, laid out for the film's size.

    Args:
        card: Which.
        film: Gives size, theme and language.

    Raises:
        StoryboardError: No font has a character, or there is no such country.
    """
    setter = Typesetter(language=film.language)
    page = Page(film, card.background or film.theme.background, setter)
    if isinstance(card, FigureCard):
        return NumberDrawing(card, page)
    if isinstance(card, ChartCard):
        return ChartDrawing(card, page)
    return MapDrawing(card, page)
