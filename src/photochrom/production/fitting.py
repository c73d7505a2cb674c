"""Whether photographs fit the film: moves that no frame can show as asked, and scans too small.

Both are found from the sizes of pictures alone, before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from photochrom.errors import PhotochromError
from photochrom.faults import dotted
from photochrom.film.camera import Rect
from photochrom.film.camera.asked import Unshown, unshown
from photochrom.film.camera.framing import picture_area
from photochrom.film.camera.moves import camera_for
from photochrom.film.storyboard import Film, Shot
from photochrom.film.storyboard.items import Move
from photochrom.production.file import ProductionFile
from photochrom.production.pictures import recipe_for
from photochrom.record import Record

if TYPE_CHECKING:
    from photochrom.film.takes import Take

Size = tuple[int, int]

ENLARGED: Final = 1.5
"""How many times larger than it is a picture may be shown before that is told."""

SCALES: Final = (2, 4)
"""What clarity enlarges by."""

_NAMED: Final = 3


def enlargement(shot: Shot, picture: Size, film: Film) -> float:
    """How many times larger than it is a shot shows a picture, where it comes nearest.

    Args:
        shot: The shot; of a move that is chosen later, about.
        picture: Width and height of the picture in pixels.
        film: Its settings.
    """
    _, (width, height) = picture_area(film.size, film.theme.letterbox)
    camera = camera_for(shot, picture[0] / picture[1], width / height, shot.length, "push")
    return width / (camera.widths[0] * picture[0])


def scale_for(enlarged: float) -> int:
    """By how much clarity is to enlarge what a film enlarges so many times; 1: not at all."""
    if enlarged <= ENLARGED:
        return 1
    return next((scale for scale in SCALES if enlarged / scale <= ENLARGED), SCALES[-1])


def times(enlarged: float) -> str:
    """A number of times in words: "3.6 times"."""
    return f"{enlarged:.1f} times"


def named_by_size(enlarged: Mapping[str, float]) -> str:
    """Photographs with how many times larger than they are they are shown, the worst first."""
    largest = sorted(enlarged, key=lambda id: -enlarged[id])
    named = ", ".join(f"{id} ({times(enlarged[id])})" for id in largest[:_NAMED])
    return named + (f" and {len(largest) - _NAMED} more" if len(largest) > _NAMED else "")


def enlarged_by(file: ProductionFile, sizes: Mapping[str, Size]) -> dict[str, float]:
    """How many times larger than they are the film shows its photographs, by their ids.

    Args:
        file: The production, or a version of it.
        sizes: Width and height of the pictures that are known.
    """
    enlarged: dict[str, float] = {}
    for shot in file.production.shots:
        if isinstance(shot, Shot) and shot.photograph in sizes:
            larger = enlargement(shot, sizes[shot.photograph], file.production.film)
            enlarged[shot.photograph] = max(larger, enlarged.get(shot.photograph, 0.0))
    return enlarged


def misfits(file: ProductionFile) -> Iterator[str]:
    """What of the photographs does not fit the film and its versions, a line each."""
    sizes = _sizes(file) if file.production.shots else {}
    told: set[str] = set()
    small: dict[str, float] = {}
    for version in file.versions() if sizes else ():
        name = version.version if version.version != file.version else ""
        for index, shot in enumerate(version.production.shots):
            if isinstance(shot, Shot) and shot.photograph in sizes:
                size, film = sizes[shot.photograph], version.production.film
                for line in _moves(file, index, shot, size, film, name):
                    if line not in told:
                        told.add(line)
                        yield line
        for id, larger in enlarged_by(version, sizes).items():
            small[id] = max(larger, small.get(id, 0.0))
    yield from _small(file, {id: larger for id, larger in small.items() if larger > ENLARGED})


def told_of(file: ProductionFile, take: Take, index: int) -> Iterator[str]:
    """What a take does not show of what was asked for, a line each.

    Args:
        file: The production.
        take: The take.
        index: Which shot of the production it is.
    """
    from photochrom.photograph import dimensions

    if isinstance(take.item, Shot) and take.stills is not None:
        size = dimensions(take.stills.color)
        yield from _moves(file, index, take.item, size, take.film, "")


def _moves(
    file: ProductionFile, index: int, shot: Shot, picture: Size, film: Film, version: str
) -> Iterator[str]:
    if not isinstance(shot.move, Move):
        return
    _, (width, height) = picture_area(film.size, film.theme.letterbox)
    for one in unshown(shot.move, (width / height) / (picture[0] / picture[1])):
        where = f" of version {version}" if version else ""
        loc = ("shot", index, "move", one.key)
        what = f"'{dotted(loc)}' is {_text(one.asked)}, of which the frame{where} shows"
        what += f" {_text(one.shown)}"
        yield str(file.error(what, *loc, fix=_advice(one, film)))


def _advice(one: Unshown, film: Film) -> str:
    less = "height" if one.is_tall else "width"
    wide = "wide" if film.size[0] >= film.size[1] else "tall"
    shape = "square" if film.size[0] == film.size[1] else wide
    return f"ask for less {less}: the frame is {shape}"


def _small(file: ProductionFile, small: dict[str, float]) -> Iterator[str]:
    if not small:
        return
    smallest = max(small, key=lambda id: small[id])
    index = [entry.id for entry in file.production.photographs].index(smallest)
    scale = _scale(file, index)
    fix = "a larger scan has more to show"
    if scale < SCALES[-1]:
        fix = f"scale = {scale_for(small[smallest] * scale)} lets clarity enlarge it"
    what = f"shown larger than they are: {named_by_size(small)}"
    yield str(file.error(what, "photograph", index, "file", fix=fix))


def _sizes(file: ProductionFile) -> dict[str, Size]:
    """Width and height of the photographs' pictures, as far as they are known without a look."""
    sizes = {}
    for index, entry in enumerate(file.production.photographs):
        size = _size(file, index)
        if size is not None:
            sizes[entry.id] = size
    return sizes


def _size(file: ProductionFile, index: int) -> Size | None:
    from photochrom.photograph import dimensions

    entry = file.production.photographs[index]
    try:
        if entry.trim.is_nothing:
            scale = _scale(file, index)
            width, height = dimensions(file.resolve(entry.file))
            return width * scale, height * scale
        # How much is left of a scan is known when it was looked at.
        record = Record.open(file.folder / "pictures" / f"{entry.id}.record.json")
        return int(record.result["width"]), int(record.result["height"])
    except (PhotochromError, OSError, KeyError, ValueError, TypeError):
        return None


def _scale(file: ProductionFile, index: int) -> int:
    recipe = recipe_for(file, index)
    return int(getattr(recipe.params.get("clarity"), "scale", 1))


def _text(rect: Rect) -> str:
    sides = (rect.left, rect.top, rect.width, rect.height)
    return f"[{', '.join(f'{round(side, 3):g}' for side in sides)}]"
