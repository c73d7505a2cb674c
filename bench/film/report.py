"""The film bench's section of the page."""

from __future__ import annotations

from bench.harness import Figures
from bench.page import aims, table

# Seconds in which a film is to be made for each of its own, and a caption changed; MB to do it in.
_PACE, _CHANGE, _MEMORY = 1.0, 15.0, 2147.0


def report(figures: Figures) -> str:
    """Write the section."""
    width, height = figures["size"]
    across, down = figures["picture"]
    whole, change = figures["whole"], figures["caption_changed"]
    length = figures["length"]
    rows = [
        (
            f"the film of {length:g} s",
            f"< {_PACE * length:g} s",
            f"{whole['seconds']:.0f} s",
            whole["seconds"] < _PACE * length,
        ),
        ("after a change of one caption", f"< {_CHANGE:g} s", f"{change['seconds']:.1f} s",
         change["seconds"] < _CHANGE),
        ("memory of all processes", "< 2 GiB", _gib(whole["peak_mb"]),
         None if whole["peak_mb"] is None else whole["peak_mb"] < _MEMORY),
    ]  # fmt: skip
    costs = [
        (name, run["seconds"], run["cpu_seconds"], run["peak_mb"])
        for name, run in zip(("the film", "one caption changed"), (whole, change), strict=True)
    ]
    return f"""\
{figures["photographs"]} photographs of {across * down / 1e6:.0f} megapixels
({across} x {down}) in a film of {length:g} s at {width} x {height} and 24 frames a second, with
captions, dissolves, reveals on three of four photographs, automatic moves and the generated score;
encoder and quality as they are by default, two processes. The photographs are there, restored, as
PNG files: reading them is counted, restoring them is not. The file has {figures["file_mb"]:g} MB.
Memory is that of all processes together, what they share counted once, looked at ten times a
second.

{aims(rows)}

{table(("what", "seconds", "CPU seconds", "memory, MB"), costs)}
"""


def _gib(megabytes: float | None) -> str | None:
    return None if megabytes is None else f"{megabytes * 1e6 / 2**30:.2f} GiB"
