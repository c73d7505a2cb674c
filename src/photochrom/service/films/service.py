"""Ordering films."""

from __future__ import annotations

from sqlalchemy.orm import Session

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.problems import InvalidError
from photochrom.service.events.repository import announce
from photochrom.service.films.repository import Films
from photochrom.service.films.schemas import FilmAsked
from photochrom.service.films.tables import Film
from photochrom.service.jobs.repository import Jobs
from photochrom.service.productions.reading import read
from photochrom.service.productions.repository import Productions
from photochrom.service.results.repository import Results

KIND = "film"


def order(unit: Unit, asked: FilmAsked) -> Film:
    """Takes on a film of a production as it is now.

    Raises:
        NotFoundError: There is no such production.
        InvalidError: It names a file that was not sent in, or has no shots.
    """
    productions = Productions(unit.session)
    production = productions.get(asked.production)
    shown = list((production.draft or {}).get("photographs", ()))
    if production.toml is not None:
        found = read(production.toml, [one.name for one in productions.assets(production.id)])
        if not found.file.production.shots:
            raise InvalidError("the production has no shots", fix="give it some with [[shot]]")
        shown = list(found.photographs)
    film = Film(
        organization_id=unit.access.organization,
        production_id=production.id,
        by=unit.access.by,
        title=production.title,
        toml=production.toml,
        revision=production.revision,
        photographs=shown,
    )
    films = Films(unit.session)
    films.add(film)
    film.job = Jobs(unit.session).accept(
        unit.access.organization,
        KIND,
        film.id,
        unit.access.by,
        priority=asked.priority,
        argument={"production": production.id},
    )
    unit.session.flush()
    audit(
        unit,
        "film.ordered",
        subject=film.id,
        details={"production": production.id, "revision": production.revision},
    )
    return film


def forget(unit: Unit, id: str) -> None:
    """Forgets a film that is over, with its results.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = remove(unit.session, id)
    audit(unit, "film.forgotten", subject=id, details={"title": row.title})


def remove(session: Session, id: str) -> Film:
    """The same for a session that nobody's request is.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = Films(session).get(id)
    Results(session).forget_made(row)
    gone = {"id": row.id, "title": row.title, "state": "deleted"}
    announce(session, row.organization_id, "film", row.id, gone)
    return row
