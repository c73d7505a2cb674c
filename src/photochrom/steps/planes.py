"""Planes of large scans, which lie in a nameless file instead of memory.

A plane is an ordinary array. A large one is mapped from a file that has no name and is gone with
the array; its pages come into memory when they are looked at, and `let_go` gives them back. So a
step that goes over a scan in strips holds no more of it than the strips in hand, and results are
the same to the bit.
"""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

SMALLEST: Final = 96 * 2**20
"""Bytes from which a plane lies in a file: the light of 25 megapixels."""

FOLDER_VARIABLE: Final = "PHOTOCHROM_SCRATCH"
"""Environment variable: the folder of these files, on a disk; else that of temporary files."""

# What stays free on the disk.
_SPARE: Final = 2**28


def plane(shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Make an array whose values are not set, in a file if it is large.

    Where the file cannot be made (a full disk, a folder without permission) memory holds it.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    mapped = _mapped(size) if size >= SMALLEST else None
    if mapped is None:
        return np.empty(shape, dtype)
    return np.frombuffer(mapped, dtype, count=int(np.prod(shape))).reshape(shape)


def let_go(*planes: NDArray[Any] | None) -> None:
    """Give the memory of planes back that lie in files; their values stay, and are read again."""
    for one in planes:
        mapped = _mapping_of(one)
        if mapped is not None and hasattr(mapped, "madvise"):
            mapped.madvise(mmap.MADV_DONTNEED)


def _mapping_of(array: Any) -> mmap.mmap | None:
    base = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return base if isinstance(base, mmap.mmap) else None


def _mapped(size: int) -> mmap.mmap | None:
    folder = os.environ.get(FOLDER_VARIABLE) or tempfile.gettempdir()
    try:
        # Room is made sure of at once: a page that finds none later would end the process.
        if shutil.disk_usage(folder).free < size + _SPARE:
            return None
        with tempfile.TemporaryFile(dir=folder, prefix="photochrom-") as file:
            file.truncate(size)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            return mmap.mmap(file.fileno(), size)
    except OSError:
        return None
