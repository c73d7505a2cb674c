"""Documented colors on pictures: honored, kept to their things, and told of if they cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import tiny_networks
from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion
from photochrom.geometry import Geometry
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps import maps
from photochrom.steps.color import ColorParams
from photochrom.steps.compose import compose
from photochrom.steps.painting import HONORED
from photochrom.steps.patches import patches
from photochrom.steps.pinning import in_picture
from photochrom.steps.plate import Pin

GREEN = (60, 130, 70)


def coat(contrast: float = 0.3) -> NDArray[np.float32]:
    """(240, 320): a coat on a lighter ground, with some grain."""
    light = np.full((240, 320), 0.3 + contrast, np.float32)
    light[60:210, 80:240] = 0.3
    grain = np.random.default_rng(0).normal(0, 0.01, light.shape)
    return (light + grain).clip(0, 1).astype(np.float32)


def shown(folder: Path, light: NDArray[np.float32], *pins: Pin, recipe: Recipe | None = None):
    """L*a*b* of what is shown, and the notes of the color step."""
    tiny_networks.color(folder, likely=True)
    scan = Photograph.from_array(np.rint(light * 65535).astype(np.uint16))
    restored = restore(
        scan,
        recipe or Recipe(name="color", steps=("color",)),
        emulsion=Emulsion.PANCHROMATIC,
        pins=pins,
        registry=Registry([folder]),
    )
    rows = np.concatenate(list(compose(restored.plate))).astype(np.float32) / np.float32(65535)
    return lab_from_srgb(rows), restored.record


def away(lab: NDArray[np.float32], color: tuple[int, int, int]) -> NDArray[np.float64]:
    """How far colors are from one, their lightness left aside."""
    wanted = lab_from_srgb(np.array(color, np.float32) / 255)[1:]
    other = np.concatenate([lab[..., :1], np.broadcast_to(wanted, lab[..., 1:].shape)], axis=-1)
    return ciede2000(lab, other)


def test_a_color_is_honored_and_covers_its_thing_and_not_what_lies_beside(tmp_path: Path) -> None:
    free, _ = shown(tmp_path / "a", coat())
    lab, record = shown(tmp_path / "b", coat(), Pin((0.5, 0.5), GREEN, "inventory 12"))
    told = record.steps[0].notes["pinned"][0]
    assert told["honored"] and told["difference"] < HONORED
    assert away(lab, GREEN)[120, 160] < HONORED
    assert np.median(away(lab, GREEN)[70:200, 90:230]) < HONORED
    outside = np.ones(lab.shape[:2], bool)
    outside[52:218, 72:248] = False
    assert np.percentile(np.abs(lab - free)[outside], 99.9) < 1
    assert told["share"] == pytest.approx(150 * 160 / (240 * 320), rel=0.1)


def test_two_colors_that_meet_each_keep_to_their_own(tmp_path: Path) -> None:
    blue = (60, 70, 150)
    pins = (Pin((0.5, 0.5), GREEN, "a"), Pin((0.1, 0.5), blue, "b"))
    lab, _ = shown(tmp_path, coat(), *pins)
    assert np.median(away(lab, GREEN)[70:200, 90:230]) < HONORED
    assert np.median(away(lab, blue)[70:200, 5:70]) < HONORED
    # Across the edge there is no third color for more than some pixels.
    row = np.minimum(away(lab, GREEN), away(lab, blue))[135, 10:150]
    assert (row > 2 * HONORED).sum() < 8


def test_the_plates_own_light_stays(tmp_path: Path) -> None:
    free, _ = shown(tmp_path / "a", coat())
    lab, _ = shown(tmp_path / "b", coat(), Pin((0.5, 0.5), GREEN, "inventory 12"))
    assert np.abs(lab[..., 0] - free[..., 0]).max() < 0.3


def test_a_color_that_cannot_be_is_told_and_not_dropped(tmp_path: Path) -> None:
    # Nothing that is nearly white can be crimson.
    light = coat(0.68)
    lab, record = shown(tmp_path, light, Pin((0.05, 0.05), (220, 20, 60), "a catalog"))
    told = record.steps[0].notes["pinned"][0]
    assert not told["honored"] and told["difference"] > HONORED
    assert any("a catalog" in one for one in record.notices)
    assert lab[10, 10, 1] > 0


def test_a_box_keeps_a_color_in_and_a_mask_is_taken_at_its_word(tmp_path: Path) -> None:
    boxed = Pin((0.5, 0.5), GREEN, "a", box=(0.3, 0.3, 0.2, 0.4))
    lab, _ = shown(tmp_path / "a", coat(), boxed)
    assert away(lab, GREEN)[120, 128] < HONORED
    assert away(lab, GREEN)[120, 200] > 2 * HONORED
    mask = np.zeros((240, 320), np.uint8)
    mask[100:140, 40:200] = 255
    painted = Pin((0.5, 0.5), GREEN, "a", mask=maps.of_place(mask))
    lab, _ = shown(tmp_path / "b", coat(), painted)
    assert np.median(away(lab, GREEN)[106:134, 50:190]) < HONORED
    assert np.median(away(lab, GREEN)[150:200, 90:230]) > 2 * HONORED


@pytest.mark.parametrize("name", ["faithful", "cinema"])
def test_documented_colors_are_not_made_stronger_by_recipes(tmp_path: Path, name: str) -> None:
    params = Recipe.preset(name).params["color"]
    assert isinstance(params, ColorParams)
    recipe = Recipe(name="c", steps=("color",), params={"color": params})
    lab, _ = shown(tmp_path, coat(), Pin((0.5, 0.5), GREEN, "inventory 12"), recipe=recipe)
    assert away(lab, GREEN)[120, 160] < HONORED


def test_how_sure_colors_are_is_told_by_area(tmp_path: Path) -> None:
    pins = (Pin((0.5, 0.5), GREEN, "a"), Pin((0.1, 0.5), (60, 70, 150), "b", sure="assumed"))
    _, record = shown(tmp_path, coat(), *pins)
    known = record.steps[0].notes["known"]
    assert sum(known.values()) == pytest.approx(1, abs=0.01)
    assert known["documented"] == pytest.approx(0.31, abs=0.04)
    assert known["assumed"] > 0.4 and known["reported"] == 0
    assert "1 documented" in record.statement()


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (3, 200), (5, 3), (64, 48), (1200, 900)])
def test_patches_cover_a_picture_of_any_size(shape: tuple[int, int]) -> None:
    light = np.random.default_rng(1).random(shape).astype(np.float32)
    cut = patches(light)
    assert cut.labels.min() == 0 and cut.labels.max() == cut.count - 1
    assert cut.areas.sum() == cut.labels.size
    assert cut.at(0.999, 0.999) == cut.labels[-1, -1]
    assert (cut.pairs[:, 0] < cut.pairs[:, 1]).all()


def test_a_box_and_a_mask_go_with_the_part_of_the_scan_that_is_shown() -> None:
    right_half = Geometry(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)), (160, 240))
    boxed = in_picture(Pin((0.75, 0.5), GREEN, "a", box=(0.6, 0.4, 0.6, 0.2)), right_half)
    assert boxed.at == pytest.approx((0.5, 0.5))
    assert boxed.box == pytest.approx((0.2, 0.4, 0.8, 0.2))
    mask = np.zeros((240, 320), np.uint8)
    mask[60:120, 200:320] = 255
    moved = in_picture(Pin((0.8, 0.4), GREEN, "a", mask=maps.of_place(mask)), right_half)
    there = maps.unpacked(moved.mask, maps.PLACE)
    assert there.shape == (240, 160)
    np.testing.assert_array_equal(there[62:118, 42:158] > 0.9, True)
    assert there[:, :38].max() < 0.1 and there[124:].max() < 0.1
