"""The demo: its figures are figures, its production is one, its scans are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("matplotlib", reason="the demo needs the extra [demo]")
pytest.importorskip("skimage", reason="the demo needs the extra [demo]")

from examples import documented, portraits
from examples.compare import compare, sheet
from examples.demo import PRODUCTION, SOURCES, make_scans, photograph

from photochrom.emulsion import Emulsion
from photochrom.film.storyboard import DrawnCard
from photochrom.photograph import Photograph
from photochrom.production import ProductionFile, check_colors, remarks
from photochrom.production.checking import check


def test_the_photographs_ship_in_their_packages() -> None:
    for source in SOURCES:
        assert (photograph(source.id).ndim == 2) == source.genuine


def test_the_production_shows_every_scan_and_is_as_long_as_promised(tmp_path: Path) -> None:
    make_scans(tmp_path / "scans")
    shutil.copyfile(PRODUCTION, tmp_path / "production.toml")
    file = ProductionFile.open(tmp_path / "production.toml")
    assert {entry.id for entry in file.production.photographs} == {one.id for one in SOURCES}
    assert 175 <= sum(item.length for item in file.production.shots) <= 190
    for source in SOURCES:
        assert Photograph.open(tmp_path / "scans" / f"{source.id}.tif").width > 500


def test_the_truth_is_nearer_to_itself_than_a_gray_of_it(scene: NDArray[np.uint8]) -> None:
    gray = Photograph.from_array(scene.mean(axis=2).astype(np.uint8))
    before, after = compare(gray, Photograph.from_array(scene), scene)
    assert after.delta_e == pytest.approx(0, abs=1e-3)
    assert after.ssim == pytest.approx(1)
    assert before.delta_e > 5
    assert before.psnr < 40 < after.psnr


def test_an_enlargement_is_compared_at_the_truth_s_size(scene: NDArray[np.uint8]) -> None:
    large = Photograph.from_array(scene.repeat(2, axis=0).repeat(2, axis=1))
    _, after = compare(large, large, scene)
    assert after.psnr > 60


def test_a_sheet_has_a_panel_for_each_that_is_known(scene: NDArray[np.uint8]) -> None:
    picture = Photograph.from_array(scene)
    assert sheet(picture, picture, scene).width > 1.4 * sheet(picture, picture, None).width


def test_the_example_of_portraits_is_a_production_and_tells_its_sources(tmp_path: Path) -> None:
    make_scans(tmp_path / "scans")
    shutil.copyfile(portraits.PRODUCTION, tmp_path / "production.toml")
    file = ProductionFile.open(tmp_path / "production.toml")
    check(file)
    assert remarks(file) == (), "all of it can be read in its time"
    drawn = [item for item in file.production.shots if isinstance(item, DrawnCard)]
    assert [item.card for item in drawn] == ["figure", "map", "chart", "figure"]
    assert all(item.source for item in drawn)
    assert {one.production.film.size for one in file.versions()} == {
        (1920, 1080),
        (1080, 1920),
        (1080, 1080),
    }


def test_the_example_of_documented_colors_is_a_production_whose_plate_objects(
    tmp_path: Path,
) -> None:
    documented.make_scans(tmp_path / "scans")
    shutil.copyfile(documented.PRODUCTION, tmp_path / "production.toml")
    file = ProductionFile.open(tmp_path / "production.toml")
    check(file)
    assert remarks(file) == (), "all of it can be read in its time"
    assert {entry.id for entry in file.production.photographs} == {
        one.id for one in documented.SOURCES
    }
    found = check_colors(file)
    assert found.unread == () and found.passed_over == ()
    # The press print is of the same negative, and nobody has told so.
    assert {one.photograph for one in found.conflicts} == {"press"}
    assert all(Emulsion.ORTHOCHROMATIC in one.finding.explained_by for one in found.conflicts)
