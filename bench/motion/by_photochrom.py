"""`python -m bench.motion.by_photochrom JOB.json`: the move as photochrom makes it.

It is a whole film: one shot without words, with a silent track and a poster.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.motion.move import Job
from photochrom.engine import FolderStore
from photochrom.film.plan import Plan
from photochrom.film.render import make_film
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Storyboard


def main() -> None:
    job = Job.load(Path(sys.argv[1]))
    width, height = job.shape
    first, last = (
        [left / width, top / height, across / width, down / height]
        for left, top, across, down in (job.rects[0], job.rects[-1])
    )
    shot = {
        "photograph": "picture",
        "length": len(job.rects) / job.rate,
        "transition": "cut",
        "framing": "fill",
        "move": {"from": first, "to": last, "easing": "smooth"},
    }
    film = {"size": list(job.size), "rate": job.rate, "fade": 0, "sound": {"kind": "silence"}}
    picture = Path(job.picture)
    with tempfile.TemporaryDirectory(dir=Path(job.out).parent) as cache:
        board = Storyboard.parse({"film": film, "shot": [shot]})
        plan = Plan.of(board, {"picture": Stills(picture, picture, picture)})
        make_film(plan, Path(job.out), FolderStore(Path(cache)), jobs=2)


if __name__ == "__main__":
    main()
