"""Large pictures are read smaller, strip by strip, and are the same as if read as a whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from photochrom.errors import PhotographError
from photochrom.photograph import Photograph, dimensions, open_reduced, srgb_profile
from photochrom.photograph.opening import look_into
from photochrom.source import Source

FILES: dict[str, tuple[tuple[int, ...], str, dict[str, Any], bool]] = {
    "gray 16": ((301, 203), "uint16", {"rowsperstrip": 7}, True),
    "gray 16, even": ((420, 210), "uint16", {"rowsperstrip": 11}, True),
    "gray 8, white is zero": ((300, 200), "uint8", {"photometric": "miniswhite"}, True),
    "rgb 16": (
        (1000, 131, 3),
        "uint16",
        {"compression": "zlib", "predictor": True, "rowsperstrip": 33},
        True,
    ),
    "rgb 8 with alpha": ((90, 60, 4), "uint8", {"extrasamples": ["unassalpha"]}, True),
    "cmyk": ((90, 60, 4), "uint8", {"photometric": "separated"}, True),
    "rgb 16, turned": ((90, 63, 3), "uint16", {"extratags": [(274, 3, 1, 6, True)]}, True),
    "rgb 16 in tiles": ((90, 60, 3), "uint16", {"tile": (32, 16)}, False),
    "rgb 16 in planes": ((3, 90, 64), "uint16", {"planarconfig": "separate"}, False),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("factor", [1, 2, 3, 7, 80])
def test_it_is_the_mean_of_the_whole(tmp_path: Path, kind: str, factor: int) -> None:
    shape, dtype, options, strips = FILES[kind]
    path = tmp_path / "a.tif"
    low = np.random.default_rng(1).integers(0, np.iinfo(dtype).max + 1, shape).astype(dtype)
    options = {"photometric": "minisblack" if len(shape) == 2 else "rgb"} | options
    tifffile.imwrite(path, low, **options)
    assert (look_into(Source(path))[0].strips is not None) == strips
    whole = Photograph.open(path).pixels
    assert dimensions(path) == whole.shape[1::-1]
    small = open_reduced(path, factor)
    assert small.dtype == whole.dtype
    rows, columns = (max(1, (side + factor // 2) // factor) for side in whole.shape[:2])
    assert small.shape == (rows, columns, *whole.shape[2:])
    if whole.shape[0] % factor == 0 and whole.shape[1] % factor == 0:
        expected = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
        assert np.abs(small.astype(float) - expected).max() <= 1.01


def test_a_gray_picture_in_color_is_gray(tmp_path: Path) -> None:
    gray = np.random.default_rng(1).integers(0, 255, (300, 90, 1)).astype(np.uint8)
    pixels = np.repeat(gray, 3, axis=2)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", rowsperstrip=10)
    assert open_reduced(tmp_path / "a.tif", 3).shape == (100, 30)
    pixels[299, 89] = 255, 0, 0
    tifffile.imwrite(tmp_path / "b.tif", pixels, photometric="rgb", rowsperstrip=10)
    assert open_reduced(tmp_path / "b.tif", 3).shape == (100, 30, 3)


def test_a_profile_is_applied(tmp_path: Path) -> None:
    pixels = np.full((60, 40, 3), (180, 90, 20), np.uint8)
    icc = srgb_profile()
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", iccprofile=icc)
    assert (open_reduced(tmp_path / "a.tif", 2) == pixels[:30, :20]).all()


def test_other_files_are_reduced_too(tmp_path: Path) -> None:
    Image.fromarray(np.full((90, 60, 3), 70, np.uint8)).save(tmp_path / "a.jpg")
    assert (open_reduced(tmp_path / "a.jpg", 4) == 70).all()


def test_a_truncated_file_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((500, 500), np.uint16), rowsperstrip=10)
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(PhotographError, match="truncated"):
        open_reduced(path, 2)


MEASURED = """
import resource, sys
from photochrom.photograph import open_reduced
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small = open_reduced(sys.argv[1], 8)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(small.shape, (after - before) * (1 if sys.platform == "darwin" else 1024), sep=";")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read with getrusage")
def test_the_whole_is_never_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    rows = (
        np.full((8, 8000, 3), (value % 65535, 9, 99), np.uint16) for value in range(0, 80_000, 100)
    )
    tifffile.imwrite(
        path, rows, shape=(6400, 8000, 3), dtype=np.uint16, photometric="rgb", rowsperstrip=8
    )
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True
    )
    shape, grown = ran.stdout.split(";")
    assert shape == "(800, 1000, 3)"
    # The whole of it is 307 MB; a strip of means is made of 24.6 MB.
    assert int(grown) < 130e6, f"{int(grown) / 1e6:.0f} MB"


def test_films_show_pictures_of_our_own_making_however_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photochrom.film.frames.pictures import open_picture

    Photograph.from_array(np.full((40, 60), 90, np.uint8)).save(tmp_path / "a.png")
    Photograph.from_array(np.full((40, 60), 90, np.uint8)).save(tmp_path / "a.tif")
    monkeypatch.setattr("photochrom.photograph.picture.MAX_PIXELS", 1000)
    with pytest.raises(PhotographError, match="more than the limit"):
        open_reduced(tmp_path / "a.png", 2)
    for name in ("a.png", "a.tif"):
        assert open_picture(tmp_path / name, 30).luma.shape == (20, 30)
        assert open_picture(tmp_path / name).luma.shape == (40, 60)
