"""Timecode: frames counted as hours, minutes, seconds and frames, as editing programs show them.

Timecode counts whole frames a second: 24 for a film of 24000/1001 as for one of 24, so the first
falls behind the clock. At 30000/1001 and 60000/1001 numbers (never frames) are dropped to make up
for that: the first two, or four, of each minute but every tenth (SMPTE ST 12-1).
"""

from __future__ import annotations

from fractions import Fraction

from photochrom.errors import StoryboardError

NTSC = Fraction(1000, 1001)
"""Rates of color television in North America are this much slower than whole ones."""

START_HOUR = 1
"""Films begin at 01:00:00:00, so that there is room for a leader before them."""


def nominal(rate: Fraction) -> int:
    """Frames that timecode counts in a second.

    Args:
        rate: Frames a second, exact.

    Raises:
        StoryboardError: There is no timecode for that rate.
    """
    for whole in (rate, rate / NTSC):
        if whole.denominator == 1:
            return whole.numerator
    raise StoryboardError(
        f"there is no timecode for {rate} frames a second",
        where="film, rate",
        fix='choose a whole rate, or one like "24000/1001"',
    )


def drops(rate: Fraction) -> int:
    """How many numbers are dropped a minute: 2 or 4; 0 where timecode drops none."""
    return {Fraction(30_000, 1001): 2, Fraction(60_000, 1001): 4}.get(rate, 0)


def start_frame(rate: Fraction) -> int:
    """The frame that has the timecode 01:00:00:00."""
    dropped = drops(rate) * (60 - 6) * START_HOUR
    return nominal(rate) * 3600 * START_HOUR - dropped


def timecode(frame: int, rate: Fraction) -> str:
    """The timecode of a frame, "hh:mm:ss:ff", or "hh:mm:ss;ff" where numbers are dropped.

    Args:
        frame: Counted from 00:00:00:00.
        rate: Frames a second, exact.

    Raises:
        StoryboardError: There is no timecode for that rate.
    """
    each, dropped = nominal(rate), drops(rate)
    if dropped:
        tens, rest = divmod(frame, each * 600 - 9 * dropped)
        # The first minute of ten is whole; each other one begins after the dropped numbers.
        minutes = max(0, (rest - dropped) // (each * 60 - dropped))
        frame += dropped * (9 * tens + minutes)
    seconds, frames = divmod(frame, each)
    sign = ";" if dropped else ":"
    return (
        f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{sign}{frames:02d}"
    )
