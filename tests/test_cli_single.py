"""One picture, as a family restores it; and what else lies beside derivatives: sheets and masks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from conftest import Ran
from photochrom.places import Url, listed, put
from photochrom.record import Record

Run = Callable[..., Ran]
TONE = ("--steps", "tone")


@pytest.fixture
def scan(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    path = tmp_path / "portrait.jpg"
    Image.fromarray(gray_scene).save(path, quality=95)
    return path


@pytest.fixture
def damaged(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    """A scan with a white scratch over it."""
    path = tmp_path / "scratched.png"
    Image.fromarray(np.where(_scratch(), np.uint8(255), gray_scene)).save(path)
    return path


def _scratch() -> NDArray[np.bool_]:
    """(96, 128) where it is: from edge to edge, and no line of a ruler, which a mast may be."""
    rows, columns = np.mgrid[0:96, 0:128]
    middle = np.rint(60 + 0.05 * rows + 1.5 * np.sin(rows / 9))
    return (columns >= middle) & (columns < middle + 3)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _record(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return said


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_file_becomes_a_jpeg_with_a_sheet_beside_it(photochrom: Run, scan: Path) -> None:
    before = _digest(scan)
    ran = photochrom("restore", scan, *TONE)
    assert ran.code == 0, ran.err
    out = scan.parent / "restored"
    assert ran.out.splitlines() == [
        f"{out / 'portrait.jpg'} (made)",
        f"{out / 'portrait.compare.jpg'} (before and after)",
    ]
    assert _names(out) == ["portrait.compare.jpg", "portrait.jpg", "portrait.record.json"]
    with (
        Image.open(out / "portrait.jpg") as made,
        Image.open(out / "portrait.compare.jpg") as sheet,
    ):
        assert made.format == sheet.format == "JPEG"
        assert made.size == (128, 96) and sheet.size[0] > 2 * 128
    record = Record.open(out / "portrait.record.json")
    assert record.files == {name: _digest(out / name) for name in _names(out)[:2]}
    assert [one["file"] for one in record.derivatives] == ["portrait.jpg"]
    assert _digest(scan) == before


def test_a_second_run_keeps_both_and_makes_anew_what_was_taken_away(
    photochrom: Run, scan: Path
) -> None:
    out = scan.parent / "restored"
    photochrom("restore", scan, *TONE)
    first = {name: _digest(out / name) for name in _names(out)}
    ran = photochrom("restore", scan, *TONE)
    assert "(kept)" in ran.out and "portrait.compare.jpg" in ran.out
    (out / "portrait.compare.jpg").unlink()
    assert "(made)" in photochrom("restore", scan, *TONE).out
    assert {name: _digest(out / name) for name in _names(out)} == first


def test_formats_and_sheets_are_as_they_are_asked_for(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    def made(*words: object) -> list[str]:
        out = tmp_path / f"out{len(list(tmp_path.glob('out*')))}"
        ran = photochrom("restore", *words, "-o", out, *TONE)
        assert ran.code == 0, ran.err
        return [name for name in _names(out) if not name.endswith(".json")]

    assert made(scan, "--no-compare") == ["portrait.jpg"]
    assert made(scan, "--format", "tiff") == ["portrait.compare.jpg", "portrait.tif"]
    assert made(scan, "--format", "png", "--no-compare") == ["portrait.png"]
    other = tmp_path / "masters" / "one.png"
    other.parent.mkdir()
    Image.fromarray(gray_scene).save(other)
    assert made(other.parent) == ["one.tif"]
    assert made(scan, other) == ["one.tif", "portrait.tif"]
    assert made(other.parent, "--compare") == ["one.compare.jpg", "one.tif"]


def test_what_is_not_asked_for_again_stays_up_to_date(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    """A sheet of another picture than lies beside it would be a lie."""
    out = scan.parent / "restored"
    photochrom("restore", scan, *TONE)
    before = _digest(out / "portrait.compare.jpg")
    photochrom("restore", scan, "--steps", "tone", "--set", "tone.strength=0.1", "--no-compare")
    assert _digest(out / "portrait.compare.jpg") != before
    record = Record.open(out / "portrait.record.json")
    assert record.files == {name: _digest(out / name) for name in _names(out)[:2]}


@pytest.mark.parametrize("name", ["portrait.jpg", "portrait.compare.jpg"])
def test_what_somebody_retouched_is_left(photochrom: Run, scan: Path, name: str) -> None:
    out = scan.parent / "restored"
    photochrom("restore", scan, *TONE)
    (out / name).write_bytes(b"retouched")
    for more in ((), ("--year", "1920"), ("--no-compare",)):
        ran = photochrom("restore", scan, *TONE, *more)
        assert ran.code == 0 and "1 left as it is:" in ran.err and name in ran.err
        assert (out / name).read_bytes() == b"retouched"
    assert photochrom("restore", scan, *TONE, "--force").code == 0
    assert (out / name).read_bytes() != b"retouched"


def test_an_original_is_not_replaced_and_a_suffix_helps(photochrom: Run, scan: Path) -> None:
    before = _digest(scan)
    for more in ((), ("--force",)):
        ran = photochrom("restore", scan, "-o", scan.parent, *TONE, *more)
        assert ran.code == 2 and "would replace the original photograph" in ran.err
        assert "--suffix" in ran.err
    assert _names(scan.parent) == ["portrait.jpg"] and _digest(scan) == before
    assert photochrom("restore", scan, "-o", scan.parent, *TONE, "--suffix", "-restored").code == 0
    assert "portrait-restored.jpg" in _names(scan.parent) and _digest(scan) == before
    # What was made is no scan for whoever restores the folder.
    ran = photochrom("restore", scan.parent, "-o", scan.parent / "all", *TONE, "--json")
    assert [json.loads(line)["input"] for line in ran.out.splitlines()] == [str(scan)]


def test_runs_with_other_suffixes_lie_beside_one_another(photochrom: Run, scan: Path) -> None:
    out = scan.parent / "restored"
    for suffix, strength in (("", 1), ("-soft", 0.2), (" (2)", 0.5)):
        words = ("--suffix", suffix, "--set", f"tone.strength={strength}", "--no-compare")
        assert photochrom("restore", scan, *TONE, *words).code == 0
    pictures = [out / f"portrait{suffix}.jpg" for suffix in ("", "-soft", " (2)")]
    assert len({_digest(one) for one in pictures}) == 3
    again = photochrom("restore", scan, *TONE, "--suffix=-soft", "--set", "tone.strength=0.2")
    assert "portrait-soft.jpg (made)" in again.out  # with a sheet, now
    assert Record.open(out / "portrait.record.json").files.keys() == {"portrait.jpg"}


@pytest.mark.parametrize("suffix", ["../x", ".compare", "a/b", "a\\b", "x\n"])
def test_a_suffix_that_is_no_part_of_a_name_is_one_clear_line(
    photochrom: Run, scan: Path, suffix: str
) -> None:
    ran = photochrom("restore", scan, "--suffix", suffix)
    assert ran.code == 2 and "cannot be part of a name" in ran.err
    assert _names(scan.parent) == ["portrait.jpg"]


def test_scans_that_are_called_as_sheets_and_masks_are(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for number, name in enumerate(("a.png", "a.compare.png", "a.mask.png")):
        Image.fromarray(np.roll(gray_scene, number)).save(scans / name)
    words = ("-o", scans, "--steps", "tone,repair", "--format", "jpeg", "--compare", "--mask")
    for expected in ("made", "kept"):
        # Its own mask has the name of another scan, which stays.
        ran = photochrom("restore", scans, *words, "--json")
        said = {Path(one["input"]).name: one for one in map(json.loads, ran.out.splitlines())}
        assert said["a.compare.png"]["outcome"] == said["a.mask.png"]["outcome"] == expected
        assert said["a.png"]["outcome"] == "failed"
        assert "would replace the original photograph" in said["a.png"]["error"]
    assert (scans / "a-compare-png.jpg").is_file()
    assert np.array_equal(np.asarray(Image.open(scans / "a.mask.png")), np.roll(gray_scene, 2))


def test_a_mask_shows_what_was_filled(photochrom: Run, damaged: Path, tmp_path: Path) -> None:
    words = ("--steps", "tone,repair", "--mask", "--no-compare", "--json")
    ran = photochrom("restore", damaged, "-o", tmp_path / "out", *words)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["beside"] == {"mask": str(tmp_path / "out" / "scratched.mask.png")}
    mask = np.asarray(Image.open(said["beside"]["mask"]))
    assert mask.shape == (96, 128) and set(np.unique(mask)) <= {0, 255}
    assert mask[_scratch()].mean() > 200 and mask[:, :40].mean() < 20
    record = _record(Path(said["record"]))
    share = record["steps"][-1]["notes"]["share"]
    assert share == pytest.approx((mask > 0).mean(), abs=1e-5) and share > 0.01
    assert (
        f"Taken for damage and filled: {100 * share:.1f} % of the picture." in (record["statement"])
    )
    (notice,) = said["notices"]
    assert f"{100 * share:.1f} % of it was taken for damage" in notice and "--mask" in notice
    assert 'repair "gentle" fills less' in notice
    gentle = photochrom("restore", damaged, "-o", tmp_path / "g", *words, "--repair", "gentle")
    notices = json.loads(gentle.out)["notices"]
    assert not any("gentle" in one for one in notices), "it was asked for already"


def test_a_share_that_is_usual_is_no_warning(
    photochrom: Run, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = photochrom("restore", scan, "-o", tmp_path / "out", "--steps", "tone,repair", "--json")
    record = _record(Path(json.loads(ran.out)["record"]))
    assert record["steps"][-1]["notes"]["share"] < 0.01
    assert not any("filled" in one for one in record["original"]["notices"])


def test_a_mask_grows_with_the_picture(
    photochrom: Run, damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_networks.clarity(tmp_path / "models", 2)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    words = ("--steps", "tone,repair,clarity", "--scale", "2", "--mask")
    assert photochrom("restore", damaged, "-o", tmp_path / "out", *words).code == 0
    with Image.open(tmp_path / "out" / "scratched.mask.png") as mask:
        assert mask.size == (256, 192)


def test_a_mask_without_repair_is_one_clear_line(photochrom: Run, scan: Path) -> None:
    ran = photochrom("restore", scan, "--mask", *TONE)
    assert ran.code == 2 and "the recipe does not repair" in ran.err
    assert _names(scan.parent) == ["portrait.jpg"]


def test_a_mask_is_of_no_picture_that_is_not_repaired_and_may_come_back(
    photochrom: Run, damaged: Path, tmp_path: Path
) -> None:
    words = ("restore", damaged, "-o", tmp_path / "out", "--no-compare")
    assert photochrom(*words, "--steps", "tone,repair", "--mask").code == 0
    assert photochrom(*words, *TONE).code == 0
    record = Record.open(tmp_path / "out" / "scratched.record.json")
    assert record.files.keys() == {"scratched.jpg"}
    assert photochrom(*words, "--steps", "tone,repair", "--mask").code == 0


def test_a_sheet_that_was_made_by_hand_is_no_obstacle(photochrom: Run, scan: Path) -> None:
    out = scan.parent / "restored"
    photochrom("restore", scan, *TONE, "--no-compare")
    assert photochrom("compare", scan, out / "portrait.jpg", "--labels", "A,B").code == 0
    assert "(made)" in photochrom("restore", scan, *TONE).out
    foreign = out / "portrait.compare.jpg"
    Image.new("L", (9, 9)).save(foreign)
    (out / "portrait.record.json").unlink()
    (out / "portrait.jpg").unlink()
    ran = photochrom("restore", scan, *TONE, "--force")
    assert ran.code == 2 and "put there by somebody else" in ran.err


def test_sheets_go_to_buckets_too(photochrom: Run, bucket: Url, scan: Path, tmp_path: Path) -> None:
    put(scan.read_bytes(), bucket / "in/portrait.jpg")
    words = ("-o", bucket / "in", *TONE, "--compare")
    for expected in ("made", "kept"):
        ran = photochrom("restore", f"{bucket}in/", *words)
        assert ran.code == 0 and f"portrait.tif ({expected}" in ran.out, ran.err
        names = sorted(one.url.name for one in listed(bucket / "in/"))
        assert names == [
            "portrait.compare.jpg",
            "portrait.jpg",
            "portrait.record.json",
            "portrait.tif",
        ]
    ran = photochrom("restore", scan, "-o", bucket / "out", *TONE)
    assert "portrait.jpg (made)" in ran.out and "portrait.compare.jpg" in ran.out
