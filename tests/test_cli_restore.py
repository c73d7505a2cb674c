"""`photochrom restore` as its users meet it."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from conftest import Ran
from metadata_kit import described, xmp

Run = Callable[..., Ran]


@pytest.fixture
def scan(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    path = tmp_path / "scans" / "portrait 1931.png"
    path.parent.mkdir()
    Image.fromarray(gray_scene).save(path)
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_derivative_and_its_record_lie_beside_each_other(photochrom: Run, scan: Path) -> None:
    before = _digest(scan)
    ran = photochrom("restore", scan)
    assert ran.code == 0, ran.err
    derivative = scan.parent / "restored" / "portrait 1931.tif"
    with tifffile.TiffFile(derivative) as tiff:
        assert tiff.pages[0].dtype == np.uint16
        assert tiff.pages[0].shape == (96, 128, 3)
        assert tiff.pages[0].tags[34675].value  # the ICC profile
    record = json.loads((derivative.parent / "portrait 1931.record.json").read_text())
    assert record["original"]["sha256"] == before == _digest(scan)
    assert record["derivatives"] == [{"file": derivative.name, "sha256": _digest(derivative)}]
    assert record["steps"][0]["name"] == "tone"
    assert record["emulsion"]["name"] == "panchromatic"  # 1931, from the file's name
    assert {path.name for path in derivative.parent.iterdir()} == {
        "portrait 1931.tif",
        "portrait 1931.record.json",
    }


def test_json_is_one_line_a_picture_and_nothing_else(photochrom: Run, scan: Path) -> None:
    ran = photochrom("restore", scan.parent, "--json", "--steps", "tone")
    (line,) = ran.out.splitlines()
    said = json.loads(line)
    assert said.keys() == {"input", "output", "record", "seconds", "outcome"}
    assert said["outcome"] == "made"
    assert Path(said["output"]).is_file()
    assert Path(said["record"]).is_file()


def test_what_is_up_to_date_is_skipped(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    def outcome(*words: str) -> str:
        ran = photochrom("restore", scan, "-o", tmp_path / "out", "--json", *words)
        return str(json.loads(ran.out)["outcome"])

    assert outcome("--steps", "tone") == "made"
    assert outcome("--steps", "tone") == "kept"
    assert outcome("--steps", "tone", "--force") == "made"
    assert outcome("--steps", "tone,grain") == "made"
    (tmp_path / "out" / "portrait 1931.tif").write_bytes(b"damaged")
    assert outcome("--steps", "tone,grain") == "made"
    assert outcome("--steps", "tone,grain", "--emulsion", "orthochromatic") == "made"


def test_a_sidecar_and_what_is_left_out_are_part_of_what_is_up_to_date(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    place = "<exif:GPSLatitude>60,23.4N</exif:GPSLatitude>"

    def outcome(*words: str) -> str:
        ran = photochrom(
            "restore", scan, "-o", tmp_path / "out", "--json", "--steps", "tone", *words
        )
        return str(json.loads(ran.out)["outcome"])

    assert outcome() == "made"
    scan.with_suffix(".xmp").write_bytes(xmp(described("Harbor") + place))
    assert (outcome(), outcome()) == ("made", "kept")
    derivative = tmp_path / "out" / "portrait 1931.tif"
    assert b"Harbor" in derivative.read_bytes() and b"60,23.4N" in derivative.read_bytes()
    record = json.loads((tmp_path / "out" / "portrait 1931.record.json").read_text())
    assert len(record["original"]["sidecar"]) == 64
    assert outcome("--strip", "location") == "made"
    assert b"Harbor" in derivative.read_bytes() and b"60,23.4N" not in derivative.read_bytes()
    assert outcome("--strip", "location") == "kept"
    assert outcome() == "made"
    scan.with_suffix(".xmp").write_bytes(b"broken")
    ran = photochrom("restore", scan, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 2
    assert "portrait 1931.xmp: is no XMP that can be read" in ran.err


def test_two_runs_give_the_same_bytes(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        photochrom("restore", scan, "-o", tmp_path / folder)
    for name in ("portrait 1931.tif", "portrait 1931.record.json"):
        assert _digest(tmp_path / "a" / name) == _digest(tmp_path / "b" / name)


@pytest.mark.parametrize(
    ("format_", "ending", "kind"),
    [
        ("jpeg", ".jpg", "JPEG"),
        ("png", ".png", "PNG"),
        ("webp", ".webp", "WEBP"),
        ("jp2", ".jp2", "JPEG2000"),
    ],
)
def test_formats(photochrom: Run, scan: Path, format_: str, ending: str, kind: str) -> None:
    ran = photochrom("restore", scan, "--steps", "tone", "--format", format_)
    assert ran.code == 0, ran.err
    with Image.open(scan.parent / "restored" / f"portrait 1931{ending}") as picture:
        assert picture.format == kind
        assert picture.size == (128, 96)
        assert picture.info.get("icc_profile") or kind == "JPEG2000"


@pytest.mark.parametrize("scale", [2, 4])
def test_scale(photochrom: Run, scan: Path, scale: int) -> None:
    ran = photochrom("restore", scan, "--scale", str(scale), "--steps", "tone,clarity")
    # `--steps` keeps clarity's parameters, and `--scale` sets them.
    assert ran.code == 0, ran.err
    derivative = scan.parent / "restored" / "portrait 1931.tif"
    assert tifffile.imread(derivative).shape == (96 * scale, 128 * scale)


def test_without_color_the_result_is_gray(photochrom: Run, scan: Path) -> None:
    photochrom("restore", scan, "--recipe", "scan-clean")
    derivative = tifffile.imread(scan.parent / "restored" / "portrait 1931.tif")
    assert derivative.shape == (96, 128)


def test_names_that_would_collide_are_told_apart(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(gray_scene).save(scan.with_suffix(".jpg"))
    photochrom("restore", scan.parent, "-o", tmp_path / "out", "--steps", "tone")
    assert {path.name for path in (tmp_path / "out").glob("*.tif")} == {
        "portrait 1931-png.tif",
        "portrait 1931-jpg.tif",
    }


def test_a_folder_keeps_its_shape_and_derivatives_are_no_scans(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8]
) -> None:
    below = scan.parent / "album"
    below.mkdir()
    Image.fromarray(gray_scene).save(below / "b.png")
    (below / "notes.txt").write_text("not a photograph")
    out = scan.parent / "out"
    for expected in ("made", "kept"):
        ran = photochrom("restore", scan.parent, "-o", out, "--steps", "tone", "--json")
        said = [json.loads(line) for line in ran.out.splitlines()]
        assert [one["outcome"] for one in said] == [expected] * 2
    assert (out / "album" / "b.tif").is_file()


def test_several_at_a_time_give_the_same(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    for number in range(3):
        Image.fromarray(np.roll(gray_scene, number)).save(scan.parent / f"{number}.png")
    for jobs in (1, 2):
        ran = photochrom(
            "restore", scan.parent, "-o", tmp_path / str(jobs), "--steps", "tone", "--jobs", jobs
        )
        assert ran.code == 0, ran.err
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(names) == 8
    for name in names:
        assert _digest(tmp_path / "1" / name) == _digest(tmp_path / "2" / name)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with color networks that know what an eye saw, and that do not."""
    tiny_networks.color(tmp_path / "models", name="toned")
    tiny_networks.color(tmp_path / "models", name="toneless", tone=False)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.mark.parametrize(("steps", "shape"), [("tone,color", (96, 128, 3)), ("tone", (96, 128))])
