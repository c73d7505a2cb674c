"""How long things stay on the screen.

Lengths are counted in quarters of a second, which are whole frames at 24 frames a second, so that
they add up to the asked length exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from photochrom.errors import ProductionError

QUARTERS = 4
"""Units of length in a second."""

CHARACTERS_A_SECOND = 17
"""How fast captions are read (the usual limit for subtitles)."""

BRIEFEST_SHOT = 3.0
COMFORTABLE_SHOT = 8.0
LONGEST_SHOT = 14.0
BRIEFEST_CHAPTER = 4.0
MOST_SHOTS_OF_ONE = 4

DISCLOSURE_SECONDS = 12.0
"""How long the usual text of a disclosure card takes to read; it is written by the build."""

BRIEF_DISCLOSURE = 5.0
"""The same where it tells less."""

BRIEFEST_DISCLOSURE = 2.5
"""The same where it has only a few words."""

END_SHARE = 0.1
"""How much of a film the cards at its end may take."""

CARDS_SHARE = 0.3
"""How much of a film all of its cards may take before those of chapters are left out."""

_LOOK_FIRST = 1.5
_AFTER_VOICE = 1.0
_LONGEST_FILM = 24 * 3600


@dataclass(frozen=True)
class Want:
    """What a shot asks for.

    Attributes:
        least: Seconds that it must have.
        weight: Its share of whatever is left when all have what they must have.
        most: Seconds beyond which it gets no more, unless all others have as much as they may.
    """

    least: float
    weight: float = 1.0
    most: float = math.inf


def reading_time(text: str) -> float:
    """Seconds that a text must be on the screen, with a moment to find it; 0 for no text."""
    return len(text) / CHARACTERS_A_SECOND + _LOOK_FIRST if text else 0.0


def least_for(caption: str, *, reveal: float = 0.0, voice: float = 0.0) -> float:
    """Seconds that a shot must have, in whole quarters.

    Args:
        caption: Its text.
        reveal: Length of the passage to color, which needs time before and after.
        voice: Length of what is said while it is shown.
    """
    needed = max(
        BRIEFEST_SHOT,
        reading_time(caption),
        reveal + 2 * _LOOK_FIRST if reveal else 0.0,
        voice + _AFTER_VOICE if voice else 0.0,
    )
    return math.ceil(needed * QUARTERS) / QUARTERS


def share_out(seconds: float, wants: Sequence[Want]) -> list[float]:
    """Lengths that add up to `seconds` exactly, each at least what it must be.

    Args:
        seconds: To be shared out.
        wants: What each asks for.

    Returns:
        Seconds in whole quarters, but for what `seconds` itself has beyond them, which the last
        one gets. If there is not enough for all, each gets what it must have.
    """
    units = round(seconds * 1000) * QUARTERS // 1000
    least = [round(want.least * QUARTERS) for want in wants]
    spare = units - sum(least)
    if spare < 0:
        return [unit / QUARTERS for unit in least]
    ideal = _spread(spare, wants)
    extra = [int(share) for share in ideal]
    by_remainder = sorted(range(len(wants)), key=lambda i: (extra[i] - ideal[i], i))
    for index in by_remainder[: spare - sum(extra)]:
        extra[index] += 1
    lengths = [(base + more) / QUARTERS for base, more in zip(least, extra, strict=True)]
    lengths[-1] = round(lengths[-1] + seconds - units / QUARTERS, 3)
    return lengths


def _spread(spare: int, wants: Sequence[Want]) -> list[float]:
    """What each gets of the spare quarters, by its weight, while it may have more."""
    room = [max(0.0, want.most - want.least) * QUARTERS for want in wants]
    shares = [0.0] * len(wants)
    left = float(spare)
    open_ = [index for index, want in enumerate(wants) if want.weight > 0]
    while open_ and left > 1e-9:
        weight = sum(wants[index].weight for index in open_)
        full = [i for i in open_ if shares[i] + left * wants[i].weight / weight > room[i]]
        if not full:
            for index in open_:
                shares[index] += left * wants[index].weight / weight
            return shares
        for index in full:
            left -= room[index] - shares[index]
            shares[index] = room[index]
        open_ = [index for index in open_ if index not in full]
    # More than all may have: somebody asked for it. Cards get of it only if there is nothing else.
    weights = [want.weight for want in wants]
    weights = weights if any(weights) else [1.0] * len(wants)
    return [
        share + left * weight / sum(weights) for share, weight in zip(shares, weights, strict=True)
    ]


def seconds_of(length: str | float) -> float:
    """Reads a length: seconds, "m:ss" or "h:mm:ss".

    Raises:
        ProductionError: It is none, or not between 1 second and a day.
    """
    text = str(length).strip()
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d{1,3})?)", text)
    parts = [float(part or 0) for part in match.groups()] if match else []
    in_range = len(parts) == 3 and (":" not in text or parts[2] < 60)
    in_range = in_range and (text.count(":") < 2 or parts[1] < 60)
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2] if in_range else 0.0
    if not 1 <= seconds <= _LONGEST_FILM:
        raise ProductionError(f'"{text}" is no length for a film', fix='write "8:00" or seconds')
    return seconds


def clock(seconds: float) -> str:
    """Writes a length as "m:ss", with thousandths where there are any."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    text = f"{minutes}:{rest // 1000:02d}"
    return f"{text}.{rest % 1000:03d}".rstrip("0") if rest % 1000 else text
