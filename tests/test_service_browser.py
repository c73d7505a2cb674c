"""A browser and `photochrom serve`, from the first start to the finished film, with the line cut
and everything killed in between. What is done is in `studio/tests/real`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from photochrom.photograph import SUFFIXES
from photochrom.service.openapi import specification
from photochrom.service.studio.pages import BUILT
from photochrom.steps import STEPS

STUDIO = Path(__file__).parent.parent / "studio"
RECORD = STUDIO / "src" / "parts" / "record.ts"
DROPPED = STUDIO / "src" / "upload" / "dropped.ts"
BROWSERS = ("/usr/bin/chromium", "/usr/bin/google-chrome")


def _missing() -> str | None:
    """What this machine does not have."""
    if shutil.which("npx") is None:
        return "there is no Node"
    if not (STUDIO / "node_modules" / "@playwright").is_dir():
        return "the studio's packages are not there (`npm ci` in studio/)"
    if not (BUILT / "index.html").is_file():
        return "the studio is not built (`make studio`)"
    told = os.environ.get("CHROMIUM")
    if not any(Path(one).is_file() for one in (*BROWSERS, *([told] if told else []))):
        return "there is no Chromium"
    return None


@pytest.mark.slow
@pytest.mark.parametrize("what", ["from the link in the terminal", "the line cut"])
def test_from_scans_to_a_film_in_a_browser(what: str, tmp_path: Path) -> None:
    if (missing := _missing()) is not None:
        pytest.skip(missing)
    run = subprocess.run(
        [
            *("npx", "playwright", "test", "--config", "playwright.real.config.ts"),
            *("--grep", what, "--output", str(tmp_path / "results")),
        ],
        cwd=STUDIO,
        env=os.environ | {"PHOTOCHROM_PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert "1 passed" in run.stdout


def test_the_studio_knows_the_api_as_it_is() -> None:
    """Its types are generated from the file (`npm run api`)."""
    assert (STUDIO / "openapi.json").read_text() == specification(), (
        "write it anew: `python -m photochrom.service.openapi > studio/openapi.json`, "
        "then `npm run api` in studio/"
    )


def test_the_studio_takes_every_file_that_can_be_opened() -> None:
    endings = re.search(r"const ENDINGS = (.+?);", DROPPED.read_text(), re.DOTALL)
    assert endings is not None
    assert SUFFIXES <= set(re.findall(r'"(\.\w+)"', endings[1]))


def test_the_studio_has_a_name_and_words_for_every_step() -> None:
    """A record is read by people: "sharpen" alone says little."""
    text = (STUDIO / "src" / "text" / "en.ts").read_text()
    names = re.search(r"stepNames: \{(.+?)\}", text, re.DOTALL)
    assert names is not None
    assert set(re.findall(r"(\w+):", names[1])) == set(STEPS)
    said = set(re.findall(r'case "(\w+)":', RECORD.read_text()))
    assert said == set(STEPS)
