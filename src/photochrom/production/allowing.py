"""Are the documented colors of a production such as its plates allow?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colors import Finding, Seen, judge, likely_emulsions
from photochrom.colors.stated import hex_of
from photochrom.colorspace import srgb_to_linear
from photochrom.emulsion import Emulsion
from photochrom.engine import Event, Progress, nobody
from photochrom.errors import PhotographError
from photochrom.glancing import check_reference
from photochrom.photograph import Photograph
from photochrom.places import public
from photochrom.production.bringing import Openable, opened
from photochrom.production.checking import check
from photochrom.production.documenting import Documented, documented
from photochrom.production.file import ProductionFile
from photochrom.production.naming import references_in
from photochrom.production.schema import Entry
from photochrom.recipe import Recipe
from photochrom.restoration import choose_emulsion, restore
from photochrom.steps.plate import Pin

Light = NDArray[np.float32]

_LONGEST: Final = 1024
# Of the shorter side: a place is what is around it, not one grain.
_AROUND: Final = 0.012
_ENOUGH: Final = 3
_LIKELIER: Final = 0.9
_STAGE: Final = "documented colors"

_NAMES: Final[Mapping[Emulsion, str]] = MappingProxyType(
    {
        Emulsion.BLUE_SENSITIVE: "a blue-sensitive plate",
        Emulsion.ORTHOCHROMATIC: "an orthochromatic plate",
        Emulsion.PANCHROMATIC: "a panchromatic plate",
    }
)


@dataclass(frozen=True)
class Conflict:
    """A documented color that its plate speaks against.

    Attributes:
        photograph: Its id.
        color: The color and its place.
        finding: What the plate says.
        line: All of it in words, with file, line and key.
    """

    photograph: str
    color: Documented
    finding: Finding
    line: str


@dataclass(frozen=True)
class Allowed:
    """What the plates of a production say of its documented colors.

    Attributes:
        tested: How many colors were.
        conflicts: Those that somebody should look at.
        emulsions: Of each photograph whose colors tell, in words, when they tell of another
            emulsion than it is taken for.
        passed_over: Photographs whose colors were not tested, and why.
        unread: Scans that could not be read, and references without colors, and why.
    """

    tested: int
    conflicts: tuple[Conflict, ...]
    emulsions: tuple[str, ...]
    passed_over: tuple[str, ...]
    unread: tuple[str, ...]


def check_colors(production: Openable, *, progress: Progress = nobody) -> Allowed:
    """Test the documented colors of a production against what its plates recorded.

    Nothing is restored but tones, and nothing is written.

    Args:
        production: The production file.
        progress: Told of each photograph that has been looked at.

    Raises:
        PhotochromError: The file is not a production, or something is missing without which
            nothing of it can be made.
    """
    file = opened(production)
    check(file)
    entries = [
        (index, entry) for index, entry in enumerate(file.production.photographs) if entry.colors
    ]
    tested, unread, passed_over = 0, [*_without_colors(file)], []
    conflicts: list[Conflict] = []
    emulsions: list[str] = []
    for done, (index, entry) in enumerate(entries, start=1):
        try:
            colors = documented(file, index)
            light, emulsion, because = _plate(file, entry)
        except PhotographError as error:
            unread.append(str(error))
            continue
        finally:
            progress(Event(_STAGE, entry.id, done, len(entries), "looked at", 1.0))
        if light is None:
            passed_over.append(f"{entry.id}: it is in color already, and says itself what it was")
            continue
        seen = [Seen(one.pin.color, light_at(light, one.pin.at)) for one in colors]
        tested += len(seen)
        conflicts += _conflicts(file, index, colors, judge(seen, emulsion), because)
        emulsions += _other_emulsion(entry, seen, emulsion)
    return Allowed(tested, tuple(conflicts), tuple(emulsions), tuple(passed_over), tuple(unread))


def _without_colors(file: ProductionFile) -> Iterator[str]:
    """References that can lend nothing, each once."""
    for one in {one.name: one for one in references_in(file.production)}.values():
        try:
            check_reference(Photograph.open(file.resolve(one.name)), one.name)
        except PhotographError as error:
            yield str(file.error(f"{public(one.name)}: {error.what}", *one.loc, fix=error.fix))


def _plate(file: ProductionFile, entry: Entry) -> tuple[Light | None, Emulsion, str]:
    """What a plate shows (None of a photograph in color), which it is taken for, and why."""
    photograph = Photograph.open(file.resolve(entry.file))
    emulsion, because = choose_emulsion(photograph.info, entry.emulsion, entry.year)
    return recorded(photograph, negative=entry.negative), emulsion, because


def recorded(photograph: Photograph, *, negative: bool = False) -> Light | None:
    """What a plate recorded: the light of a photograph with its tones restored.

    Args:
        photograph: The scan.
        negative: Whether it is of a negative.

    Returns:
        (h, w) linear light, 0..1, the longer side at most 1,024; None of a photograph in color.
    """
    height, width = photograph.pixels.shape[:2]
    share = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = cv2.resize(photograph.pixels, size, interpolation=cv2.INTER_AREA)
    recipe = Recipe(name="tones", steps=("tone",))
    restored = restore(Photograph.from_array(small), recipe, negative=negative)
    return None if restored.record.in_color else srgb_to_linear(restored.plate.light)


def light_at(light: Light, at: tuple[float, float]) -> float:
    """What a plate recorded around a place, 0..1.

    Args:
        light: As `recorded` gives it.
        at: (x, y) in shares of width and height.
    """
    height, width = light.shape
    around = max(1, round(_AROUND * min(height, width)))
    row, column = min(int(at[1] * height), height - 1), min(int(at[0] * width), width - 1)
    rows = slice(max(0, row - around), row + around + 1)
    columns = slice(max(0, column - around), column + around + 1)
    return float(np.median(light[rows, columns]))


def _conflicts(
    file: ProductionFile,
    index: int,
    colors: Sequence[Documented],
    findings: Sequence[Finding],
    because: str,
) -> Iterator[Conflict]:
    entry = file.production.photographs[index]
    found = list(zip(colors, findings, strict=True))
    for color, finding in found:
        if finding.conflicts:
            # No plate and no date make one color too dark at one place and too light at another.
            uneven = any(
                other.conflicts
                and one.pin.color == color.pin.color
                and (other.deviation > 0) != (finding.deviation > 0)
                for one, other in found
            )
            what = f"{entry.id}: {_words(color.pin, finding, because, uneven=uneven)}"
            line = str(file.error(what, "photograph", index, "colors", color.number))
            yield Conflict(entry.id, color, finding, line)


def _words(pin: Pin, finding: Finding, because: str, *, uneven: bool) -> str:
    """A conflict, in a line that a historian understands."""
    how = "darker" if finding.deviation > 0 else "lighter"
    line = (
        f"{pin.said or hex_of(pin.color)} ({pin.source}) would be {abs(finding.stops):.1f} stops "
        f"{how} than this on {_NAMES[finding.emulsion]} ({because})"
    )
    if uneven:
        against = "lighter" if finding.deviation > 0 else "darker"
        return (
            f"{line}, and {against} at another place of this photograph: the light on them differs "
            "that much, or one of the places is another"
        )
    if not finding.explained_by:
        return f"{line}, and on no other kind this gray: the color is another, or the place is"
    fitting = " or ".join(_NAMES[one] for one in finding.explained_by)
    return f"{line}, but not on {fitting}: the plate is another, its date is, or the color is"


def _other_emulsion(entry: Entry, seen: Sequence[Seen], emulsion: Emulsion) -> Iterator[str]:
    """What several colors together say of the emulsion, when they speak against it."""
    if len(seen) < _ENOUGH:
        return
    shares = likely_emulsions(seen)
    best = next(iter(shares))
    if best is not emulsion and shares[best] > _LIKELIER:
        yield (
            f"{entry.id}: its {len(seen)} documented colors together fit {_NAMES[best]} best "
            f"({shares[best]:.0%})"
        )
