"""Which directories of a TIFF are pictures, and which are only thumbnails, masks or raw data.

Sources: TIFF revision 6.0 (NewSubfileType, SubfileType), TIFF/EP and the DNG specification 1.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photochrom.errors import PhotographError

Address = tuple[int, ...]
"""Where a directory is: its number in the file, then its number among the SubIFDs of that, ..."""

_MOST = 4096
_DEEPEST = 3
_RAW = {32803, 34892}  # CFA, LinearRaw
_TRANSPARENCY_MASK = 4
_REDUCED, _MASK, _DEPTH_MAP = 1, 4, 8
_DNG_VERSION = 50706

_THUMBNAIL = 512
"""Pixels of the longer side up to which a smaller copy is one though nothing marks it."""


@dataclass(frozen=True)
class Directory:
    """One directory (IFD) of a file."""

    address: Address
    page: Any = field(compare=False, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        return int(self.page.imagewidth), int(self.page.imagelength)

    @property
    def area(self) -> int:
        return self.size[0] * self.size[1]

    @property
    def is_raw(self) -> bool:
        return int(self.page.photometric) in _RAW

    @property
    def is_mask(self) -> bool:
        marked = int(self.page.subfiletype) & (_MASK | _DEPTH_MAP)
        return bool(marked) or int(self.page.photometric) == _TRANSPARENCY_MASK

    @property
    def is_reduced(self) -> bool:
        # The older tag has 2 for a reduced picture; tifffile only knows the newer one.
        old = self.page.tags.valueof(255)
        return bool(int(self.page.subfiletype) & _REDUCED) or old == 2

    def is_copy_of(self, other: Directory) -> bool:
        """Whether this seems to be the other picture made smaller, by its size alone."""
        (width, height), (wide, high) = self.size, other.size
        times = wide / width
        return times > 1.9 and abs(high / times - height) <= 1

    def halves(self, other: Directory) -> bool:
        """Whether each side of this is a half, a quarter, ... of the other's."""
        (width, height), (wide, high) = self.size, other.size
        return any(
            abs(wide / 2**n - width) <= 1 and abs(high / 2**n - height) <= 1 for n in range(1, 12)
        )


@dataclass(frozen=True)
class Pages:
    """The pictures in a file.

    Attributes:
        all: One directory for each page; at least one.
        notices: What was left out.
    """

    all: tuple[Directory, ...]
    notices: tuple[str, ...] = ()


def pages_of(tiff: Any, path: Path) -> Pages:
    """Find the pictures in a TIFF.

    Args:
        tiff: The file, opened by tifffile.
        path: For errors.

    Raises:
        PhotographError: It has no pixels, or is a camera raw file without a preview.
    """
    groups = list(_groups(tiff))
    everything = [one for group in groups for one in group if one.area > 0]
    if not everything:
        raise PhotographError("has no pixels", where=path, fix="copy or scan it again")
    if any(one.is_raw for one in everything) or _is_cr2(tiff):
        return _preview(everything, path)
    found = [best for group in groups if (best := _picture(group)) is not None]
    kept = [one for one in found if not _is_copy(one, found)]
    if not kept:
        kept = [
            max((one for one in everything if not one.is_mask), key=_area, default=everything[0])
        ]
    return Pages(tuple(kept), _said(everything, found, kept))


def _is_copy(one: Directory, found: list[Directory]) -> bool:
    """Whether a picture that nothing marks is only another one made smaller.

    The back of a card may be scanned at half the resolution of its front. So only thumbnails count,
    and pyramids, which have more than one level.
    """
    for other in found:
        if one.is_copy_of(other):
            levels = sum(level.halves(other) for level in found)
            if max(one.size) <= _THUMBNAIL or (one.halves(other) and levels > 1):
                return True
    return False


def at(tiff: Any, address: Address) -> Any:
    """The directory at an address."""
    page = tiff.pages[address[0]]
    for number in address[1:]:
        page = page.pages[number]
    return page


def _groups(tiff: Any) -> Iterator[list[Directory]]:
    """Each directory of the chain with all that are below it."""
    seen: set[int] = set()
    for number in range(_MOST):
        try:
            page = tiff.pages[number]
        except IndexError:
            return
        if page.offset in seen:  # The chain bites its tail.
            return
        seen.add(page.offset)
        yield list(_with_children(Directory((number,), page), seen))


def _with_children(one: Directory, seen: set[int]) -> Iterator[Directory]:
    yield one
    if len(one.address) > _DEEPEST or not one.page.subifds:
        return
    for number, page in enumerate(one.page.pages):
        if page.offset not in seen:
            seen.add(page.offset)
            yield from _with_children(Directory((*one.address, number), page), seen)


def _picture(group: list[Directory]) -> Directory | None:
    """The picture that a directory and those below it stand for; None if they hold none in full."""
    full = [one for one in group if one.area > 0 and not (one.is_mask or one.is_reduced)]
    if not full:
        return None
    first, largest = full[0], max(full, key=_area)
    return largest if first.address != group[0].address or first.is_copy_of(largest) else first


def _is_cr2(tiff: Any) -> bool:
    tiff.filehandle.seek(8)
    return bool(tiff.filehandle.read(2) == b"CR")


def _preview(everything: list[Directory], path: Path) -> Pages:
    is_dng = any(one.page.tags.valueof(_DNG_VERSION) is not None for one in everything)
    kind = "a DNG" if is_dng else "a camera raw file"
    raw = max((one for one in everything if one.is_raw), key=_area, default=None)
    previews = [one for one in everything if not (one.is_raw or one.is_mask)]
    if raw is None:  # A CR2 does not mark its raw data; its first directory is the preview.
        previews = everything[:1]
    if not previews:
        raise PhotographError(
            f"is {kind} without a preview", where=path, fix="develop it to a 16-bit TIFF first"
        )
    best = max(previews, key=_area)
    notice = (
        f"this is the preview embedded in {kind} ({best.size[0]} x {best.size[1]} pixels); "
        f"the raw picture{'' if raw is None else f' ({raw.size[0]} x {raw.size[1]})'} is not "
        "developed"
    )
    return Pages((best,), (notice,))


def _said(
    everything: list[Directory], found: list[Directory], kept: list[Directory]
) -> tuple[str, ...]:
    if len(found) > len(kept):
        count = len(found) - len(kept)
        copies = "a smaller copy is" if count == 1 else f"{count} smaller copies are"
        return (f"{copies} in the file too, and left out",)
    if all(one.is_reduced or one.is_mask for one in everything):
        return ("the file holds only reduced pictures; the largest was taken",)
    return ()


def _area(one: Directory) -> int:
    return one.area
