"""What stands for the digest of an object that nobody has read yet."""

from __future__ import annotations

from photochrom.places.objects import Object

_ETAG = "etag:"


def mark_of(one: Object) -> str:
    """What changes whenever the bytes do, as far as the service tells: its etag and the size, or
    without an etag the time of its change."""
    if one.etag is not None:
        return f"{_ETAG}{one.etag} {one.size}"
    return f"modified:{one.modified} {one.size}"


def etag_in(mark: str) -> str | None:
    """The etag that a mark was made of; None if there was none."""
    return mark.removeprefix(_ETAG).rpartition(" ")[0] if mark.startswith(_ETAG) else None
