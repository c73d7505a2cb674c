"""The command line as a whole: help, version, laziness, the small commands."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_args

import click
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom import __version__
from photochrom.cli import options
from photochrom.cli.app import COMMANDS, app
from photochrom.cli.inspect import UNITS
from photochrom.measure import (
    Blocking,
    Grain,
    Halftone,
    Measures,
    Sharpness,
    Tint,
    Tones,
)
from photochrom.photograph import ScanInfo
from photochrom.steps.words import WORDS

Run = Callable[..., Ran]

HEAVY = ("numpy", "cv2", "onnxruntime", "av", "skia", "pydantic", "PIL", "rich")


def test_version(photochrom: Run) -> None:
    assert photochrom("--version").out == f"photochrom {__version__}\n"


@pytest.mark.parametrize("words", [["--help"], *[[name, "--help"] for name in COMMANDS]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys; from photochrom.cli import main\n"
        f"sys.argv = ['photochrom', *{words}]\n"
        "try: main()\n"
        "except SystemExit as ended: assert not ended.code\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: photochrom" in ran.stdout
    assert ran.stderr.strip() == "[]"


def test_every_command_is_listed_with_what_it_does(photochrom: Run) -> None:
    said = photochrom("--help").out
    for name in COMMANDS:
        (line,) = [line for line in said.splitlines() if line.startswith(f"  {name} ")]
        assert len(line.split()) > 3


def test_an_unknown_command_is_an_error(photochrom: Run) -> None:
    assert photochrom("restor").code == 2


def test_choices_are_those_of_the_rooms_that_own_them() -> None:
    from photochrom.emulsion import Emulsion, Tones
    from photochrom.film.sound.engines import NAMES
    from photochrom.photograph import ENDINGS
    from photochrom.production.drafting import templates
    from photochrom.production.drafting.chapters import By
    from photochrom.trimming import FRAMES
    from photochrom.variant import LETTERS

    assert tuple(emulsion.value for emulsion in Emulsion) == options.EMULSIONS
    assert get_args(By) == options.CHAPTERS
    assert templates.TEMPLATES == options.TEMPLATES
    assert tuple(ENDINGS) == options.FORMATS
    assert get_args(Tones) == options.TONES
    assert LETTERS == options.VARIANTS
    assert FRAMES == options.FRAMES
    assert tuple(WORDS["repair"]) == options.REPAIRS
    assert tuple(WORDS["color"]) == options.COLORS
    assert NAMES == options.NARRATORS


@pytest.mark.parametrize("package", ["photochrom", "photochrom.production"])
def test_the_public_names_exist(package: str) -> None:
    # In a fresh interpreter, after every room was imported: no module may hide a function.
    code = (
        f"import importlib, inspect, pkgutil, {package} as pc\n"
        "for room in pkgutil.iter_modules(pc.__path__):\n"
        "    if room.name != '__main__': importlib.import_module(f'{pc.__name__}.{room.name}')\n"
        "print(*(name for name in pc.__all__ if not inspect.ismodule(getattr(pc, name))))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    names = set(run.stdout.split())
    assert set(importlib.import_module(package).__all__) == names
    assert names >= ({"restore", "age", "Photograph"} if package == "photochrom" else {"build"})


def test_importing_photochrom_costs_nothing() -> None:
    code = "import sys, photochrom; print(*(n for n in sys.modules if n.startswith('photochrom')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["photochrom"]
    # Beyond what Python has: the one library that loads the rest, when asked for.
    code = (
        "import sys, ast, os; before = set(sys.modules); import photochrom\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(new - sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["lazy_loader", "photochrom"]


def test_age_is_deterministic_and_leaves_the_photograph_alone(
    photochrom: Run, tmp_path: Path, scene: NDArray[np.uint8]
) -> None:
    photo = tmp_path / "photo.png"
    Image.fromarray(scene).save(photo)
    before = photo.read_bytes()
    said = ("--emulsion", "orthochromatic", "--wear", 0.7)
    for name, seed in (("a.tif", 3), ("b.tif", 3), ("c.tif", 4)):
        ran = photochrom("age", photo, "-o", tmp_path / name, *said, "--seed", seed)
        assert ran.code == 0, ran.err
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.tif", "b.tif", "c.tif"))
    assert a == b != c
    assert photo.read_bytes() == before


def test_inspect_as_text_and_as_json(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    photo = tmp_path / "team 1928.png"
    Image.fromarray(gray_scene).save(photo)
    ran = photochrom("inspect", photo, "--json")
    said = json.loads(ran.out)
    assert said["scan"]["width"] == 128
    assert said["scan"]["bit_depth"] == 8
    assert said["measures"]
    text = photochrom("inspect", photo).out
    assert "1928" in text
    assert "width" in text


def test_inspect_takes_folders_and_files_one_after_the_other(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    folder = tmp_path / "scans"
    (folder / "more").mkdir(parents=True)
    for name in ("b.png", "a.png", "more/c.png"):
        Image.fromarray(gray_scene).save(folder / name)
    (folder / "notes.txt").write_text("no photograph")
    alone = tmp_path / "alone.png"
    Image.fromarray(gray_scene).save(alone)
    ran = photochrom("inspect", folder, alone, folder / "a.png", "--json")
    assert ran.code == 0
    told = [json.loads(line) for line in ran.out.splitlines()]
    names = [str(Path(one["input"]).relative_to(tmp_path)) for one in told]
    assert names == ["scans/a.png", "scans/b.png", "scans/more/c.png", "alone.png"]
    assert told[-1] == json.loads(photochrom("inspect", alone, "--json").out)
    assert "1 that is no photograph" in ran.err
    (tmp_path / "empty").mkdir()
    ran = photochrom("inspect", tmp_path / "empty")
    assert ran.code == 2 and "there is no photograph in this folder" in ran.err


def test_every_figure_that_inspect_shows_has_a_unit(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    photo = tmp_path / "team 1928.tif"
    Image.fromarray(gray_scene).save(photo, dpi=(300, 300))
    text = photochrom("inspect", photo).out
    bare = {"channels", "orientation", "name year", "year"}
    for line in text.splitlines()[1:]:
        key, value = line[:32].strip(), line[32:].strip()
        if re.match(r"[\d.]", value) and key not in {*bare, "sha256"}:
            assert re.fullmatch(r"[\d., e-]+ \S.*[^\d. ]", value), line
    assert "300, 300 dots an inch" in text and "128 px" in text
    assert not re.search(r"True|False|\[", text)
    tables = {"scan": ScanInfo, "measures": Measures, "tint": Tint, "tones": Tones}
    tables |= {"grain": Grain, "sharpness": Sharpness, "halftone": Halftone, "blocking": Blocking}
    for name in UNITS:
        table, key = name.split(".")
        assert key in {field.name for field in fields(tables[table])}, name


def test_inspect_goes_on_after_a_bad_file(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.fromarray(gray_scene).save(good)
    bad.write_bytes(b"")
    ran = photochrom("inspect", bad, good, "--json")
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 1
    assert "bad.png" in ran.err


def test_recipe_prints_what_reads_back(photochrom: Run, tmp_path: Path) -> None:
    assert "faithful" in photochrom("recipe").out
    mine = tmp_path / "mine.toml"
    mine.write_text(photochrom("recipe", "cinema").out)
    assert photochrom("recipe", mine).out == mine.read_text()


def test_models_lists_shows_and_verifies(photochrom: Run) -> None:
    listed = photochrom("models").out
    lines = listed.partition("\n\n")[0].splitlines()
    names = [line.split()[0] for line in lines]
    assert {"color", "restore", "clarity"} <= {line.split()[1] for line in lines}
    assert json.loads(photochrom("models", "show", names[0]).out)["name"] == names[0]
    assert photochrom("models", "verify").code == 0
    ran = photochrom("models", "show", "nothing")
    assert ran.code == 2
    assert "nothing" in ran.err


def test_every_command_file_has_its_command() -> None:
    for name in COMMANDS:
        found = app.get_command(click.Context(app), name)
        assert found is not None and found.name == name
