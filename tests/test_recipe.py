"""Recipes: presets, round trips, and errors that name the line and the key."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.errors import RecipeError
from photochrom.recipe import SCHEMA, Recipe
from photochrom.steps import STEPS
from photochrom.steps.color import ColorParams


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


def test_eye_tones_are_the_color_step_s_whether_or_not_there_is_color() -> None:
    faithful = Recipe.preset("faithful").with_tones("eye")
    assert faithful.steps == Recipe.preset("faithful").steps
    own = Recipe.preset("faithful").params["color"]
    assert faithful.params["color"] == own.model_copy(update={"tones": "eye"})
    gray = Recipe.preset("scan-clean").with_tones("eye")
    assert gray.steps == ("fading", "tone", "repair", "clean", "color", "grain")
    assert gray.params["color"] == ColorParams(tones="eye", saturation=0)
    assert Recipe("mine", ("tone",)).with_tones("eye").steps == ("tone", "color")
    assert Recipe.from_toml(gray.to_toml()) == gray
    assert 'tones = "eye"' in gray.to_toml()


def test_the_plate_s_own_tones_are_the_default_and_can_be_asked_for() -> None:
    for name in Recipe.presets():
        assert Recipe.preset(name).with_tones("plate") == Recipe.preset(name)
    assert Recipe.preset("cinema").with_tones("eye").with_tones("plate") == Recipe.preset("cinema")


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("color.sizes=[224, 320]", "sizes", (224, 320)),
        ("color.mirror = false", "mirror", False),
        ("color.tones=eye", "tones", "eye"),
        ('color.network="mine"', "network", "mine"),
    ],
)
def test_one_parameter_is_changed_by_a_line_of_text(text: str, key: str, value: object) -> None:
    faithful = Recipe.preset("faithful")
    changed = faithful.with_change(text)
    assert changed.params["color"] == faithful.params["color"].model_copy(update={key: value})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("color", "'color' is not a change of a recipe; write STEP.KEY=VALUE"),
        ("saturation=1", "is not a change"),
        ("color.saturation=", "is not a change"),
        ("color.saturation=9", "'color.saturation' is 9"),
        ("color.saturatoin=1", "did you mean 'saturation'"),
        ("colour.saturation=1", "has no step 'colour'"),
        ("color.tones=cat", "'color.tones' is \"cat\"; it takes 'plate' or 'eye'"),
    ],
)
def test_a_wrong_change_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(RecipeError) as error:
        Recipe.preset("faithful").with_change(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


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
