"""Putting what was made where people look for it, and saying what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from photochrom.engine import Failure
from photochrom.errors import PhotochromError, RetouchedError
from photochrom.production.desk import Desk
from photochrom.production.file import ProductionFile
from photochrom.production.result import Failed, Filmed, Left, Published

FILM = "film"
SIDECARS = "sidecars"


def named(what: str, file: ProductionFile) -> str:
    """What the film of a version, or what is beside it, is called in results: "film (vertical)"."""
    return f"{what} ({file.version})" if file.version else what


def publish(desk: Desk, filmed: Filmed) -> Published:
    """Puts the film and what belongs beside it where people look for them."""
    target = desk.file.film
    name, beside_it = named(FILM, desk.file), named(SIDECARS, desk.file)
    film = put(desk, name, {filmed.path: target}, made=filmed.made, whole=True)
    targets = {path: target.with_name(path.name) for path in filmed.sidecars.paths}
    beside = put(desk, beside_it, targets, made=filmed.sidecars.made, whole=False)
    return together([film, beside])


def put(
    desk: Desk, name: str, targets: Mapping[Path, Path], *, made: bool, whole: bool
) -> Published:
    """Puts results where people look for them.

    Args:
        desk: The production, opened.
        name: Whose they are.
        targets: Where each file goes.
        made: Whether they were made now.
        whole: Stop at the first that cannot be put there; else the others are put there all the
            same.
    """
    failed: list[Failed] = []
    left: list[Left] = []
    files: dict[str, str] = {}
    for source, target in targets.items():
        try:
            new = desk.outputs.put(source, target)
            # What goes elsewhere only passes through here: whether it is new there is seen there.
            made = made or (new and desk.file.far_folder is None)
            files[str(target.absolute())] = desk.ledger.digest(target)
        except RetouchedError as error:
            left.append(Left.of(name, error))
        except PhotochromError as error:
            failed.append(Failed(name, "publish", Failure.of(error)))
        if whole and (failed or left):
            break
    if failed or left:
        return Published(failed=tuple(failed), left=tuple(left), files=files)
    return Published((name,) if made else (), () if made else (name,), files=files)


def together(parts: Sequence[Published]) -> Published:
    """What several have come to, as one."""
    return Published(
        tuple(name for one in parts for name in one.made),
        tuple(name for one in parts for name in one.kept),
        tuple(failed for one in parts for failed in one.failed),
        {path: digest for one in parts for path, digest in one.files.items()},
        tuple(left for one in parts for left in one.left),
    )
