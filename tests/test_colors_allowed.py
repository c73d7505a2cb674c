"""Documented colors against the grays that plates recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from conftest import Ran
from photochrom.colors import Seen, judge, likely_emulsions
from photochrom.colorspace import srgb_to_linear
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.photograph import Photograph

PATCHES = (
    (250, 250, 245), (12, 12, 12), (196, 18, 30), (30, 60, 160), (60, 120, 50), (235, 200, 60),
    (120, 120, 120), (225, 180, 150), (90, 60, 40), (60, 150, 160), (200, 90, 30), (120, 60, 140),
)  # fmt: skip
CRIMSON, NAVY, GREEN, YELLOW = 2, 3, 4, 5
KINDS = (Emulsion.BLUE_SENSITIVE, Emulsion.ORTHOCHROMATIC, Emulsion.PANCHROMATIC)


def place(patch: int) -> tuple[float, float]:
    """The middle of a patch, in shares of a picture of four by three."""
    return (patch % 4 + 0.5) / 4, (patch // 4 + 0.5) / 3


def picture(folder: Path, emulsion: Emulsion) -> Path:
    """A scan of patches, photographed on an emulsion, with some grain."""
    colors = np.array(PATCHES, np.float32).reshape(3, 4, 3) / np.float32(255)
    gray = expose(colors.repeat(80, axis=0).repeat(80, axis=1), weights(emulsion))
    grain = np.random.default_rng(1).normal(0, 0.02, gray.shape)
    folder.mkdir(parents=True, exist_ok=True)
    codes = np.rint(np.clip(gray + grain, 0, 1) * 65535).astype(np.uint16)
    Photograph.from_array(codes).save(folder / "jersey.tif")
    return folder / "jersey.tif"


def production(folder: Path, colors: dict[int, tuple[int, int, int]], said: str) -> Path:
    lines = [
        'schema = "photochrom.production/1"',
        'title = "Club"',
        "[[photograph]]",
        'id = "jersey"',
    ]
    lines += ['file = "jersey.tif"', said]
    for patch, color in colors.items():
        x, y = place(patch)
        written = "#{:02x}{:02x}{:02x}".format(*color)
        lines += ["[[photograph.colors]]", f"at = [{x}, {y}]", f'color = "{written}"']
        lines.append('source = "club museum"')
    path = folder / "production.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def exposed(colors: list[tuple[int, int, int]], emulsion: Emulsion) -> list[Seen]:
    linear = srgb_to_linear(np.array(colors, np.float32) / 255)
    return [
        Seen(color, float(light))
        for color, light in zip(colors, linear @ np.array(weights(emulsion)), strict=True)
    ]


@pytest.mark.parametrize("emulsion", KINDS)
def test_colors_that_made_their_grays_are_allowed(emulsion: Emulsion) -> None:
    found = judge(exposed(list(PATCHES[2:]), emulsion), emulsion)
    assert not any(one.conflicts for one in found)


@pytest.mark.parametrize("emulsion", KINDS)
def test_many_colors_tell_the_emulsion(emulsion: Emulsion) -> None:
    shares = likely_emulsions(exposed(list(PATCHES[2:]), emulsion))
    assert next(iter(shares)) is emulsion
    assert sum(shares.values()) == pytest.approx(1)


def test_a_red_that_is_light_speaks_against_an_orthochromatic_plate() -> None:
    seen = exposed(list(PATCHES[2:]), Emulsion.PANCHROMATIC)
    finding = judge(seen[:4], Emulsion.ORTHOCHROMATIC)[0]
    assert finding.conflicts
    assert finding.deviation > 0
    assert Emulsion.PANCHROMATIC in finding.explained_by


def test_an_unknown_plate_is_the_one_that_fits() -> None:
    for kind in KINDS:
        found = judge(exposed(list(PATCHES[2:]), kind), Emulsion.UNKNOWN)
        assert not any(one.conflicts for one in found)


def test_nothing_documented_is_nothing_found() -> None:
    assert judge([], Emulsion.PANCHROMATIC) == []


def test_right_colors_pass(tmp_path: Path, photochrom: Callable[..., Ran]) -> None:
    picture(tmp_path, Emulsion.ORTHOCHROMATIC)
    right = {patch: PATCHES[patch] for patch in (CRIMSON, NAVY, GREEN, YELLOW)}
    file = production(tmp_path, right, 'emulsion = "orthochromatic"')
    ran = photochrom("check", file)
    assert ran.code == 0, ran.out + ran.err
    assert "4 documented colors tested, 0 in conflict" in ran.out


def test_a_conflict_names_file_line_and_color(
    tmp_path: Path, photochrom: Callable[..., Ran]
) -> None:
    picture(tmp_path, Emulsion.PANCHROMATIC)
    told = {patch: PATCHES[patch] for patch in (CRIMSON, NAVY, GREEN, YELLOW)}
    file = production(tmp_path, told, 'date = "1912"')
    ran = photochrom("check", file)
    assert ran.code == 1
    line = next(line for line in ran.out.splitlines() if "#c4121e" in line)
    number = file.read_text("utf-8").splitlines().index('color = "#c4121e"')
    assert f"{file}" in line
    assert f"line {number - 1}" in line or f":{number - 1}" in line
    assert "stops darker than this on an orthochromatic plate (usual in 1912" in line
    assert "a panchromatic plate" in line


def test_one_color_too_dark_here_and_too_light_there_is_a_matter_of_light(
    tmp_path: Path, photochrom: Callable[..., Ran]
) -> None:
    picture(tmp_path, Emulsion.PANCHROMATIC)
    told = {0: PATCHES[GREEN], 1: PATCHES[GREEN], CRIMSON: PATCHES[CRIMSON]}
    ran = photochrom("check", production(tmp_path, told, 'emulsion = "panchromatic"'))
    assert ran.code == 1
    dark, light = (line for line in ran.out.splitlines() if "stops" in line)
    assert "darker than this" in dark and "and lighter at another place of this" in dark
    assert "lighter than this" in light and "and darker at another place of this" in light
    assert "the light on them differs that much, or one of the places is another" in light


def test_a_scan_that_cannot_be_read_is_told(tmp_path: Path, photochrom: Callable[..., Ran]) -> None:
    file = production(tmp_path, {CRIMSON: PATCHES[CRIMSON]}, 'date = "1912"')
    ran = photochrom("check", file)
    assert ran.code == 1
    assert "jersey.tif" in ran.err
    assert "Traceback" not in ran.err


def test_a_reference_without_colors_is_told(tmp_path: Path, photochrom: Callable[..., Ran]) -> None:
    picture(tmp_path, Emulsion.PANCHROMATIC)
    Photograph.from_array(np.full((40, 60), 120, np.uint8)).save(tmp_path / "poster.png")
    file = production(tmp_path, {CRIMSON: PATCHES[CRIMSON]}, 'reference = "poster.png"')
    ran = photochrom("check", file)
    line = file.read_text("utf-8").splitlines().index('reference = "poster.png"') + 1
    assert ran.code == 1
    assert f"{file}:{line}: poster.png: is a reference without colors; give a picture" in ran.err


def test_photographs_in_color_are_passed_over(
    tmp_path: Path, photochrom: Callable[..., Ran]
) -> None:
    data = pytest.importorskip("skimage.data")
    Photograph.from_array(data.astronaut()).save(tmp_path / "jersey.tif")
    ran = photochrom("check", production(tmp_path, {CRIMSON: PATCHES[CRIMSON]}, ""))
    assert ran.code == 0
    assert "in color already" in ran.err
    assert "0 documented colors tested" in ran.out
