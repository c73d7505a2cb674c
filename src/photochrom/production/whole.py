"""The whole film of a production as one ProRes file, for editing programs and broadcasters."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from photochrom.engine import Control, Progress
from photochrom.errors import ProductionError
from photochrom.files import written_whole
from photochrom.film.storyboard import Encoder
from photochrom.places import Place, place_of
from photochrom.production.checking import check
from photochrom.production.delivering import deliver_whole, written_at
from photochrom.production.desk import Desk
from photochrom.production.file import ProductionFile
from photochrom.production.filming import film
from photochrom.production.hearing import track
from photochrom.production.viewing import spare_scans


def as_prores(
    file: ProductionFile,
    output: str | Place | None,
    jobs: int | None,
    progress: Progress,
    control: Control,
) -> Place:
    """Makes the film as ProRes, with its sound; parts that are there are not made again.

    Args:
        file: The production, in a version of its film; its pictures have been built.
        output: The file; by default beside the film, with its name.
        jobs: How many parts are made at a time; by default as many as cores and memory allow.
        progress: Told of each.
        control: Says whether it is to go on.

    Returns:
        The file.

    Raises:
        PhotochromError: The pictures are not up to date, a sound is not there, or the file cannot
            be written.
        StoppedError: By `control`, before all was done.
    """
    encoded = _encoded(file)
    target = place_of(output) if output is not None else encoded.film
    ending = encoded.production.film.encoder.ending
    if not target.name.lower().endswith(ending):
        raise ProductionError("is no name for ProRes", where=str(target), fix=f"end it in {ending}")
    if isinstance(target, Path):
        spare_scans(file, target)
    with Desk(encoded, "prores", jobs=jobs, progress=progress, control=control) as desk:
        check(encoded)
        scans, pictures = desk.with_film().footage()
        made = film(desk, desk.screening(scans, pictures, track(desk)))
        if output is None:
            desk.outputs.put(made.path, encoded.film)
            deliver_whole(encoded, [encoded.film], progress=progress)
        else:
            with (
                written_at(target) as path,
                made.path.open("rb") as ready,
                written_whole(path, error=ProductionError) as new,
            ):
                shutil.copyfileobj(ready, new)
        desk.settle()
    return target


def _encoded(file: ProductionFile) -> ProductionFile:
    """The production whose film is ProRes; in the profile that it asks for, if it does."""
    production = file.production
    own = production.film.encoder
    encoder = own if own.codec == "prores" else Encoder(codec="prores")
    settings = production.film.model_copy(update={"encoder": encoder})
    name = f"{file.film.stem}{encoder.ending}"
    output = production.output.model_copy(update={"film": name})
    changed = production.model_copy(update={"film": settings, "output": output})
    return replace(file, production=changed)
