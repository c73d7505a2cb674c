"""Files, folders and URLs on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from photochrom.places import Place


class PlaceType(click.ParamType["Place"]):
    """A path, or a URL such as s3://bucket/folder/."""

    name = "place"

    def __init__(self, *, folder: bool = False):
        self._folder = folder

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        from photochrom.errors import PlaceError
        from photochrom.places import Url, place_of

        try:
            place = place_of(str(value)) if not isinstance(value, Path | Url) else value
        except PlaceError as error:
            self.fail(str(error), param, ctx)
        if self._folder and isinstance(place, Url):
            return place.folder
        if self._folder and isinstance(place, Path) and place.is_file():
            self.fail(f"Directory '{place}' is a file.", param, ctx)
        return place


PLACE = PlaceType()
FOLDER = PlaceType(folder=True)