def test_eye_tones_with_color_and_without(
    photochrom: Run, scan: Path, models: Path, steps: str, shape: tuple[int, ...], tmp_path: Path
) -> None:
    words = ("--steps", steps, "--json", "--set", "color.network=toned", "--tones")
    found = {}
    for tones in ("eye", "plate"):
        if tones == "plate" and steps == "tone":
            words = ("--steps", steps, "--json", "--tones")
        ran = photochrom("restore", scan, "-o", tmp_path / tones, *words, tones)
        assert ran.code == 0, ran.err
        found[tones] = json.loads(Path(json.loads(ran.out)["record"]).read_text())
        assert tifffile.imread(json.loads(ran.out)["output"]).shape == shape
    assert "what an eye saw" in found["eye"]["statement"]
    assert "eye" not in found["plate"]["statement"]
    notes = found["eye"]["steps"][-1]["notes"]["tones"]
    assert notes["of"] == "eye" and 10 < notes["mean"] < notes["max"] <= 20
    assert found["eye"]["result"]["luminance_change"]["mean"] > 10
    assert found["plate"]["result"]["luminance_change"]["mean"] < 0.01


def test_a_network_that_knows_no_eye_is_one_clear_line_before_any_work(
    photochrom: Run, scan: Path, models: Path, tmp_path: Path
) -> None:
    Image.new("L", (64, 64), 90).save(scan.parent / "second.png")
    words = ("--tones", "eye", "--set", "color.network=toneless", "-o", tmp_path / "out")
    ran = photochrom("restore", scan.parent, *words)
    assert ran.code == 2 and len(ran.err.strip().splitlines()) == 1
    assert "'toneless' has no output 'tone'" in ran.err
    assert 'ask for the tones of the "plate", or choose a network that has it' in ran.err
    assert not (tmp_path / "out").exists()


