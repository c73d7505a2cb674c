"""What a container or a service may use of its machine: limits of Linux control groups.

A process of a container sees the whole machine's memory and cores; what it gets is written in the
control groups that it belongs to, and in all those above them. Version 1 has one tree for each
resource, version 2 one for all; a machine may have both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_MEMORY_FILES = ("memory.max", "memory.high", "memory.limit_in_bytes")
# Of version 1, where a limit is "none" by being near the largest number there is.
_NO_LIMIT = 2**60


@dataclass(frozen=True)
class Limits:
    """What the control groups of this process leave it.

    Attributes:
        memory: Bytes; None for no limit.
        cores: Time of so many cores, which may be a fraction; None for no limit.
    """

    memory: int | None = None
    cores: float | None = None


@lru_cache(maxsize=8)
def limits(root: Path = Path("/")) -> Limits:
    """The limits of this process; none where there are no control groups (macOS, Windows).

    They are looked up once: it takes milliseconds, and cores are counted for every scan.

    Args:
        root: Where `proc` and the file systems of control groups are.
    """
    folders = list(dict.fromkeys(_folders(root)))
    memory = [limit for one in folders if (limit := _memory(one)) is not None]
    cores = [share for one in folders if (share := _cores(one)) is not None]
    return Limits(min(memory, default=None), min(cores, default=None))


def _folders(root: Path) -> Iterator[Path]:
    """Those of the groups that this process belongs to, and of all above them."""
    groups = [line.split(":", 2) for line in _lines(root / "proc/self/cgroup")]
    mounts = [_Mount.of(line) for line in _lines(root / "proc/self/mountinfo")]
    for mount in (one for one in mounts if one is not None):
        for controllers, path in (group[1:] for group in groups if len(group) == 3):
            if mount.holds(controllers):
                yield from mount.folders(path, root)


@dataclass(frozen=True)
class _Mount:
    """A file system of control groups, or a part of one, as a line of mountinfo tells.

    Attributes:
        origin: What part of it can be seen.
        place: Where that is.
        controllers: The resources of version 1, none for version 2.
    """

    origin: str
    place: str
    controllers: frozenset[str]

    @classmethod
    def of(cls, line: str) -> _Mount | None:
        place, _, system = line.partition(" - ")
        words, kinds = place.split(), system.split()
        if len(words) < 5 or len(kinds) < 3 or kinds[0] not in ("cgroup", "cgroup2"):
            return None
        options = kinds[2].split(",") if kinds[0] == "cgroup" else ()
        return cls(_unescaped(words[3]), _unescaped(words[4]), frozenset(options))

    def holds(self, controllers: str) -> bool:
        """Whether a group with these controllers lies here; the one of version 2 has none."""
        if not controllers:
            return not self.controllers
        return not self.controllers.isdisjoint(controllers.split(","))

    def folders(self, path: str, root: Path) -> Iterator[Path]:
        """From the folder of a group up to the place of the mount."""
        top = root / self.place.lstrip("/")
        inside = [part for part in path.split("/") if part]
        seen = [part for part in self.origin.split("/") if part]
        # A container that sees only its own part may be told its path as the machine knows it.
        inside = inside[len(seen) :] if inside[: len(seen)] == seen else []
        if ".." not in inside:
            for count in range(len(inside), 0, -1):
                yield top.joinpath(*inside[:count])
        yield top


def _memory(folder: Path) -> int | None:
    said = [int(word) for name in _MEMORY_FILES for word in _words(folder / name) if word.isdigit()]
    return min((one for one in said if one < _NO_LIMIT), default=None)


def _cores(folder: Path) -> float | None:
    words = _words(folder / "cpu.max") or [
        *_words(folder / "cpu.cfs_quota_us"),
        *_words(folder / "cpu.cfs_period_us"),
    ]
    # "max" and -1 stand for no limit.
    if len(words) != 2 or not all(word.isdigit() and int(word) for word in words):
        return None
    return int(words[0]) / int(words[1])


def _words(path: Path) -> list[str]:
    return [word for line in _lines(path) for word in line.split()]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # No such file, or none that we may read: no limit that we could heed.
        return []


def _unescaped(text: str) -> str:
    """A path in mountinfo has its spaces and the like as octal numbers."""
    for code in ("\\040", "\\011", "\\012", "\\134"):
        text = text.replace(code, chr(int(code[1:], 8)))
    return text
