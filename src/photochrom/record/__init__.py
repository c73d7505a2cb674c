"""The record of what was done to a photograph.

A record is a JSON file beside the derivative, one for all its formats. It names the original by its
digest, every step with its parameters, every network with its digest, and what each step measured
and changed. It holds no clock times and no machine names: the same input gives the same record to
the byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from photochrom._version import __version__
from photochrom.record.names import (
    BESIDE,
    COMPOSITE,
    ENDING,
    ENHANCED,
    LEAST_SHARE,
    SCHEMA,
    SURE,
    record_path,
)
from photochrom.record.reading import UPGRADES
from photochrom.record.record import Record, StepRecord
from photochrom.record.words import percent

if TYPE_CHECKING:
    from photochrom.nets import Provider

__all__ = [
    "BESIDE",
    "COMPOSITE",
    "ENDING",
    "ENHANCED",
    "LEAST_SHARE",
    "SCHEMA",
    "SURE",
    "UPGRADES",
    "Record",
    "StepRecord",
    "percent",
    "record_path",
    "runtime",
]


def runtime(provider: Provider, libraries: Iterable[str] = ()) -> dict[str, str]:
    """Versions on which the bytes of a result may depend, and what networks ran on.

    Args:
        provider: What they ran on.
        libraries: Packages that some of them needed besides.
    """
    import numpy
    import onnxruntime

    return {
        "photochrom": __version__,
        "numpy": numpy.__version__,
        "onnxruntime": onnxruntime.__version__,
        **{name: version(name) for name in libraries},
        "provider": provider.value,
    }
