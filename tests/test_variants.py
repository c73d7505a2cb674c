"""Variants as people meet them: on the command line, in productions, on a sheet, in a report."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from conftest import Ran
from photochrom.comparing.laying import WIDEST
from photochrom.comparing.variants import VariantsSheet
from photochrom.production.building import build
from photochrom.record import Record
from photochrom.scans import find

Run = Callable[..., Ran]

STEPS = ("--steps", "color", "--set", "color.network=unsure")
FOUND = ("coat.jpg", "coat.variants.jpg", "coat-b.jpg")


def coat(path: Path, seed: int = 0) -> Path:
    """A dark coat on a light ground, of which the tiny network knows two colors."""
    light = np.full((120, 160), 178, np.float64)
    light[30:105, 40:120] = 76
    noise = np.random.default_rng(seed).normal(0, 2, light.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((light + noise).clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A color network that is not sure."""
    tiny_networks.color(tmp_path / "models", name="unsure", likely=True, sure=0.4)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))


@pytest.fixture
def scan(tmp_path: Path, unsure: None) -> Path:
    return coat(tmp_path / "scans" / "coat.png")


def _red_and_blue(path: Path) -> tuple[float, float]:
    """Mean red and blue of the coat."""
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(float)
    high, wide = pixels.shape[:2]
    inside = pixels[high // 2 - 10 : high // 2 + 10, wide // 2 - 20 : wide // 2 + 20]
    return float(inside[..., 0].mean()), float(inside[..., 2].mean())


def test_a_sheet_and_each_variant_lie_beside_the_picture(photochrom: Run, scan: Path) -> None:
    ran = photochrom("restore", scan, *STEPS, "--no-compare")
    assert ran.code == 0, ran.err
    alone = (scan.parent / "restored" / "coat.jpg").read_bytes()
    ran = photochrom("restore", scan, *STEPS, "--no-compare", "--variants", "4")
    assert ran.code == 0, ran.err
    out = scan.parent / "restored"
    assert [Path(line.split(" (")[0]).name for line in ran.out.splitlines()] == [*FOUND]
    assert "has 2 variants, not 4" in ran.err
    # The first is what it always was, to the byte.
    assert (out / "coat.jpg").read_bytes() == alone
    first, second = (_red_and_blue(out / name) for name in ("coat.jpg", "coat-b.jpg"))
    assert first[0] > first[1] + 20 and second[1] > second[0] + 20
    record = Record.open(out / "coat-b.record.json")
    assert record.variant is not None and record.variant["letter"] == "b"
    assert "variant b of 2" in record.statement()
    again = photochrom("restore", scan, *STEPS, "--no-compare", "--variants", "4")
    assert again.code == 0 and again.out.count("(kept)") == 2
    # Whoever does not ask any more has both all the same.
    plain = photochrom("restore", scan, *STEPS, "--no-compare")
    assert "(kept)" in plain.out and "variants.jpg" in plain.out
    # None of it is taken for a scan.
    assert find(out)[0] == []


def test_one_letter_is_made_by_itself(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    ran = photochrom("restore", scan, *STEPS, "--variant", "b", "-o", tmp_path / "b")
    assert ran.code == 0, ran.err
    red, blue = _red_and_blue(tmp_path / "b" / "coat.jpg")
    assert blue > red + 20
    ran = photochrom("restore", scan, *STEPS, "--variant", "c", "-o", tmp_path / "c")
    assert ran.code == 2 and not list((tmp_path / "c").glob("*.jpg"))
    (line,) = [line for line in ran.err.splitlines() if "variant" in line]
    assert "coat.png: has no variant 'c', only a and b" in line and "--variants 4" in line


def test_several_photographs_each_have_their_own(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    Image.fromarray(np.full((90, 120), 200, np.uint8)).save(scan.parent / "wall.png")
    out = tmp_path / "out"
    ran = photochrom("restore", scan.parent, *STEPS, "--variants", "2", "-o", out, "--json")
    assert ran.code == 0, ran.err
    said = [json.loads(line) for line in ran.out.splitlines()]
    assert [Path(one["output"]).name for one in said] == ["coat.tif", "wall.tif", "coat-b.tif"]
    assert {path.name for path in out.glob("*.jpg")} == {"coat.variants.jpg", "wall.variants.jpg"}
    notices = {Path(one["output"]).name: one["notices"] for one in said}
    assert any("one variant, not 2" in line for line in notices["wall.tif"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--variants", "5"), "5 is not in the range"),
        (("--variants", "1"), "1 is not in the range"),
        (("--variant", "e"), "'e' is not one of"),
        (("--variants", "2", "--variant", "b"), "name one"),
        (("--variants", "2", "--recipe", "scan-clean"), "the recipe does not color"),
        (("--variant", "b", "--recipe", "scan-clean"), "has no step 'color'"),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(
    photochrom: Run, scan: Path, words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("restore", scan, *words)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err


def production(folder: Path, extra: str = "") -> Path:
    """Two coats, the first with more keys."""
    recipe = 'schema = "photochrom.recipe/1"\nsteps = ["color"]\n[color]\nnetwork = "unsure"\n'
    (folder / "color.toml").write_text(recipe)
    text = 'schema = "photochrom.production/2"\ntitle = "Coats"\nrecipe = "color.toml"\n'
    for seed, name in enumerate(("one", "two")):
        coat(folder / "scans" / f"{name}.png", seed)
        text += f'\n[[photograph]]\nid = "{name}"\nfile = "scans/{name}.png"\n'
        text += extra if name == "one" else ""
    path = folder / "production.toml"
    path.write_text(text)
    return path


def test_a_production_makes_anew_what_has_another_variant(tmp_path: Path, unsure: None) -> None:
    assert build(production(tmp_path), jobs=1).made == ("one", "two")
    assert build(production(tmp_path, 'variant = "a"\n'), jobs=1).made == ()
    assert build(production(tmp_path, 'variant = "b"\n'), jobs=1).made == ("one",)
    pictures = tmp_path / "out" / "pictures"
    assert [
        (record.variant or {}).get("letter")
        for record in (Record.open(pictures / f"{id}.record.json") for id in ("one", "two"))
    ] == ["b", None]
    red, blue = _red_and_blue(pictures / "one.jpg")
    assert blue > red + 20


def test_a_production_names_what_is_no_variant(
    photochrom: Run, tmp_path: Path, unsure: None
) -> None:
    ran = photochrom("make", production(tmp_path, 'variant = "z"\n'))
    assert ran.code == 2 and "production.toml:8" in ran.err and "variant" in ran.err
    ran = photochrom("make", production(tmp_path, 'variant = "d"\n'))
    assert ran.code != 0 and "one.png: has no variant 'd', only a and b" in ran.err
    assert "Traceback" not in ran.err
    path = production(tmp_path, 'variant = "b"\n')
    recipe = 'schema = "photochrom.recipe/1"\nsteps = ["tone"]\n'
    (tmp_path / "color.toml").write_text(recipe)
    ran = photochrom("make", path)
    assert ran.code == 2 and "production.toml:8" in ran.err
    assert "remove 'variant' or choose a recipe that colors" in ran.err


def test_a_report_says_which_variant_a_picture_shows(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert photochrom("restore", scan, *STEPS, "--variants", "4", "-o", out).code == 0
    ran = photochrom(
        "report", out, "-o", tmp_path / "report.html", "--csv", tmp_path / "report.csv"
    )
    assert ran.code == 0, ran.err
    with (tmp_path / "report.csv").open(newline="") as file:
        found = {row["name"]: row["variant"] for row in csv.DictReader(file)}
    assert found == {"coat": "a of 2", "coat-b": "b of 2"}


def _plain(width: int, height: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 128, np.uint8)


def test_sheets_have_two_columns_and_panoramas_one() -> None:
    four = {letter: _plain(WIDEST, 720) for letter in "abcd"}
    two = dict(list(four.items())[:2])
    wide, high = VariantsSheet(four, "").size
    assert wide > 2 * WIDEST and high > 2 * 720
    assert VariantsSheet(two, "").size[0] == wide and VariantsSheet(two, "").size[1] < high
    panoramas = {letter: _plain(2 * WIDEST, 600) for letter in "abc"}
    wide, high = VariantsSheet(panoramas, "a note").size
    assert 2 * WIDEST < wide < 2.4 * WIDEST and high > 3 * 600
    pixels = VariantsSheet({"a": _plain(200, 3000)}, "").pixels()
    assert pixels.dtype == np.uint8 and pixels.shape[2] == 3
