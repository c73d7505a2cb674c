"""The command line as a whole: help, version, laziness, the small commands."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom import __version__
from photochrom.cli import options
from photochrom.cli.app import COMMANDS

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
    from photochrom.production.drafting.chapters import By

    assert tuple(emulsion.value for emulsion in Emulsion) == options.EMULSIONS
    assert get_args(By) == options.CHAPTERS
    assert tuple(ENDINGS) == options.FORMATS
    assert get_args(Tones) == options.TONES
    assert NAMES == options.NARRATORS


def test_the_public_names_exist() -> None:
    # In a fresh interpreter, after every room was imported: no module may hide a function.
    code = (
        "import importlib, photochrom as pc\n"
        "for home in set(pc._HOMES.values()): importlib.import_module(home)\n"
        "for name in pc.__all__: getattr(pc, name)\n"
        "assert callable(pc.restore) and callable(pc.age) and set(pc._HOMES) < set(pc.__all__)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


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
    names = [line.split()[0] for line in listed.splitlines()]
    assert {"color", "restore", "clarity"} <= {line.split()[1] for line in listed.splitlines()}
    assert json.loads(photochrom("models", "show", names[0]).out)["name"] == names[0]
    assert photochrom("models", "verify").code == 0
    ran = photochrom("models", "show", "nothing")
    assert ran.code == 2
    assert "nothing" in ran.err


def test_every_command_file_has_its_command() -> None:
    for name, module in COMMANDS.items():
        assert importlib.import_module(module).command.name == name
