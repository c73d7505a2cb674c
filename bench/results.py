"""What a bench measured: where, when, with what; saved as small JSON that is committed."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil

from bench.harness import ROOT
from photochrom.files import sha256_of, write_text
from photochrom.nets.registry import embedded_folder

FOLDER: Final = ROOT / "bench" / "results"
SCHEMA: Final = "photochrom.bench/1"
LIBRARIES: Final = (
    "av",
    "imagecodecs",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "scikit-image",
    "tifffile",
    "torch",
)
"""Those that figures may depend on."""


@dataclass(frozen=True)
class Results:
    """One run of one bench.

    Attributes:
        name: Of the bench.
        date: Day of the run (UTC), ISO 8601.
        machine: Processor, cores, memory, and how busy it was when the run began.
        versions: Of Python and of the libraries that figures may depend on.
        networks: SHA-256 of the files of the networks measured, by name.
        seconds: That the run took.
        count: At most so many pictures of each kind; None: all.
        figures: What the bench's `run` returned.
        pieces: How many pieces it was measured in (`bench.pieces`).
        kept: How many of them had been measured before.
    """

    name: str
    date: str
    machine: dict[str, Any]
    versions: dict[str, str]
    networks: dict[str, str]
    seconds: float
    count: int | None
    figures: dict[str, Any]
    pieces: int = 0
    kept: int = 0

    @property
    def superseded(self) -> tuple[str, ...]:
        """Networks that were measured, and that do not ship any more as they were then."""
        return tuple(name for name, digest in self.networks.items() if _digest(name) != digest)

    def save(self, folder: Path = FOLDER) -> Path:
        """Write `NAME.json` whole or not at all; returns its path."""
        path = folder / f"{self.name}.json"
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, allow_nan=False)
        write_text(path, text + "\n")
        return path

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read saved results.

        Raises:
            ValueError: The file has another schema.
        """
        content = json.loads(path.read_text(encoding="utf-8"))
        if (schema := content.pop("schema", None)) != SCHEMA:
            raise ValueError(f"{path}: schema {schema!r}, not {SCHEMA!r}; run the bench again")
        return cls(**content)


def today() -> str:
    """The day (UTC), ISO 8601."""
    return datetime.now(UTC).date().isoformat()


def machine() -> dict[str, Any]:
    """Describe this machine without naming it."""
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load_at_start": round(psutil.getloadavg()[0], 1),
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that figures may depend on."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def digests(names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of the files of embedded networks, by name."""
    return {name: sha256_of(_file(name)) for name in names}


def _digest(name: str) -> str | None:
    return sha256_of(_file(name)) if _file(name).exists() else None


def _file(name: str) -> Path:
    return embedded_folder() / f"{name}.onnx"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not Linux
        return platform.processor()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()
