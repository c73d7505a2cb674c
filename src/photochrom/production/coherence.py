"""What in a production file speaks of other parts of it, and has to fit them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from photochrom.errors import ProductionError, StoryboardError
from photochrom.faults import nearest, shown
from photochrom.film.graphics.borders import country
from photochrom.film.storyboard import MapCard, photograph_of
from photochrom.production.schema import Entry, Production


class Complaint(Protocol):
    """Makes the error about a key, or a list element, of a file."""

    def __call__(self, what: str, *loc: str | int, fix: str | None = None) -> ProductionError: ...


def hold_together(production: Production, error: Complaint) -> None:
    """Makes sure that no name is taken twice, that what is named is there, and that the film's
    name suits what it is.

    Args:
        production: What the file says.
        error: As `ProductionFile.error`.

    Raises:
        ProductionError: Names the line and the key.
    """
    _names(production, error)
    _countries(production, error)
    _film_name(production, error)
    _versions(production, error)


def _names(production: Production, error: Complaint) -> None:
    seen: dict[str, Entry] = {}
    for index, entry in enumerate(production.photographs):
        # Folded: on many systems "A.tif" and "a.tif" are one file.
        if entry.id.casefold() in seen:
            what = f"the id {entry.id!r} is taken by an earlier photograph"
            raise error(what, "photograph", index, "id", fix="choose another")
        seen[entry.id.casefold()] = entry
    ids = [entry.id for entry in production.photographs]
    for index, shot in enumerate(production.shots):
        photograph = photograph_of(shot)
        if photograph is not None and photograph not in ids:
            what = f"there is no photograph with the id {shown(photograph)}"
            like = nearest(photograph, ids)
            fix = f"did you mean {like!r}?" if like else "ids are given in [[photograph]]"
            raise error(what, "shot", index, "photograph", fix=fix)


def _countries(production: Production, error: Complaint) -> None:
    for index, card in enumerate(production.shots):
        if isinstance(card, MapCard):
            try:
                country(card.country)
            except StoryboardError as unknown:
                raise error(unknown.what, "shot", index, "country", fix=unknown.fix) from None


def _versions(production: Production, error: Complaint) -> None:
    seen: set[str] = set()
    for index, version in enumerate(production.versions):
        if version.name.casefold() in seen:
            what = f"the name {version.name!r} is taken by an earlier version"
            raise error(what, "version", index, "name", fix="choose another")
        seen.add(version.name.casefold())


def _film_name(production: Production, error: Complaint) -> None:
    encoder, name = production.film.encoder, production.output.film
    if name is not None and not encoder.suits(Path(name)):
        raise error(
            f"'output, film' is \"{name}\", but {encoder.kind.title} goes into a file that "
            f"ends in {encoder.ending}",
            *("output", "film"),
            fix=f'write film = "{Path(name).stem}{encoder.ending}", or leave it out',
        )
