"""Photographs that are in color keep their own colors, and get back what faded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.aging import Wear, age
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.photograph import Photograph
from photochrom.phrases import phrases_for
from photochrom.production.treatment import treatment
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps.compose import compose
from photochrom.steps.fading import layers_of
from photochrom.steps.own import own_colors, without_defects
from photochrom.steps.plate import Pin, Plate

Bytes = NDArray[np.uint8]


@pytest.fixture(scope="module")
def scene() -> Bytes:
    """A portrait in color, 256 x 256."""
    data = pytest.importorskip("skimage.data")
    small: Bytes = cv2.resize(data.astronaut(), (256, 256), interpolation=cv2.INTER_AREA)
    return small


def faded(scene: Bytes) -> Bytes:
    """The same with layers that faded, each in its own way."""
    left = 0.16 + 0.72 * (scene / 255) ** (0.7, 1.05, 1.3) * (1, 0.86, 0.66)
    return np.rint(255 * left.clip(0, 1)).astype(np.uint8)


def distance(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Mean CIELAB distance of pictures of any depth."""
    labs = [lab_from_srgb(each / np.float32(np.iinfo(each.dtype).max)) for each in (one, other)]
    return float(np.linalg.norm(labs[0] - labs[1], axis=-1).mean())


GENTLE = Recipe.preset("faithful").only(["fading", "tone", "color"])


def restored(pixels: Bytes, recipe: Recipe = GENTLE) -> tuple[NDArray[Any], Any]:
    done = restore(Photograph.from_array(pixels), recipe)
    return done.photograph.pixels, done.record


def test_colors_are_kept_and_said_to_be_its_own(scene: Bytes) -> None:
    pixels, record = restored(scene)
    assert distance(pixels, scene) < 2
    assert record.in_color and not record.colored and not record.faded
    assert record.statement().endswith("Its colors are its own.")
    assert [step.models for step in record.steps if step.name == "color"] == [[]]
    assert any("--recolor" in notice for notice in record.notices)


def test_what_faded_comes_nearer_to_what_it_was(scene: Bytes) -> None:
    spoiled = faded(scene)
    pixels, record = restored(spoiled)
    assert distance(pixels, scene) < 0.85 * distance(spoiled, scene)
    assert record.faded
    assert "some of what they lost was given back" in record.statement()


def test_no_strength_gives_nothing_back(scene: Bytes) -> None:
    spoiled = faded(scene)
    pixels, record = restored(spoiled, GENTLE.only(["fading"]).with_params("fading", strength=0))
    assert distance(pixels, spoiled) < 2
    assert not record.faded


def test_it_is_colored_anew_when_that_is_asked_for(scene: Bytes) -> None:
    pixels, record = restored(scene, GENTLE.with_recolor())
    assert record.colored and not record.in_color
    assert "estimated" in record.statement()
    assert distance(pixels, scene) > 5


def test_documented_colors_are_not_dropped_without_a_word(scene: Bytes) -> None:
    pin = Pin((0.5, 0.5), "#aa3322", "inventory")
    done = restore(Photograph.from_array(scene), GENTLE, pins=[pin])
    assert any("documented colors are not used" in notice for notice in done.notices)
    anew = restore(Photograph.from_array(scene), GENTLE.with_recolor(), pins=[pin])
    assert not any("documented" in notice for notice in anew.notices)


def test_films_name_the_steps_and_networks_that_had_something_to_do(scene: Bytes) -> None:
    _, kept = restored(scene)
    _, gray = restored(cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY))
    assert (treatment(kept, phrases_for()).color, treatment(kept, phrases_for()).networks) == (
        "none",
        (),
    )
    assert treatment(gray, phrases_for()).steps == "tone, color"


def test_a_black_and_white_picture_has_no_layers(scene: Bytes) -> None:
    gray = cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY)
    _, record = restored(gray)
    assert record.colored and not record.faded and not record.in_color
    assert "fading" not in record.statement()


def toned(scene: Bytes, dark: tuple[int, int, int], light: tuple[int, int, int]) -> Bytes:
    """A print of the scene in black and white, from one color to another."""
    gray = cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY)[..., None] / 255
    return np.rint(np.array(dark) + gray * (np.array(light) - np.array(dark))).astype(np.uint8)


