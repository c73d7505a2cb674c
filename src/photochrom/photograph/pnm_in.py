"""Looking into Netpbm files: PBM, PGM, PPM, PAM and PFM, of up to 16 bits or floats.

Sources: the manual pages pbm(5), pgm(5), ppm(5), pam(5); for PFM, P. Debevec's description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photochrom.errors import PhotographError
from photochrom.photograph.container import Container, Note, Samples, no_such_page, unsupported
from photochrom.photograph.ranges import Extent, range_of

_LONGEST_HEADER = 4096
_TOKEN = re.compile(rb"(?:\s|#[^\n\r]*[\n\r])*([^\s#]+)")
_PAM_LINE = re.compile(rb"[ \t]*(#[^\n]*|([A-Z]+)[ \t]*([^\n]*?)[ \t\r]*)\n")
_ALPHA = "_ALPHA"


@dataclass(frozen=True)
class _Header:
    """What stands before the samples; `most` is the value of white, `start` where they begin."""

    kind: bytes
    width: int
    height: int
    channels: int
    most: float
    start: int
    alpha: bool = False

    @property
    def is_float(self) -> bool:
        return self.kind in (b"PF", b"Pf")

    @property
    def bit_depth(self) -> int:
        return 32 if self.is_float else int(self.most).bit_length()


def look_into_pnm(path: Path, page: int | None = None) -> Container:
    """Read the header of a Netpbm file.

    Raises:
        PhotographError: A header that makes no sense, or samples of an unknown kind.
    """
    if page is not None and page > 1:
        raise no_such_page(path, page, 1)
    with path.open("rb") as file:
        start = file.read(_LONGEST_HEADER)
    try:
        header = _pam(start) if start[:2] == b"P7" else _header(start)
    except (ValueError, KeyError) as error:
        raise PhotographError(f"its header makes no sense ({error})", where=path) from error
    if not (1 <= header.most <= 65535 or header.is_float):
        raise unsupported(path, f"samples of up to {header.most:g} cannot be read")
    return Container(
        format="ppm",
        width=header.width,
        height=header.height,
        bit_depth=header.bit_depth,
        channels=header.channels - header.alpha,
        alpha="straight" if header.alpha else "none",
        decode=lambda note: _decode(path, header, note),
    )


def _header(start: bytes) -> _Header:
    kind, at = start[:2], 2
    fields = []
    for _ in range(2 if kind in (b"P1", b"P4") else 3):
        token = _TOKEN.match(start, at)
        if token is None:
            raise ValueError("it ends too early")
        fields.append(token[1])
        at = token.end()
    # Exactly one blank follows, and then the first sample.
    return _Header(
        kind,
        int(fields[0]),
        int(fields[1]),
        3 if kind in (b"P3", b"P6", b"PF") else 1,
        float(fields[2]) if len(fields) == 3 else 1,
        at + 1,
    )


def _pam(start: bytes) -> _Header:
    told, at = {}, start.index(b"\n") + 1
    while (line := _PAM_LINE.match(start, at)) and line[2] != b"ENDHDR":
        if line[2]:
            told[line[2].decode()] = line[3].decode("ascii", "replace")
        at = line.end()
    if line is None:
        raise ValueError("it does not end")
    channels = int(told["DEPTH"])
    alpha = told.get("TUPLTYPE", "").endswith(_ALPHA) or channels in (2, 4)
    if channels not in (1, 2, 3, 4):
        raise ValueError(f"{channels} channels")
    width, height, most = (int(told[key]) for key in ("WIDTH", "HEIGHT", "MAXVAL"))
    return _Header(b"P7", width, height, channels, most, line.end(), alpha)


def _decode(path: Path, header: _Header, note: Note) -> Samples:
    with path.open("rb") as file:
        file.seek(header.start)
        data = file.read()
    shape = header.height, header.width, header.channels
    count = header.height * header.width * header.channels
    if header.is_float:
        return _floats(data, shape, header, note)
    if header.kind in (b"P1", b"P4"):
        return _bits(data, header)
    if header.kind in (b"P2", b"P3"):
        values = np.array(re.sub(rb"#[^\n\r]*", b"", data).split()[:count], dtype=np.int64)
        if len(values) and not 0 <= values.min() <= values.max() <= 65535:
            raise ValueError("a sample is out of range")
        samples: Samples = values.astype(np.uint8 if header.most < 256 else np.uint16)
    else:
        samples = np.frombuffer(data, np.uint8 if header.most < 256 else ">u2", count)
        samples = samples.astype(samples.dtype.newbyteorder("="))
    return _scaled(
        samples.reshape(shape)[..., 0] if shape[2] == 1 else samples.reshape(shape), header
    )


def _scaled(samples: Samples, header: _Header) -> Samples:
    full = 255 if header.most < 256 else 65535
    if header.most == full:
        return samples
    table = np.rint(np.arange(full + 1) * (full / header.most)).clip(0, full)
    scaled: Samples = table.astype(samples.dtype)[samples]
    return scaled


def _bits(data: bytes, header: _Header) -> Samples:
    """Black is 1."""
    if header.kind == b"P4":
        across = -(-header.width // 8)
        packed = np.frombuffer(data, np.uint8, across * header.height)
        bits = np.unpackbits(packed.reshape(header.height, across), axis=1)[:, : header.width]
    else:
        plain = re.sub(rb"#[^\n\r]*|\s", b"", data)
        bits = np.frombuffer(plain, np.uint8, header.width * header.height) - ord("0")
        bits = bits.reshape(header.height, header.width)
    return np.where(bits == 0, np.uint8(255), np.uint8(0))


def _floats(data: bytes, shape: tuple[int, int, int], header: _Header, note: Note) -> Samples:
    """Rows from the bottom up; a negative scale means little-endian."""
    dtype = "<f4" if header.most < 0 else ">f4"
    values = np.frombuffer(data, dtype, shape[0] * shape[1] * shape[2]).reshape(shape)[::-1]
    extent = Extent()
    extent.add(values)
    found = range_of(extent, np.dtype(np.float32), 32)
    if found.notice:
        note(found.notice)
    scaled = found.scaled(values)
    return scaled[..., 0] if shape[2] == 1 else scaled
