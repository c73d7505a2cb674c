"""`python -m bench.film.making FOLDER`: make the film whose storyboard lies in a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from photochrom.engine import FolderStore
from photochrom.film.camera.attention import Attention
from photochrom.film.plan import Plan
from photochrom.film.render import make_film
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Shot, Storyboard

STORYBOARD: Final = "storyboard.json"
FILM: Final = "film.mp4"

_TITLE, _PHOTOGRAPH, _END = 6.0, 11.5, 14.0
_REVEALS: Final = ("none", "dissolve", "wipe", "scan")


def storyboard(count: int, size: tuple[int, int], share: float = 1.0) -> dict[str, Any]:
    """A title, photographs with captions, three of four with a reveal, and an end.

    Args:
        count: How many photographs; 40 make 480 s.
        size: Of the film.
        share: Of the usual lengths.
    """
    shots: list[dict[str, Any]] = [{"card": "title", "length": _TITLE * share}]
    shots += [
        {
            "photograph": str(number),
            "length": _PHOTOGRAPH * share,
            "reveal": {"kind": _REVEALS[number % len(_REVEALS)], "seconds": 2.5 * share},
            "caption": f"Somebody\nSomewhere, {1900 + number}",
        }
        for number in range(count)
    ]
    shots.append({"card": "text", "text": "The end", "length": _END * share})
    return {"film": {"title": "A film", "size": list(size)}, "shot": shots}


def main() -> None:
    folder = Path(sys.argv[1])
    board = Storyboard.parse(json.loads((folder / STORYBOARD).read_text(encoding="utf-8")))
    stills = {}
    for number in range(sum(isinstance(shot, Shot) for shot in board.shots)):
        gray, color = (folder / f"{version}-{number}.png" for version in ("gray", "color"))
        known = json.loads((folder / f"known-{number}.json").read_text(encoding="utf-8"))
        of_gray, of_color = known["digests"]
        stills[str(number)] = Stills(
            scan=gray,
            gray=gray,
            color=color,
            digests=(of_gray, of_gray, of_color),
            attention=Attention.of(known["attention"]),
        )
    plan, store = Plan.of(board, stills), FolderStore(folder / "cache")
    make_film(plan, folder / FILM, store, jobs=2)


if __name__ == "__main__":
    main()
