"""What a sweep is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from photochrom.service.context import Context


@dataclass(frozen=True)
class Sweep:
    """Something that is kept for a time only.

    Attributes:
        name: In the log.
        work: Removes what is too old, and returns how much that was. It may be stopped at any
            moment, and run twice at a time: what it does it does in small transactions.
        here: Whether it is about a folder of this machine: then one does it for each data folder.
    """

    name: str
    work: Callable[[Context], int]
    here: bool = False
