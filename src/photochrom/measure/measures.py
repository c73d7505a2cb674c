"""What is measured in a scan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

TintName = Literal["neutral", "sepia", "yellowed", "cyanotype", "other"]


@dataclass(frozen=True)
class Tint:
    """The color of the paper and of the image on it.

    Attributes:
        name: "neutral", "sepia" (brown through all tones), "yellowed" (the paper more than the
            shadows), "cyanotype" (blue) or "other". Of a color photograph: of its average.
        strength: Mean CIELAB chroma of the tint over the tones; below 3 the eye calls it neutral.
        paper: a* and b* of the lightest tones.
        shadows: a* and b* of the darkest tones.
        is_color: Whether it is a color photograph: its color is not explained by its tone.
    """

    name: TintName
    strength: float
    paper: tuple[float, float]
    shadows: tuple[float, float]
    is_color: bool


@dataclass(frozen=True)
class Tones:
    """How light is spread, in sRGB-encoded gray 0..1.

    Attributes:
        black: The 0.5th percentile.
        median: The 50th percentile.
        white: The 99.5th percentile.
        contrast: `white` - `black`.
        clipped_black: Share of pixels at 0.
        clipped_white: Share of pixels at 1.
    """

    black: float
    median: float
    white: float
    contrast: float
    clipped_black: float
    clipped_white: float


@dataclass(frozen=True)
class Grain:
    """Grain and noise, measured where the picture is flat; standard deviations of 0..1.

    Attributes:
        noise: At the finest scale, pixel against pixel; for white noise it is equal to `sigma`, for
            coarse or blurred grain far below it.
        sigma: Of all that varies within a few pixels: grain, noise and the paper's texture.
        size: Full width at half maximum of the autocorrelation, in pixels: 1 is white noise. None
            where there is nothing to measure.
        shadows: `sigma` where gray is below 0.35; None where no flat place was found.
        midtones: `sigma` between 0.35 and 0.65.
        highlights: `sigma` above 0.65.
    """

    noise: float
    sigma: float
    size: float | None
    shadows: float | None
    midtones: float | None
    highlights: float | None


@dataclass(frozen=True)
class Sharpness:
    """How fine the detail is that the scan holds.

    Attributes:
        resolution: The share of the Nyquist frequency up to which detail stands above grain and
            quantization, 0..1. Below 0.5, a quarter of the pixels would hold the same picture. None
            where there is no detail to judge by.
        edge_width: Pixels from 10 % to 90 % of the sharpest edges; about 1 to 2 in a sharp picture.
            None where there is no edge.
    """

    resolution: float | None
    edge_width: float | None


@dataclass(frozen=True)
class Halftone:
    """The screen of a printed reproduction.

    Attributes:
        period: Pixels from dot to dot along the screen.
        angle: Of the screen, in degrees, 0..90.
        strength: Root mean square of the screen's first harmonic, of 0..1.
        lines_per_inch: The ruling, when the scan says its resolution.
    """

    period: float
    angle: float
    strength: float
    lines_per_inch: float | None


@dataclass(frozen=True)
class Blocking:
    """The 8 x 8 grid that JPEG leaves.

    Attributes:
        strength: By how much steps on the grid exceed those beside it, relative to the mean step:
            0 is none, 0.2 can be seen in smooth places, 1 is hard to overlook.
        offset: (x, y), 0..7: columns and rows before the first full block (0 unless cropped).
    """

    strength: float
    offset: tuple[int, int]


@dataclass(frozen=True)
class LikelyEmulsion:
    """What the date says of how the plate saw color.

    Attributes:
        name: "blue-sensitive", "orthochromatic", "panchromatic" or "unknown".
        because: The year, and where it comes from.
    """

    name: str
    because: str


LOOKS_NEGATIVE = (
    "looks like a negative; if it is one, say so: --negative, or negative = true in a production"
)
"""What is told of a scan whose `Measures.looks_negative`."""


KEEPS_COLORS = (
    "is in color: its own colors are kept; --recolor, or recolor = true in a production, colors "
    "it anew, which a toned print needs that looks so for its glare or stains"
)
"""What is told of a scan that is a color photograph (`Tint.is_color`)."""

IGNORES_PINS = "documented colors are not used, as it keeps its own; --recolor uses them"
"""What is told of such a scan besides, if there are any."""


@dataclass(frozen=True)
class Measures:
    """What was measured in a scan. A figure for steps and people to go by, not a judgement.

    Attributes:
        tint: Color of paper and image.
        tones: Spread of light.
        grain: Grain and noise.
        sharpness: Fineness of detail.
        halftone: The screen of a reproduction; None for a photographic print.
        blocking: The JPEG grid.
        damage: Share of the picture, 0..1, that looks like scratches and dust. A rough estimate
            from shape alone: in undamaged photographs 0.003 is usual; twigs, bricks and lettering
            count in part, and stains do not. The repair network's mask is the better one.
        emulsion: What the date says.
        negative: How likely it is that the scan shows a negative, 0..1; see `looks_negative`.
    """

    tint: Tint
    tones: Tones
    grain: Grain
    sharpness: Sharpness
    halftone: Halftone | None
    blocking: Blocking
    damage: float
    emulsion: LikelyEmulsion
    negative: float = 0.0

    @property
    def looks_negative(self) -> bool:
        """Whether the scan should be looked at: it is more likely a negative than a positive."""
        return self.negative > 0.5

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON values, rounded to what is meaningful."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return round(value, 5) if isinstance(value, float) else value