# -- bad input ---------------------------------------------------------------------------------


def _enormous_png() -> bytes:
    """A well-formed PNG header that promises 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def bad(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> dict[str, Path]:
    folder = tmp_path / "bad"
    folder.mkdir()
    whole = tmp_path / "whole.jpg"
    Image.fromarray(gray_scene).save(whole)
    files = {
        "empty": b"",
        "truncated": whole.read_bytes()[: whole.stat().st_size // 2],
        "text": b"this is not a photograph",
        "enormous": _enormous_png(),
    }
    for name, content in files.items():
        ending = "png" if name == "enormous" else "jpg"
        (folder / f"{name}.{ending}").write_bytes(content)
    (folder / "nothing").mkdir()
    return {
        **{path.stem: path for path in folder.iterdir()},
        "missing": folder / "missing.tif",
    }


@pytest.mark.parametrize("case", ["empty", "truncated", "text", "enormous", "nothing", "missing"])
def test_bad_input_is_one_clear_line(
    photochrom: Run, bad: dict[str, Path], case: str, tmp_path: Path
) -> None:
    ran = photochrom("restore", bad[case], "-o", tmp_path / "out")
    assert ran.code == 2
    assert ran.out == ""
    assert bad[case].name in ran.err
    assert "Traceback" not in ran.err
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_an_unreadable_file_is_one_clear_line(photochrom: Run, scan: Path) -> None:
    scan.chmod(0)
    ran = photochrom("restore", scan)
    assert ran.code == 2
    assert scan.name in ran.err


def test_the_rest_of_a_batch_goes_on(
    photochrom: Run, scan: Path, bad: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("-o", out, "--steps", "tone", "--json")
    ran = photochrom("restore", bad["truncated"], scan, bad["empty"], *words)
    assert ran.code == 1
    said = {Path(one["input"]).name: one for one in map(json.loads, ran.out.splitlines())}
    assert said[scan.name]["outcome"] == "made"
    assert said["truncated.jpg"]["outcome"] == said["empty.jpg"]["outcome"] == "failed"
    assert "2 failed" in ran.err
    assert sorted(path.name for path in out.iterdir()) == [
        "portrait 1931.record.json",
        "portrait 1931.tif",
    ]


def test_an_original_is_never_overwritten(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    scan = tmp_path / "portrait.tif"
    tifffile.imwrite(scan, gray_scene)
    before = _digest(scan)
    ran = photochrom("restore", scan, "-o", tmp_path, "--steps", "tone")
    assert ran.code == 2
    assert _digest(scan) == before
    assert "original" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--recipe", "faithfull"), "did you mean 'faithful'"),
        (("--recipe", "missing.toml"), "missing.toml"),
        (("--steps", "tone,colour"), "there is no step 'colour'"),
        (("--recipe", "scan-clean", "--scale", "2"), "has no step 'clarity'"),
        (("--emulsion", "kodachrome"), "kodachrome"),
        (("--tones", "ear"), "ear"),
        (("--set", "color.saturation"), "write STEP.KEY=VALUE"),
    ],
)
def test_wrong_options_are_one_clear_line(
    photochrom: Run, scan: Path, words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("restore", scan, *words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
