"""A service that keeps everything on a disk of its own, which is small and can be filled.

The disk is there for the service alone, and gone with it: a file system in memory, mounted in a
namespace of its own.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from photochrom.service.settings import PREFIX
from service_kit import PASSWORD
from waiting import SOON

EMAIL = "ada@example.org"

_SCRIPT = """
set -e
mount -t tmpfs -o size="$1" none "$2"
mkdir "$2/tmp"
export TMPDIR="$2/tmp"
printf %s "$3" | "$4" -m photochrom account create --data "$2/data" --email "$5" \\
    --organization Archive --password-stdin >&2
exec "$4" -m photochrom serve --data "$2/data" --port 0 2>"$2/log"
"""


@cache
def can_mount() -> bool:
    """Whether this machine lets us have such a disk."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    tried = [*_apart(), "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True).returncode == 0


class SmallDisk:
    """A service, and the disk under it as it sees it.

    Attributes:
        address: Of the service.
        process: The one that answers requests.
        root: The disk: `data`, `tmp` and `log` lie there.
    """

    def __init__(self, address: str, process: psutil.Popen, root: Path):
        self.address = address
        self.process = process
        self.root = root
        self._filler = root / "filler"

    def fill(self, leave: int = 0) -> None:
        """Takes all the room there is, but for so many bytes."""
        room = os.statvfs(self.root)
        most = room.f_bavail * room.f_frsize - leave
        # Others write as well: what is left when it comes to that may be less.
        with suppress(OSError), self._filler.open("ab") as file:
            if most > 0:
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, most)
            while not leave:
                os.write(file.fileno(), b"x" * 4096)

    def free(self) -> None:
        """Gives it back."""
        self._filler.unlink()

    def unfinished(self) -> list[Path]:
        """Files of which there should be none once all is over."""
        data, temporary = self.root / "data", self.root / "tmp"
        found = [path for name in ("uploads", "small") for path in (data / name).rglob("*")]
        found += data.rglob(".*.part*")
        # Libraries leave things there as well; these are ours, and Python's in our name.
        found += [path for name in ("photochrom-*", "tmp*") for path in temporary.glob(name)]
        return [path for path in found if path.is_file()]

    def log(self) -> str:
        """What it has written, as far as there was room."""
        return (self.root / "log").read_text(errors="replace")


@contextmanager
def on_small_disk(folder: Path, size: str, **settings: Any) -> Iterator[SmallDisk]:
    """A service with one account, on a disk of so many bytes ("320m")."""
    told = {f"{PREFIX}{name.upper()}": str(value) for name, value in settings.items()}
    script = ["sh", "-c", _SCRIPT, "sh", size, str(folder), PASSWORD, sys.executable, EMAIL]
    process = psutil.Popen(
        [*_apart(), *script], env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        line = process.stdout.readline().decode()
        assert line.startswith("photochrom is at"), line + process.stderr.read().decode()
        root = Path(f"/proc/{process.pid}/root") / folder.relative_to("/")
        disk = SmallDisk(line.split()[-1], process, root)
        try:
            yield disk
        except AssertionError:
            print(disk.log()[-4000:])  # pytest shows it with what went wrong
            raise
    finally:
        process.terminate()
        process.wait(SOON)
        process.stdout.close()
        process.stderr.close()


def full(*_: object, **__: object) -> Any:
    """Stands for whatever writes on a disk that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _apart() -> list[str]:
    mine = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *mine, "--mount"]
