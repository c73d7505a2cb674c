"""`python -m bench.motion.by_zoompan JOB.json [TIMES]`: the move as FFmpeg's zoompan makes it.

The filter cuts out whole pixels. The usual remedy is to enlarge the picture first, TIMES times.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
import av.filter

from bench.motion.move import Job, encode


def expressions(job: Job) -> dict[str, str]:
    """The move in the filter's own language: zoom, left and top by the frame's number (`on`).

    It is given the band of the picture that has the film's shape; zoompan takes that for granted.
    """
    left, top, width, height = job.band
    (x, y, wide, _), (x_to, y_to, wide_to, _) = job.rects[0], job.rects[-1]
    time, ramp = f"(on/{len(job.rects) - 1})", job.ramp
    distance = 1 - ramp

    def risen(time: str) -> str:
        return f"{ramp}*(pow({time}/{ramp},3)-pow({time}/{ramp},4)/2)/{distance}"

    eased = (
        f"if(lt({time},{ramp}),{risen(time)},"
        f"if(gt({time},{1 - ramp}),1-{risen(f'(1-{time})')},({time}-{ramp / 2})/{distance}))"
    )
    # The size is exponential in time; edges move with it.
    stretch = f"log({wide_to / wide})"
    share = f"((exp({stretch}*({eased}))-1)/(exp({stretch})-1))"
    return {
        "z": f"1/({wide / width}+({(wide_to - wide) / width})*{share})",
        "x": f"iw*({(x - left) / width}+({(x_to - x) / width})*{share})",
        "y": f"ih*({(y - top) / height}+({(y_to - y) / height})*{share})",
    }


def frames(job: Job, times: int | None) -> Iterator[av.VideoFrame]:
    """The film's frames, as yuv420p.

    Args:
        job: What is asked for.
        times: Enlarge the picture so many times first; None: do not.
    """
    with av.open(job.picture) as container:
        picture = next(container.decode(video=0))
    assert isinstance(picture, av.VideoFrame)
    left, top, width, height = (round(edge) for edge in job.band)
    graph = av.filter.Graph()
    last = graph.add_buffer(
        width=picture.width,
        height=picture.height,
        format=picture.format,
        time_base=Fraction(1, job.rate),
    )
    moves = ":".join(f"{key}='{value}'" for key, value in expressions(job).items())
    film = f"d={len(job.rects)}:fps={job.rate}:s={job.size[0]}x{job.size[1]}"
    for name, options in (
        ("crop", f"{width}:{height}:{left}:{top}"),
        # As planes of half the chroma it takes half the memory, and large pictures a gigabyte.
        *([("format", "yuv420p"), ("scale", f"{times * width}:-1")] if times else []),
        ("zoompan", f"{moves}:{film}"),
        ("format", "yuv420p"),
        ("buffersink", None),
    ):
        following = graph.add(name, options)
        last.link_to(following)
        last = following
    graph.configure()
    picture.pts, picture.time_base = 0, Fraction(1, job.rate)
    graph.push(picture)
    graph.push(None)
    for _ in job.rects:
        frame = graph.pull()
        assert isinstance(frame, av.VideoFrame)
        yield frame


def main() -> None:
    job = Job.load(Path(sys.argv[1]))
    times = int(sys.argv[2]) if len(sys.argv) > 2 else None
    encode(job, frames(job, times))


if __name__ == "__main__":
    main()
