"""The figures of the gallery: each makes its pictures, measures them, and writes its caption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
from PIL import Image

from examples.compare import Figures, compare
from examples.gallery.board import Panel, board
from examples.gallery.subjects import (
    SUBJECTS,
    Bytes,
    Floats,
    Subject,
    certainty_and_error,
    colored,
    sixteen_bits,
)
from photochrom import Photograph, Recipe, restore
from photochrom.colorspace import lightness_from_gray
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.errors import ModelError

EYE = (0.2126, 0.7152, 0.0722)
"""Shares of linear red, green and blue in luminance (ITU-R BT.709)."""
_MASK_COLOR = np.array([0.93, 0.11, 0.14], np.float32)
_PLATES = (Emulsion.BLUE_SENSITIVE, Emulsion.ORTHOCHROMATIC, Emulsion.PANCHROMATIC)


@dataclass(frozen=True)
class Figure:
    """A picture of the gallery.

    Attributes:
        image: The board.
        caption: One line: what was done, with which settings, and what was measured.
    """

    image: Image.Image
    caption: str


def journey(subject: Subject) -> Figure:
    """Aged scan, repaired and cleaned, colored without and with pins, truth."""
    restored = subject.restored
    panels = [
        Panel(subject.scan.pixels, "The scan", subject.how),
        Panel(restored.gray.pixels, "Repaired and cleaned", f"{_share(restored.mask)} filled in"),
        Panel(restored.photograph.pixels, "Colored, no color told"),
    ]
    said = f"{subject.title}: {subject.how}; recipe faithful, told {subject.emulsion.value}."
    if subject.wear is None:
        return Figure(board([panels], columns=3), f"{said} Nobody knows its colors.")
    truth = subject.photograph
    before, after = compare(subject.scan, restored.photograph, truth)
    panels[2] = Panel(restored.photograph.pixels, "Colored, no color told", _near(after))
    panels[0] = Panel(subject.scan.pixels, "The scan", _near(before))
    said += f" Scan {_near(before)}; colored {_near(after)}"
    if subject.pins:
        pinned = subject.pinned.photograph
        _, told = compare(subject.scan, pinned, truth)
        panels.append(Panel(pinned.pixels, f"Colored, {len(subject.pins)} pins told", _near(told)))
        said += f"; with {len(subject.pins)} documented colors pinned {_near(told)}"
    panels.append(Panel(truth, "The truth"))
    rows = [panels[:3], panels[3:]] if len(panels) > 4 else [panels[:2], panels[2:]]
    return Figure(board(rows, columns=len(rows[0])), said + ".")


def defects(subject: Subject) -> Figure:
    """What repair called a defect, over the scan, and what it made of it."""
    assert subject.aged is not None and subject.restored.mask is not None
    found, true = subject.restored.mask > 0, subject.aged.mask
    hit = (found & true).sum()
    precision, recall = hit / max(found.sum(), 1), hit / max(true.sum(), 1)
    scan = _gray(subject.scan)
    rows = [
        [
            Panel(subject.scan.pixels, "The scan", subject.how),
            Panel(_over(scan, found), "What repair found", f"{_share(found)} of the picture"),
            Panel(_over(scan, true), "What age did visibly", f"{_share(true)} of the picture"),
        ]
    ]
    caption = (
        f"{subject.title}: defects found (red) and defects that are there; {precision:.0%} of what "
        f"was found is one (precision), {recall:.0%} of what is there was found (recall)."
    )
    return Figure(board(rows, columns=3), caption)


_CROPS = (("collins", (60, 170), 112), ("chelsea", (60, 110), 112), ("hopper", (144, 196), 112))


def clarity() -> Figure:
    """Four times larger: pixels as they came, Lanczos, ours, truth."""
    rows, said = [], []
    for id, (top, left), side in _CROPS:
        truth = expose(SUBJECTS[id].photograph.astype(np.float32) / 255, EYE)
        height, width = (length // 4 * 4 for length in truth.shape)
        truth = truth[:height, :width]
        small = cv2.resize(truth, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
        recipe = Recipe("clarity only", ("clarity",)).with_params("clarity", scale=4)
        result = restore(Photograph.from_array(sixteen_bits(small)), recipe)
        ours = result.photograph.pixels.astype(np.float32) / 65535
        lanczos = np.clip(
            cv2.resize(small, (width, height), interpolation=cv2.INTER_LANCZOS4), 0, 1
        )
        cut = (slice(top, top + side), slice(left, left + side))
        coarse = small[top // 4 : (top + side) // 4, left // 4 : (left + side) // 4]
        rows.append(
            [
                Panel(coarse, "As it came", f"{side // 4} pixels wide", crisp=True),
                Panel(lanczos[cut], "Lanczos", f"{_psnr(lanczos, truth):.2f} dB"),
                Panel(ours[cut], "photochrom", f"{_psnr(ours, truth):.2f} dB"),
                Panel(truth[cut], "The truth", id),
            ]
        )
        said.append(f"{id} {_psnr(lanczos, truth):.2f} and {_psnr(ours, truth):.2f}")
    caption = (
        "Enlarged four times from pictures made small by averaging 4 x 4 pixels, in gray; PSNR "
        f"over the whole picture, in dB, of Lanczos and photochrom: {'; '.join(said)}. "
        "What no pixel of the input shows is not evidence."
    )
    return Figure(board(rows, columns=4), caption)


def emulsions(subject: Subject) -> Figure:
    """One picture on three emulsions, colored with the emulsion told right."""
    truth = subject.photograph.astype(np.float32) / 255
    plates = [Panel(expose(truth, EYE), "As an eye saw it", "true luminance")]
    results = [Panel(truth, "The truth")]
    said = []
    for emulsion in _PLATES:
        light = expose(truth, weights(emulsion))
        picture = colored(light, emulsion).photograph
        _, near = compare(Photograph.from_array(sixteen_bits(light)), picture, subject.photograph)
        plates.append(Panel(light, f"{emulsion.value.capitalize()} plate"))
        results.append(Panel(picture.pixels, "Colored, told so", _delta(near)))
        said.append(f"{emulsion.value} {_delta(near)}")
    caption = (
        f"{subject.title} on three emulsions, not aged, and colored by a network that is told "
        f"which (no pins; light and dark stay the plate's): {', '.join(said)}."
    )
    return Figure(board([plates, results], columns=4), caption)


def tones(subject: Subject) -> Figure:
    """The plate's light and dark, an eye's by estimate, and the true luminance."""
    truth = subject.photograph.astype(np.float32) / 255
    luminance = expose(truth, EYE)
    rows, said = [], []
    for emulsion in (Emulsion.ORTHOCHROMATIC, Emulsion.BLUE_SENSITIVE):
        plate = expose(truth, weights(emulsion))
        eye = colored(plate, emulsion, tones="eye", saturation=0).photograph.gray()
        before, after = _distance(plate, luminance), _distance(eye, luminance)
        rows.append(
            [
                Panel(plate, f"The {emulsion.value} plate", f"{before:.1f} L* from the truth"),
                Panel(eye, "Tones: eye", f"{after:.1f} L* from the truth"),
                Panel(luminance, "The truth", "luminance"),
            ]
        )
        said.append(f"{emulsion.value} {before:.1f} -> {after:.1f}")
    caption = (
        f"{subject.title}, not aged, in black and white, with the plate's tones and with `tones = "
        f'"eye"`; root mean square distance from the true lightness: {", ".join(said)} L*. An '
        "estimate, off unless asked for."
    )
    return Figure(board(rows, columns=3), caption)


def certainty(subject: Subject) -> Figure:
    """Colors, how sure the network was of each, and how far from the truth they are."""
    sure, error = certainty_and_error(subject)
    rho = _rank_correlation(sure, -error)
    rows = [
        [
            Panel(subject.restored.photograph.pixels, "Colored, no color told"),
            Panel(_mapped(sure), "Certainty", "dark: a guess; bright: sure"),
            Panel(_mapped(np.exp(-error / 25)), "What it should be", "from the true error in a*b*"),
        ]
    ]
    caption = (
        f"{subject.title}: {subject.how}; certainty as the network states it (mean "
        f"{sure.mean():.2f}) beside what it should be, exp(-error / 25) with the true error (mean "
        f"{np.exp(-error / 25).mean():.2f}); rank correlation of the two {rho:.2f}."
    )
    return Figure(board(rows, columns=3), caption)


FIGURES: Mapping[str, tuple[str, Callable[[], Figure]]] = MappingProxyType(
    {
        **{
            id: (f"From scan to color: {id}", lambda id=id: journey(SUBJECTS[id]))
            for id in SUBJECTS
        },
        **{
            f"defects-{id}": (f"Found and filled: {id}", lambda id=id: defects(SUBJECTS[id]))
            for id in ("hopper", "collins")
        },
        "clarity": ("Clarity, four times larger", clarity),
        "emulsions-collins": ("Three emulsions", lambda: emulsions(SUBJECTS["collins"])),
        **{
            f"tones-{id}": (f"Tones, plate and eye: {id}", lambda id=id: tones(SUBJECTS[id]))
            for id in ("collins", "coffee")
        },
        **{
            f"certainty-{id}": (f"Certainty: {id}", lambda id=id: certainty(SUBJECTS[id]))
            for id in ("collins", "rocket")
        },
    }
)
"""By the name of the picture's file: a heading, and what makes the figure."""


