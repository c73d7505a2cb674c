"""What a service says of an object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore import Attributes, ObjectMeta

# Letters and digits only: Azure takes no others, and proxies drop some.
ATTRIBUTE = "photochromsha256"
OWNER = "photochromowner"


@dataclass(frozen=True)
class Object:
    """An object that is there.

    Attributes:
        url: Where.
        size: In bytes.
        etag: Changes whenever the bytes do; None where a service has none.
        modified: When it was put there by the service's clock, in seconds since the epoch.
        sha256: Of its bytes, 64 lower-case hex digits, where it was put there by us, or read;
            listings do not tell it.
        owner: For whom we have put it there; empty: for nobody, as far as is known.
        generation: Which of the objects of this name that there ever were, where the service counts
            them and was asked for this one.
    """

    url: Url
    size: int
    etag: str | None
    modified: float
    sha256: str | None = None
    owner: str = ""
    generation: str | None = field(default=None, compare=False)


def described(url: Url, meta: ObjectMeta, attributes: Attributes | None = None) -> Object:
    """An object as the library tells it."""
    said = attributes or {}
    modified = meta["last_modified"].timestamp()
    owner = unquote(said.get(OWNER, ""))
    etag, sha256 = quoted(meta["e_tag"]), said.get(ATTRIBUTE)
    return Object(url, meta["size"], etag, modified, sha256, owner, meta["version"])


def quoted(etag: str | None) -> str | None:
    """An etag as conditions need it; Azure's listings leave the quotes out."""
    if etag is None or etag.endswith('"'):
        return etag
    return f'"{etag}"'
