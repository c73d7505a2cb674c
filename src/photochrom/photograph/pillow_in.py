"""Looking into JPEG, PNG, WebP and the other files that Pillow knows.

The plugin classes are used directly: `PIL.Image.open` has a pixel limit of its own, a global that a
library has no business to change. Pillow decodes samples of more than 8 bits wrongly or not at all;
those of PNG and JPEG 2000 are left to imagecodecs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    WebPImagePlugin,
)

from photochrom.photograph.container import (
    Container,
    Samples,
    stretch,
    unsupported,
    valid_dpi,
    valid_orientation,
)

_PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "jpeg2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "ppm": PpmImagePlugin.PpmImageFile,
}
_LARGEST_CHUNK = 2**24
# Color channels, and whether alpha follows, by Pillow's mode.
_MODES = {
    "1": (1, False),
    "L": (1, False),
    "LA": (1, True),
    "La": (1, True),
    "I;16": (1, False),
    "I;16B": (1, False),
    "I": (1, False),
    "P": (3, False),
    "PA": (3, True),
    "RGB": (3, False),
    "RGBA": (3, True),
    "RGBX": (3, False),
    "RGBa": (3, True),
    "YCbCr": (3, False),
    "CMYK": (4, False),
}


def look_into_other(path: Path, format: str) -> Container:
    """Read the header of a file that is not a TIFF.

    Args:
        path: The file.
        format: What its first bytes say it is; a key of the table of plugins.

    Raises:
        PhotographError: Samples of a kind that is not a photograph's.
        Exception: Whatever Pillow raises on a broken file.
    """
    with path.open("rb") as file:
        image = _PLUGINS[format](file)
        if image.mode not in _MODES:
            raise unsupported(path, f"{format} files of kind {image.mode} cannot be read")
        channels, alpha = _MODES[image.mode]
        bit_depth = _bit_depth(path, format, image)
        if bit_depth > 16 or (bit_depth > 8 and format not in ("png", "jpeg2000", "ppm")):
            raise unsupported(path, f"{format} files of {bit_depth} bits a sample cannot be read")
        info = image.info
        if format == "png":
            info |= _late_png_info(path)
        exif = _exif(image)
        alpha = alpha or "transparency" in info
        return Container(
            format=format,
            width=image.width,
            height=image.height,
            bit_depth=bit_depth,
            channels=channels,
            alpha="straight" if alpha else "none",
            orientation=valid_orientation(exif.get("Orientation")),
            icc=info.get("icc_profile") or None,
            dpi=valid_dpi(*info["dpi"][:2]) if "dpi" in info else None,
            decode=lambda: _decode(path, format, bit_depth),
        )


def _bit_depth(path: Path, format: str, image: ImageFile.ImageFile) -> int:
    if format == "png":
        with path.open("rb") as file:
            return file.read(25)[24]
    if format == "jpeg2000":
        with path.open("rb") as file:
            return _bits_of_jpeg2000(file.read(4096))
    if format == "ppm" and image.mode in ("I", "I;16"):
        return 16
    return {"1": 1, "I;16": 16, "I;16B": 16, "I": 32}.get(image.mode, 8)


def _bits_of_jpeg2000(start: bytes) -> int:
    """Find Ssiz in the SIZ marker of the code stream (ISO 15444-1, A.5.1)."""
    at = start.find(b"\xff\x4f\xff\x51")
    return (start[at + 42] & 0x7F) + 1 if 0 <= at < len(start) - 42 else 8


def _decode(path: Path, format: str, bit_depth: int) -> Samples:
    if bit_depth > 8 and format in ("png", "jpeg2000"):
        decode = imagecodecs.png_decode if format == "png" else imagecodecs.jpeg2k_decode
        return stretch(decode(path.read_bytes()), bit_depth)
    with path.open("rb") as file, _PLUGINS[format](file) as image:
        image.load()
        if bit_depth == 16:  # Only PPM comes here: gray, in 32-bit integers.
            return np.asarray(image).astype(np.uint16)
        wanted = _plain_mode(image)
        return np.array(image if wanted == image.mode else image.convert(wanted), dtype=np.uint8)


def _plain_mode(image: ImageFile.ImageFile) -> str:
    """The mode with 8-bit samples, and straight alpha if any, that holds all of the image."""
    transparent = "transparency" in image.info
    if image.mode in ("1", "L"):
        return "LA" if transparent else "L"
    if image.mode in ("LA", "La"):
        return "LA"
    if image.mode == "CMYK":
        return "CMYK"
    return "RGBA" if transparent or image.mode in ("RGBA", "RGBa", "PA") else "RGB"


def _late_png_info(path: Path) -> dict[str | tuple[int, int], Any]:
    """Find the EXIF chunk of a PNG wherever it is.

    Some writers put it behind the pixels, where Pillow finds it only by decoding.
    """
    found: dict[str | tuple[int, int], Any] = {
        "exif": b""
    }  # An entry keeps Pillow from going to look.
    with path.open("rb") as file:
        file.seek(8)
        while len(head := file.read(8)) == 8 and head[4:] != b"IEND":
            size = int.from_bytes(head[:4], "big")
            after = file.tell() + size + 4
            if head[4:] == b"eXIf" and size < _LARGEST_CHUNK:
                found["exif"] = b"Exif\0\0" + file.read(size)
            file.seek(after)
    return found


def _exif(image: ImageFile.ImageFile) -> dict[str, Any]:
    """EXIF values by name; a broken block counts as none."""
    try:
        exif = image.getexif()
        merged = dict(exif) | exif.get_ifd(ExifTags.IFD.Exif)
    except (ValueError, SyntaxError, TypeError, KeyError, OSError, EOFError):
        return {}
    return {ExifTags.TAGS.get(tag, str(tag)): value for tag, value in merged.items()}