@pytest.mark.parametrize(
    ("dark", "light"),
    [
        ((40, 22, 10), (240, 220, 180)),
        ((10, 20, 70), (225, 235, 245)),
        ((30, 30, 30), (245, 232, 195)),
    ],
    ids=["sepia", "cyanotype", "yellowed"],
)
def test_a_toned_print_is_not_in_color(
    scene: Bytes, dark: tuple[int, int, int], light: tuple[int, int, int]
) -> None:
    assert not measure(Photograph.from_array(toned(scene, dark, light))).tint.is_color


@pytest.mark.parametrize("seed", range(6))
def test_a_foxed_print_is_not_in_color(scene: Bytes, seed: int) -> None:
    gray = cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY)
    wear = replace(Wear(), foxing=40, stains=2)
    print_ = age(gray / np.float32(255), emulsion=Emulsion.PANCHROMATIC, wear=wear, seed=seed)
    scan = np.rint(255 * print_.print.clip(0, 1)).astype(np.uint8)
    assert not measure(Photograph.from_array(scan)).tint.is_color


def test_a_print_that_was_colored_by_hand_is_in_color(scene: Bytes) -> None:
    sepia = toned(scene, (40, 30, 20), (240, 228, 205)).astype(np.float32)
    weak = lab_from_srgb(scene / np.float32(255))[..., 1:]
    washes = cv2.GaussianBlur(weak, (0, 0), 4)
    by_hand = sepia + np.dstack([washes[..., 0], -washes[..., 0] / 2, -washes[..., 1]])
    found = measure(Photograph.from_array(np.clip(by_hand, 0, 255).astype(np.uint8)))
    assert found.tint.is_color


def test_layers_are_the_same_at_any_depth(scene: Bytes) -> None:
    spoiled = faded(scene)
    deep = spoiled.astype(np.uint16) * 257
    eight, sixteen = layers_of(spoiled), layers_of(deep)
    for one, other in ((eight.black, sixteen.black), (eight.white, sixteen.white)):
        assert np.allclose(one, other, atol=0.01)


def test_curves_never_fall(scene: Bytes) -> None:
    table = layers_of(faded(scene)).table(65536).astype(np.int64)
    assert (np.diff(table, axis=0) >= 0).all()


def test_a_defect_leaves_no_color_behind() -> None:
    pixels = np.full((80, 120, 3), (90, 140, 60), np.uint8)
    pixels[:, 55:59] = 255
    mask = np.zeros((80, 120), np.uint8)
    mask[:, 55:59] = 255
    before = own_colors(pixels)
    after = without_defects(before, mask)
    assert np.abs(before.ab - before.ab[0, 0]).max() > 20
    assert np.abs(after.ab - before.ab[0, 0]).max() < 0.5


def test_small_things_keep_their_colors() -> None:
    pixels = np.full((300, 400, 3), 128, np.uint8)
    pixels[100:104, 100:300] = (200, 40, 40)
    pixels[200:260, 100:300] = (40, 40, 200)
    light = Photograph.from_array(pixels).gray()
    shown = np.concatenate(list(compose(Plate(light, chroma=own_colors(pixels)))))
    assert distance(shown[101:103, 110:290], pixels[101:103, 110:290]) < 8


def test_the_command_says_it_in_one_line(
    photochrom: Callable[..., Any], scene: Bytes, tmp_path: Path
) -> None:
    scan = tmp_path / "beach.png"
    cv2.imwrite(str(scan), scene[..., ::-1])
    words = ("restore", scan, "-o", tmp_path / "out", "--steps", "fading,tone,color")
    ran = photochrom(*words)
    assert ran.code == 0
    (line,) = [line for line in ran.err.splitlines() if "in color" in line]
    assert "--recolor" in line
    ran = photochrom(*words, "--recolor", "--force")
    assert ran.code == 0 and "in color" not in ran.err
    record = json.loads((tmp_path / "out" / "beach.record.json").read_text())
    assert "in_color" not in record["original"]


def test_what_cannot_color_cannot_color_anew(
    photochrom: Callable[..., Any], scene: Bytes, tmp_path: Path
) -> None:
    scan = tmp_path / "beach.png"
    cv2.imwrite(str(scan), scene[..., ::-1])
    ran = photochrom("restore", scan, "-o", tmp_path, "--recipe", "scan-clean", "--recolor")
    assert ran.code == 2 and "has no step 'color'" in ran.err
