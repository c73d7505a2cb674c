"""Names of blobs, and names of files that do no harm."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 255
"""Characters of a name that people may give a file."""

_STEM, _SUFFIX = 80, 8
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def shown(filename: str) -> str:
    """A name as people gave it, without folders and without what is no character of a line."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    plain = "".join(one for one in last if one.isprintable()).strip()
    return plain[:LONGEST] or "photograph"


def safe(filename: str) -> str:
    """The same in letters, digits, dots, dashes and underscores: as the file is called here.

    The ending stays, and so do years; nothing is left that means something to a shell, a URL, a
    file system, or to us (`#page=2`).
    """
    path = PurePosixPath(shown(filename).replace("/", "_"))
    stem = _plain(path.stem).strip("._-")[:_STEM]
    suffix = _plain(path.suffix.removeprefix("."))[:_SUFFIX].lower().strip("._-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"photograph-{stem}" if stem else "photograph"
    return f"{stem}.{suffix}" if suffix else stem


def of_photograph(organization: str, photograph: str) -> str:
    """Below it lies all that is kept of a photograph."""
    return f"{organization}/photographs/{photograph}"


def original(organization: str, photograph: str, name: str) -> str:
    """Where the bytes lie that were sent in."""
    return f"{of_photograph(organization, photograph)}/original/{name}"


def preview(organization: str, photograph: str, intake: str) -> str:
    """Where the preview lies."""
    return f"{of_photograph(organization, photograph)}/intake/{intake}/preview.jpg"


def thumbnail(organization: str, photograph: str, intake: str) -> str:
    """Where the thumbnail lies."""
    return f"{of_photograph(organization, photograph)}/intake/{intake}/thumbnail.webp"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", folded)
