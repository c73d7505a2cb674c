"""Steps: what can be done to a photograph, each a pure function with versioned parameters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from photochrom.steps import clarity, clean, color, fading, grain, repair, sharpen, tone
from photochrom.steps.plate import Step

STEPS: Final[Mapping[str, Step[Any]]] = MappingProxyType(
    {
        step.name: step
        for step in (
            fading.STEP,
            tone.STEP,
            repair.STEP,
            clean.STEP,
            clarity.STEP,
            sharpen.STEP,
            color.STEP,
            grain.STEP,
        )
    }
)
"""All steps by name, in the order in which recipes usually run them."""
