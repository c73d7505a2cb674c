"""The look in words, on the command line and in recipes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.dials import dialed
from photochrom.errors import RecipeError
from photochrom.recipe import Recipe
from photochrom.steps.plate import Plate
from photochrom.steps.sharpen import SharpenParams, apply
from photochrom.steps.words import WORDS
from step_kit import context, soft_picture

Run = Callable[..., Ran]
TOP = 'schema = "photochrom.recipe/1"\n'


def test_words_are_parameters_and_leave_the_rest_alone() -> None:
    base = Recipe.preset("cinema").with_params("repair", grain=0.3)
    recipe = dialed(base, repair="gentle", color="quiet")
    repair, color = (recipe.params[name].model_dump() for name in ("repair", "color"))
    assert repair["threshold"] == 0.9 and repair["grain"] == 0.3
    assert color["saturation"] == 0.75 and color["vibrance"] == 0
    assert recipe.steps == base.steps and dialed(base) == base


def test_the_words_mean_what_the_presets_do() -> None:
    for preset, word in (("faithful", "natural"), ("cinema", "vivid")):
        recipe = Recipe.preset(preset)
        assert dialed(recipe, repair="normal", color=word).digest == recipe.digest


@pytest.mark.parametrize("preset", ["faithful", "scan-clean"])
def test_sharpen_comes_before_what_must_not_be_sharpened(preset: str) -> None:
    recipe = Recipe.preset(preset)
    steps = dialed(recipe, sharpen=0.4).steps
    at = steps.index("sharpen")
    assert set(steps[at + 1 :]) <= {"color", "grain"} and "clean" in steps[:at]
    assert dialed(recipe, sharpen=0) == recipe
    assert dialed(dialed(recipe, sharpen=0.4), sharpen=0.1).params["sharpen"].amount == 0.1  # type: ignore[attr-defined]


def test_only_what_is_enlarged_is_crisp() -> None:
    cinema = Recipe.preset("cinema")
    assert dialed(cinema, crisp=0.7).params["clarity"].crispness == 0.7  # type: ignore[attr-defined]
    for name in ("faithful", "scan-clean"):
        assert dialed(Recipe.preset(name), crisp=0) == Recipe.preset(name)
        with pytest.raises(RecipeError, match="enlarges nothing"):
            dialed(Recipe.preset(name), crisp=0.5)


@pytest.mark.parametrize("step", list(WORDS))
def test_recipes_take_the_words_too(step: str) -> None:
    for word, params in WORDS[step].items():
        recipe = Recipe.from_toml(f'{TOP}{step} = "{word}"\n')
        assert params.items() <= recipe.params[step].model_dump().items()
        assert Recipe.from_toml(recipe.to_toml()) == recipe


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('repair = "hard"', "recipe:2: 'repair' cannot be 'hard'; choose from gentle, normal"),
        ('tone = "gentle"', "recipe:2: 'tone' must be a table"),
    ],
)
def test_a_word_that_is_none_is_one_clear_line(line: str, said: str) -> None:
    with pytest.raises(RecipeError) as raised:
        Recipe.from_toml(TOP + line + "\n")
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--repair", "hard"), "gentle"),
        (("--color", "loud"), "quiet"),
        (("--sharpen", "2"), "0<=x<=1"),
        (("--recipe", "scan-clean", "--color", "vivid"), "has no step 'color'"),
    ],
)
def test_wrong_words_on_the_command_line(
    photochrom: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("restore", tmp_path / "a.jpg", *words)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err


def test_the_words_stand_in_a_panel_of_their_own(photochrom: Run) -> None:
    shown = photochrom("restore", "--help").out
    panel = shown[shown.index("The look, in words") : shown.index("\nOptions:")]
    for option in ("--repair", "--color", "--sharpen", "--keep-grain"):
        assert f"\n  {option}" in panel
        assert f"\n  {option}" not in shown.replace(panel, "")


def test_the_record_says_what_the_words_stood_for(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    scan = tmp_path / "a.png"
    Image.fromarray(gray_scene).save(scan)
    words = ("--steps", "tone,clean,grain", "--sharpen", "0.5", "--keep-grain", "--json")
    ran = photochrom("restore", scan, *words)
    assert ran.code == 0, ran.err
    record = json.loads(Path(json.loads(ran.out)["record"]).read_text("utf-8"))
    steps = {one["name"]: one for one in record["steps"]}
    assert list(steps) == ["tone", "clean", "sharpen", "grain"]
    assert steps["clean"]["params"]["strength"] == 0
    assert steps["sharpen"]["params"]["amount"] == 0.5
    assert 0 < steps["sharpen"]["notes"]["change"]["mean"] < 0.1
    assert "sharpen" in record["statement"]


# -- the step ----------------------------------------------------------------------------------


def _edge() -> NDArray[np.float32]:
    """(64, 96): from dark to light over a few pixels."""
    columns = np.arange(96, dtype=np.float32)
    light = 0.3 + 0.4 / (1 + np.exp(-(columns - 48) / 0.9))
    return np.repeat(light[None], 64, axis=0).astype(np.float32)


def test_an_edge_becomes_steeper_without_a_bright_rim() -> None:
    light = _edge()
    before = light.copy()
    sharp = apply(Plate(light), SharpenParams(amount=1), context())[0].light
    assert np.abs(np.diff(sharp[32])).max() > 1.2 * np.abs(np.diff(light[32])).max()
    assert sharp.max() < light.max() + 0.02 and sharp.min() > light.min() - 0.02
    assert np.array_equal(light, before)


def test_noise_is_not_raised() -> None:
    flat = np.full((256, 256), 0.5, np.float32)
    noisy = flat + np.random.default_rng(5).normal(0, 0.02, flat.shape).astype(np.float32)
    sharp = apply(Plate(noisy), SharpenParams(amount=1), context())[0].light
    assert sharp.std() < 1.35 * noisy.std()
    edges = apply(Plate(_edge()), SharpenParams(amount=1), context())[0].light - _edge()
    assert np.abs(edges).max() > 0.02


def test_nothing_is_asked_for_unless_it_is() -> None:
    plate = Plate(soft_picture(64, 64))
    same, notes = apply(plate, SharpenParams(), context())
    assert same is plate and "idle" in notes


def test_strips_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    from photochrom.steps import strips as cut

    light = soft_picture(150, 90) + _edge()[:1, :90] * 0.2
    whole = apply(Plate(light), SharpenParams(amount=0.7, radius=2), context())[0].light
    monkeypatch.setattr(cut, "STRIP_BYTES", 90 * 4 * 7)
    parts = apply(Plate(light), SharpenParams(amount=0.7, radius=2), context())[0].light
    assert np.allclose(whole, parts, atol=1e-6)
