"""All steps together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from photochrom.steps import STEPS
from photochrom.steps.compose import compose
from photochrom.steps.plate import Plate
from step_kit import context, measures, soft_picture

ASKED: dict[str, dict[str, float]] = {"clarity": {"scale": 2}, "sharpen": {"amount": 0.5}}
"""Steps that do nothing unless they are asked."""


def test_steps_come_in_their_order() -> None:
    assert list(STEPS) == [
        "fading",
        "tone",
        "repair",
        "clean",
        "clarity",
        "sharpen",
        "color",
        "grain",
    ]
    assert all(step.name == name and step.version >= 1 for name, step in STEPS.items())


@pytest.mark.parametrize("name", list(STEPS))
def test_parameters_have_defaults_and_refuse_what_they_do_not_know(name: str) -> None:
    params = STEPS[name].params
    assert params.model_validate(params().model_dump(mode="json")) == params()
    with pytest.raises(ValidationError):
        params.model_validate({"wings": 2})


def test_a_scan_goes_through_all_steps_the_same_way_twice(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    light = np.clip(soft_picture(150, 200) + rng.normal(0, 0.03, (150, 200)), 0, 1)
    light[60, 30:120] = 1
    sepia = np.stack([light, light * 0.9, light * 0.7], axis=-1)
    reports: list[tuple[str, float]] = []
    ask = context(
        tmp_path, measures=measures(sigma=0.03), progress=lambda *report: reports.append(report)
    )
    pixels = (sepia * 255).astype(np.uint8)

    def run() -> bytes:
        plate = Plate(light.astype(np.float32), tint=pixels)
        for name, step in STEPS.items():
            params = step.params(**ASKED.get(name, {}))
            plate, notes = step.apply(plate, params, ask)
            assert plate.light.dtype == np.float32
            assert 0 <= plate.light.min() and plate.light.max() <= 1
            assert notes
        assert plate.scale == 2 and plate.tint is None
        return b"".join(rows.tobytes() for rows in compose(plate))

    assert run() == run()
    assert len(run()) == 300 * 400 * 3 * 2
    assert {name for name, _ in reports} == set(STEPS)
    assert all(0 <= share <= 1 for _, share in reports)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 2), (33, 17)])
def test_the_smallest_pictures_pass(tmp_path: Path, shape: tuple[int, int]) -> None:
    light = np.full(shape, 0.5, np.float32)
    plate = Plate(light, tint=np.full((*shape, 3), 100, np.uint8))
    for name, step in STEPS.items():
        # Not enlarged, or the steps after would see more of it.
        asked = {} if name == "clarity" else ASKED.get(name, {})
        ask = context(tmp_path, measures=measures(sigma=0.03))
        plate, _ = step.apply(plate, step.params(**asked), ask)
    assert np.concatenate(list(compose(plate))).shape == (*shape, 3)
