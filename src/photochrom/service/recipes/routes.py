"""Recipes, emulsions and networks: the same for everybody who has signed in."""

from __future__ import annotations

from fastapi import APIRouter

from photochrom.service.access.guards import SignedIn
from photochrom.service.recipes import service
from photochrom.service.recipes.schemas import EmulsionShown, NetworkShown, RecipeShown

router = APIRouter(tags=["recipes"])


@router.get("/recipes")
def recipes(person: SignedIn) -> list[RecipeShown]:
    """The recipes that come with photochrom, the default first."""
    return service.recipes()


@router.get("/emulsions")
def emulsions(person: SignedIn) -> list[EmulsionShown]:
    """The kinds of emulsions that photographs were taken on, and when each was the usual one."""
    return service.emulsions()


@router.get("/networks")
def networks(person: SignedIn) -> list[NetworkShown]:
    """The networks that do the work: whose they are, how good, and what they do not do well."""
    return service.networks()
