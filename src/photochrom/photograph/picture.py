"""A photograph: its pixels, and what is known of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from photochrom.colorspace import linear_to_srgb, srgb_to_linear
from photochrom.errors import PhotographError
from photochrom.photograph import heif_in
from photochrom.photograph.container import Container, Note, Samples
from photochrom.photograph.develop import develop, strip_height
from photochrom.photograph.encode import save_rows
from photochrom.photograph.known import Known
from photochrom.photograph.opening import look_into, reading, scan_info
from photochrom.photograph.scan_info import ScanInfo
from photochrom.source import Source

MAX_PIXELS = 400_000_000
"""The largest picture that is opened unless the caller allows more."""

_COMMON = {".tif", ".tiff", ".jpg", ".jpeg", ".jpe", ".png", ".webp"}
_OTHERS = {".jp2", ".jpx", ".jpf", ".j2k", ".avif", ".bmp", ".gif"}
_NETPBM = {".pbm", ".pgm", ".ppm", ".pnm", ".pam", ".pfm"}
_HEIF = {".heic", ".heif"} if heif_in.reader() else set()
SUFFIXES = frozenset(_COMMON | _OTHERS | _NETPBM | _HEIF)
"""The endings, in lower case, of files that can be opened."""

# Rec. 709 luminance of linear sRGB.
_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Photograph:
    """A photograph in memory.

    Attributes:
        pixels: (H, W) gray or (H, W, 3) RGB, uint8 or uint16, sRGB-encoded, upright, read-only.
        info: What is known of the scan that it came from.
    """

    pixels: NDArray[np.unsignedinteger[Any]] = field(repr=False)
    info: ScanInfo

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, max_pixels: int = MAX_PIXELS) -> Photograph:
        """Open a JPEG, PNG, TIFF, WebP, JPEG 2000, AVIF, BMP, GIF or Netpbm file, or HEIC.

        The orientation is applied, the embedded profile converted to sRGB (such pixels become
        uint16), alpha composited on white; a file without a profile is taken as sRGB. Gray files
        and RGB files with three identical channels give (H, W). What had to be chosen or left out
        to read it stands in `info.notices`. HEIC needs the extra [heic].

        Args:
            path: The file; it is never changed. `two.tif#page=2` names a page of it.
            max_pixels: Larger pictures are refused before they are decoded.

        Raises:
            PhotographError: No such file, a folder, empty, truncated, not an image, too large, or
                of a kind that cannot be read.
        """
        source = Source.of(path)
        container, size = look_into(source)
        notices = [*container.notices]
        pixels = pixels_in(source.file, container, max_pixels, notices.append)
        return cls(_read_only(pixels), scan_info(source.file, container, size, notices))

    @staticmethod
    def probe(path: str | os.PathLike[str]) -> ScanInfo:
        """Say what is known of a file from its header, without decoding its pixels.

        Raises:
            PhotographError: As `open`, except for what only shows when pixels are decoded.
        """
        source = Source.of(path)
        return scan_info(source.file, *look_into(source))

    @classmethod
    def from_array(cls, pixels: ArrayLike, *, info: ScanInfo | None = None) -> Photograph:
        """Make a photograph of pixels.

        Args:
            pixels: (H, W) or (H, W, 3), uint8 or uint16, sRGB-encoded. Not copied: leave the array
                alone afterwards.
            info: Of the scan that the pixels came from; then `save` protects its file too.

        Raises:
            ValueError: Another shape or type.
        """
        array = np.asarray(pixels)
        shaped = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
        if not shaped or array.size == 0 or array.dtype not in (np.uint8, np.uint16):
            raise ValueError(
                "pixels must be (H, W) or (H, W, 3) of uint8 or uint16, "
                f"not {array.shape} of {array.dtype}"
            )
        array = np.ascontiguousarray(array)
        return cls(_read_only(array), info or _array_info(array))

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def is_gray(self) -> bool:
        """Whether the pixels have one channel."""
        return self.pixels.ndim == 2

    def gray(self, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return the light of the picture.

        Color is weighed in linear light (Rec. 709) and encoded again; gray pixels keep their value.

        Args:
            out: (H, W), to put it into; a new array unless given.

        Returns:
            (H, W) float32, 0..1, sRGB-encoded.
        """
        gray = np.empty(self.pixels.shape[:2], np.float32) if out is None else out
        full = np.iinfo(self.pixels.dtype).max
        linear = srgb_to_linear(np.arange(full + 1) / full) if self.pixels.ndim == 3 else None
        for rows, strip in self._strips():
            if linear is None:
                np.divide(strip, np.float32(full), out=gray[rows])
            else:
                gray[rows] = linear_to_srgb(linear[strip] @ _LUMA)
        return gray

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,
        bit_depth: int | None = None,
        quality: int = 92,
        provenance: Mapping[str, str] | None = None,
        known: Known | None = None,
        strip: Collection[str] = (),
    ) -> str:
        """Write the photograph to a file, with all metadata that its `info` holds.

        The file that the photograph was opened from is never replaced. See `save_rows` for the
        arguments and the errors.

        Returns:
            The SHA-256 of the file written, hexadecimal.
        """
        return save_rows(
            path,
            shape=self.pixels.shape,
            rows=(strip for _, strip in self._strips()),
            format=format,
            bit_depth=bit_depth,
            quality=quality,
            info=self.info,
            provenance=provenance,
            known=known,
            strip=strip,
            forbidden=self.info.path,
        )

    def _strips(self) -> Iterator[tuple[slice, NDArray[np.unsignedinteger[Any]]]]:
        step = strip_height(self.pixels)
        for top in range(0, len(self.pixels), step):
            yield slice(top, top + step), self.pixels[top : top + step]


def pixels_in(
    path: Path,
    container: Container,
    max_pixels: int = MAX_PIXELS,
    note: Note = lambda _: None,
) -> Samples:
    """The pixels of a file that has been looked into, as `Photograph` has them.

    Args:
        path: The file.
        container: What has been found in it.
        max_pixels: Larger pictures are refused before they are decoded.
        note: Told what only the pixels say.

    Raises:
        PhotographError: Truncated, damaged, or too large.
    """
    if container.width * container.height > max_pixels:
        raise PhotographError(
            f"has {container.width} x {container.height} pixels, more than the limit of "
            f"{max_pixels / 1e6:g} megapixels",
            where=path,
            fix="raise max_pixels if the file can be trusted",
        )
    with reading(path):
        samples = container.decode(note)
        if samples.shape[:2] != (container.height, container.width):
            raise PhotographError("the header and the pixels disagree on the size", where=path)
        return develop(
            samples,
            alpha=container.alpha,
            icc=container.icc,
            orientation=container.orientation,
        )


def _read_only(
    pixels: NDArray[np.unsignedinteger[Any]],
) -> NDArray[np.unsignedinteger[Any]]:
    view = pixels.view()
    view.flags.writeable = False
    return view


def _array_info(array: NDArray[np.unsignedinteger[Any]]) -> ScanInfo:
    digest = hashlib.sha256(f"{array.shape} {array.dtype}".encode())
    # The same pixels have the same digest on machines of either byte order.
    digest.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    return ScanInfo(
        path=None,
        format="array",
        width=array.shape[1],
        height=array.shape[0],
        bit_depth=array.dtype.itemsize * 8,
        channels=1 if array.ndim == 2 else 3,
        sha256=digest.hexdigest(),
        bytes=array.nbytes,
    )
