"""`python by_moviepy.py JOB.json resize|pillow`: the move as MoviePy makes it.

It runs in an environment of its own (MoviePy 2.2 wants an older Pillow) and knows nothing of this
project. "resize" is MoviePy's way to move over a still: a clip that is resized and put in its place
by functions of time. Both round to whole pixels. "pillow" uses MoviePy only as a frame around a
function of one's own that has Pillow cut out fractions of pixels.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import CompositeVideoClip, ImageClip, VideoClip, vfx
from PIL import Image


def resized(job: dict[str, Any]) -> VideoClip:
    """The picture resized and placed."""
    width = job["size"][0]
    rects = job["rects"]
    # Only what is ever seen is resized, which is less work.
    left = math.floor(min(rect[0] for rect in rects))
    top = math.floor(min(rect[1] for rect in rects))
    right = math.ceil(max(rect[0] + rect[2] for rect in rects))
    bottom = math.ceil(max(rect[1] + rect[3] for rect in rects))

    def rect(time: float) -> list[float]:
        return rects[min(round(time * job["rate"]), len(rects) - 1)]

    def scale(time: float) -> float:
        return width / rect(time)[2]

    def place(time: float) -> tuple[float, float]:
        seen = rect(time)
        return (left - seen[0]) * scale(time), (top - seen[1]) * scale(time)

    clip = ImageClip(job["picture"]).cropped(x1=left, y1=top, x2=right, y2=bottom)
    moving = clip.with_effects([vfx.Resize(scale)]).with_position(place)
    # With a background of a color there is no mask to be computed, which is less work, too.
    return CompositeVideoClip([moving], size=tuple(job["size"]), bg_color=(0, 0, 0))


def by_pillow(job: dict[str, Any]) -> VideoClip:
    """A function of one's own."""
    picture = Image.open(job["picture"]).convert("RGB")
    rects = job["rects"]

    def frame(time: float) -> np.ndarray:
        left, top, width, height = rects[min(round(time * job["rate"]), len(rects) - 1)]
        box = (left, top, left + width, top + height)
        return np.asarray(picture.resize(job["size"], Image.Resampling.BICUBIC, box))

    return VideoClip(frame)


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text())
    ways = {"resize": resized, "pillow": by_pillow}
    clip = ways[sys.argv[2]](job).with_duration(len(job["rects"]) / job["rate"])
    clip.write_videofile(
        job["out"],
        fps=job["rate"],
        codec="libx264",
        preset=job["preset"],
        audio=False,
        ffmpeg_params=["-crf", str(job["crf"]), "-pix_fmt", "yuv420p"],
        logger=None,
    )


if __name__ == "__main__":
    main()
