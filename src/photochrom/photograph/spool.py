"""Rows that are computed once and written several times."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.errors import PhotographError
from photochrom.photograph.container import Samples


@contextmanager
def several_times(
    rows: Iterable[Samples], times: int, *, folder: Path
) -> Iterator[list[Iterable[Samples]]]:
    """Let strips of rows be read several times, without keeping them in memory.

    Args:
        rows: Strips; computed while the first reader reads them.
        times: How many readers there are. One reads the rows themselves; for more, a nameless file
            holds a copy as long as the block lasts.
        folder: Where that file is; made if it is missing.

    Yields:
        The strips for each reader; to be read in this order, each to its end.

    Raises:
        PhotographError: The folder cannot be written to.
    """
    if times == 1:
        yield [rows]
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=folder, prefix=".")  # noqa: SIM115
    except OSError as error:
        raise PhotographError(
            f"cannot be written ({error.strerror or error})",
            where=folder,
            fix="check the folder's permissions and the free space",
        ) from error
    written: list[tuple[tuple[int, ...], np.dtype[Any]]] = []

    def first() -> Iterator[Samples]:
        for strip in rows:
            file.write(strip.tobytes())
            written.append((strip.shape, strip.dtype))
            yield strip

    def again() -> Iterator[Samples]:
        file.seek(0)
        for shape, dtype in written:
            count = math.prod(shape)
            yield np.frombuffer(file.read(count * dtype.itemsize), dtype).reshape(shape)

    with file:
        yield [first(), *(again() for _ in range(times - 1))]
