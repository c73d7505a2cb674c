"""Figures of what each way made of each photograph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.color.certainty import calibration
from bench.color.figures import Case, Errors, Row, Truth
from bench.color.views import PLATES, tellings
from bench.color.ways import GRAY, OURS
from photochrom.emulsion import Emulsion


def comparison(truths: Sequence[Row], ways: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Figures by way, plate and telling; what telling is worth; how the truth is.

    Args:
        truths: What `measuring.true` says of each photograph.
        ways: What `measuring.colored` says of each, by way; gray's are of one plate.
    """
    truth = Truth(truths)
    cases = {
        (name, plate, telling): Case([row[plate][telling] for row in rows])
        for name, rows in ways.items()
        for plate, tellings_ in rows[0].items()
        for telling in tellings_
    }
    figures: dict[str, Any] = {}
    for (name, plate, telling), case in cases.items():
        by_plate = figures.setdefault(name, {}).setdefault(plate, {})
        by_plate[telling] = case.figures(truth)
    (gray,) = figures.pop(GRAY).values()
    gray_errors = cases[GRAY, Emulsion.PANCHROMATIC.value, "right"].errors

    def ours(plate: str, telling: str = "right") -> Errors:
        return cases[OURS, plate, telling].errors

    return {
        "truth": truth.figures(),
        "shares": gray_errors.shares(),
        "gray": gray["right"],
        "ways": figures,
        "worth_of_telling": {
            plate.value: {
                other: ours(plate.value).gain_over(ours(plate.value, other))
                for other in list(tellings(plate))[1:]
            }
            for plate in PLATES
        },
        "gain_over_gray": {
            plate.value: ours(plate.value).gain_over(gray_errors) for plate in PLATES
        },
    }


def certainties(rows: Sequence[Row]) -> dict[str, Any]:
    """By plate, whether the network knows how sure it may be.

    Args:
        rows: What `measuring.colored` says of ours, of each historical photograph.
    """
    return {
        plate.value: calibration([row[plate.value]["right"]["sureness"] for row in rows])
        for plate in PLATES
    }
