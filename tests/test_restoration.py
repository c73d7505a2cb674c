"""A photograph through a recipe, and what is written of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from photochrom.colorspace import lightness_from_gray
from photochrom.errors import ModelError, PhotographError
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.record import Record
from photochrom.restoration import restore
from photochrom.restored import Restored
from photochrom.steps import compose as composing


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    tiny_networks.color(tmp_path / "models")
    return Registry([tmp_path / "models"])


def restored(scene: NDArray[np.uint8], registry: Registry, tones: str = "plate") -> Restored:
    recipe = Recipe("mine", ("tone", "color")).with_params("color", tones=tones)
    return restore(Photograph.from_array(scene), recipe, registry=registry)


def test_all_formats_come_from_one_composition_and_stand_in_one_record(
    gray_scene: NDArray[np.uint8],
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    real = composing.Coloring.__call__

    def counted(self: composing.Coloring, light: object, ab: object) -> object:
        calls.append(1)
        return real(self, light, ab)  # type: ignore[arg-type]

    monkeypatch.setattr(composing.Coloring, "__call__", counted)
    result = restored(gray_scene, registry)
    names = ["a.tif", "a.jpg", "a.png", "a.webp"]
    record = result.save(*(tmp_path / "out" / name for name in names))
    once = len(calls)
    alone = tmp_path / "alone"
    for number, name in enumerate(names, start=1):
        result.save(alone / name)
        assert len(calls) == (1 + number) * once
        assert (alone / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert [one["file"] for one in record.derivatives] == names
    assert record == Record.open(tmp_path / "out" / "a.record.json")
    # Nothing else is left behind.
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*names, "a.record.json"}


def test_of_several_places_the_one_that_cannot_be_written_is_named(
    gray_scene: NDArray[np.uint8], registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    result = restored(gray_scene, registry)
    with pytest.raises(PhotographError, match="file"):
        result.save(tmp_path / "file" / "a.tif", tmp_path / "a.jpg")
    with pytest.raises(PhotographError, match=r"a\.gif"):
        result.save(tmp_path / "a.tif", tmp_path / "a.gif")


def test_the_plate_s_own_light_stays_beside_an_eye_s(
    gray_scene: NDArray[np.uint8], registry: Registry, tmp_path: Path
) -> None:
    plate, eye = (restored(gray_scene, registry, tones) for tones in ("plate", "eye"))
    assert not plate.shows_own_light and not eye.shows_own_light
    assert eye.gray.pixels.tobytes() == plate.gray.pixels.tobytes()
    eye.save_gray(tmp_path / "gray.tif")
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "gray.tif"), plate.gray.pixels)
    with Image.open(tmp_path / "gray.tif") as written:
        assert b"an eye saw" not in written.tag_v2[700]  # type: ignore[attr-defined]
    eye.save(tmp_path / "eye.tif")
    with Image.open(tmp_path / "eye.tif") as written:
        assert b"an eye saw" in written.tag_v2[700]  # type: ignore[attr-defined]


def test_black_and_white_can_have_eye_tones(
    gray_scene: NDArray[np.uint8], registry: Registry
) -> None:
    recipe = Recipe("mine", ("tone",)).with_tones("eye")
    result = restore(Photograph.from_array(gray_scene), recipe, registry=registry)
    assert result.photograph.pixels.shape == gray_scene.shape and not result.record.colored
    change = lightness_from_gray(result.photograph.gray()) - lightness_from_gray(result.gray.gray())
    dark = result.gray.gray() < 0.35
    assert change[dark].mean() == pytest.approx(20, abs=3)


def test_a_network_that_knows_no_eye_is_refused_before_any_work(
    gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    tiny_networks.color(tmp_path, name="toneless", tone=False)
    reports: list[tuple[str, float]] = []
    with pytest.raises(ModelError, match=r"toneless.*has no output 'tone'"):
        restore(
            Photograph.from_array(gray_scene),
            Recipe("mine", ("tone", "color")).with_tones("eye"),
            registry=Registry([tmp_path]),
            progress=lambda *report: reports.append(report),
        )
    assert reports == []


def test_a_network_that_cannot_be_crisp_is_told_of(tmp_path: Path) -> None:
    photograph = Photograph.from_array(np.full((40, 50), 128, np.uint8))
    recipe = Recipe.preset("cinema").only(["clarity"])

    def told(asked: Recipe, kind: str) -> list[str]:
        done = restore(photograph, asked, registry=Registry([tmp_path / kind]))
        return [line for line in done.record.original["notices"] if "crisp" in line]

    tiny_networks.clarity(tmp_path / "crisp", 2, crisp=True)
    tiny_networks.clarity(tmp_path / "plain", 2)
    assert told(recipe, "crisp") == []
    assert told(recipe.with_params("clarity", crispness=0), "plain") == []
    (line,) = told(recipe, "plain")
    assert line.startswith("the network clarity-x2 is as crisp as it is")
