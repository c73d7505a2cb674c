"""Pages that need nothing else, laid out by a Chromium that is installed."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")

_MEASURE = """
addEventListener("load", () => {
  const frames = [...document.querySelectorAll("iframe")];
  const roots = frames.map((one) => one.contentDocument.documentElement);
  document.title = JSON.stringify(roots.map((one) => one.scrollWidth - one.clientWidth));
});
"""


def overflow(page: str, widths: Sequence[int], folder: Path) -> list[int]:
    """How many pixels a page is too wide, at each width of the window.

    Args:
        page: The page, which asks for nothing.
        widths: In CSS pixels.
        folder: An empty one, for the browser.
    """
    told = os.environ.get("CHROMIUM")
    browser = told or next((one for name in _NAMES if (one := shutil.which(name))), None)
    if browser is None:
        pytest.skip("there is no Chromium")
    frames = "".join(
        f'<iframe style="border:0" width="{width}" height="600" srcdoc="{html.escape(page)}">'
        "</iframe>"
        for width in widths
    )
    (folder / "page.html").write_text(
        f"<!DOCTYPE html><title></title><script>{_MEASURE}</script>{frames}", encoding="utf-8"
    )
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found = re.search(r"<title>(.*?)</title>", run.stdout)
    assert found and found[1], run.stderr[-2000:]
    measured: list[int] = json.loads(found[1])
    return measured
