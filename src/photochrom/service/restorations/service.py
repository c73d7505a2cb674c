"""Ordering restorations."""

from __future__ import annotations

from sqlalchemy.orm import Session

from photochrom.errors import RecipeError
from photochrom.recipe import Recipe
from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.problems import InvalidError
from photochrom.service.jobs.repository import Jobs
from photochrom.service.photographs.service import check_ready
from photochrom.service.restorations.repository import Restorations
from photochrom.service.restorations.schemas import RestorationAsked
from photochrom.service.restorations.tables import Restoration
from photochrom.service.results.repository import Results

KIND = "restoration"


def order(unit: Unit, asked: RestorationAsked) -> Restoration:
    """Takes on a restoration.

    Raises:
        NotFoundError: A photograph is not there.
        ConflictError: A photograph was refused, or nobody has looked into it yet.
        InvalidError: The recipe is none, or places in one picture are given for several.
    """
    wanted = list(dict.fromkeys(asked.photographs))
    where = "pins" if asked.pins else "crop" if isinstance(asked.crop, list) else None
    if where is not None and len(wanted) != 1:
        raise InvalidError("is a place in one picture", where=where, fix="restore one photograph")
    recipe = recipe_of(asked.recipe)
    check_ready(unit.session, wanted)
    restoration = Restoration(
        organization_id=unit.access.organization,
        by=unit.access.by,
        title=asked.title,
        recipe=recipe.to_toml(),
        recipe_name=recipe.name,
        emulsion=asked.emulsion,
        formats=list(dict.fromkeys(asked.formats)),
        pins=[one.model_dump() for one in asked.pins],
        trim=None if asked.trim.is_nothing else asked.trim.data(),
    )
    Restorations(unit.session).add(restoration)
    restoration.job = Jobs(unit.session).accept(
        unit.access.organization,
        KIND,
        restoration.id,
        unit.access.by,
        priority=asked.priority,
        items=wanted,
    )
    unit.session.flush()
    audit(
        unit,
        "restoration.ordered",
        subject=restoration.id,
        details={"recipe": recipe.name, "photographs": len(wanted)},
    )
    return restoration


def forget(unit: Unit, id: str) -> None:
    """Forgets a restoration that is over, with its results.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = remove(unit.session, id)
    audit(unit, "restoration.forgotten", subject=id, details={"title": row.title})


def remove(session: Session, id: str) -> Restoration:
    """The same for a session that nobody's request is.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = Restorations(session).get(id)
    Results(session).forget_made(row)
    return row


def recipe_of(text: str) -> Recipe:
    """The recipe that is named, or written out.

    Raises:
        InvalidError: It is none; names the line and the key.
    """
    try:
        if "\n" in text or "=" in text:
            return Recipe.from_toml(text)
        return Recipe.preset(text)
    except RecipeError as error:
        raise InvalidError(error.what, where=error.where or "recipe", fix=error.fix) from error
