"""The collection of TIFFs, where it lies beside the checkout; and the bench that judges by it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from bench.pieces import Runner
from bench.tiffs import judging, second
from bench.tiffs.report import report

LEAST = 205
needs_libtiff = pytest.mark.skipif(not second.is_here(), reason="libtiff's tools are not installed")


def test_the_collection_is_read_and_read_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path))
    try:
        judging.collection()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    if not second.is_here():
        pytest.skip("libtiff's tools are not installed")
    found = judging.judged(None, lambda *_: None, Runner("local", 1))
    verdicts = [judging.Verdict(**one) for one in found["verdicts"]]
    assert sum(one.read for one in verdicts) >= LEAST
    assert [one.file for one in verdicts if one.right is False] == []
    assert sum(one.right is True for one in verdicts) >= LEAST
    for one in verdicts:
        assert one.read or one.said


@needs_libtiff
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int16", "float32", "float64"])
@pytest.mark.parametrize("planes", [False, True])
def test_what_is_right_is_called_right(tmp_path: Path, dtype: str, planes: bool) -> None:
    y, x = np.mgrid[:40, :50]
    gray = (x + y) / 88
    rgb = np.stack([gray, gray[::-1], gray**2])
    top = 3.0 if dtype[0] == "f" else float(np.iinfo(dtype).max)
    values = (rgb * top).astype(dtype)
    values = values if planes else np.moveaxis(values, 0, -1)
    config = "separate" if planes else "contig"
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, photometric="rgb", planarconfig=config, compression="zlib")
    verdict = judging.verdict(path, "a.tif", tmp_path)
    assert (verdict.read, verdict.right) == (True, True)
    assert verdict.by == ("8 bits" if dtype in ("uint8", "uint16") else "full depth")


def test_files_are_taken_out_of_their_tar(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/b.tif", "a/a.tiff", "a/note.txt", "c.tif"):
        tifffile.imwrite(tmp_path / name, np.zeros((4, 4), np.complex64))
    tar = tmp_path / "all.tar"
    with tarfile.open(tar, "w") as archive:
        archive.add(tmp_path / "a", "./a")
        archive.add(tmp_path / "c.tif", "c.tif")
    assert judging.names(tar) == ["a/a.tiff", "a/b.tif", "c.tif"]
    for name in judging.names(tar):
        found = judging.member({"tar": tar}, name=name)
        assert (found["file"], found["read"]) == (name, False)


@needs_libtiff
def test_what_is_wrong_is_called_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.tif"
    values = np.linspace(0, 255, 600).reshape(20, 30)
    for dtype, how in ((np.uint8, "8 bits"), (np.float32, "full depth")):
        tifffile.imwrite(path, values.astype(dtype), photometric="minisblack")
        for name in ("picture", "samples"):
            true = getattr(second, name)
            shifted = None if how != "8 bits" and name == "picture" else true(path, tmp_path)
            if shifted is not None:
                shifted = np.roll(shifted, 1, axis=0)
            monkeypatch.setattr(second, name, lambda *_, found=shifted: found)
        verdict = judging.verdict(path, "a.tif", tmp_path)
        monkeypatch.undo()
        assert (verdict.right, verdict.by) == (False, how)
        assert verdict.off is not None and verdict.off > 1


def test_refusals_are_told(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((4, 4), np.complex64))
    verdict = judging.verdict(tmp_path / "a.tif", "a.tif", tmp_path)
    assert (verdict.read, verdict.right) == (False, None)
    assert "complex samples cannot be read" in verdict.said
    figures = {"files": 1, "read": 0, "right": 0, "wrong": 0, "unchecked": 0}
    text = report(figures | {"verdicts": [vars(verdict)]})
    assert "| refused | 1 |" in text
    assert f"- `a.tif`: {verdict.said}" in text
