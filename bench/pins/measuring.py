"""What one, three and ten documented colors do to photographs whose colors are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

from bench.harness import THREADS, Progress, Times
from bench.photographs import files
from bench.pieces import Piece, Runner
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.steps import color
from photochrom.steps.compose import compose
from photochrom.steps.plate import Context, Pin, Plate
from photochrom.threads import limited_threads

PINS: Final = (1, 3, 10)
PLATES: Final = (Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC)
_FOLLOWS: Final = ("photochrom.steps", "photochrom.colors")
# A scan of so many pixels, 4 to 3, is colored again, so often.
_SIZE: Final = (4000, 3000)
_ROUNDS: Final = 3


def measured(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """Pins at random places of things, on plates in turn; and how long the picture takes."""
    paths = files("colour", count)
    network = Registry.default().card("color")
    pieces = {
        path.name: Piece(
            path.name,
            "bench.pins.pinning:pinned",
            {"plate": PLATES[number % len(PLATES)].value, "counts": list(PINS), "seed": number},
            {"photograph": path},
            depends={"network": network.sha256, "color": color.STEP.version},
            follows=_FOLLOWS,
        )
        for number, path in enumerate(paths)
    }
    found = runner.measured(pieces, progress, (0, 0.9))
    rows = [row for rows in found.values() for row in rows]
    progress("seconds", 0.9)
    return {
        "photographs": sum(bool(one) for one in found.values()),
        "pins": [_summary(rows, pins) for pins in PINS],
        "seconds": _seconds(Photograph.open(paths[0])),
    }


def _summary(rows: Sequence[dict[str, Any]], pins: int) -> dict[str, Any]:
    chosen = [row for row in rows if row["pins"] == pins]
    means = {key: float(np.mean([row[key] for row in chosen])) for key in chosen[0]}
    over = float(np.mean([row["at_pins"] > 5 for row in chosen]))
    return {key: round(value, 4) for key, value in {**means, "over": over}.items()}


def _seconds(photograph: Photograph) -> dict[str, Any]:
    """From a pin that is told to the picture, when the network's answers are kept."""
    scan = Photograph.from_array(
        cv2.resize(photograph.pixels, _SIZE, interpolation=cv2.INTER_CUBIC)
    )
    pin = Pin((0.5, 0.5), "#2e6b3a", "a bench")
    context = Context(
        Registry.default(threads=THREADS), Emulsion.PANCHROMATIC, measure(scan), (pin,)
    )
    params = color.ColorParams()
    plate, settling, writing = Plate(scan.gray()), Times(), Times()
    with limited_threads(THREADS):
        answers = color.looked(plate.light, params, context.registry, context.emulsion)
        for _ in range(_ROUNDS):
            with settling.once():
                painted, _ = color.decoded(answers, plate, params, context)
            with writing.once():
                for _ in compose(painted):
                    pass
    return {"megapixels": 12, **settling.figures("colors"), **writing.figures("pixels")}
