"""Ordering films, and getting them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from photochrom.service.access.guards import Editing, Viewing
from photochrom.service.core.ids import Id
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.films import service
from photochrom.service.films.repository import Films
from photochrom.service.films.schemas import FilmAsked, FilmOut
from photochrom.service.films.tables import Film
from photochrom.service.photographs.repository import Photographs
from photochrom.service.results.repository import Results

router = APIRouter(prefix="/films", tags=["films"])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
def order(asked: FilmAsked, unit: Editing) -> FilmOut:
    """Make the film of a production as it is now. It is done as a job: the answer names it."""
    row = service.order(unit, asked)
    return FilmOut.of(row, Photographs(unit.session).there(row.photographs))


@router.get("")
def listed(
    unit: Viewing,
    asked: AskedPage,
    production: Annotated[Id | None, Query(description="Only those of this one.")] = None,
) -> Page[FilmOut]:
    """Films, the newest first."""
    query = Films(unit.session).all(production)
    page = page_of(unit.session, query, Film.id, asked, lambda row: row)
    results = Results(unit.session).of_all([film.id for film in page.items])
    shown = {id for film in page.items for id in film.photographs}
    there = Photographs(unit.session).there(shown)
    films = [
        FilmOut.of(film, there, [one for one in results if one.of == film.id])
        for film in page.items
    ]
    return Page(items=films, next=page.next)


@router.get("/{film_id}")
def read(film_id: Id, unit: Viewing) -> FilmOut:
    """A film, how far it is, and its files."""
    row = Films(unit.session).get(film_id)
    there = Photographs(unit.session).there(row.photographs)
    return FilmOut.of(row, there, Results(unit.session).of(row.id))


@router.delete("/{film_id}", status_code=status.HTTP_204_NO_CONTENT)
def forget(film_id: Id, unit: Editing) -> None:
    """Forget a film that is over, with its results."""
    service.forget(unit, film_id)
