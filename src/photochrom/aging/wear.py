"""How worn a print is: every effect's strength, and how to draw them all from one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Halftone:
    """A printing screen.

    Attributes:
        pitch: Distance of dots, in pixels: the scan's dots per inch over the screen's ruling in
            lines per inch (newspapers 55-85, books and magazines 100-175).
        angle: In degrees; a single black screen is mostly laid at 45.
        strength: 0..1.
    """

    pitch: float
    angle: float
    strength: float


@dataclass(frozen=True)
class Wear:
    """Strengths of all effects. The defaults do nothing at all.

    Lengths are in units: the width of a fine line on this scan, which `age` takes from its size.

    Attributes:
        softness: Sigma of the lens's blur, in units.
        soft_corners: Sigma of the blur that the lens adds in the corners, in units.
        vignette: Share of the light that the corners lose, 0..1.
        gamma: Exposure of the printing paper; above 1 darkens.
        contrast: Its grade, -1 (soft) .. 1 (hard).
        black: Where fading has lifted black to, 0..1.
        white: Where yellowing has lowered white to, 0..1.
        side_fade: Share of the darkness that one side has lost to light, 0..1.
        mirroring: Silver shine in the shadows near the edges, 0..1.
        sepia: Chroma of the toned silver, in CIELAB units.
        hue: Hue angle of the toning, in degrees.
        yellowing: Chroma of the paper, in CIELAB units.
        grain: Standard deviation of the grain in the middle tones.
        grain_size: Sigma of a clump of grain, in units.
        halftone: A printing screen, or None for a photograph.
        writing: Number of inscriptions by hand; they belong to the print.
        stamps: Number of rubber stamps; they belong to the print.
        scratches: Number of scratches, bundles of them or groups of scuffs.
        scratch_width: Their median width, in units.
        rain: Number of long upright lines of film.
        dust: Number of specks and bits of lint.
        hairs: Number of hairs.
        creases: Number of folds.
        cracks: Number of branching cracks.
        flakes: Emulsion that is gone, 0..1.
        stains: Number of stains.
        foxing: Number of brown spots.
        worn_edges: 0..1.
        rips: Number of tears from the edge.
        corners: Number of corners missing.
        newton: Amplitude of Newton's rings in the scan, as a share of the light.
        blur: Sigma of the scanner's blur, in pixels.
        noise: Standard deviation of the scanner's noise.
        jpeg: Quality of the scan's compression, or None.
    """

    softness: float = 0.0
    soft_corners: float = 0.0
    vignette: float = 0.0
    gamma: float = 1.0
    contrast: float = 0.0
    black: float = 0.0
    white: float = 1.0
    side_fade: float = 0.0
    mirroring: float = 0.0
    sepia: float = 0.0
    hue: float = 75.0
    yellowing: float = 0.0
    grain: float = 0.0
    grain_size: float = 0.5
    halftone: Halftone | None = None
    writing: int = 0
    stamps: int = 0
    scratches: int = 0
    scratch_width: float = 1.0
    rain: int = 0
    dust: int = 0
    hairs: int = 0
    creases: int = 0
    cracks: int = 0
    flakes: float = 0.0
    stains: int = 0
    foxing: int = 0
    worn_edges: float = 0.0
    rips: int = 0
    corners: int = 0
    newton: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg: int | None = None


def draw_wear(wear: float, rng: np.random.Generator) -> Wear:
    """Draw a plausible print of a degree of wear.

    Args:
        wear: 0 (only the emulsion and the tone of a print) .. 1 (heavily damaged).
        rng: Where the randomness comes from.

    Raises:
        ValueError: `wear` is not within 0..1.
    """
    if not 0 <= wear <= 1:
        raise ValueError(f"wear must be 0 (as printed) to 1 (heavily damaged), not {wear}")

    def some(most: float, *, often: float = 1.0) -> int:
        """A number that grows with wear; none at all in part of the prints."""
        happens = rng.random() < often
        count = int(rng.poisson(most * wear * rng.uniform(0.4, 1.6)))
        return count if happens else 0

    def degree(most: float, *, often: float = 1.0) -> float:
        happens = rng.random() < often
        value = float(most * wear * rng.uniform(0.3, 1.0))
        return value if happens else 0.0

    toned = rng.random() < 0.7
    halftone = None
    if wear > 0 and rng.random() < 0.05:
        # From a newspaper's 65 lines per inch to an art book's 150, scanned at 300 to 600 dpi.
        pitch = float(np.exp(rng.uniform(np.log(2.2), np.log(8))))
        angle = float(rng.choice([45, 45, 45, 0, 15, 75]) + rng.normal(0, 2))
        halftone = Halftone(pitch, angle, float(rng.uniform(0.3, 0.9)))
    return Wear(
        softness=float(rng.uniform(0.2, 0.6) + degree(0.9)),
        soft_corners=degree(1.6, often=0.5),
        vignette=float(rng.uniform(0, 0.25) + degree(0.3)),
        gamma=float(np.exp(rng.normal(0, 0.12))),
        contrast=float(rng.uniform(-0.1, 0.35) - degree(0.3)),
        black=float(rng.uniform(0.01, 0.05) + degree(0.18)),
        white=float(rng.uniform(0.93, 0.99) - degree(0.16)),
        side_fade=degree(0.6, often=0.25),
        mirroring=degree(0.9, often=0.3),
        sepia=float(rng.uniform(4, 18)) if toned else float(rng.uniform(0, 3)),
        hue=float(rng.uniform(60, 86)),
        yellowing=float(rng.uniform(2, 8) + degree(18)),
        grain=float(rng.uniform(0.006, 0.016) + degree(0.03)),
        grain_size=float(rng.uniform(0.4, 0.9)),
        halftone=halftone,
        writing=some(0.9, often=0.25),
        stamps=some(0.8, often=0.12),
        scratches=some(14),
        scratch_width=float(rng.uniform(0.8, 1.3)),
        rain=some(4, often=0.2),
        dust=some(160),
        hairs=some(5, often=0.6),
        creases=some(2.2, often=0.7),
        cracks=some(2.5, often=0.6),
        flakes=degree(0.8, often=0.35) if wear > 0.4 else 0.0,
        stains=some(2.5, often=0.6),
        foxing=some(30, often=0.5),
        worn_edges=degree(0.9, often=0.7),
        rips=some(1.2, often=0.4),
        corners=min(4, some(1.0, often=0.5)),
        newton=degree(0.05, often=0.06),
        blur=degree(0.6),
        noise=degree(0.012),
        jpeg=int(rng.integers(70, 96)) if rng.random() < 0.8 * wear else None,
    )
