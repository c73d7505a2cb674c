"""`python -m examples.gallery`: makes the figures and writes the page."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from examples.gallery.board import save
from examples.gallery.figures import FIGURES, made

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "gallery.md"
PICTURES = DOCS / "pictures" / "gallery"
_HEAD = """\
# Gallery

Photographs whose true colors are known, exposed on old emulsions and aged with fixed seeds (as
`photochrom age` does), and what the embedded networks make of them. `make gallery` makes every
figure and writes every caption from what was done and measured; nothing is retouched. PSNR and
ΔE2000 are over all pixels, against the truth. The photographs ship with Matplotlib and
scikit-image.
"""


def main(names: Sequence[str]) -> int:
    """Makes the figures named, or all, and writes the page; returns the exit code."""
    if unknown := [name for name in names if name not in FIGURES]:
        print(f"there is no figure {unknown[0]!r}; there are {', '.join(FIGURES)}")
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    captions = captions_of(PAGE.read_text("utf-8")) if names and PAGE.exists() else {}
    for name in names or FIGURES:
        started = time.monotonic()
        captions.pop(name, None)
        picture = PICTURES / f"{name}.jpg"
        figure = made(name)
        if figure is None:
            picture.unlink(missing_ok=True)
            continue
        save(figure.image, picture)
        captions[name] = figure.caption
        print(f"{picture} ({time.monotonic() - started:.0f} s)")
    PAGE.write_text(page(captions), "utf-8")
    return 0


def page(captions: Mapping[str, str]) -> str:
    """The page with these figures, in the order of `FIGURES`."""
    parts = [_HEAD]
    for name, (heading, _) in FIGURES.items():
        if name in captions:
            image = f"![{heading}](pictures/gallery/{name}.jpg)"
            parts.append(f"## {heading}\n\n{image}\n\n*{captions[name]}*\n")
    return "\n".join(parts)


def captions_of(text: str) -> dict[str, str]:
    """The captions that a page holds, by figure; the inverse of `page`."""
    found = re.findall(r"\(pictures/gallery/([a-z-]+)\.jpg\)\n\n\*(.+)\*\n", text)
    return dict(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
