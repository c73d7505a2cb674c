"""Texts of unknown encoding."""

from __future__ import annotations

# The bytes that Windows-1252 leaves open are what Latin-1 makes of them.
_OPEN = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def decoded(data: bytes, encoding: str | None = None) -> str:
    """The text of some bytes.

    Args:
        data: UTF-8 if they can be, else of `encoding`, else Windows-1252.
        encoding: What they are said to be in.
    """
    for one in ("utf-8", encoding):
        try:
            if one is not None:
                return data.decode(one)
        except UnicodeDecodeError:
            continue
    return "".join(_OPEN.get(byte) or bytes((byte,)).decode("cp1252") for byte in data)
