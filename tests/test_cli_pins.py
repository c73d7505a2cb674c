"""`photochrom pins`, and what `--pin` takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tiny_networks
from conftest import Ran

Run = Callable[..., Ran]
WORDS = ("--steps", "tone,color", "--set", "color.network=tiny")


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dark coat on a light ground."""
    rng = np.random.default_rng(4)
    gray = np.full((120, 160), 190.0)
    gray[30:110, 40:120] = 90
    pixels = (gray + rng.normal(0, 2, gray.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "coat.png")
    (tmp_path / "models").mkdir()
    tiny_networks.color(tmp_path / "models", "tiny", likely=True)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    return tmp_path / "coat.png"


def pins(photochrom: Run, scan: Path, *said: str) -> list[dict[str, object]]:
    out = scan.parent / "out"
    told = [word for one in said for word in ("--pin", one)]
    ran = photochrom("restore", scan, "-o", out, "--no-compare", *WORDS, *told)
    assert ran.code == 0, ran.err
    record = json.loads((out / "coat.record.json").read_text("utf-8"))
    found: list[dict[str, object]] = record["pins"]
    return found


def test_a_sheet_numbers_regions_and_a_number_is_a_place(photochrom: Run, scan: Path) -> None:
    ran = photochrom("pins", scan)
    assert ran.code == 0, ran.err
    sheet = Image.open(scan.with_name("coat.pins.jpg"))
    assert max(sheet.size) == 1600
    count = int(ran.out.split(": ")[1].split()[0])
    assert 2 <= count <= 40
    [found] = pins(photochrom, scan, "1=green:a letter")
    assert found["mask"] and found["sure"] == "documented" and found["source"] == "a letter"
    assert photochrom("pins", scan).code == 2  # It is there already.
    # What the numbers hang on is told with them.
    again = photochrom("pins", scan, "--force", "--year", "1931", "--emulsion", "orthochromatic")
    assert again.code == 0
    assert "with: --year 1931 --emulsion orthochromatic --pin NUMBER=" in again.out


def test_places_and_colors_are_taken_in_all_their_forms(photochrom: Run, scan: Path) -> None:
    mask = np.zeros((120, 160), np.uint8)
    mask[5:20, 5:60] = 255
    Image.fromarray(mask).save(scan.with_name("mask.png"))
    poster = np.full((40, 60, 3), 200, np.uint8)
    poster[10:20, 30:50] = (180, 40, 60)
    Image.fromarray(poster).save(scan.with_name("poster.png"))
    found = pins(
        photochrom,
        scan,
        "80,70=Munsell 5R 4/14:https://example.org/12",
        "0.3,0.3,0.2,0.2=lab(41 62 38)",
        f"{scan.with_name('mask.png')}=skyblue:catalog 3",
        f"0.1,0.9={scan.with_name('poster.png')}@32,12,10,6:the poster",
    )
    assert found[0]["source"] == "https://example.org/12" and found[0]["said"] == "Munsell 5R 4/14"
    assert found[1]["box"] == [0.3, 0.3, 0.2, 0.2] and found[1]["sure"] == "assumed"
    assert found[2]["mask"] and found[2]["color"] == [135, 206, 235]
    assert found[3]["color"] == [180, 40, 60] and found[3]["source"] == "the poster"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("900,20=red",), "outside of the picture"),
        (("0.9,0.9,0.3,0.3=red",), "reaches out of the picture"),
        (("0.5,0.5=rde",), "did you mean 'red'"),
        (("4000=red",), "there is no region 4000"),
        (("missing.png=red",), "missing.png"),
        (("0.5,0.5=missing.png@1,1,5,5",), "missing.png: cannot be read"),
        (("0.5,0.5=missing.png@1,1",), "is no swatch: write FILE@LEFT,TOP,WIDTH,HEIGHT"),
        (("0.5,0.5=coat.png@",), "is no swatch"),
        (("0.5,0.5=red", "0.5,0.5=blue"), "two colors of one place"),
    ],
)
def test_mistakes_are_told_before_any_work(
    photochrom: Run, scan: Path, said: tuple[str, ...], why: str
) -> None:
    told = [word for one in said for word in ("--pin", one)]
    ran = photochrom("restore", scan, "-o", scan.parent / "out", *WORDS, *told)
    assert ran.code == 2 and why in ran.err
    assert not (scan.parent / "out").exists()
