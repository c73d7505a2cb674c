"""Variants: several coherent pictures where the network is unsure, and one where it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import tiny_networks
from photochrom.emulsion import Emulsion
from photochrom.errors import PhotographError, RecipeError
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.record import Record
from photochrom.restoration import restore
from photochrom.restored import Restored
from photochrom.steps.choosing import choices
from photochrom.steps.compose import compose
from photochrom.steps.plate import Pin
from photochrom.steps.things import things, unlike

COLOR = Recipe(name="color", steps=("color",))
PALETTE = np.array([(a, b) for a in range(-60, 70, 10) for b in range(-60, 70, 10)], np.float64)
COAT = np.s_[60:210, 80:240]
GREEN = (60, 130, 70)


def coat() -> NDArray[np.float32]:
    """(240, 320): a dark coat on a light ground, of which the tiny network knows two colors."""
    light = np.full((240, 320), 0.7, np.float32)
    light[COAT] = 0.3
    grain = np.random.default_rng(0).normal(0, 0.01, light.shape)
    return (light + grain).clip(0, 1).astype(np.float32)


def varied(
    folder: Path,
    *pins: Pin,
    sure: float = 0.4,
    recipe: Recipe = COLOR,
    variants: int = 4,
    likely: bool = True,
) -> Restored:
    tiny_networks.color(folder, likely=likely, sure=sure)
    scan = Photograph.from_array(np.rint(coat() * 65535).astype(np.uint16))
    return restore(
        scan,
        recipe,
        emulsion=Emulsion.PANCHROMATIC,
        pins=pins,
        registry=Registry([folder]),
        variants=variants,
    )


def pixels(restored: Restored, letter: str = "a") -> NDArray[np.uint16]:
    chromas = {"a": restored.plate.chroma, **{o.letter: o.chroma for o in restored.plate.others}}
    return np.concatenate(list(compose(replace(restored.plate, chroma=chromas[letter]))))


def opinion(*parts: tuple[tuple[int, int], float]) -> NDArray[np.float64]:
    shares = np.full(len(PALETTE), 1e-5)
    for color, share in parts:
        shares[np.all(PALETTE == color, axis=1)] += share
    return shares / shares.sum()


def test_what_is_shown_is_the_same_with_and_without_others(tmp_path: Path) -> None:
    alone, among = varied(tmp_path, variants=1), varied(tmp_path)
    assert np.array_equal(pixels(alone), pixels(among))
    assert alone.plate.others == () and [one.letter for one in among.plate.others] == ["b"]
    assert alone.record.variant is None
    assert alone.record.statement() == among.record.statement()


def test_a_variant_differs_where_the_network_is_unsure_and_nowhere_else(tmp_path: Path) -> None:
    restored = varied(tmp_path)
    a, b = (pixels(restored, letter).astype(float) for letter in "ab")
    inside, outside = np.abs(a - b)[80:190, 100:220], np.abs(a - b)
    # Red or blue, half to two fifths: never both, and never a violet of the two.
    assert inside.mean() > 0.1 * 65535
    assert (b[80:190, 100:220, 2] > b[80:190, 100:220, 0]).all()
    mask = np.ones(outside.shape[:2], bool)
    mask[44:226, 64:256] = False
    assert outside[mask].max() < 0.01 * 65535
    told = restored.record.variant
    assert told is not None and told["of"] == "ab" and 0.2 < told["doubtful"] < 0.5
    assert 0.5 < restored.plate.others[0].likely < 1


def test_a_recipe_asks_for_one(tmp_path: Path) -> None:
    recipe = COLOR.with_params("color", variant="b")
    one, all_ = varied(tmp_path, recipe=recipe, variants=1), varied(tmp_path)
    assert np.array_equal(pixels(one), pixels(all_, "b"))
    told = one.record.variant
    assert told is not None and (told["letter"], told["of"]) == ("b", "ab")
    assert "variant b of 2" in one.record.statement()
    assert f"{told['likely']:.2f} times as likely as a" in one.record.statement()
    assert np.array_equal(pixels(one), pixels(varied(tmp_path, recipe=recipe, variants=1)))
    # It is less certain than the first, which is the likelier.
    sure = [done.record.steps[0].notes["certainty"] for done in (one, all_)]
    assert sure[0] < sure[1]


@pytest.mark.parametrize(("likely", "sure"), [(True, 0.9), (False, 0.4)])
def test_of_what_is_sure_there_is_one_which_is_told(
    tmp_path: Path, likely: bool, sure: float
) -> None:
    restored = varied(tmp_path, sure=sure, likely=likely)
    assert restored.plate.others == ()
    assert any("one variant, not 4" in line for line in restored.notices)
    with pytest.raises(RecipeError, match="has no variant 'b', only a"):
        varied(tmp_path, sure=sure, likely=likely, recipe=COLOR.with_params("color", variant="b"))


def test_a_letter_beyond_what_there_is_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="has no variant 'd', only a and b: ") as raised:
        varied(tmp_path, recipe=COLOR.with_params("color", variant="d"))
    assert len(raised.value.lines) == 1


def test_what_has_colors_of_its_own_has_no_variant(scene: NDArray[np.uint8]) -> None:
    with pytest.raises(RecipeError, match="keeps its own colors"):
        restore(Photograph.from_array(scene), COLOR.with_params("color", variant="b"))


def test_documented_colors_win_in_every_variant(tmp_path: Path) -> None:
    other_half = coat_in_two()
    pin = Pin((0.3, 0.5), GREEN, "inventory 12", box=other_half)
    restored = varied(tmp_path, pin)
    assert [one.letter for one in restored.plate.others] == ["b"]
    a, b = (pixels(restored, letter).astype(float) for letter in "ab")
    row, column = 135, 100
    assert np.abs(a - b)[row, column].max() < 0.02 * 65535
    assert b[row, column, 1] > b[row, column, 0]
    assert np.abs(a - b)[135, 220].max() > 0.1 * 65535


def test_what_documented_colors_cover_has_no_variants(tmp_path: Path) -> None:
    pin = Pin((0.5, 0.5), GREEN, "inventory 12")
    restored = varied(tmp_path, pin)
    assert restored.plate.others == ()
    told = restored.record.variant
    assert told is not None and told["of"] == "a"
    with pytest.raises(RecipeError, match="has no variant 'b'"):
        varied(tmp_path, pin, recipe=COLOR.with_params("color", variant="b"))


def coat_in_two() -> tuple[float, float, float, float]:
    """A box around the left half of the coat, in shares."""
    return (0.25, 0.25, 0.2, 0.6)


def test_recipes_of_the_first_variant_keep_their_keys() -> None:
    for recipe in (COLOR, Recipe.preset("faithful")):
        same = recipe.with_params("color", variant="a")
        assert same.digest == recipe.digest and same.to_toml() == recipe.to_toml()
        other = recipe.with_params("color", variant="b")
        assert other.digest != recipe.digest
        assert Recipe.from_toml(other.to_toml()).params["color"] == other.params["color"]
    with pytest.raises(RecipeError, match="variant"):
        COLOR.with_params("color", variant="e")
    with pytest.raises(RecipeError, match=r"mine.toml:4: 'color.variant'"):
        text = 'schema = "photochrom.recipe/1"\nsteps = ["color"]\n[color]\nvariant = "z"\n'
        Recipe.from_toml(text, "mine.toml")


def test_records_tell_of_variants_and_of_none_that_are_none(tmp_path: Path) -> None:
    record = varied(tmp_path).record
    text = record.to_json()
    assert Record.from_json(text).variant == record.variant
    for wrong in ('"of": "b"', '"of": ""'):
        with pytest.raises(PhotographError, match="is not a record"):
            Record.from_json(text.replace('"of": "ab"', wrong))


def test_regions_that_are_alike_are_one_thing_wherever_they_lie() -> None:
    light = np.full((60, 90), 0.8, np.float32)
    light[10:50, 10:30] = light[10:50, 60:80] = 0.3
    red, gray = opinion(((50, 40), 1.0)), opinion(((0, 0), 1.0))
    likely = np.where((light < 0.5)[None], red[:, None, None], gray[:, None, None])
    found = things(likely.astype(np.float32), light)
    assert len(found.areas) == 2
    assert found.labels[30, 20] == found.labels[30, 70] != found.labels[5, 5]
    np.testing.assert_allclose(found.areas.sum(), 1)
    np.testing.assert_allclose(found.borders, [[0, 1], [1, 0]])
    np.testing.assert_allclose(
        found.mean(light)[[found.labels[30, 20], found.labels[5, 5]]], [0.3, 0.8], atol=0.01
    )


def test_things_that_are_alike_choose_together_and_no_color_twice() -> None:
    one = opinion(((0, 0), 0.4), ((40, 30), 0.3), ((10, -40), 0.2), ((-30, 30), 0.1))
    other = opinion(((0, 0), 0.4), ((40, 30), 0.2), ((10, -40), 0.3), ((-30, 30), 0.1))
    far = opinion(((0, 50), 0.6), ((-40, 0), 0.4))
    likely, areas = np.stack([one, other, far]), np.array([0.4, 0.1, 0.1])
    first = np.array([(0, 0), (0, 0), (0, 50)], np.float64)
    made = choices(likely, areas, unlike(likely), first, PALETTE, 3)
    again = choices(likely, areas, unlike(likely), first, PALETTE, 3)
    assert [c.colors.tolist() for c in made] == [c.colors.tolist() for c in again]
    assert made[0].likely >= made[1].likely
    for choice in made[:2]:
        assert np.linalg.norm(choice.colors[0] - choice.colors[1]) < 15
    apart = np.linalg.norm(made[0].colors[0] - made[1].colors[0])
    assert apart > 18 and np.linalg.norm(made[0].colors[0] - first[0]) > 18
    # What has no more likely colors stays, and what is as it was is no choice.
    assert any(np.array_equal(choice.colors[2], first[2]) for choice in made)
    assert all(choice.changed.any() for choice in made)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (8, 900), (64, 64)])
def test_whatever_shape_a_scan_has(tmp_path: Path, shape: tuple[int, int]) -> None:
    tiny_networks.color(tmp_path, likely=True, sure=0.4)
    scan = Photograph.from_array(np.full(shape, 70, np.uint8))
    restored = restore(scan, COLOR, registry=Registry([tmp_path]), variants=4)
    assert restored.record.variant is not None
    assert all(pixels(restored, letter).shape[:2] == shape for letter in "ab")


def test_regions_that_lie_in_a_place_are_known_whole() -> None:
    light = np.full((60, 90), 0.8, np.float32)
    light[10:50, 10:30] = light[10:50, 60:80] = 0.3
    red, gray = opinion(((50, 40), 1.0)), opinion(((0, 0), 1.0))
    likely = np.where((light < 0.5)[None], red[:, None, None], gray[:, None, None])
    found = things(likely.astype(np.float32), light)
    place = np.zeros(light.shape, bool)
    place[10:50, 8:25] = True
    kept = found.mostly(place, 0.4)
    # One sleeve is in it by three quarters; the other is of the same thing, and is not.
    assert kept[10:50, 10:30].mean() > 0.9
    assert not kept[10:50, 60:80].any() and not kept[:, 40:50].any()
