"""The page: one picture over the other and a slider between them, in one file of HTML."""

from __future__ import annotations

import base64
import hashlib
import io
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from photochrom.comparing.pair import Pair, Pixels
from photochrom.files import write_text

if TYPE_CHECKING:
    from jinja2 import Template

LONGEST = 2000
"""Pixels of the longer side of the embedded pictures: a large window full, in half a megabyte."""

_QUALITY = 86


def write_page(path: Path, pair: Pair) -> None:
    """Write the page.

    Args:
        path: An HTML file.
        pair: What it shows.

    Raises:
        PhotographError: It cannot be written.
    """
    shown = pair.within(LONGEST)
    style, script = (_part(name) for name in ("page.css", "page.js"))
    page = _template().render(
        pair=shown,
        before=_embedded(shown.before),
        after=_embedded(shown.after),
        title=" | ".join(text for text in pair.labels if text) or "Before | After",
        style=style,
        script=script,
        # Nothing may be loaded from anywhere, and nothing runs but what stands in the page.
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; "
        f"script-src '{_hash(script)}'; style-src-attr 'unsafe-inline'",
    )
    write_text(path, page)


def _embedded(pixels: Pixels) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _part(name: str) -> str:
    return (files("photochrom.comparing") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """What a policy of a page calls a piece of it by."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@lru_cache
def _template() -> Template:
    """Escapes all that it is given, and fails where something is missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("photochrom.comparing", "")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return page.get_template("page.html")
