"""What is called how in records and beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

SCHEMA = "photochrom.record/3"

ENDING = ".record.json"
"""Of the names of records."""

BESIDE: Mapping[str, str] = MappingProxyType(
    {"compare": ".compare.jpg", "variants": ".variants.jpg", "mask": ".mask.png"}
)
"""What else may lie beside derivatives, and how its names end: before and after, on a sheet; the
same picture in other colors, on a sheet; what was filled."""

# IPTC NewsCodes, "digital source type": what a picture is made from.
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
ENHANCED = _SOURCE_TYPES + "algorithmicallyEnhanced"
COMPOSITE = _SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"

SURE = ("documented", "reported", "assumed")
"""How sure a color that somebody has told can be."""

LEAST_SHARE = 0.001
"""A share of a picture below this is told as "less than" it."""


def record_path(derivative: Path) -> Path:
    """Where the record of a derivative lies: `portrait.tif` -> `portrait.record.json`."""
    return derivative.with_suffix(ENDING)
