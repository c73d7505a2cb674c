"""What can be made to be looked at with derivatives, by kind (`record.BESIDE`)."""

from __future__ import annotations

from collections.abc import Collection

from photochrom.orders import Beside, Mask
from photochrom.record import BESIDE


def beside(kinds: Collection[str], variants: int = 1) -> tuple[Beside, ...]:
    """What makes pictures of some kinds.

    Args:
        kinds: In any order: what is wanted is the same, and so has the same key.
        variants: How many a sheet of them shows at most.
    """
    made: list[Beside] = []
    for kind in BESIDE:
        if kind not in kinds:
            continue
        if kind == "mask":
            made.append(Mask())
        else:
            # They set type, which takes a while to be loaded.
            from photochrom.comparing.beside import SheetBeside, VariantsBeside

            of_variants = kind == "variants"
            made.append(VariantsBeside.current(variants) if of_variants else SheetBeside.current())
    return tuple(made)
