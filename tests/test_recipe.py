"""Recipes: presets, round trips, and errors that name the line and the key."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.errors import RecipeError
from photochrom.recipe import SCHEMA, Recipe
from photochrom.steps import STEPS


def test_presets_are_faithful_first_and_all_load() -> None:
    assert Recipe.presets()[0] == "faithful"
    assert set(Recipe.presets()) == {"faithful", "cinema", "scan-clean"}
    for name in Recipe.presets():
        assert Recipe.preset(name).name == name


def test_what_the_presets_promise() -> None:
    assert Recipe.preset("faithful").params["clarity"].scale == 1  # type: ignore[attr-defined]
    assert not {"color", "clarity"} & set(Recipe.preset("scan-clean").steps)
    assert Recipe.preset("cinema").params["clarity"].scale == 2  # type: ignore[attr-defined]


steps = st.lists(st.sampled_from(list(STEPS)), min_size=1, unique=True)
scales = st.sampled_from([1, 2, 4])


@given(steps, scales)
def test_round_trip_through_toml(names: list[str], scale: int) -> None:
    recipe = Recipe("mine", tuple(names))
    if "clarity" in names:
        recipe = recipe.with_params("clarity", scale=scale)
    again = Recipe.from_toml(recipe.to_toml())
    assert again == recipe
    assert again.digest == recipe.digest


def test_travels_between_processes() -> None:
    recipe = Recipe.preset("cinema")
    assert pickle.loads(pickle.dumps(recipe)) == recipe


def test_digest_follows_what_decides_the_result_and_not_the_name() -> None:
    recipe = Recipe.preset("faithful")
    assert Recipe("other name", recipe.steps, recipe.params).digest == recipe.digest
    assert recipe.with_params("clarity", scale=2).digest != recipe.digest
    assert recipe.only(["tone"]).digest != recipe.digest


def _recipe(body: str) -> str:
    return f'schema = "{SCHEMA}"\nname = "mine"\n{body}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 1 2", "is not valid TOML"),
        ('name = "x"', "does not say its schema"),
        ('schema = "photochrom.recipe/99"', "photochrom.recipe/99"),
        (_recipe('stepps = ["tone"]'), "mine.toml:3: unknown key 'stepps'; did you mean 'steps'?"),
        (_recipe('steps = ["tone", "colour"]'), "mine.toml:3: there is no step 'colour'"),
        (_recipe('steps = "tone"'), "mine.toml:3: 'steps' must be a list"),
        (_recipe("steps = []"), "mine.toml:3: no step is named"),
        (_recipe('steps = ["tone", "tone"]'), "mine.toml:3: a step is named twice"),
        (_recipe("\n[clarity]\nscal = 2"), "mine.toml:5: unknown key 'clarity.scal'; did you mean"),
        (_recipe("\n[clarity]\nscale = 3"), "mine.toml:5: 'clarity.scale' is 3"),
        (_recipe('steps = ["tone"]\n[color]\n'), "mine.toml:4: has parameters for 'color'"),
        (_recipe("clarity = 2"), "mine.toml:3: 'clarity' must be a table"),
    ],
)
def test_errors_name_the_line_and_the_key(text: str, said: str) -> None:
    with pytest.raises(RecipeError) as error:
        Recipe.from_toml(text, "mine.toml")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_preset_is_told_the_nearest() -> None:
    with pytest.raises(RecipeError, match="did you mean 'faithful'"):
        Recipe.preset("faithfull")