def made(name: str) -> Figure | None:
    """Make a figure; None if the network that is chosen cannot do what it shows."""
    try:
        return FIGURES[name][1]()
    except ModelError as error:
        print(f"{name}: {error}")
        return None


def _near(figures: Figures) -> str:
    return f"PSNR {figures.psnr:.1f} dB, {_delta(figures)}"


def _delta(figures: Figures) -> str:
    return f"ΔE2000 {figures.delta_e:.1f}"


def _share(mask: Bytes | np.ndarray | None) -> str:
    return "0 %" if mask is None else f"{(mask > 0).mean() * 100:.1f} %"


def _gray(scan: Photograph) -> Floats:
    return scan.gray()


def _over(light: Floats, mask: np.ndarray) -> Floats:
    """A picture with a mask painted over it in red, dimmed elsewhere so that it shows."""
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    base = np.repeat((0.35 + 0.65 * light)[..., None], 3, axis=2)
    return np.where(wide[..., None], _MASK_COLOR, base).astype(np.float32)


def _mapped(plane: Floats) -> Bytes:
    """A map, 0..1, in colors that get lighter all the way."""
    levels = (np.clip(plane, 0, 1) * 255 + 0.5).astype(np.uint8)
    return cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS)[..., ::-1]


def _psnr(picture: Floats, truth: Floats) -> float:
    return float(-10 * np.log10(np.square(picture - truth).mean(dtype=np.float64)))


def _distance(light: Floats, truth: Floats) -> float:
    """Root mean square difference of two grays in L*."""
    change = lightness_from_gray(light) - lightness_from_gray(truth)
    return float(np.sqrt(np.square(change).mean(dtype=np.float64)))


def _rank_correlation(one: Floats, other: Floats) -> float:
    ranks = [np.argsort(np.argsort(plane.ravel())) for plane in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
