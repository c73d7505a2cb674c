"""Looking into JPEG, PNG, WebP and the other files that Pillow knows.

The plugin classes are used directly: `PIL.Image.open` has a pixel limit of its own, a global that a
library has no business to change. Pillow decodes samples of more than 8 bits wrongly or not at all;
those of PNG, JPEG, JPEG 2000 and AVIF are left to imagecodecs.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

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
    WebPImagePlugin,
)

from photochrom.photograph.boxes import CodeStream, bits_of_avif, find, jpeg2000_info
from photochrom.photograph.container import (
    Container,
    Samples,
    no_such_page,
    several,
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
}
_FRAMES = ("gif", "webp", "avif")
"""Kinds of files that can hold several pictures."""
_END_OF_JPEG = b"\xff\xd9"
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


def look_into_other(path: Path, page: int | None = None, *, format: str) -> Container:
    """Read the header of a file that is none of those with a module of their own.

    Args:
        path: The file.
        page: Which of its pictures, from 1; None for the first.
        format: What its first bytes say it is; a key of the table of plugins.

    Raises:
        PhotographError: Samples of a kind that is not a photograph's, or there is no such page.
        Exception: Whatever Pillow raises on a broken file.
    """
    bit_depth = _bit_depth(path, format)
    with path.open("rb") as file:
        image = _PLUGINS[format](
            _of_eight_bits(file.read()) if _deep_jpeg(format, bit_depth) else file
        )
        count = int(getattr(image, "n_frames", 1)) if format in _FRAMES else 1
        if page is not None and page > count:
            raise no_such_page(path, page, count)
        if image.mode not in _MODES:
            raise unsupported(path, f"{format} files of kind {image.mode} cannot be read")
        channels, alpha = _MODES[image.mode]
        bit_depth = bit_depth or {"1": 1, "I;16": 16, "I": 32}.get(image.mode, 8)
        if bit_depth > 16 or (bit_depth > 8 and (format not in _DEEP or count > 1)):
            raise unsupported(path, f"{format} files of {bit_depth} bits a sample cannot be read")
        if channels == 4 and _deep_jpeg(format, bit_depth):
            raise unsupported(path, f"CMYK JPEG files of {bit_depth} bits a sample cannot be read")
        info = image.info
        if format == "png":
            info |= _late_png_info(path)
        elif format == "jpeg2000":
            stream = CodeStream.of(path)
            if image.size != (stream.width, stream.height):
                raise ValueError("its header and its code stream disagree on the size")
            info |= jpeg2000_info(path)
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
            page=page or 1,
            pages=count,
            notices=several(count, page),
            decode=lambda _: _decode(path, format, bit_depth, page or 1),
        )


def _bit_depth(path: Path, format: str) -> int | None:
    """What the file itself says of it, for formats that can be deeper than Pillow tells."""
    if format == "png":
        with path.open("rb") as file:
            return file.read(25)[24]
    if format == "jpeg":
        with path.open("rb") as file:
            frame = _frame_header(file)
            return frame and frame[1]
    if format == "jpeg2000":
        return CodeStream.of(path).bit_depth
    return bits_of_avif(path) if format == "avif" else None


def _deep_jpeg(format: str, bit_depth: int | None) -> bool:
    return format == "jpeg" and bit_depth not in (None, 8)


def _frame_header(file: BinaryIO) -> tuple[int, int] | None:
    """Where a JPEG says how many bits its samples have, and how many (ISO 10918-1, B.2.2)."""
    at = 2
    while True:
        file.seek(at)
        head = file.read(5)
        if len(head) < 5 or head[0] != 0xFF:
            return None
        marker = head[1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return at + 4, head[4]
        # A marker may be preceded by bytes that only fill up.
        at += 1 if marker == 0xFF else 2 + int.from_bytes(head[2:4], "big")


def _of_eight_bits(data: bytes) -> io.BytesIO:
    """A JPEG that says it has 8 bits: Pillow reads nothing of others, not even their metadata."""
    frame = _frame_header(io.BytesIO(data))
    assert frame is not None
    return io.BytesIO(data[: frame[0]] + b"\x08" + data[frame[0] + 1 :])


def _jpeg_decode(data: bytes) -> Samples:
    """Decode a JPEG of any depth; libjpeg would fill up what is missing at its end."""
    frame = _frame_header(io.BytesIO(data))
    if frame is None or data.find(_END_OF_JPEG, frame[0]) < 0:
        raise ValueError("the data end too early")
    samples: Samples = imagecodecs.jpeg8_decode(data)
    return samples


def _jpeg2000_decode(data: bytes) -> Samples:
    """Decode the code stream alone: of a whole JP2, the decoder would apply the profile itself."""
    with io.BytesIO(data) as file:
        stream = find(file, b"jp2c")
        code = data[stream.start : stream.end] if stream else data
        samples: Samples = imagecodecs.jpeg2k_decode(code)
    return samples


def _decode(path: Path, format: str, bit_depth: int, page: int) -> Samples:
    if bit_depth > 8 and format in _DEEP:
        return stretch(_DEEP[format](path.read_bytes()), bit_depth)
    with path.open("rb") as file, _PLUGINS[format](file) as image:
        if page > 1:
            image.seek(page - 1)
        image.load()
        wanted = _plain_mode(image)
        return np.array(image if wanted == image.mode else image.convert(wanted), dtype=np.uint8)


# What decodes samples of more than 8 bits.
_DEEP: dict[str, Callable[[bytes], Samples]] = {
    "png": imagecodecs.png_decode,
    "jpeg": _jpeg_decode,
    "jpeg2000": _jpeg2000_decode,
    "avif": imagecodecs.avif_decode,
}


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
