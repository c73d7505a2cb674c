"""The storyboard of a production: what its file leaves to be found out is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from photochrom.errors import ProductionError
from photochrom.film.storyboard import (
    ComparisonCard,
    Credit,
    Shot,
    Storyboard,
    TitleCard,
    WordsCard,
)
from photochrom.production.pacing import CHARACTERS_A_SECOND
from photochrom.production.schema import Credits, Disclosure, Item, Production


class Told(Protocol):
    """What is asked of a production's file."""

    @property
    def production(self) -> Production:
        """What it says."""

    def resolve(self, name: str) -> Path:
        """A file that it names, as a path from here."""

    def error(self, what: str, *loc: str | int) -> ProductionError:
        """An error about a key of it."""


def storyboard_of(file: Told, disclosures: Sequence[str], credits: Sequence[Credit]) -> Storyboard:
    """The film of a production with everything filled in; see `ProductionFile.storyboard`."""
    shots = [_filled(item, file, disclosures, credits) for item in file.production.shots]
    film = file.production.film
    if not film.title:
        film = film.model_copy(update={"title": file.production.title})
    theme = film.theme.located(lambda name: str(file.resolve(name)))
    film = film.model_copy(update={"theme": theme})
    if not shots:
        return Storyboard.model_construct(film=film, shots=())
    try:
        return Storyboard.model_validate({"film": film, "shot": shots})
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise file.error(what, "shot", len(shots) - 1) from error


def _filled(
    item: Item, file: Told, disclosures: Sequence[str], credits: Sequence[Credit]
) -> dict[str, Any]:
    data: dict[str, Any] = item.model_dump(by_alias=True)
    written, production = item.model_fields_set, file.production
    if isinstance(item, Shot) and "caption" not in written:
        data["caption"] = production.entry(item.photograph).caption
    if isinstance(item, Shot | ComparisonCard) and "credit" not in written:
        data["credit"] = production.entry(item.photograph).credit
    if isinstance(item, WordsCard) and item.image is not None:
        data["image"] = str(file.resolve(item.image))
    if isinstance(item, TitleCard) and not item.title:
        data["title"] = production.film.title or production.title
    elif isinstance(item, Disclosure):
        data["text"] = item.text or _readable(disclosures, item.length)
        if item.credits == "auto":
            data["credits"] = list(credits)
    elif isinstance(item, Credits) and not item.credits:
        data["credits"] = list(credits)
    return data


def _readable(texts: Sequence[str], seconds: float) -> str:
    """The first of ever shorter texts that can be read in a time, or the last.

    Of all but the two briefest, two thirds are enough: they say most at their beginning.
    """
    for left, text in zip(range(len(texts), 0, -1), texts, strict=True):
        enough = 2 / 3 if left > 2 else 1.0
        if seconds >= enough * len(text) / CHARACTERS_A_SECOND:
            return text
    return texts[-1]
