"""What a color network says of a picture, and what other pictures learn from that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.colors.stated import Sure

Floats = NDArray[np.float32]
Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Likely:
    """How likely colors are.

    Attributes:
        shares: (Q, h, w), of each color in each cell; a sum of 1 in each cell.
        palette: (Q, 2) the colors' a* and b*.
    """

    shares: Floats
    palette: Floats


@dataclass(frozen=True)
class Answer:
    """What the network said, in cells.

    Attributes:
        ab: (h, w, 2) a* and b*.
        certainty: (h, w).
        tone: (h, w) L* to add for an eye's tones; 0 where the network cannot say.
        likely: How likely it held which colors; None where it does not tell.
    """

    ab: Floats
    certainty: Plane
    tone: Plane
    likely: Likely | None = None


@dataclass(frozen=True)
class Said:
    """What was said elsewhere of the same things.

    Attributes:
        ab: (h, w, 2) a* and b*.
        certainty: (h, w).
        weight: (h, w): how much it counts beside one answer.
    """

    ab: Floats
    certainty: Plane
    weight: Plane


@dataclass(frozen=True)
class Features:
    """What a network sees in a picture.

    Attributes:
        cells: (c, h, w) float32.
        span: How many rows and columns of cells the picture itself takes; the last may reach over
            its edge.
    """

    cells: Floats
    span: tuple[float, float]


@dataclass(frozen=True)
class Glance:
    """What other pictures can learn from a picture.

    Attributes:
        features: What is seen in it, at several sizes; none if nothing can be learned from it.
        answer: Which colors it has or is thought to have; its tone is left out.
        sha256: Digest of the file that it is of.
    """

    features: tuple[Features, ...]
    answer: Answer | None
    sha256: str


@dataclass(frozen=True)
class Lender:
    """A picture that lends its colors.

    Attributes:
        name: What people call it.
        glance: What is known of it.
        source: Of a reference, who says that it shows the same in its true colors.
        sure: How sure that is; None of pictures whose colors are guesses as well.
    """

    name: str
    glance: Glance
    source: str = ""
    sure: Sure | None = None
