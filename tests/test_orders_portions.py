"""How far the work on a photograph has come."""

from __future__ import annotations

import itertools

import pytest

from photochrom.orders.portions import WRITE, portions
from photochrom.recipe import Recipe


@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize("name", ["faithful", "cinema", "scan-clean"])
def test_steps_add_up_to_the_whole(name: str, scale: int) -> None:
    recipe = Recipe.preset(name).with_scale(scale)
    portion = portions(recipe)
    steps = (*recipe.steps, WRITE)
    assert portion(steps[0], 0.0) == 0.0 and portion(WRITE, 1.0) == pytest.approx(1.0)
    for one, following in itertools.pairwise(steps):
        assert portion(one, 1.0) == pytest.approx(portion(following, 0.0))
        assert portion(one, 0.0) <= portion(one, 0.5) <= portion(one, 1.0)


def test_what_takes_long_is_much_of_the_bar() -> None:
    """A bar that begins fast and then stands still promises an end that does not come."""
    recipe = Recipe.preset("faithful")
    portion = portions(recipe)
    assert portion("repair", 0.0) < 0.05 and portion("repair", 1.0) > 0.6
    # Nothing is enlarged, so nothing of the bar is kept for it.
    assert portion("clarity", 0.0) == portion("clarity", 1.0)
    enlarged = portions(recipe.with_scale(4))
    assert enlarged("clarity", 1.0) - enlarged("clarity", 0.0) > 0.25
    assert 1.0 - enlarged(WRITE, 0.0) > 0.25


def test_a_step_alone_is_all_but_the_writing() -> None:
    recipe = Recipe.preset("faithful").only(("tone",))
    portion = portions(recipe)
    assert 0.0 < portion("tone", 1.0) == portion(WRITE, 0.0) < 1.0
