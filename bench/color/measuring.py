"""What each way makes of one photograph: pieces of this bench (`bench.pieces`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from training.color.predict import lab_of

from bench.color.certainty import sureness
from bench.color.figures import Row, described, judged
from bench.color.views import HISTORICAL, SQUARE, STEPS_BETWEEN, exposed, seen, tellings
from bench.color.ways import OURS, way_of
from bench.features import Features
from photochrom.emulsion import Emulsion

Inputs = Mapping[str, Path]

_features = cache(Features)


def true(inputs: Inputs, *, view: str) -> Row:
    """What a photograph is like."""
    return described(seen(inputs["photograph"], view), _features() if view == SQUARE else None)


def colored(inputs: Inputs, *, view: str, way: str, plates: Sequence[str]) -> Row:
    """What a way makes of some plates: by plate, and by what it is told of it; ours also told
    something else than the truth."""
    rgb = seen(inputs["photograph"], view)
    truth, colors = lab_of(rgb), way_of(way, inputs)
    found: Row = {}
    for plate in map(Emulsion, plates):
        light = exposed(rgb, plate)
        told_of = tellings(plate) if way == OURS else {"right": plate}
        rows = found[plate.value] = {}
        for telling, told in told_of.items():
            said = colors(light, told)
            usual = way == OURS and telling == "right"
            # Features for every telling and every way would double the time and tell little.
            compared = view == SQUARE and (usual or plate is Emulsion.PANCHROMATIC)
            rows[telling] = judged(
                rgb,
                truth,
                said.ab,
                step=STEPS_BETWEEN[view],
                features=_features() if compared else None,
            )
            if usual and view == HISTORICAL:
                assert said.cells is not None and said.certainty is not None
                rows[telling]["sureness"] = sureness(truth, said.cells, said.certainty)
    return found
