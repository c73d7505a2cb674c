"""The motion bench's section of the page."""

from __future__ import annotations

from bench.harness import Figures
from bench.motion.measuring import MOVIEPY, OURS
from bench.motion.registering import STEADY
from bench.page import Aim, aims, table

_FASTER, _ERROR = 3.0, 0.05


def report(figures: Figures) -> str:
    """Write the section."""
    width, height = figures["size"]
    across, down = figures["picture"]
    floor, ways = figures["floor"], figures["ways"]
    rows = [
        (
            name,
            way["seconds"],
            way["cpu_seconds"],
            way["peak_mb"],
            f"{way['rms_px']:.3f}",
            f"{way['worst_px']:.2f}",
            way["backward_steps"],
        )
        for name, way in ways.items()
    ]
    rows.append(("*no error at all*", None, None, None, f"{floor['rms_px']:.3f}",
                 f"{floor['worst_px']:.2f}", floor["backward_steps"]))  # fmt: skip
    header = ("way", "seconds", "CPU seconds", "memory, MB", "error, px", "worst, px", "backward")
    peers = ", ".join(f"{name} {version}" for name, version in figures["peers"].items())
    absent = figures["left_out"] | figures["failed"]
    left_out = "".join(f"\nNot measured: {name} ({why}).\n" for name, why in absent.items())
    return f"""\
A pan and zoom of {figures["seconds"]:g} s over a picture of {across * down / 1e6:.0f} megapixels,
gentle at both ends, at {width} x {height} and {figures["rate"]} frames a second, encoded as
{figures["encoder"]} (photochrom's own default for stills lets x264 look less closely for motion
besides, which takes it less time and more bits). What the frame's middle shows moves by
{figures["step_px"]} pixels a frame on average. Every way is told the same curve, runs alone in
processes of its own, and may use all cores.
MoviePy ({peers}) has an environment of its own; zoompan is that of the FFmpeg libraries in PyAV,
without another program. photochrom makes a whole film, with a silent track and a poster.

The picture is a formula (waves of all lengths, `bench/motion/pattern.py`), so that what each frame
ought to show is known between pixels, too. Decoded frames are laid over it in nine parts by least
squares on gradients; *error* is the distance from where the camera should have been, as a root mean
square over parts and frames after what is constant has been taken off, *backward* how often the
middle went against the move by more than {STEADY} pixels. The last line is what the same measure
finds in frames computed from the formula and encoded as the peers' are.

{table(header, rows)}
{left_out}
{_aims(ways)}
"""


def _aims(ways: Figures) -> str:
    ours, moviepy = ways.get(OURS), ways.get(MOVIEPY)
    if ours is None:
        return ""
    rows: list[Aim] = [
        ("error", f"≤ {_ERROR} px", f"{ours['rms_px']:.3f} px", ours["rms_px"] <= _ERROR),
        ("steps backward", "0", ours["backward_steps"], ours["backward_steps"] == 0),
    ]
    if moviepy is not None:
        times = moviepy["seconds"] / ours["seconds"]
        rows.append(
            ("times as fast as MoviePy", f"≥ {_FASTER:g}", f"{times:.1f}", times >= _FASTER)
        )
        if moviepy["cpu_seconds"] and ours["cpu_seconds"]:
            rows.append(("the same, by CPU seconds", None,
                         f"{moviepy['cpu_seconds'] / ours['cpu_seconds']:.1f}", None))  # fmt: skip
    return aims(rows)
