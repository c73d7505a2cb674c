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

    def __init__(self, *, folder: bool = False, near: bool = False):
        self._folder = folder
        self._near = near

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        from photochrom.errors import PlaceError
        from photochrom.places import Url, place_of

        try:
            place = place_of(str(value)) if not isinstance(value, Path | Url) else value
        except PlaceError as error:
            self.fail(str(error), param, ctx)
        if self._near and isinstance(place, Url):
            self.fail(f"{place} lies elsewhere; name a file or folder of this machine.", param, ctx)
        if self._folder:
            return self._as_folder(place, str(value), param, ctx)
        return place

    def _as_folder(
        self, place: Place, typed: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        from photochrom.photograph import SUFFIXES
        from photochrom.places import Url

        is_folder = typed.endswith(("/", "\\")) or (isinstance(place, Path) and place.is_dir())
        if isinstance(place, Path) and place.is_file():
            self.fail(f"Directory '{place}' is a file.", param, ctx)
        if not is_folder and place.suffix.lower() in SUFFIXES:
            # Results are named after their scans; a folder called "out.jpg" is what nobody means.
            self.fail(
                f"'{typed}' is the name of a picture; name a folder, and results get the names of "
                "their scans: --suffix adds to them, --format says what they are.",
                param,
                ctx,
            )
        return place.folder if isinstance(place, Url) else place


PLACE = PlaceType()
FOLDER = PlaceType(folder=True)
NEAR = PlaceType(near=True)
"""A path; what looks like a URL is told of."""
