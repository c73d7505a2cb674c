"""What is drawn into a scene belongs to it: its light, its depth, its order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from training import scenery, shapes
from training.scenery import with_scenery

SHAPE = (96, 128)


def _scene() -> np.ndarray:
    """A sky over a dark wood, with a little texture."""
    rng = np.random.default_rng(0)
    gray = np.full(SHAPE, 0.8, np.float32)
    gray[48:] = 0.2
    return gray + rng.normal(0, 0.01, SHAPE).astype(np.float32)


def test_the_same_seed_draws_the_same_thing() -> None:
    one, again, other = (with_scenery(_scene(), np.random.default_rng(n)) for n in (4, 4, 5))
    assert one.dtype == np.float32
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("draw", scenery.THINGS)
def test_things_are_seen_and_leave_the_rest_of_the_scene(draw: scenery.Draw) -> None:
    scene, seen = _scene(), 0
    for seed in range(24):
        drawn = draw(scene, np.random.default_rng(seed))
        assert drawn.shape == SHAPE and np.isfinite(drawn).all()
        changed = np.abs(drawn - scene) > 8 / 255
        assert changed.mean() < 0.9
        seen += bool(changed.mean() > 0.002)
    # Some stand where something hides them, or beyond the rim.
    assert seen >= 14


@pytest.mark.parametrize(
    "draw", [shapes.lettering, shapes.tree, shapes.wires, shapes.mast, shapes.fence]
)
def test_forms_are_layers_of_coverage(draw: object) -> None:
    assert callable(draw)
    layers = [draw(SHAPE, np.random.default_rng(seed)) for seed in range(12)]
    assert all(layer.shape == SHAPE and layer.dtype == np.uint8 for layer in layers)
    assert sum(layer.max() > 200 for layer in layers) >= 8


def test_a_lone_bright_line_ends_where_something_bright_stands_before_it() -> None:
    scene = _scene()
    line = np.zeros(SHAPE, np.uint8)
    line[:, 60:62] = 255
    for seed in range(8):
        drawn = scenery.standing(scene, line, True, np.random.default_rng(seed), alone=True)
        changed = np.abs(drawn - scene)[:, 60:62]
        assert changed[:36].max() < 0.02 < changed[60:].mean()


def test_paint_lies_in_the_light_of_the_scene() -> None:
    scene, everywhere = _scene(), np.full(SHAPE, 255, np.uint8)
    brighter = []
    for seed in range(8):
        painted = scenery.lit(scene, everywhere, True, np.random.default_rng(seed))
        brighter.append(painted[:30].mean() - painted[66:].mean())
    assert min(brighter) > -0.05
    assert np.mean(brighter) > 0.1


def test_what_a_brush_paints_on_a_body_stays_on_it() -> None:
    layer, outline = shapes.blob(SHAPE, np.random.default_rng(6))
    rims = shapes.rims(outline, SHAPE, np.random.default_rng(1))
    assert rims.max() == 255
    # A line of four pixels along the rim reaches two beyond the place that it is drawn at.
    outside = cv2.erode(255 - layer, np.ones((5, 5)))
    assert rims[outside > 250].sum() == 0


def test_folds_shade_cloth_and_bare_no_paper() -> None:
    flat = np.full(SHAPE, 0.4, np.float32)
    for seed in range(12):
        folded = scenery.folded(flat, np.random.default_rng(seed))
        assert folded.min() >= 0
        assert np.quantile(folded, 0.999) < 0.98
