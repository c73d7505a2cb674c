"""What is told of a picture's colors: documented ones are spread, put over it, and looked at where
they lie; and how much of all color is how sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colors.difference import ciede2000
from photochrom.colors.stated import hex_of, stated
from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.steps.answer import Answer
from photochrom.steps.compose import compose_rows
from photochrom.steps.lending import Lent
from photochrom.steps.looks import averaged
from photochrom.steps.patches import patches
from photochrom.steps.plate import Context, Notes, Paint, Pin, Plane, Plate
from photochrom.steps.spreading import spread

HONORED: Final = 5.0
"""A documented color is honored when what is shown at its place differs by less (CIEDE2000), the
plate's own lightness left aside."""

SURE: Final = ("documented", "reported", "assumed")
AGREED: Final = "agreed"
"""Of a color that several pictures of one thing agree on: nobody has told it."""

# What is shown with less chroma is not colored, and nobody's color.
_COLORED: Final = 5.0
# Around a place, in shares of the shorter side: one pixel may be grain.
_AROUND: Final = 0.002


def painted(
    plate: Plate,
    answers: Sequence[Answer],
    context: Context,
    lent: Lent | None = None,
    saturation: float = 1.0,
) -> tuple[Plate, Notes]:
    """Put documented colors over a picture that has been colored, and tell what is how sure.

    Args:
        plate: The picture, with chroma.
        answers: What the network says of it.
        context: With the pins.
        lent: What other pictures lend to it; they lend nothing where there is a pin.
        saturation: Documented colors are shown paler by less than 1, and not stronger by more.

    Returns:
        The picture, and notes: of each pin what is shown at its place, how far that is from what
        was asked, whether it is honored and how much of the picture it colors; of each picture that
        lends, how much of this one it shows; and which shares of what is colored are how sure. None
        if nobody has told anything.
    """
    assert plate.chroma is not None
    pins = context.pins
    notes: Notes = {}
    if lent is not None:
        notes["lent"] = [dict(one) for one in lent.told]
        if not pins:
            area = np.ones(plate.chroma.certainty.size)
            chroma = np.linalg.norm(plate.chroma.ab, axis=-1)
            shares = _lent_shares(context, lent, lambda plane: plane.ravel())
            notes["known"] = _known(area, chroma.ravel(), shares)
    if not pins:
        return plate, notes
    cut = patches(plate.light)
    found = spread(pins, cut, averaged(answers))
    factor = np.float32(min(saturation, 1))
    paint = Paint(found.paint.ab * factor, found.paint.share)
    colored = replace(plate, chroma=replace(plate.chroma, paint=paint))
    looked_at = _looked_at(colored, pins, float(factor))
    shares = found.each @ cut.areas / cut.areas.sum()
    for one, share in zip(looked_at, shares, strict=True):
        one["share"] = round(float(share), 4)
    told: list[tuple[str, NDArray[Any]]]
    told = [(pin.sure, share) for pin, share in zip(pins, found.each, strict=True)]
    if lent is not None:
        free = 1 - np.minimum(found.each.sum(axis=0), 1)
        told += [(sure, of * free) for sure, of in _lent_shares(context, lent, cut.sampled)]
    chroma = np.linalg.norm(cut.sampled(plate.chroma.ab), axis=-1)
    notes |= {"pinned": looked_at, "known": _known(cut.areas, chroma, told)}
    return colored, notes


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


def _lent_shares(
    context: Context, lent: Lent, at: Callable[[Plane], NDArray[Any]]
) -> list[tuple[str, NDArray[Any]]]:
    """How much of each place is how sure, because of what others lend."""
    references = [one.sure for one in context.lenders if one.sure is not None]
    shown = lent.shares.sum(axis=0)
    told = [(str(sure), at(one)) for sure, one in zip(references, lent.shares, strict=True)]
    if len(references) < len(context.lenders):
        told.append((AGREED, at(lent.agreed * (1 - shown))))
    return told


def _known(
    areas: NDArray[Any], chroma: NDArray[Any], told: Sequence[tuple[str, NDArray[Any]]]
) -> dict[str, float]:
    """Which shares of what is colored are documented, reported, assumed, agreed on, and guessed.

    Args:
        areas: (n,): of each place.
        chroma: (n,): of the colors there, without pins.
        told: How sure something is, and its share, (n,), 0..1, of each place.
    """
    covered = np.minimum(sum(share for sure, share in told if sure != AGREED), 1)
    area = areas * np.where(chroma >= _COLORED, 1, covered)
    whole = max(float(area.sum()), 1.0)
    shares = dict.fromkeys((*SURE, *(sure for sure, _ in told)), 0.0)
    for sure, share in told:
        shares[sure] += float(share @ area) / whole
    shares["guessed"] = max(0.0, 1 - sum(shares.values()))
    return {name: round(share, 4) for name, share in shares.items()}
