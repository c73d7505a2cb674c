"""Putting objects where people and other machines look for them: whole, or not there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from photochrom.errors import PlaceError
from photochrom.places.access import client_of, same_service
from photochrom.places.looking import find, head
from photochrom.places.objects import Object
from photochrom.places.reading import digest_of, fetch
from photochrom.places.sending import Mode, sending
from photochrom.places.trouble import Patience, plainly, taken, writable
from photochrom.places.url import Url

# Services copy by themselves what is not larger.
_COPIED_BY_SERVICE = 5 * 10**9


def put(
    source: Path | bytes,
    url: Url,
    *,
    mode: Mode = "create",
    etag: str | None = None,
    media_type: str | None = None,
    owner: str = "",
) -> Object:
    """Puts bytes somewhere, with their SHA-256 as an attribute; the very bytes twice is no error.

    Up to 32 MiB it is one conditional request: of many who put at once, one wins. More goes in
    parts, which the services finish without conditions: we look before we begin and before we
    finish, and whoever comes in the moment between looking and finishing loses.

    Args:
        source: A file, or the bytes.
        url: Where they are to lie.
        mode: "create": only if nothing lies there. "replace": whatever lies there goes.
        etag: With "replace": only if what lies there is still this one.
        media_type: "image/tiff" and the like; None: by the name's ending.
        owner: Who is to be asked before somebody else's object takes its place; empty: nobody.

    Returns:
        What lies there now. Unless it lay there before, `modified` is by this machine's clock.

    Raises:
        PlaceError: Something else lies there (kind "taken", or "changed" with an etag), or it
            cannot be written.
    """
    writable(url)
    if url.is_folder:
        raise PlaceError(
            "is a folder", where=str(url), fix="name an object in it", kind="unsupported"
        )
    on_its_way = sending(source, url, mode, etag, media_type, owner)
    patience = Patience(url)
    while True:
        try:
            return on_its_way.sent()
        except PlaceError as error:
            if error.kind not in ("taken", "changed", "missing"):
                patience.after(error)
                continue
            # It may be ours: an answer was lost, or somebody else makes the same.
            found = find(url)
            if on_its_way.is_in(found):
                assert found is not None
                return found
            if found is not None or mode == "replace":
                raise on_its_way.refused() from None
            error.transient = True
            patience.after(error)


def copy(source: Url, target: Url, *, mode: Mode = "create") -> Object:
    """Copies an object; within a bucket the service does it, else it comes through this machine.

    A service copies without conditions: we look whether something lies there, and then it copies.

    Args:
        source: From where.
        target: To where.
        mode: As with `put`; the very bytes twice is no error.

    Raises:
        PlaceError: See `put` and `fetch`.
    """
    writable(target)
    here = head(source)
    if not same_service(source, target) or here.size > _COPIED_BY_SERVICE:
        with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
            file = Path(folder) / "object"
            fetch(source, file, here.etag)
            return put(file, target, mode=mode)
    import obstore

    patience = Patience(target)
    while True:
        there = find(target)
        alike = there is not None and there.size == here.size
        if there is not None and alike and digest_of(there) == digest_of(here):
            return there
        if there is not None and mode == "create":
            raise taken(target)
        try:
            (client, key), (_, to) = client_of(source), client_of(target)
            with plainly(source):
                obstore.copy(client, key, to)
            return head(target)
        except PlaceError as error:
            patience.after(error)
