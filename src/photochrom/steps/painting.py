"""Documented colors on a picture: they are spread, put over it, and looked at where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colors.difference import ciede2000
from photochrom.colors.stated import hex_of, stated
from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.steps.compose import compose_rows
from photochrom.steps.looks import Answer, averaged
from photochrom.steps.patches import Patches, patches
from photochrom.steps.plate import Notes, Paint, Pin, Plate
from photochrom.steps.spreading import Spread, spread

HONORED: Final = 5.0
"""A documented color is honored when what is shown at its place differs by less (CIEDE2000), the
plate's own lightness left aside."""

# What is shown with less chroma is not colored, and nobody's color.
_COLORED: Final = 5.0
# Around a place, in shares of the shorter side: one pixel may be grain.
_AROUND: Final = 0.002


def pinned(
    plate: Plate, answers: Sequence[Answer], pins: Sequence[Pin], saturation: float = 1.0
) -> tuple[Plate, Notes]:
    """Put documented colors over a picture that has been colored.

    Args:
        plate: The picture, with chroma.
        answers: What the network says of it.
        pins: At least one.
        saturation: Documented colors are shown paler by less than 1, and not stronger by more.

    Returns:
        The picture, and notes: of each pin what is shown at its place, how far that is from what
        was asked, whether it is honored and how much of the picture it colors; and which shares of
        what is colored are how sure.
    """
    assert plate.chroma is not None
    cut = patches(plate.light)
    found = spread(pins, cut, averaged(answers))
    factor = np.float32(min(saturation, 1))
    paint = Paint(found.paint.ab * factor, found.paint.share)
    painted = replace(plate, chroma=replace(plate.chroma, paint=paint))
    looked_at = _looked_at(painted, pins, float(factor))
    shares = found.each @ cut.areas / cut.areas.sum()
    for told, share in zip(looked_at, shares, strict=True):
        told["share"] = round(float(share), 4)
    return painted, {"pinned": looked_at, "known": _known(plate, pins, cut, found)}


def _looked_at(plate: Plate, pins: Sequence[Pin], saturation: float) -> list[dict[str, Any]]:
    """What is shown at each pin, and whether it is what was asked for."""
    height, width = plate.light.shape
    around = max(1, round(_AROUND * min(height, width)))
    told = []
    shown_of = compose_rows(plate)
    for pin in pins:
        x, y = pin.at
        row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
        rows = slice(max(0, row - around), min(row + around + 1, height))
        columns = slice(max(0, column - around), column + around + 1)
        rgb = shown_of(rows)[:, columns].astype(np.float32) / np.float32(65535)
        shown = np.median(rgb.reshape(-1, 3), axis=0)
        lab = lab_from_srgb(shown)
        wanted = _wanted(pin)
        # Of another lightness than the thing has on the plate, a color is the same color.
        own = float(np.median(lightness_from_gray(np.clip(plate.light[rows, columns], 0, 1))))
        difference = float(ciede2000([own, *lab[1:]], [own, *(saturation * wanted)]))
        red, green, blue = (round(float(one) * 255) for one in shown)
        honored = difference <= HONORED or pin.strength < 1
        told.append(
            {
                "shown": hex_of((red, green, blue)),
                "difference": round(difference, 2),
                "honored": honored,
            }
        )
    return told


def _wanted(pin: Pin) -> NDArray[np.float32]:
    """a* and b* just as they were stated."""
    lab = stated(pin.said or hex_of(pin.color)).lab
    return np.array(lab[1:], np.float32)


def _known(plate: Plate, pins: Sequence[Pin], cut: Patches, found: Spread) -> dict[str, float]:
    """Which shares of what is colored are documented, reported, assumed, and guessed."""
    assert plate.chroma is not None
    covered = np.minimum(found.each.sum(axis=0), 1)
    chroma = np.linalg.norm(cut.sampled(plate.chroma.ab), axis=-1)
    area = cut.areas * np.where(chroma >= _COLORED, 1, covered)
    whole = max(float(area.sum()), 1.0)
    shares = dict.fromkeys(("documented", "reported", "assumed"), 0.0)
    for pin, share in zip(pins, found.each @ area / whole, strict=True):
        shares[pin.sure] += float(share)
    shares["guessed"] = max(0.0, 1 - sum(shares.values()))
    return {name: round(share, 4) for name, share in shares.items()}
