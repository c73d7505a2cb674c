"""What a comparison is written as, by the ending of its file, and where it may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from photochrom.comparing.page import write_page
from photochrom.comparing.pair import Pair
from photochrom.comparing.sheet import write_sheet
from photochrom.comparing.wipe import write_film, write_gif
from photochrom.engine import Ledger, publish
from photochrom.engine.machine import cache_folder
from photochrom.errors import PhotographError
from photochrom.files import same_file
from photochrom.photograph import made_by_us
from photochrom.source import Source

Write = Callable[[Path, Pair], object]

KINDS: Mapping[str, Write] = MappingProxyType(
    {
        **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"), write_sheet),
        **dict.fromkeys((".html", ".htm"), write_page),
        ".gif": write_gif,
        ".mp4": write_film,
    }
)
"""What writes a comparison, by the ending of the file."""

_PICTURES = frozenset(ending for ending, write in KINDS.items() if write is write_sheet)


def compare(
    before: Path,
    after: Path,
    out: Path,
    *,
    labels: tuple[str, str] | None = None,
    force: bool = False,
) -> None:
    """Write a comparison: a sheet, a page with a slider or a wipe.

    Args:
        before: The original, or a page of it.
        after: What was made of it.
        out: The file; its ending decides what it becomes (`KINDS`). It appears whole or not at all.
        labels: What the two states are called; by default what the record of `after` says.
        force: Replace a comparison that somebody has changed; never a photograph.

    Raises:
        PhotographError: A picture cannot be read, they do not match, or `out` is one of them.
        PhotochromError: Something that is not ours lies at `out`, or it cannot be written.
    """
    write = KINDS.get(out.suffix.lower())
    if write is None:
        raise PhotographError(
            "is nothing that a comparison is written as",
            where=out,
            fix=f"let it end in {', '.join(KINDS)}",
        )
    if any(same_file(out, Source.of(one).file) for one in (before, after)):
        what = "would replace a picture that is compared"
        raise PhotographError(what, where=out, fix="choose another name")
    if force and out.suffix.lower() in _PICTURES and out.exists() and not made_by_us(out):
        # It may be a scan, and not even by force is one replaced.
        what = "was put there by somebody else and is left as it is"
        raise PhotographError(what, where=out, fix="choose another name")
    pair = Pair.open(before, after)
    if labels is not None:
        pair = replace(pair, labels=labels)
    with TemporaryDirectory(prefix="photochrom-") as folder:
        made = Path(folder) / f"made{out.suffix.lower()}"
        write(made, pair)
        publish(made, out, Ledger(cache_folder()), force=force)
