"""What is a scan in a folder, and what is not; names of results."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.photograph import Photograph
from photochrom.scans import find, names_of, natural_key


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 8), 90, np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    "folder",
    [
        ".hidden",
        "@eaDir/house.jpg",
        "@Recycle",
        ".@__thumb",
        "#recycle",
        "#snapshot",
        "$RECYCLE.BIN/S-1-5",
        "RECYCLER",
        "System Volume Information",
        "__MACOSX/album",
        "lost+found",
        ".Trash-1000/files",
        ".Trashes/501",
        ".Spotlight-V100",
        ".photochrom/results",
        "found.000",
    ],
)
def test_what_systems_keep_for_themselves_is_no_scan(folder: str, tmp_path: Path) -> None:
    scan = picture(tmp_path / "album" / "house.jpg")
    picture(tmp_path / "album" / folder / "x.jpg")
    picture(tmp_path / folder / "y.jpg")
    (tmp_path / "Thumbs.db").touch()
    found, passed = find(tmp_path)
    assert found == [scan]
    assert (passed.system, passed.ours, passed.others) == (3, 0, [])


@pytest.mark.parametrize("folder", ["@home", "#1 best", "recycled pictures", "Restored by hand"])
def test_folders_that_only_look_like_it_are_searched(folder: str, tmp_path: Path) -> None:
    scan = picture(tmp_path / folder / "x.jpg")
    found, _ = find(tmp_path)
    assert found == ([] if folder.startswith("@") else [scan])


def test_a_cache_says_so_itself(tmp_path: Path) -> None:
    (tmp_path / "thumbnails").mkdir()
    (tmp_path / "thumbnails" / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f0688")
    picture(tmp_path / "thumbnails" / "x.jpg")
    assert find(tmp_path)[0] == []


def test_results_of_a_production_beside_the_scans_are_ours(tmp_path: Path) -> None:
    scan = picture(tmp_path / "house.jpg")
    (tmp_path / "production.toml").write_text(
        'schema = "photochrom.production/1"\n[output]\nfolder = "film"\ncache = "work"\n'
    )
    picture(tmp_path / "film" / "pictures" / "house.jpg")
    picture(tmp_path / "work" / "results" / "x.jpg")
    found, passed = find(tmp_path)
    assert found == [scan] and passed.ours == 2


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "jp2"])
def test_a_picture_of_ours_without_its_record_is_known(ending: str, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (700, 700), np.uint8)
    ours = tmp_path / f"poster.{ending}"
    # However long what was carried over from its scan is.
    long = replace(Photograph.from_array(pixels).info, caption="A long story. " * 40_000)
    Photograph.from_array(pixels, info=long).save(
        ours, provenance={"statement": "Restored by photochrom."}
    )
    foreign = tmp_path / f"scan.{ending}"
    Photograph.from_array(pixels).save(foreign)
    assert find(tmp_path)[0] == [foreign]


def test_a_scan_beside_a_record_of_its_name_stays_a_scan(tmp_path: Path) -> None:
    """`restore a.png -o .` leaves a.tif and a.record.json beside a.png."""
    scan = picture(tmp_path / "a.png")
    from photochrom import Recipe, restore

    restored = restore(Photograph.open(scan), Recipe.preset("faithful").only(["tone"]))
    restored.save(tmp_path / "a.tif")
    found, passed = find(tmp_path)
    assert found == [scan] and passed.ours == 2


def test_names_are_as_short_as_they_can_be(tmp_path: Path) -> None:
    def named(*paths: str) -> list[str]:
        return list(names_of([tmp_path / path for path in paths]).values())

    assert named("a/1.jpg", "a/2.jpg") == ["1", "2"]
    assert named("a/1.jpg", "a/1.tif") == ["1-jpg", "1-tif"]
    assert named("a/1.jpg", "b/1.jpg") == ["a-1", "b-1"]
    assert named("a/1.jpg", "a/1.tif", "b/1.jpg") == ["a-1-jpg", "a-1-tif", "b-1-jpg"]
    assert named("x/a/1.jpg", "y/a/1.jpg") == ["a-1-jpg", "a-1-jpg-2"]
    assert named("a/House.jpg", "a/house.png") == ["House-jpg", "house-png"]
    assert named("a/u\u0308.jpg", "b/\xfc.jpg") == ["a-u\u0308", "b-\xfc"]
    assert len(set(named("a/1.jpg", "a/1.tif", "a/1-jpg.png"))) == 3


def test_people_number_without_zeros() -> None:
    assert sorted(["scan 10", "Scan 9", "a"], key=natural_key) == ["a", "Scan 9", "scan 10"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed_in_silence(tmp_path: Path) -> None:
    scan = picture(tmp_path / "album" / "a.jpg")
    picture(tmp_path / "elsewhere" / "b.jpg")
    (tmp_path / "album" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "album" / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found, passed = find(tmp_path / "album")
    assert found == [scan]
    assert "1 folders that are links or cannot be read (more)" in str(passed)
    assert [path.name for path in passed.others] == ["gone.jpg"]
